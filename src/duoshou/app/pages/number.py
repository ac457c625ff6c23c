"""数字: one number, doubted: what it means, where it comes from, its days, and the rows it is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.app.days import yesterday
from duoshou.app.pages.addresses import Filter, checked_period, held_against, named_filters
from duoshou.app.pages.glossary import facts_of
from duoshou.app.pages.trends import DailyTrend, daily_trend
from duoshou.metrics import Metric, MetricError, MetricValue
from duoshou.metrics.behind import RowsBehind, rows_behind
from duoshou.metrics.wording import FLAGS
from duoshou.model import Comparison, Grain, Period, Text, plain
from duoshou.warehouse import load_tables

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

ROWS_A_PAGE = 50
MOST_DAYS = 62
MOST_WEEKS = 370


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """Which of the rows behind a number are wanted: a page of them, sorted by a column."""

    page: int = 1
    sort: str | None = None
    descending: bool = False
    size: int = ROWS_A_PAGE


@dataclass(frozen=True, slots=True)
class PartValue:
    """A metric that the number is made of."""

    metric: str
    title: Text
    value: MetricValue | None


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of the period with its own value."""

    label: str
    period: Period
    value: MetricValue


@dataclass(frozen=True, slots=True)
class NumberPage:
    """One number.

    Attributes:
        metric: What it counts.
        period: Its days.
        against: The days it is held against.
        comparison: What was chosen to hold it against.
        filters: What is left in.
        value: The value.
        source: Name of the table that answered; None where none did.
        summed: The metrics for which its rows are summed, by key.
        flags: What must be known of it, in words.
        facts: Its definition: name of a property and its wording.
        parts: What it is made of.
        grain: Length of the parts of the period below.
        buckets: The value of each part of the period; empty for one day.
        trend: The value of each day; None for more than two months, and for one day.
        rows: A page of the rows it is computed from; None where its parts have rows of their own, or nothing is known.
        page: Number of that page, from 1.
        pages: How many pages there are.
    """

    metric: Metric
    period: Period
    against: Period
    comparison: Comparison
    filters: tuple[Filter, ...]
    value: MetricValue
    source: Text | None
    summed: Mapping[str, Metric]
    flags: tuple[Text, ...]
    facts: tuple[tuple[Text, Text], ...]
    parts: tuple[PartValue, ...]
    grain: Grain
    buckets: tuple[Bucket, ...]
    trend: DailyTrend | None
    rows: RowsBehind | None
    page: int
    pages: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "metric": self.metric.key,
            "title": plain(self.metric.title),
            "unit": self.metric.unit.value,
            "period": plain(self.period),
            "comparison": plain(self.against) | {"kind": self.comparison.value},
            "filters": plain(self.filters),
            "value": self.value.to_dict(),
            "source": plain(self.source),
            "flags": plain(self.flags),
            "definition": [{"name": plain(name), "text": plain(text)} for name, text in self.facts],
            "parts": [
                {"metric": one.metric, "title": plain(one.title), "value": one.value.to_dict() if one.value else None}
                for one in self.parts
            ],
            "grain": self.grain.value,
            "buckets": [
                {"label": one.label, **plain(one.period), "value": one.value.to_dict()} for one in self.buckets
            ],
            "rows": plain(self.rows),
            "page": self.page,
            "pages": self.pages,
        }


def number(
    workbench: Workbench,
    metric: str,
    period: Period | None,
    where: Mapping[str, str],
    shop: str | None,
    *,
    comparison: Comparison = Comparison.WEEK,
    asked: RowsAsked | None = None,
) -> NumberPage:
    """Return one number with all that it rests on.

    Args:
        workbench: The workspace.
        metric: Key, name or alias.
        period: Its days; None: the last complete one.
        where: Only these values of dimensions.
        shop: Only this shop.
        comparison: What it is held against.
        asked: Which rows are wanted.

    Raises:
        MetricError: If a name is unknown, or an answer would not be true.
    """
    catalogue, wanted = workbench.catalogue, asked or RowsAsked()
    found = catalogue.metric(metric)
    days = checked_period(period) if period else Period.of_day(workbench.last_complete_day(shop))
    value = _value(workbench, found.key, days, where, shop, comparison)
    rows = _rows(workbench, found.key, days, where, shop, wanted)
    grain = Grain.DAY if days.days <= MOST_DAYS else Grain.WEEK if days.days <= MOST_WEEKS else Grain.MONTH
    parts = catalogue.parts(found.key)
    trend = daily_trend(workbench, found.key, days, where=where, shop=shop) if 1 < days.days <= MOST_DAYS else None
    return NumberPage(
        found,
        days,
        held_against(workbench, days, comparison),
        comparison,
        named_filters(workbench, where),
        value,
        _source(value),
        {key: catalogue.metrics[key] for key in (rows.sums if rows else ())},
        tuple(FLAGS[flag] for flag in sorted(value.flags)),
        tuple(facts_of(found)),
        tuple(PartValue(key, catalogue.metrics[key].title, _known(workbench, key, days, where, shop)) for key in parts),
        grain,
        _buckets(workbench, found.key, days, where, shop, grain) if days.days > 1 else (),
        trend,
        rows,
        wanted.page,
        max(1, -(-rows.count // wanted.size)) if rows else 1,
    )


def _value(
    workbench: Workbench,
    key: str,
    period: Period,
    where: Mapping[str, str],
    shop: str | None,
    comparison: Comparison | None,
) -> MetricValue:
    (row,) = workbench.query([key], period=period, where=where, shop=shop, compare=comparison).rows
    return row.values[key]


def _source(value: MetricValue) -> Text | None:
    """Return the names of the tables that answered."""
    if value.source is None:
        return None
    tables = [load_tables()[name.partition("/")[0]] for name in value.source.split(" + ")]
    joined = [
        " + ".join(dict.fromkeys(names))
        for names in ([one.title.zh for one in tables], [one.title.en for one in tables])
    ]
    return Text(joined[0], joined[1])


def _known(
    workbench: Workbench, key: str, period: Period, where: Mapping[str, str], shop: str | None
) -> MetricValue | None:
    try:
        return _value(workbench, key, period, where, shop, None)
    except MetricError:
        return None


def _buckets(
    workbench: Workbench, key: str, period: Period, where: Mapping[str, str], shop: str | None, grain: Grain
) -> tuple[Bucket, ...]:
    rows = workbench.query([key], period=period, where=where, shop=shop, grain=grain).rows
    parts = period.buckets(grain)
    return tuple(
        Bucket(str(row.dimensions["period"]), part, row.values[key]) for row, part in zip(rows, parts, strict=True)
    )


def _rows(
    workbench: Workbench, key: str, period: Period, where: Mapping[str, str], shop: str | None, asked: RowsAsked
) -> RowsBehind | None:
    last: date = yesterday(workbench.settings.timezone)

    def read() -> RowsBehind | None:
        return rows_behind(
            workbench.backend(),
            workbench.catalogue,
            key,
            period=period,
            as_of=last,
            where=where,
            shop=workbench.settings.shop(shop).key if shop else None,
            sort=asked.sort,
            descending=asked.descending,
            offset=(asked.page - 1) * asked.size,
            limit=asked.size,
        )

    return workbench.remembered(("rows", key, period, tuple(sorted(where.items())), shop, asked), read)
