"""`duoshou doctor`: is everything in order, and if not, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duoshou.cli.exit_code import ExitCode
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json

if TYPE_CHECKING:
    from duoshou.app import Check


@click.command(
    "doctor",
    help=both(
        "检查安装与工作区，并说明如何修好。",
        "Check the installation and the workspace, and say how to mend what is wrong.",
    ),
)
@json_option
@common_options
@click.pass_obj
def command(session: Session, as_json: bool) -> int:
    """Print every check."""
    checks = session.workbench.doctor()
    if as_json:
        write_json({"schema_version": 1, "checks": [check.to_dict(session.language) for check in checks]})
    else:
        click.echo("\n".join(_line(check, session) for check in checks))
    return ExitCode.DONE if all(check.passed for check in checks) else ExitCode.NEEDS_PERSON


def _line(check: Check, session: Session) -> str:
    line = f"{'✓' if check.passed else '✗'} {check.message.in_language(session.language)}"
    if not check.passed and check.hint is not None:
        line += f"\n  → {check.hint.in_language(session.language)}"
    return line
