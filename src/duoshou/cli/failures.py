"""Errors as a person or a program reads them, on standard error."""

from __future__ import annotations

from pathlib import Path

import click

from duoshou import __version__
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.model import DuoshouError, Text


class UsageFailure(DuoshouError):
    """A command line that cannot be meant."""


def report_known(error: DuoshouError, session: Session) -> None:
    """Write what the user can mend."""
    if session.wants_json:
        write_json({"error": error.to_dict(session.language)}, err=True)
    else:
        click.echo(session.say("出错：", "Error: ") + error.in_language(session.language), err=True)


def report_fault(error: BaseException, session: Session) -> None:
    """Write that the program itself failed, and where the details are."""
    details = _write_details(error)
    place = f"：{details}" if details else ""
    place_en = f" are in {details}" if details else " could not be written"
    fault = DuoshouError(
        "internal_fault",
        Text(
            f"程序内部出错（{type(error).__name__}），这不是您的问题",
            f"the program failed ({type(error).__name__}); this is not your fault",
        ),
        hint=Text(
            f"数据没有被改坏，可以再试一次；反馈时请附上详情文件{place}",
            f"your data is unharmed, try again; the details for a report{place_en}",
        ),
    )
    report_known(fault, session)


def usage_failure(error: click.ClickException) -> DuoshouError:
    """Return a click error with its wording in both languages and a hint at the right help page."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "duoshou"
    return UsageFailure(
        "usage",
        Text(_in_chinese(error), error.format_message()),
        hint=Text(f"用法见 {command} --help", f"see {command} --help"),
    )


def _in_chinese(error: click.ClickException) -> str:
    if isinstance(error, click.MissingParameter):
        # The hint of the parameter is its name as the help shows it.
        name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else (error.param_hint or "")
        return f"缺少参数 {name}"
    if isinstance(error, click.NoSuchOption):
        close = "、".join(error.possibilities or ())
        return f"没有选项 {error.option_name}" + (f"，是不是 {close}？" if close else "")
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 的用法不对：{error.message}"
    return error.format_message()


def _write_details(error: BaseException) -> Path | None:
    """Write the traceback to a private file outside the workspace (it may quote data) and return its path."""
    # Loaded here, because a healthy run never needs them.
    import os
    import platform
    import tempfile
    import traceback

    try:
        descriptor, name = tempfile.mkstemp(prefix="duoshou-fault-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"duoshou {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n")
            file.writelines(traceback.format_exception(error))
    except OSError:
        return None
    return Path(name)
