"""`duoshou findings`: what deserves a person's attention on a day."""

from __future__ import annotations

from datetime import date

import click

from duoshou.cli.exit_code import ExitCode
from duoshou.cli.finding_text import findings_text
from duoshou.cli.options import both, common_options, date_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "findings",
    help=both(
        "某一天的发现：数据问题排在最前。",
        "The findings of a day; faults in the data come first.",
    ),
)
@date_option
@click.option("--kind", metavar="K", help="只看某一类 · one kind only")
@json_option
@common_options
@click.pass_obj
def command(session: Session, day: date | None, kind: str | None, as_json: bool) -> int:
    """Print the findings of a day."""
    found = session.workbench.findings(day, kind, session.shop)
    if as_json:
        write_json(found.to_dict())
    else:
        click.echo(findings_text(found.findings, session, found.unjudged))
    return ExitCode.NEEDS_PERSON if found.gaps else ExitCode.DONE
