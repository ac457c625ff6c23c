"""What the buyers of the hit buy besides it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from duoshou.analysts.assortment.question import RangeQuestion
from duoshou.analysts.basket import BasketQuestion
from duoshou.analysts.basket.attach import wilson
from duoshou.analysts.basket.question import LEAST_TOGETHER, LINES, paid_lines
from duoshou.model import Period

DAYS = 90
WITHIN = 30
MOST = 5


@dataclass(frozen=True, slots=True)
class Companion:
    """A product that buyers of the hit buy within 30 days, before or after.

    Attributes:
        id: Its id.
        title: Its title.
        buyers: Buyers of both.
        of: Buyers of the hit.
        share: Part of them.
        low, high: Its 95 % interval.
    """

    id: str
    title: str
    buyers: int
    of: int
    share: float
    low: float
    high: float


def companions(question: RangeQuestion, hit: str) -> tuple[Companion, ...]:
    """Return what buyers of the hit buy besides within 30 days, in the last 90 days; nothing without known buyers."""
    backend = question.backend
    if not backend.has_table(LINES):
        return ()
    period = Period(question.as_of - timedelta(days=DAYS - 1), question.as_of)
    lines: Any = paid_lines(BasketQuestion(backend, period, question.shop, question.currency))
    lines = lines.filter(lines["buyer_key"].notnull()).select("buyer_key", "product_id", "day").distinct()
    of_hit: Any = lines.filter(lines["product_id"] == hit).select("buyer_key", hit_day=lines["day"])
    number = backend.execute(of_hit.agg(number=of_hit["buyer_key"].nunique())).to_pylist()[0]["number"]
    if not number:
        return ()
    both: Any = lines.filter(lines["product_id"] != hit).join(of_hit, "buyer_key")
    gap = both["day"].delta(both["hit_day"], unit="day").cast("int64").abs()
    near: Any = both.filter(gap <= WITHIN).select("buyer_key", "product_id").distinct()
    counted: Any = near.group_by("product_id").agg(buyers=near.count())
    rows = backend.execute(counted.filter(counted["buyers"] >= LEAST_TOGETHER)).to_pylist()
    rows = sorted(rows, key=lambda row: (-row["buyers"], row["product_id"]))[:MOST]
    titles = question.names([row["product_id"] for row in rows])
    found = []
    for row in rows:
        share = wilson(int(row["buyers"]), int(number))
        name = row["product_id"]
        found.append(
            Companion(name, titles.get(name, name), int(row["buyers"]), int(number), share.value, share.low, share.high)
        )
    return tuple(found)
