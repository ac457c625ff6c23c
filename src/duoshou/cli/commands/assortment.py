"""`duoshou assortment`: which products live, which carry the shop, which lie dead, and what each is for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from duoshou.cli.options import as_of_option, both, common_options, csv_file_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json


@click.command(
    "assortment",
    help=both(
        "商品布局：生命周期、ABC、爆款依赖和风险、引流/利润/活动/形象款、够卖天数和滞销库存。",
        "The range: lives of products, ABC, dependence on a hit, what each product is for, cover and dead stock.",
    ),
)
@as_of_option
@csv_file_option("把全部商品写成 CSV · write every product as CSV")
@json_option
@common_options
@click.pass_obj
def command(session: Session, as_of: date | None, file: Path | None, as_json: bool) -> None:
    """Print the study of the range, and write its products."""
    from duoshou.app.assortment import range_csv, range_of
    from duoshou.cli.assortment_text import range_text

    found = range_of(session.workbench, as_of, shop=session.shop)
    if file is not None:
        file.write_text(range_csv(found), encoding="utf-8")
    if as_json:
        write_json({"schema_version": 1, **found.to_dict()})
    else:
        click.echo(range_text(found, session))
    if file is not None:
        click.echo(session.say(f"商品写到 {file}", f"the products are in {file}"), err=True)
