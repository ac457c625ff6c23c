"""`duoshou targets`: how far the month's targets are reached."""

from __future__ import annotations

from datetime import date

import click

from duoshou.cli.exit_code import ExitCode
from duoshou.cli.options import both, common_options, date_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.targets_text import targets_text
from duoshou.cli.values import MONTH


@click.command(
    "targets",
    help=both(
        "目标进度：目标、已完成、往常到今天该到多少、预计全月（90% 区间）、余下每天要多少。",
        "Progress towards the month's targets: so far, what is usual by now, the projection with its 90 % interval, "
        "what every day left must bring.",
    ),
)
@click.option(
    "--month",
    type=MONTH,
    metavar="M",
    help="月份，如 2026-11，默认 --date 的月份 · the month, by default that of --date",
)
@date_option
@json_option
@common_options
@click.pass_obj
def command(session: Session, month: date | None, day: date | None, as_json: bool) -> int:
    """Print the progress; the exit code is 1 when a target has a name that no metric has."""
    found = session.workbench.targets(month, day, shop=session.shop)
    if as_json:
        write_json(found.to_dict())
    else:
        click.echo(targets_text(found, session))
    return ExitCode.NEEDS_PERSON if found.problems else ExitCode.DONE
