"""`duoshou advertising`: what each plan, keyword and product earns, and where money is wasted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from duoshou.cli.options import as_of_option, both, common_options, csv_file_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "advertising",
    help=both(
        "推广：每个词、商品、计划的转化和投产比（带区间）、保本出价、哪些花费收不回来、还差多少点击才能判断。",
        "Paid promotion: conversion and ROAS of every keyword, product and plan with intervals, break-even bids, what "
        "is wasted, and how many clicks are missing to tell.",
    ),
)
@as_of_option
@csv_file_option("把全部对象写成 CSV · write every target as CSV")
@json_option
@common_options
@click.pass_obj
def command(session: Session, as_of: date | None, file: Path | None, as_json: bool) -> None:
    """Print the study of paid promotion, and write its targets."""
    from duoshou.app.advertising import advertising_csv, advertising_of
    from duoshou.cli.advertising_text import advertising_text

    found = advertising_of(session.workbench, as_of, shop=session.shop)
    if file is not None:
        file.write_text(advertising_csv(found), encoding="utf-8")
    if as_json:
        write_json({"schema_version": 1, **found.to_dict()})
    else:
        click.echo(advertising_text(found, session))
    if file is not None:
        click.echo(session.say(f"推广对象写到 {file}", f"the targets are in {file}"), err=True)
