"""`duoshou rebuild`: the warehouse again, from the archive."""

from __future__ import annotations

import click

from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "rebuild",
    help=both(
        "按存档重建整个仓库，结果与原来完全一致。",
        "Replay the archive; the tables come out the same.",
    ),
)
@json_option
@common_options
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Rebuild and print what was read."""
    report = session.workbench.rebuild()
    if as_json:
        write_json(report.to_dict())
    else:
        click.echo(report.text.in_language(session.language))
