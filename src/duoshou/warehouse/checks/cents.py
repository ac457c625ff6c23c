"""Money in 分 where it should be in 元, judged by the shop's own price level."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from duoshou.model import Confidence
from duoshou.statistics import benjamini_hochberg
from duoshou.warehouse.checks.context import FAMILY_RATE, CheckContext
from duoshou.warehouse.checks.daily import ADS, BY_KEY, ORDERS, PRODUCTS, SHOP
from duoshou.warehouse.checks.shifts import CENTS, Deviation, deviations
from duoshou.warehouse.checks.signals import Signal

COLUMNS = ("day", "file", "row", "column", "value", "usual_value", "ratio", "chance")


@dataclass(frozen=True, slots=True)
class _Level:
    """A price-like number of a day in a file, which hardly moves from day to day.

    Attributes:
        source: Key of the daily source.
        column: Column that would be in 分.
        value: SQL aggregate of the day, such as a median price; NULL where there is none.
    """

    source: str
    column: str
    value: str


_LEVELS = (
    _Level(ORDERS.key, "unit_price", "median(unit_price) FILTER (WHERE quantity > 0 AND unit_price > 0)"),
    _Level(ORDERS.key, "paid_amount", "median(paid_amount / quantity) FILTER (WHERE quantity > 0 AND paid_amount > 0)"),
    _Level(SHOP.key, "paid_amount", "sum(paid_amount) / nullif(sum(buyers), 0)"),
    _Level(SHOP.key, "order_amount", "sum(order_amount) / nullif(sum(order_buyers), 0)"),
    _Level(PRODUCTS.key, "paid_amount", "sum(paid_amount) / nullif(sum(paid_units), 0)"),
    _Level(PRODUCTS.key, "order_amount", "sum(order_amount) / nullif(sum(order_units), 0)"),
    _Level(ADS.key, "cost", "sum(cost) / nullif(sum(clicks), 0)"),
    _Level(ADS.key, "sales_amount", "sum(sales_amount) / nullif(sum(orders), 0)"),
)

_FileDay = tuple[str, date]
_Key = tuple[str, str, str, date]


def cents_for_yuan(context: CheckContext) -> list[Signal]:
    """Return the days of files whose prices are about a hundred times, or a hundredth of, the shop's usual ones.

    A price level (median price, spend per buyer, cost per click) is judged on the logarithmic scale: it must be
    improbable under the shop's own spread and probable once divided by a hundred.
    """
    judged: list[tuple[_Level, str, Deviation[_FileDay], float]] = []
    places: dict[_Key, tuple[str, int]] = {}
    for level in _LEVELS:
        for shop, values in _read(context, level, places).items():
            logs = {key: math.log(value) for key, value in values.items()}
            judged.extend((level, shop, each, values[each.key]) for each in deviations(logs, (CENTS,)))
    rejected = benjamini_hochberg([deviation.chance for _, _, deviation, _ in judged], FAMILY_RATE)
    signals: dict[tuple[object, ...], Signal] = {}
    for (level, shop, deviation, value), improbable in zip(judged, rejected, strict=True):
        if improbable and deviation.factor is not None:
            file_hash, day = deviation.key
            file, row = places[shop, level.source, file_hash, day]
            signal = _signal(level, shop, deviation, value, day, file, row)
            signals.setdefault((shop, level.source, file_hash, day), signal)
    return list(signals.values())


def _read(
    context: CheckContext, level: _Level, places: dict[_Key, tuple[str, int]]
) -> dict[str, dict[_FileDay, float]]:
    source = BY_KEY[level.source]
    if not context.has(source.table):
        return {}
    found = context.rows(
        f"""SELECT shop, coalesce(source_hash, ''), {source.day}, ({level.value})::DOUBLE AS level,
                   any_value(source_file), min(source_row)
            FROM {source.table} WHERE {source.where} AND {source.day} <= ? GROUP BY 1, 2, 3
            HAVING level > 0 ORDER BY 1, 3, 2""",
        [context.day],
    )
    levels: defaultdict[str, dict[_FileDay, float]] = defaultdict(dict)
    for shop, file_hash, day, value, file, row in found:
        levels[shop][file_hash, day] = value
        places[shop, source.key, file_hash, day] = (file or "", row or 0)
    return levels


def _signal(
    level: _Level, shop: str, deviation: Deviation[_FileDay], value: float, day: date, file: str, row: int
) -> Signal:
    usual = value / deviation.ratio
    evidence = (
        day,
        file,
        row,
        level.column,
        round(value, 4),
        round(usual, 4),
        round(deviation.ratio, 4),
        deviation.chance,
    )
    facts = {"file": file, "column": level.column, "ratio": CENTS if deviation.ratio > 1 else 1 / CENTS}
    mark = f"{file} {deviation.ratio > 1}"
    return Signal("data.cents", shop, level.source, (day,), Confidence.LIKELY, facts, COLUMNS, (evidence,), mark)
