"""`duoshou pricing`: how sales answer prices, price bands, and which price would earn more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from duoshou.cli.options import as_of_option, both, common_options, csv_file_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "pricing",
    help=both(
        "价格：弹性和区间、互相替代、价格带供需、保本价、哪个价格会多赚，或先做什么测试。",
        "Prices: elasticities, substitutes, price bands, floors, and which price would earn more or is worth a test.",
    ),
)
@as_of_option
@csv_file_option("把全部商品写成 CSV · write every product as CSV")
@json_option
@common_options
@click.pass_obj
def command(session: Session, as_of: date | None, file: Path | None, as_json: bool) -> None:
    """Print the study of prices, and write its products."""
    from duoshou.app.pricing import prices_csv, prices_of
    from duoshou.cli.pricing_text import pricing_text

    found = prices_of(session.workbench, as_of, shop=session.shop)
    if file is not None:
        file.write_text(prices_csv(found), encoding="utf-8")
    if as_json:
        write_json({"schema_version": 1, **found.to_dict()})
    else:
        click.echo(pricing_text(found, session))
    if file is not None:
        click.echo(session.say(f"商品写到 {file}", f"the products are in {file}"), err=True)
