"""A metric by day, beside the days it is held against, with what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from duoshou.app.pages.marks import Mark, marks
from duoshou.metrics import Flag, MetricError, MetricValue, Unit
from duoshou.model import Comparison, Grain, Period, Text, plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

Subject = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DailyTrend:
    """A metric by day.

    Attributes:
        metric: Its key.
        title: Its name.
        unit: What it counts in.
        days: The days, in order.
        values: Value of each day; None where unknown.
        provisional: Days whose value may still change.
        compared: Value of the day that each is held against; empty without comparison.
        against: What those days are called; None without comparison.
        marks: What happened.
    """

    metric: str
    title: Text
    unit: Unit
    days: tuple[date, ...]
    values: tuple[float | None, ...]
    provisional: frozenset[date]
    compared: tuple[float | None, ...]
    against: Text | None
    marks: tuple[Mark, ...]

    @property
    def is_known(self) -> bool:
        """Whether any day has a value."""
        return any(one is not None for one in self.values)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        return shape | {"provisional": sorted(shape["provisional"])}


def daily_trend(
    workbench: Workbench,
    metric: str,
    period: Period,
    *,
    where: Mapping[str, str] | None = None,
    shop: str | None = None,
    back: timedelta | None = None,
    by_festival: bool = False,
    subject: Subject | None = None,
) -> DailyTrend | None:
    """Return a metric by day; None where no source tells it.

    Args:
        workbench: The workspace.
        metric: Key.
        period: Days of the chart.
        where: Only these values of dimensions.
        shop: Only this shop.
        back: How much earlier lies the day that each is held against; None: nothing.
        by_festival: Whether each day is held against the one that the calendar pairs with it.
        subject: Type and id of what the chart is about, for what is marked on it.
    """
    comparison = Comparison.FESTIVAL if by_festival else None
    now = _values(workbench, metric, period, where, shop, comparison)
    if not any(one.value is not None for one in now.values()):
        return None
    compared, against = _compared(workbench, metric, period, where, shop, back, now, by_festival=by_festival)
    definition = workbench.catalogue.metrics[metric]
    days = tuple(period)
    return DailyTrend(
        metric,
        definition.title,
        definition.unit,
        days,
        tuple(_float(now.get(day)) for day in days),
        frozenset(day for day, one in now.items() if Flag.PROVISIONAL in one.flags),
        compared,
        against,
        marks(workbench, period, shop, subject),
    )


def _compared(
    workbench: Workbench,
    metric: str,
    period: Period,
    where: Mapping[str, str] | None,
    shop: str | None,
    back: timedelta | None,
    now: Mapping[date, MetricValue],
    *,
    by_festival: bool,
) -> tuple[tuple[float | None, ...], Text | None]:
    """Return the values that the days are held against, and what they are called."""
    if by_festival:
        found = tuple(float(one.compare) if one and one.compare is not None else None for one in map(now.get, period))
        return found, Text("去年（对齐节日）", "last year, by festival")
    if not back:
        return (), None
    then = _values(workbench, metric, Period(period.start - back, period.end - back), where, shop, None)
    return tuple(_float(then.get(day - back)) for day in period), _called(back)


def _called(back: timedelta) -> Text:
    days = back.days
    if days % 7 == 0:
        weeks = days // 7
        return Text(
            "上周同日" if weeks == 1 else f"{weeks} 周前同日",
            "a week before" if weeks == 1 else f"{weeks} weeks before",
        )
    return Text(f"{days} 天前" if days > 1 else "前一天", f"{days} days before" if days > 1 else "the day before")


def _values(
    workbench: Workbench,
    metric: str,
    period: Period,
    where: Mapping[str, str] | None,
    shop: str | None,
    comparison: Comparison | None,
) -> dict[date, MetricValue]:
    try:
        rows = workbench.query(
            [metric], period=period, grain=Grain.DAY, where=where, shop=shop, compare=comparison
        ).rows
    except MetricError:
        return {}
    return {date.fromisoformat(row.dimensions["period"] or ""): row.values[metric] for row in rows}


def _float(value: MetricValue | None) -> float | None:
    return None if value is None or value.value is None else float(value.value)
