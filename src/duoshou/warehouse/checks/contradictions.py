"""Sources that disagree about one day's money more than they are used to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from duoshou.model import Confidence
from duoshou.statistics import benjamini_hochberg, median, median_deviation
from duoshou.warehouse.checks.context import FAMILY_RATE, CheckContext
from duoshou.warehouse.checks.daily import BY_KEY, ORDERS, PRODUCTS, SHOP
from duoshou.warehouse.checks.shifts import CENTS, DOUBLE, Deviation, deviations
from duoshou.warehouse.checks.signals import Signal

COLUMNS = (
    "day",
    "source",
    "amount",
    "file",
    "row",
    "other_source",
    "other_amount",
    "other_file",
    "other_row",
    "chance",
)

_MONEY = {
    # An order closed after payment shows 0 in later exports; what was paid first is what the platform counted.
    ORDERS.key: (
        "paid_on",
        "sum(coalesce(first_paid_amount, paid_amount)) FILTER (WHERE quantity > 0 OR quantity IS NULL)",
    ),
    SHOP.key: ("period_start", "sum(paid_amount)"),
    PRODUCTS.key: ("period_start", "sum(paid_amount)"),
}


_FREIGHT = "sum(freight) FILTER (WHERE quantity > 0 OR quantity IS NULL)"


@dataclass(frozen=True, slots=True)
class _Money:
    """What one source says about a day."""

    amount: float
    rows: int
    file: str
    row: int
    freight: float = 0.0


@dataclass(frozen=True, slots=True)
class _Judged:
    """One day of one pair of sources."""

    shop: str
    pair: tuple[str, str]
    deviation: Deviation[date]

    @property
    def day(self) -> date:
        """The day."""
        return self.deviation.key


def contradictions(context: CheckContext) -> list[Signal]:
    """Return the days on which two sources of paid amount differ beyond the shop's own history of differences.

    The logarithm of the ratio is compared with its median over all common days; the sources never tie, and how far
    they usually lie apart is the shop's own. A ratio of two or a hundred is told as what it is.
    """
    money = {key: _read(context, key) for key in _MONEY}
    judged = [each for shop in context.shops() for pair in combinations(_MONEY, 2) for each in _pair(money, shop, pair)]
    odd = _improbable(judged, explained=True) + _improbable(judged, explained=False)
    compared = {(each.shop, each.pair, each.day) for each in judged}
    return [_signal(money, each, _at_fault(each, odd, compared)) for each in _once(odd)]


def _read(context: CheckContext, key: str) -> dict[str, dict[date, _Money]]:
    source, (day, amount) = BY_KEY[key], _MONEY[key]
    if not context.has(source.table):
        return {}
    freight = f"coalesce({_FREIGHT}, 0)::DOUBLE" if source is ORDERS else "0.0"
    found = context.rows(
        f"""SELECT shop, {day} AS on_day, ({amount})::DOUBLE AS amount, count(*), arg_max(source_file, exported_at),
                   min(source_row), {freight}
            FROM {source.table} WHERE {source.where} AND {day} <= ? GROUP BY 1, 2 HAVING amount IS NOT NULL""",
        [context.day],
    )
    money: dict[str, dict[date, _Money]] = {}
    for shop, on_day, value, rows, file, row, carried in found:
        money.setdefault(shop, {})[on_day] = _Money(max(0.0, value), rows, file or "", row or 0, carried)
    return money


def _pair(money: Mapping[str, Mapping[str, Mapping[date, _Money]]], shop: str, pair: tuple[str, str]) -> list[_Judged]:
    one, other = (money[key].get(shop, {}) for key in pair)
    common = sorted(one.keys() & other.keys())
    if not common:
        return []
    freight = {day: each.freight for day, each in money[ORDERS.key].get(shop, {}).items()}
    logs = _logs(one, other, common, {})
    if PRODUCTS.key in pair and any(freight.get(day) for day in common):
        less = {key: freight if key != PRODUCTS.key else {} for key in pair}
        goods = _logs(one, other, common, less[pair[0]], less[pair[1]])
        logs = min(logs, goods, key=lambda each: median_deviation(list(each.values())))
    return [
        _Judged(shop, pair, each) for each in deviations(logs, (DOUBLE, CENTS), floor=_rounding(one, other, common))
    ]


def _logs(
    one: Mapping[date, _Money],
    other: Mapping[date, _Money],
    days: list[date],
    less: Mapping[date, float],
    less_other: Mapping[date, float] | None = None,
) -> dict[date, float]:
    """Return the logarithm of the ratio of each day, of the amounts less the freight that is given for a side."""
    # A hundredth of a usual day keeps the logarithm of a day without sales finite.
    least = max(0.01, median([one[day].amount for day in days]) / 100)

    def rest(money: _Money, freight: float) -> float:
        return max(money.amount - freight, 0.0) + least

    taken = less_other or {}
    return {day: math.log(rest(one[day], less.get(day, 0.0)) / rest(other[day], taken.get(day, 0.0))) for day in days}


def _rounding(one: Mapping[date, _Money], other: Mapping[date, _Money], days: list[date]) -> float:
    """Return the relative error that rounding every row to a cent makes in the difference of two sums."""
    errors = [
        0.01 * math.sqrt((one[day].rows + other[day].rows) / 12) / one[day].amount
        for day in days
        if one[day].amount > 0
    ]
    return median(errors) if errors else 0.0


def _improbable(judged: list[_Judged], *, explained: bool) -> list[_Judged]:
    """Return the days that a factor explains (or does not explain) and that are improbable.

    Two families: a file in 分 makes a month of certain rejections, among which the false discovery rate would let
    mere outliers pass.
    """
    chances = [each.deviation.chance if (each.deviation.factor is not None) is explained else 1.0 for each in judged]
    rejected = benjamini_hochberg(chances, FAMILY_RATE / 2)
    return [each for each, improbable in zip(judged, rejected, strict=True) if improbable]


def _at_fault(each: _Judged, odd: list[_Judged], compared: set[tuple[str, tuple[str, str], date]]) -> str | None:
    """Return the source that disagrees with both others while those agree; None when nobody can tell."""
    bad = {other.pair for other in odd if (other.shop, other.day) == (each.shop, each.day)}
    for suspect in each.pair:
        rest = tuple(key for key in _MONEY if key != suspect)
        innocent = (rest[0], rest[1])
        blamed = all(pair in bad for pair in combinations(_MONEY, 2) if suspect in pair)
        if blamed and innocent not in bad and (each.shop, innocent, each.day) in compared:
            return suspect
    return None


def _once(odd: list[_Judged]) -> list[_Judged]:
    """Return one judgement for each shop and day, the most improbable."""
    best: dict[tuple[str, date], _Judged] = {}
    for each in sorted(odd, key=lambda judged: judged.deviation.chance):
        best.setdefault((each.shop, each.day), each)
    return list(best.values())


def _signal(money: Mapping[str, Mapping[str, Mapping[date, _Money]]], each: _Judged, suspect: str | None) -> Signal:
    first, second = each.pair
    larger, smaller = (first, second) if each.deviation.ratio > 1 else (second, first)
    factor = each.deviation.factor
    kind = "data.contradiction"
    if factor is not None:
        kind = "data.cents" if max(factor, 1 / factor) > DOUBLE * 2 else "data.doubled_day"
    blamed = suspect or larger
    accuser = next(key for key in each.pair if key != blamed) if blamed in each.pair else smaller
    one, other = (money[key][each.shop][each.day] for key in (blamed, accuser))
    ratio = each.deviation.ratio if blamed == first else 1 / each.deviation.ratio
    row = (each.day, blamed, one.amount, one.file, one.row, accuser, other.amount, other.file, other.row)
    facts = {"other": accuser, "ratio": ratio, "file": one.file, "column": "paid_amount"}
    confidence = (
        Confidence.LIKELY if suspect else Confidence.POSSIBLE if kind == "data.contradiction" else Confidence.LIKELY
    )
    return Signal(
        kind, each.shop, blamed, (each.day,), confidence, facts, COLUMNS, ((*row, each.deviation.chance),), accuser
    )
