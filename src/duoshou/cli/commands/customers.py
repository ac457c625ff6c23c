"""`duoshou customers`: who the customers are, who comes back, who is about to leave."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from duoshou.cli.options import as_of_option, both, common_options, csv_file_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import Number


@click.command(
    "customers",
    help=both(
        "客户：RFM 八类、复购、预计购买、谁快流失、谁该再买了。名单只有加密编号。",
        "Customers: the eight RFM segments, returns, expected purchases, who slips away, who is due. A list holds "
        "hashed keys only.",
    ),
)
@as_of_option
@click.option(
    "--days",
    type=click.IntRange(7, 730),
    default=90,
    metavar="N",
    help="往后看多少天，默认 90 · days ahead, by default 90",
)
@click.option(
    "--recency-days",
    type=click.IntRange(0, 10_000),
    metavar="N",
    help="最近购买不超过几天算近 · recent up to so many days",
)
@click.option("--frequency", type=click.IntRange(1, 10_000), metavar="N", help="买过几次算勤 · frequent from so many")
@click.option("--money", type=Number(0, 1_000_000_000), metavar="X", help="累计多少钱算高 · spending much from so much")
@csv_file_option("把名单写成 CSV（加密编号） · write the list, hashed keys only")
@json_option
@common_options
@click.pass_obj
def command(
    session: Session,
    as_of: date | None,
    days: int,
    recency_days: int | None,
    frequency: int | None,
    money: float | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Print the study of the customers, and write the list of them."""
    from duoshou.analysts.customers import Cuts
    from duoshou.app.customers import customers_csv, customers_of
    from duoshou.cli.customer_text import customers_text

    cuts = Cuts(recency_days, frequency, None if money is None else Decimal(str(money)).quantize(Decimal("0.01")))
    bench, shop = session.workbench, session.shop
    found = customers_of(bench, as_of, shop=shop, horizon=days, cuts=cuts)
    if file is not None:
        file.write_text(customers_csv(bench, as_of, shop=shop, horizon=days, cuts=cuts), encoding="utf-8")
    if as_json:
        write_json({"schema_version": 1, **found.to_dict()})
    else:
        click.echo(customers_text(found, session))
    if file is not None:
        click.echo(session.say(f"名单写到 {file}", f"the list is in {file}"), err=True)
