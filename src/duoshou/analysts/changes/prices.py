"""Prices that changed, from the unit prices of order lines: what a piece costs before coupons and allowances.

A price is judged per product where all its variants cost the same, else per variant; a change of several variants of a
product on nearby days is one. Where a good part of the shop's products can have changed on one day it is one change of
all: a promotion. What sells seldom shows it days later: its change lies anywhere between the last sale at the former
price and the first at the new one. A price that stands for fewer than three days of sales is a passing deal and no
change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from duoshou.analysts.changes.levels import level_changes
from duoshou.analysts.changes.seen import PRICE, PROMOTION, SeenChange
from duoshou.engine import Backend
from duoshou.model import Period, Text
from duoshou.model.numbers import relative_change

if TYPE_CHECKING:
    from ibis.expr.types import Table

LINES = "order_line"
LEAST_STEP = 0.01
"""Smaller steps are a matter of rounding: some files tell a unit price as amount ÷ pieces."""
SELDOM = 0.1
"""Part of the days on which variants at one price may differ: those around a change."""
NEARBY = timedelta(days=7)
"""A variant sells on some days only, so that those of one product show a change on different days."""
TOGETHER, LEAST_TOGETHER = 0.25, 5
"""Part of the shop's products, and number, from which on changes that fit one day are one decision."""


@dataclass(frozen=True, slots=True)
class Step:
    """A price that became another."""

    product: str
    sku: str | None
    day: date
    last_before: date
    before: Decimal
    after: Decimal

    @property
    def change(self) -> float:
        """The step relative to the price before."""
        return float(self.after / self.before) - 1

    def fits(self, day: date) -> bool:
        """Whether the price can have changed on that day."""
        return self.last_before < day <= self.day


def price_changes(backend: Backend, period: Period, shop: str | None) -> list[SeenChange]:
    """Return the prices that changed in a period, from the orders placed in it."""
    if not backend.has_table(LINES):
        return []
    lines = _lines(backend, period, shop)
    count = backend.execute(lines.agg(products=lines["product_id"].nunique())).to_pylist()[0]["products"]
    at_one_price = lines.semi_join(_at_one_price(lines), "product_id")
    steps = [*_steps(backend, at_one_price, ["product_id"]), *_steps(backend, lines, ["product_id", "sku"])]
    return _told(_merged(steps), int(count or 0))


def _lines(backend: Backend, period: Period, shop: str | None) -> Table:
    rows: Any = backend.table(LINES)
    day = rows["created_on"].coalesce(rows["paid_on"])
    wanted = [rows["unit_price"] > 0, rows["quantity"] > 0, rows["product_id"].notnull()]
    wanted += [day >= period.start, day <= period.end]
    if shop is not None:
        wanted.append(rows["shop"] == shop)
    rows = rows.filter(*wanted)
    return rows.select(
        "product_id",
        sku=rows["sku"].coalesce(rows["variant"], ""),
        day=rows["created_on"].coalesce(rows["paid_on"]),
        value=rows["unit_price"],
        units=1,
    )


def _at_one_price(lines: Table) -> Table:
    """Return the products whose variants cost the same: on hardly any day do two that are sold cost something else.

    Of the others the product as a whole has no price: where one variant sells out, the price of another is seen.
    """
    days = lines.group_by(["product_id", "day"]).agg(variants=lines["sku"].nunique(), prices=lines["value"].nunique())
    several: Any = days.filter(days["variants"] > 1)
    differ: Any = (several["prices"] > 1).cast("float64")
    found = several.group_by("product_id").agg(differ=differ.mean())
    return found.filter(found["differ"] <= SELDOM).select("product_id")


def _steps(backend: Backend, lines: Table, keys: list[str]) -> Iterable[Step]:
    for row in backend.execute(level_changes(lines, keys)).to_pylist():
        product, sku = row["product_id"], row.get("sku")
        one = Step(product, sku, row["day"], row["last_before"], row["before"], row["after"])
        if abs(one.change) >= LEAST_STEP:
            yield one


def _merged(steps: Sequence[Step]) -> list[Step]:
    """Return one step for those of one product's variants in one direction on nearby days, as of the first of them."""
    found: dict[tuple[str, bool], list[list[Step]]] = defaultdict(list)
    for one in sorted(steps, key=lambda one: (one.day, one.sku is not None, one.sku or "")):
        groups = found[one.product, one.change > 0]
        alike = groups and one.sku not in {each.sku for each in groups[-1]}
        if alike and one.day - groups[-1][0].day <= NEARBY:
            groups[-1].append(one)
        else:
            groups.append([one])
    merged = []
    for groups in found.values():
        for group in groups:
            first = group[0]
            told = next((one for one in group if one.sku is None), first)
            before = min(first.day - timedelta(days=1), max(one.last_before for one in group))
            merged.append(Step(told.product, told.sku, first.day, before, told.before, told.after))
    return sorted(merged, key=lambda one: (one.day, one.product))


def _told(steps: Sequence[Step], products: int) -> list[SeenChange]:
    least, found = max(LEAST_TOGETHER, TOGETHER * products), []
    for rises in (True, False):
        rest = [one for one in steps if (one.change > 0) == rises]
        while (day := _shared_day(rest, least)) is not None:
            found.append(_of_shop(day, rises, [one for one in rest if one.fits(day)]))
            rest = [one for one in rest if not one.fits(day)]
        found += map(_of_product, rest)
    return sorted(found, key=lambda one: (one.day, one.subjects))


def _shared_day(steps: Sequence[Step], least: float) -> date | None:
    """Return the first day that most changes fit, if enough do of those known to a week: what is vague fits any day."""
    exact = [one for one in steps if one.day - one.last_before <= NEARBY]
    days = sorted({one.day for one in exact})
    fitting = {day: len({one.product for one in exact if one.fits(day)}) for day in days}
    day = max(fitting, key=fitting.__getitem__, default=None)
    return day if day is not None and fitting[day] >= least else None


def _of_product(one: Step) -> SeenChange:
    variant = "" if one.sku in (None, "") else one.sku
    change, until = relative_change(one.change), one.last_before
    zh = f"订单里的单价，{change}，最后一次旧价在 {until}"
    en = f"by the unit prices of orders, {change}, last sold at the former price on {until}"
    note = Text(f"{zh}；规格 {variant}" if variant else zh, f"{en}; variant {variant}" if variant else en)
    subjects = (("product", one.product),)
    return SeenChange(PRICE, one.day, one.last_before, subjects, _price(one.before), _price(one.after), note)


def _of_shop(day: date, rises: bool, group: Sequence[Step]) -> SeenChange:
    typical = relative_change(median(one.change for one in group))
    products = list(dict.fromkeys(one.product for one in group))
    number = len(products)
    note = Text(
        f"{number} 个商品一起降价，中位 {typical}：像是活动开始",
        f"{number} products were reduced together, median {typical}: a promotion seems to begin",
    )
    if rises:
        note = Text(
            f"{number} 个商品一起提价或恢复原价，中位 {typical}：像是活动结束",
            f"{number} products were raised together, median {typical}: a promotion seems to end",
        )
    subjects = (("shop", ""), *(("product", one) for one in products))
    before = max(one.last_before for one in group)
    return SeenChange(PROMOTION, day, before, subjects, Text("", ""), Text(typical, typical), note)


def _price(value: Decimal) -> Text:
    written = f"{value.quantize(Decimal('0.01'))}"
    return Text(written, written)
