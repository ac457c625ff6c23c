"""Two days with identical rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date

from duoshou.model import Confidence
from duoshou.statistics import benjamini_hochberg, median_deviation
from duoshou.warehouse.checks.context import FAMILY_RATE, CheckContext
from duoshou.warehouse.checks.daily import ADS, ORDERS, PRODUCTS, SHOP, SOURCES, DailySource, DayTotal
from duoshou.warehouse.checks.signals import Signal

COLUMNS = ("day", "file", "row", "same_as_day", "file_of_that_day", "row_of_that_day", "amount", "chance")

_CONTENT = {
    ORDERS.key: "product_id, sku, title, quantity, unit_price, paid_amount",
    SHOP.key: "visitors, page_views, cart_buyers, buyers, paid_units, paid_amount",
    PRODUCTS.key: "product_id, visitors, page_views, cart_buyers, buyers, paid_units, paid_amount",
    ADS.key: "report_level, campaign, ad_group, target, impressions, clicks, cost, sales_amount",
}

# What names a row from day to day, and its money, where a day has several comparable rows.
_ROWS = {
    PRODUCTS.key: ("product_id", "paid_amount"),
    ADS.key: ("report_level, account, campaign, ad_group, target, attribution_window_days", "cost"),
}

LEAST_DAYS = 8


def copied_days(context: CheckContext) -> list[Signal]:
    """Return the days whose rows repeat another day's.

    Equal rows alone prove nothing in a shop that sells one thing a day. The chance that two days tie in money and
    in units by accident is taken from the shop's own variability, over all pairs of its days.
    """
    return [
        signal
        for source in SOURCES
        if context.has(source.table)
        for shop, twins in _twins(context, source).items()
        for signal in _judged(context, source, shop, twins)
    ]


def _twins(context: CheckContext, source: DailySource) -> dict[str, list[tuple[date, ...]]]:
    """Return shop → groups of days with the same rows, whatever their order."""
    # A sum, not an exclusive or: two equal lines must not cancel out.
    found = context.rows(
        f"""WITH days AS (
              SELECT shop, {source.day} AS on_day, count(*) AS lines,
                     sum(hash({_CONTENT[source.key]})::HUGEINT) AS content
              FROM {source.table} WHERE {source.where} AND {source.day} <= ? GROUP BY 1, 2)
            SELECT shop, list(on_day ORDER BY on_day) FROM days GROUP BY shop, lines, content HAVING count(*) > 1
            ORDER BY shop, min(on_day)""",
        [context.day],
    )
    twins: dict[str, list[tuple[date, ...]]] = {}
    for shop, days in found:
        twins.setdefault(shop, []).append(tuple(days))
    return twins


def _judged(context: CheckContext, source: DailySource, shop: str, twins: Sequence[tuple[date, ...]]) -> list[Signal]:
    days = context.days(source)[shop]
    if len(days) < LEAST_DAYS:
        return []
    suspects = {day for group in twins for day in group[1:]}
    chance = _chance_of_tie([total for day, total in days.items() if day not in suspects])
    chance *= _chance_of_equal_rows(context, source, shop, sorted(suspects))
    pairs = [(copy, group[0]) for group in twins for copy in group[1:] if days[copy].amount]
    everything = len(days) * (len(days) - 1) // 2
    rejected = benjamini_hochberg([chance] * len(pairs) + [1.0] * (everything - len(pairs)), FAMILY_RATE)
    return [
        _signal(source, shop, days, copy, first, chance)
        for (copy, first), improbable in zip(pairs, rejected, strict=False)
        if improbable
    ]


def _chance_of_tie(totals: Sequence[DayTotal]) -> float:
    """Return the chance that two days have the same money and the same units.

    The larger of two estimates: ties among all other pairs of days, and the density of a bivariate normal at zero
    difference, 1 / (4π·s₁·s₂·√(1−ρ²)) times the grain (a cent, a unit), with robust spreads.
    """
    money = [total.amount or 0.0 for total in totals]
    units = [total.units or 0.0 for total in totals]
    size = len(totals)
    seen = Counter(zip((round(value, 2) for value in money), units, strict=True))
    ties = sum(count * (count - 1) // 2 for key, count in seen.items() if any(key)) / max(1, size * (size - 1) // 2)
    spread = median_deviation(money), median_deviation(units)
    if min(spread) == 0:
        return max(ties, 0.01 / (2 * math.sqrt(math.pi) * spread[0])) if spread[0] else 1.0
    loose = math.sqrt(max(1e-4, 1 - _correlation(money, units) ** 2))
    return min(1.0, max(ties, 0.01 / (4 * math.pi * spread[0] * spread[1] * loose)))


def _chance_of_equal_rows(context: CheckContext, source: DailySource, shop: str, suspects: Sequence[date]) -> float:
    """Return the chance that the rows of two days tie too, given that their totals do; 1 where rows have no name.

    Each row with money but one (which the total settles) ties as often as a row ties with its own day before.
    """
    if source.key not in _ROWS:
        return 1.0
    name, money = _ROWS[source.key]
    found = context.rows(
        f"""WITH one AS (
              SELECT {source.day} AS on_day, {money} AS money,
                     lag({money}) OVER (PARTITION BY {name} ORDER BY {source.day}) AS before
              FROM {source.table} WHERE shop = $shop AND {source.where} AND {source.day} <= $day AND {money} > 0)
            SELECT count(*) FILTER (on_day NOT IN (SELECT unnest($suspects::DATE[])) AND money = before),
                   count(before), count(*) FILTER (on_day IN (SELECT unnest($suspects::DATE[])))
            FROM one""",
        {"shop": shop, "day": context.day, "suspects": list(suspects)},
    )
    ties, compared, rows = (int(value) for value in found[0])
    rows_a_day = rows / max(1, len(suspects))
    return float(((ties + 1) / (compared + 1)) ** max(0.0, rows_a_day - 1))


def _correlation(first: Sequence[float], second: Sequence[float]) -> float:
    n = len(first)
    a, b = sum(first) / n, sum(second) / n
    covariance = sum((x - a) * (y - b) for x, y in zip(first, second, strict=True))
    scale = math.sqrt(sum((x - a) ** 2 for x in first) * sum((y - b) ** 2 for y in second))
    return covariance / scale if scale else 0.0


def _signal(
    source: DailySource, shop: str, days: dict[date, DayTotal], copy: date, first: date, chance: float
) -> Signal:
    one, other = days[copy], days[first]
    row = (copy, one.file, one.row, first, other.file, other.row, one.amount, chance)
    return Signal("data.copied_day", shop, source.key, (copy,), Confidence.LIKELY, {}, COLUMNS, (row,))
