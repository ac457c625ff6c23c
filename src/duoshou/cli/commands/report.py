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
        "生成报表。daily 是日报；weekly 是周报（本周到这一天，对比上周同期和按节日对齐的去年同期）；"
        "summary 是全店运营数据汇总表（本月逐日，每店一张，多店另有合计）；"
        "studies 是经营分析（货盘、搭配、价格、客户、推广、渠道）。",
        "Write a workbook. daily is the daily sheet; weekly the week to date against the week before and last year, "
        "festivals aligned; "
        "summary the month day by day, a sheet for each shop and one over the shops; "
        "studies range, bundles, prices, customers, promotion and channels.",
    ),
)
@click.argument("kind", metavar="KIND", type=OneOf("daily", "weekly", "summary", "studies"))
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
