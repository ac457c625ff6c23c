"""A password from whoever types it, from a pipe or from a file; never from the command line, which others can see."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.session import Session
from duoshou.model import Place, Text

LONGEST_LINE = 4096


def read_password(session: Session, file: Path | None) -> str:
    """Return a new password: the first line of a file or of a pipe; on a terminal it is asked for twice, without echo.

    Raises:
        UsageFailure: If the file cannot be read, or there is no password.
    """
    if file is not None:
        return _first_line(_content(file), str(file))
    if sys.stdin.isatty():
        asked: str = click.prompt(
            session.say("新密码（不显示）", "New password (not shown)"),
            hide_input=True,
            confirmation_prompt=session.say("再输入一次", "Once more"),
            err=True,
        )
        return asked
    # Bytes, so that the letters are the same whatever the terminal of this system is set to.
    stream = getattr(sys.stdin, "buffer", None)
    line = sys.stdin.readline(LONGEST_LINE) if stream is None else stream.readline(LONGEST_LINE)
    return _first_line(line.encode() if isinstance(line, str) else line, "-")


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.readline(LONGEST_LINE)
    except OSError as error:
        raise UsageFailure(
            "password_file",
            Text("读不了密码文件", "the file with the password cannot be read"),
            hint=Text("检查路径和权限", "check the path and your rights"),
            place=Place(file=str(file)),
        ) from error


def _first_line(content: bytes, place: str) -> str:
    try:
        password = content.decode("utf-8-sig").split("\n", 1)[0].removesuffix("\r")
    except UnicodeDecodeError:
        raise UsageFailure(
            "password_encoding",
            Text("密码不是 UTF-8 编码", "the password is not in UTF-8"),
            hint=Text("把文件另存为 UTF-8", "save the file as UTF-8"),
            place=Place(file=place),
        ) from None
    if not password:
        raise UsageFailure(
            "password_missing",
            Text("没有读到密码", "there is no password"),
            hint=Text(
                "在终端里运行会询问密码；也可以用 --password-file",
                "on a terminal it is asked for; or use --password-file",
            ),
            place=Place(file=place),
        )
    return password
