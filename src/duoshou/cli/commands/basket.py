"""`duoshou basket`: what is bought together."""

from __future__ import annotations

from datetime import date

import click

from duoshou.cli.basket_text import basket_text
from duoshou.cli.commands.query import asked_period
from duoshou.cli.options import both, common_options, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.values import DAY, Number, OneOf

PART = Number(0, 1, below=True)


@click.command(
    "basket",
    help=both(
        "什么一起买、下一单买什么、什么互相替代，搭售划不划算：duoshou basket --last 90d",
        "What is bought together, what follows in the next purchase, what replaces what, and whether a bundle can pay: "
        "duoshou basket --last 90d",
    ),
)
@click.option("--from", "start", metavar="D", type=DAY, help="开始日 · first day")
@click.option("--to", "end", metavar="D", type=DAY, help="结束日 · last day")
@click.option("--last", metavar="90d", help="最近 90d、12w、6m，默认 90d · the last 90d, 12w or 6m, by default 90d")
@click.option(
    "--basket",
    "kind",
    type=OneOf("order", "buyer_day"),
    default="order",
    help="一单，或一个买家一天的全部订单 · an order, or all orders of a buyer on one day",
)
@click.option(
    "--min-support",
    "least",
    type=click.IntRange(1),
    default=5,
    metavar="N",
    help="至少一起出现在几个篮子里，默认 5 · least number of baskets with a pair, by default 5",
)
@click.option(
    "--within",
    type=click.IntRange(1, 365),
    default=30,
    metavar="N",
    help="下一单在几天之内，默认 30 · days within which a next purchase counts, by default 30",
)
@click.option("--triples", is_flag=True, help="也数三件一起买的 · count triples too")
@click.option(
    "--discount", type=PART, default=0.1, metavar="P", help="搭售让利，默认 0.1 · discount of a bundle, by default 0.1"
)
@click.option(
    "--margin",
    type=PART,
    metavar="P",
    help="没有成本的商品按这个毛利率估 · margin of products whose costs are unknown",
)
@json_option
@common_options
@click.pass_obj
def command(
    session: Session,
    start: date | None,
    end: date | None,
    last: str | None,
    kind: str,
    least: int,
    within: int,
    triples: bool,
    discount: float,
    margin: float | None,
    as_json: bool,
) -> None:
    """Print what is bought together."""
    from duoshou.analysts.basket import BasketKind
    from duoshou.app.baskets import BasketWish, bought_together

    period = asked_period(start, end, last)
    wish = BasketWish(period, last, BasketKind(kind), least, within, triples, discount, margin)
    found = bought_together(session.workbench, wish, shop=session.shop)
    if as_json:
        write_json({"schema_version": 1, **found.to_dict()})
    else:
        click.echo(basket_text(found, session))
