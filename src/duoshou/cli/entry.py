"""Run one command line and turn whatever happens into output and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from duoshou.cli.exit_code import ExitCode
from duoshou.cli.failures import report_fault, report_known, usage_failure
from duoshou.cli.interruption import noticed_interruption
from duoshou.cli.root import root
from duoshou.cli.session import Session
from duoshou.cli.streams import prepare_streams, silence_stdout
from duoshou.model import DuoshouError


def run(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Run the command that `arguments` (the process's own for None) name and return its exit code.

    0 done; 1 done, but something needs a person; 2 bad usage or input; 3 internal fault; 130 interrupted.

    Args:
        arguments: Words after the program's name.
        session: What the command works on; tests hand in their own.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    session = session or Session()
    session.wants_json = "--json" in words
    prepare_streams()
    try:
        with noticed_interruption() as interruption:
            try:
                return _run(words, session)
            except Exception as error:  # noqa: BLE001 - the last resort: a person never sees a traceback
                return _failed(error, session, interrupted=interruption.happened)
            except KeyboardInterrupt:
                return _interrupted(session)
    finally:
        session.close()


def _failed(error: Exception, session: Session, *, interrupted: bool) -> int:
    """Tell what went wrong and return the exit code that says so."""
    if interrupted or isinstance(error, click.Abort):
        return _interrupted(session)
    if isinstance(error, BrokenPipeError):
        # The reader, such as `head`, has seen enough.
        silence_stdout()
        return ExitCode.DONE
    if isinstance(error, DuoshouError):
        report_known(error, session)
        return error.exit_code
    report_fault(error, session)
    return ExitCode.FAULT


def _interrupted(session: Session) -> int:
    click.echo(session.say("已中断，没有留下半成品。", "Interrupted; nothing half-done is left."), err=True)
    return ExitCode.INTERRUPTED


def _run(words: list[str], session: Session) -> int:
    """Run the command; click's own complaints become errors in both languages."""
    try:
        code = root.main(words, prog_name="duoshou", standalone_mode=False, obj=session)
    except click.ClickException as error:
        raise usage_failure(error) from error
    except SystemExit as error:
        # click leaves this way, and only this way, when the reader of a pipe has gone.
        raise BrokenPipeError from error
    # Here, not at the interpreter's end, where a closed pipe could no longer be handled.
    sys.stdout.flush()
    return code if isinstance(code, int) else ExitCode.DONE
