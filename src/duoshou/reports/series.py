"""The figures of the last days, which the trend shows and the overview's sparklines point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from duoshou.metrics import MetricValue
from duoshou.model import Grain, Period
from duoshou.reports.asking import Answers

DAYS = 35
SPARK_DAYS = 14

SHOWN = (
    "pay_amount",
    "net_pay_amount",
    "pay_orders",
    "pay_buyers",
    "spend_per_buyer",
    "visitors",
    "pay_conversion_rate",
    "refund_amount",
    "refund_rate",
    "ad_cost",
    "roas",
)
"""Metrics in the table of the trend; more would not fit on a page."""

KEYS = (
    *SHOWN,
    "pay_units",
    "order_value",
    "page_views",
    "value_per_visitor",
    "cart_adds",
    "ad_sales",
    "score_description",
    "score_service",
    "score_logistics",
)


@dataclass(frozen=True)
class DailySeries:
    """Values of each of the last days.

    Attributes:
        days: Days, oldest first.
        values: Metric → values in the order of the days; only metrics that have any.
        place: Metric → (sheet name, first row, last row, column) of its numbers, once they are written.
    """

    days: Sequence[date]
    values: dict[str, list[MetricValue | None]]
    place: dict[str, tuple[str, int, int, int]] = field(default_factory=dict)


def read_series(answers: Answers, day: date, keys: Sequence[str] = KEYS, days: int = DAYS) -> DailySeries:
    """Return the last days up to `day`; a metric without a single value is left out.

    Every value of a metric comes from the source that answers for `day`, as on the overview: one missing day must
    not turn five weeks over to another source with other numbers. A day that this source does not know is a gap.
    """
    period = Period(day - timedelta(days=days - 1), day)
    found: dict[str, dict[str, MetricValue]] = {}
    for row in answers.rows(keys, period, grain=Grain.DAY, shown=False):
        found[row.dimensions.get("period") or ""] = dict(row.values)
    wanted = {
        key: value.source for key, value in answers.one(keys, Period.of_day(day), shown=False).items() if value.source
    }
    changed = [key for key, source in wanted.items() if _source(found, key) not in {source, None}]
    if changed:
        _ask_again(answers, period, {key: wanted[key] for key in changed}, found)
    values = {key: [found.get(each.isoformat(), {}).get(key) for each in period] for key in keys}
    known = {
        key: column
        for key, column in values.items()
        if any(one is not None and one.value is not None for one in column)
    }
    for key, column in known.items():
        for one in column:
            if one is not None:
                answers.remember(key, one)
    return DailySeries(list(period), known)


def _source(found: Mapping[str, Mapping[str, MetricValue]], key: str) -> str | None:
    return next((one.source for row in found.values() if (one := row.get(key)) is not None and one.source), None)


def _ask_again(
    answers: Answers, period: Period, wanted: Mapping[str, str], found: dict[str, dict[str, MetricValue]]
) -> None:
    """Replace values by those of the wanted sources, halving the period until the source knows all of its days."""
    half = period.start + timedelta(days=period.days // 2 - 1)
    parts = [period] if period.days == 1 else [Period(period.start, half), Period(half + timedelta(days=1), period.end)]
    for part in parts:
        rows = {
            row.dimensions.get("period") or "": row.values
            for row in answers.rows(list(wanted), part, grain=Grain.DAY, shown=False)
        }
        other = {key: source for key, source in wanted.items() if _source(rows, key) not in {source, None}}
        for label, values in rows.items():
            mine = found.setdefault(label, {})
            for key in wanted:
                if key not in other:
                    mine[key] = values[key]
                elif part.days == 1:
                    mine.pop(key, None)
        if other and part.days > 1:
            _ask_again(answers, part, other, found)
