"""分析: why any metric changed between any two periods, by its drivers and by any dimension, down to any part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from duoshou.analysts.diagnosis.explain_errors import NotExplainable
from duoshou.app.pages.addresses import Filter, checked_period, days_up_to, held_against, named_filters
from duoshou.app.pages.trends import DailyTrend, daily_trend
from duoshou.metrics import Dimension, Metric, NotAnswerable
from duoshou.model import Comparison, DuoshouError, Period, plain

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
        refused: Why the metric cannot be split by the dimension that was asked for; None where it can.
    """

    metric: Metric
    period: Period
    filters: tuple[Filter, ...]
    comparison: Comparison | None
    explanation: Explanation
    trend: DailyTrend | None
    dimensions: tuple[Dimension, ...]
    by: str | None
    refused: DuoshouError | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of `explain`, with the filters, the daily values and what else it can be split by."""
        return self.explanation.to_dict() | {
            "filters": plain(self.filters),
            "comparison": plain(self.comparison),
            "trend": self.trend.to_dict() if self.trend else None,
            "can_split_by": [one.key for one in self.dimensions],
            "not_split": plain(self.refused.message) if self.refused else None,
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
    found, refused = _explained(workbench, metric.key, period, against, question, shop)
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
        tuple(one for one in dimensions if one.needs is None and one.key not in fixed | _single(workbench)),
        question.by and catalogue.dimension(question.by).key,
        refused,
    )


def _explained(
    workbench: Workbench, key: str, period: Period, against: Period | None, question: Question, shop: str | None
) -> tuple[Explanation, DuoshouError | None]:
    """Return the explanation, and why it has no split by the dimension that was asked for."""
    by = () if question.by is None else (workbench.catalogue.dimension(question.by).key,)

    def ask(*dimensions: str) -> Explanation:
        return workbench.explain(key, period=period, against=against, by=dimensions, where=question.where, shop=shop)

    def refusal() -> DuoshouError | None:
        try:
            ask(*by)
        except (NotExplainable, NotAnswerable) as error:
            return error
        return None

    if not by:
        return ask(), None
    asked = ("refusal", key, period, against, by, tuple(sorted(question.where.items())), shop)
    refused = workbench.remembered(asked, refusal)
    # What cannot be split may still be explained.
    return (ask(*by), None) if refused is None else (replace(ask(), splits=()), refused)


def _single(workbench: Workbench) -> frozenset[str]:
    """Return the dimensions of which one shop has one value."""
    return frozenset() if len(workbench.settings.shops) > 1 else frozenset({"shop", "platform", "currency"})


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
