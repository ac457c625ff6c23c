"""`duoshou undo`: take an import back."""

from __future__ import annotations

import click

from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "undo",
    help=both(
        "撤销一次导入，默认最近一次。",
        "Take an import back, by default the latest.",
    ),
)
@click.argument("batch", metavar="[BATCH]", required=False)
@json_option
@common_options
@click.pass_obj
def command(session: Session, batch: str | None, as_json: bool) -> None:
    """Undo and print what was taken back."""
    report = session.workbench.undo(batch)
    if as_json:
        write_json(report.to_dict())
    else:
        click.echo(report.text.in_language(session.language))
