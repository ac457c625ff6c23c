"""`duoshou report`: a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from duoshou.cli.options import both, common_options, date_option
from duoshou.cli.session import Session
from duoshou.cli.values import OneOf


@click.command(
    "report",
    help=both(
        "生成报表。daily 是日报。",
        "Write a workbook. daily is the daily sheet.",
    ),
)
@click.argument("kind", metavar="KIND", type=OneOf("daily"))
@date_option
@click.option(
    "-o",
    "--output",
    metavar="FILE.xlsx",
    type=click.Path(path_type=Path),
    help="写到哪里，默认 reports/ · where to write it, by default reports/",
)
@common_options
@click.pass_obj
def command(session: Session, kind: str, day: date | None, output: Path | None) -> None:
    """Write a workbook and print its path."""
    path = session.workbench.report(kind, day=day, output=output, language=session.chosen_language, shop=session.shop)
    click.echo(session.say(f"已生成：{path}", f"Written: {path}"))
