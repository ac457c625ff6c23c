"""分析: why any metric changed between any two periods, by its drivers and by any dimension, down to any part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duoshou.app.pages.addresses import Filter, checked_period, days_up_to, held_against, named_filters
from duoshou.app.pages.trends import DailyTrend, daily_trend
from duoshou.metrics import Dimension, Metric
from duoshou.model import Comparison, Period, plain

if TYPE_CHECKING:
    from duoshou.analysts.diagnosis.explanation import Explanation
    from duoshou.app.workbench import Workbench

TREND_DAYS = 60
A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the explorer.

    Attributes:
        metric: Key, name or alias of a metric.
        period: The days to be explained; None: the last complete week.
        against: The days they are held against; None: what `comparison` says.
        comparison: What the period is held against; None: as `explain` chooses.
        where: Only these values of dimensions.
        by: Dimension to split by; None: those that tell something.
    """

    metric: str
    period: Period | None
    against: Period | None
    comparison: Comparison | None
    where: Mapping[str, str]
    by: str | None


@dataclass(frozen=True, slots=True)
class Explorer:
    """A change, taken apart.

    Attributes:
        metric: The metric.
        period: The days explained.
        filters: What is left in.
        comparison: What was chosen to hold the period against; None: by itself, or days of the reader's own.
        explanation: Drivers and dimensions.
        trend: The metric by day; None where no source tells days.
        dimensions: Dimensions by which the metric can be split and that no filter has fixed.
        by: The dimension that was asked for; None: those that tell something.
    """

    metric: Metric
    period: Period
    filters: tuple[Filter, ...]
    comparison: Comparison | None
    explanation: Explanation
    trend: DailyTrend | None
    dimensions: tuple[Dimension, ...]
    by: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of `explain`, with the filters, the daily values and what else it can be split by."""
        return self.explanation.to_dict() | {
            "filters": plain(self.filters),
            "comparison": plain(self.comparison),
            "trend": self.trend.to_dict() if self.trend else None,
            "can_split_by": [one.key for one in self.dimensions],
        }


def explorer(workbench: Workbench, question: Question, shop: str | None) -> Explorer:
    """Return a change taken apart.

    Raises:
        MetricError: If a name is unknown, or an answer would not be true.
        NotExplainable: If a value is unknown, or parts of the metric must not be put together.
    """
    catalogue = workbench.catalogue
    metric = catalogue.metric(question.metric)
    period = chosen_period(workbench, question.period, shop)
    against = question.against and checked_period(question.against)
    if against is None and question.comparison is not None:
        against = held_against(workbench, period, question.comparison)
    found = workbench.explain(
        metric.key,
        period=period,
        against=against,
        by=(question.by,) if question.by else (),
        where=question.where,
        shop=shop,
    )
    fixed = {catalogue.dimension(name).key for name in question.where}
    dimensions = [catalogue.dimensions[key] for key in catalogue.dimensions_of(metric.key)]
    return Explorer(
        metric,
        period,
        named_filters(workbench, question.where),
        question.comparison if question.against is None else None,
        found,
        daily_trend(
            workbench,
            metric.key,
            days_up_to(period, TREND_DAYS),
            where=question.where,
            shop=shop,
            back=_back(period, found.baseline),
            by_festival=question.against is None and question.comparison is Comparison.FESTIVAL,
            subject=next(iter(question.where.items()), None),
        ),
        tuple(one for one in dimensions if one.needs is None and one.key not in fixed),
        question.by and catalogue.dimension(question.by).key,
    )


def chosen_period(workbench: Workbench, period: Period | None, shop: str | None) -> Period:
    """Return the period that is asked for, else the last complete seven days."""
    if period is not None:
        return checked_period(period)
    last = workbench.last_complete_day(shop)
    return Period(last - timedelta(days=A_WEEK - 1), last)


def _back(period: Period, baseline: Period) -> timedelta | None:
    """Return how much earlier the days lie that the period is held against."""
    back = period.start - baseline.start
    return back if back > timedelta(0) else None
