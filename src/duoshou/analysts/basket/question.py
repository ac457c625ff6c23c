"""What is asked of the baskets, and the baskets themselves in the engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ibis
from ibis.expr.types import Table

from duoshou.engine import Backend
from duoshou.model import Period

LINES = "order_line"
LEAST_TOGETHER = 5
"""Below five a count tells next to nothing of its expectation (Cochran's rule)."""
FALSE_RATE = 0.05


class BasketKind(StrEnum):
    """What counts as one basket.

    ORDER: An order.
    BUYER_DAY: All orders of one buyer on one day; an order whose buyer is unknown stands for itself.
    """

    ORDER = "order"
    BUYER_DAY = "buyer_day"


@dataclass(frozen=True, slots=True)
class BasketQuestion:
    """What is asked.

    Attributes:
        backend: The engine.
        period: Days of payment.
        shop: Key of the shop; None: all.
        currency: Of the shop.
        kind: What counts as one basket.
        least: Least number of baskets with a pair, and with each of its products.
        within: Days within which the next purchase of a buyer counts as following.
        triples: Whether triples are counted too.
        discount: Part of the price that a bundle would leave to the buyer.
        margin: Margin as part of the price where the costs of a product are unknown; None: not stated.
    """

    backend: Backend
    period: Period
    shop: str | None
    currency: str
    kind: BasketKind = BasketKind.ORDER
    least: int = LEAST_TOGETHER
    within: int = 30
    triples: bool = False
    discount: float = 0.1
    margin: float | None = None


def paid_lines(question: BasketQuestion) -> Table:
    """Return the lines that were paid for in the period, with `basket`, `day` and `month`."""
    rows: Any = question.backend.table(LINES)
    wanted = [rows["paid_on"] >= question.period.start, rows["paid_on"] <= question.period.end]
    wanted += [rows["product_id"].notnull(), rows["quantity"].coalesce(1) > 0]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    rows = rows.filter(*wanted)
    day = rows["paid_on"]
    order = rows["shop"] + "\n" + rows["order_id"]
    basket = order
    if question.kind is BasketKind.BUYER_DAY:
        basket = (rows["buyer_key"] + "\n" + day.cast("string")).coalesce(order)
    return rows.mutate(basket=basket, order=order, day=day, month=day.year() * 12 + day.month())


def held(question: BasketQuestion) -> Table:
    """Return a row for each basket and different product in it: `basket`, `product_id`, `month`, `size`."""
    lines: Any = paid_lines(question)
    rows: Any = lines.group_by(["basket", "product_id"]).agg(month=lines["month"].min())
    whole = ibis.window(group_by="basket")
    return rows.mutate(month=rows["month"].min().over(whole), size=rows.count().over(whole))


def often(question: BasketQuestion) -> Table:
    """Return the rows of `held` whose product lies in enough baskets."""
    rows: Any = held(question)
    support: Any = rows.group_by("product_id").agg(number=rows.count())
    return rows.semi_join(support.filter(support["number"] >= question.least), "product_id")


def days_of_buyers(question: BasketQuestion) -> Table:
    """Return a row for each known buyer, day of purchase and product, with the buyer's next such day in `following`.

    `following` is NULL where the next purchase lies more than `within` days ahead, or outside of the period.
    """
    lines: Any = paid_lines(question)
    lines = lines.filter(lines["buyer_key"].notnull())
    days: Any = lines.select("buyer_key", "day").distinct()
    ahead: Any = ibis.window(group_by="buyer_key", order_by="day")
    days = days.mutate(following=days["day"].lead().over(ahead))
    gap = days["following"].delta(days["day"], unit="day").cast("int64")
    days = days.mutate(following=ibis.ifelse(gap <= question.within, days["following"], ibis.null("date")))
    products: Any = lines.select("buyer_key", "day", "product_id").distinct()
    return products.join(days, ["buyer_key", "day"])
