"""今日: yesterday in six numbers, the dearest findings, what cannot be told, how fresh each source is."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from duoshou.app.checklist import checklist
from duoshou.app.discreet import discreet_finding
from duoshou.metrics import MetricError, MetricValue
from duoshou.model import Comparison, Finding, Grain, Period, Text, Unjudged, plain
from duoshou.reports import SourceFreshness, source_freshness
from duoshou.reports.business import MOST_ADVICE, advice_of, business_findings
from duoshou.state import day_list

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

SIX = ("pay_amount", "visitors", "pay_conversion_rate", "spend_per_buyer", "refund_amount", "ad_cost")
MOST_FINDINGS = 7
SPARK_DAYS = 28
DATA = "data."


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a day.

    Attributes:
        metric: Key of the metric.
        title: Its name.
        value: The value with what it is held against; None where nothing answers.
        recent: Values of the last days, oldest first; None for a gap.
    """

    metric: str
    title: Text
    value: MetricValue | None
    recent: tuple[float | None, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        value = self.value.to_dict() if self.value else None
        return {"metric": self.metric, "title": plain(self.title), "value": value, "recent": list(self.recent)}


@dataclass(frozen=True, slots=True)
class Today:
    """The first screen.

    Attributes:
        shop: Key of the shop.
        day: The day that is shown.
        is_latest: Whether it is the last complete day.
        comparison: What the numbers are held against.
        against: The day they are held against.
        figures: Six numbers.
        was_run: Whether the daily job judged the day.
        findings: At most seven findings about the business, the dearest first.
        others: How many more there are.
        advice: What is worth doing, at most three, worth most first.
        faults: What is wrong with the data.
        untold: What could not be judged, and why.
        sources: How far each source reaches now, whatever day is shown.
        to_fetch: How many files are to be fetched.
    """

    shop: str
    day: date
    is_latest: bool
    comparison: Comparison
    against: Period
    figures: tuple[Figure, ...]
    was_run: bool
    findings: tuple[Finding, ...]
    others: int
    advice: tuple[Finding, ...]
    faults: tuple[Finding, ...]
    untold: tuple[Unjudged, ...]
    sources: tuple[SourceFreshness, ...]
    to_fetch: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__ if name != "figures"}
        return shape | {"figures": [one.to_dict() for one in self.figures]}


def today(workbench: Workbench, day: date | None, shop: str | None, comparison: Comparison, *, costs: bool) -> Today:
    """Return the first screen of a shop.

    Args:
        workbench: The workspace.
        day: The day; None: the last complete one.
        shop: Key of the shop; None where there is only one.
        comparison: What the numbers are held against.
        costs: Whether whoever asks may see costs.
    """
    latest = workbench.last_complete_day(shop)
    chosen = day or latest
    key = shop or workbench.settings.default_shop.key
    listed = day_list(workbench.state, key, chosen)
    business = business_findings(listed.shown)
    advice = advice_of(listed.shown)[:MOST_ADVICE]
    return Today(
        key,
        chosen,
        chosen == latest,
        comparison,
        _against(workbench, chosen, comparison),
        figures_of(workbench, SIX, chosen, shop, comparison),
        listed.was_run,
        tuple(business[:MOST_FINDINGS]),
        max(len(business) - MOST_FINDINGS, 0),
        tuple(advice if costs else map(discreet_finding, advice)),
        tuple(one for one in listed.shown if one.kind.startswith(DATA)),
        listed.untold,
        freshness(workbench, latest, shop),
        to_fetch(workbench, shop),
    )


def figures_of(
    workbench: Workbench, metrics: tuple[str, ...], day: date, shop: str | None, comparison: Comparison
) -> tuple[Figure, ...]:
    """Return numbers of a day, each with its last four weeks."""
    weeks = Period(day - timedelta(days=SPARK_DAYS - 1), day)
    return tuple(
        Figure(
            key,
            workbench.catalogue.metrics[key].title,
            value_of(workbench, key, Period.of_day(day), shop, comparison),
            _recent(workbench, key, weeks, shop),
        )
        for key in metrics
        if key in workbench.catalogue.metrics
    )


def value_of(
    workbench: Workbench, metric: str, period: Period, shop: str | None, comparison: Comparison
) -> MetricValue | None:
    """Return the value of a metric beside what it is held against; None where nothing answers."""
    try:
        rows = workbench.query([metric], period=period, compare=comparison, shop=shop).rows
    except MetricError:
        return None
    return rows[0].values[metric] if rows else None


def _recent(workbench: Workbench, metric: str, period: Period, shop: str | None) -> tuple[float | None, ...]:
    try:
        rows = workbench.query([metric], period=period, grain=Grain.DAY, shop=shop).rows
    except MetricError:
        return ()
    found = {row.dimensions["period"]: row.values[metric].value for row in rows}
    values = (found.get(day.isoformat()) for day in period)
    return tuple(None if one is None else float(one) for one in values)


def _against(workbench: Workbench, day: date, comparison: Comparison) -> Period:
    period = Period.of_day(day)
    if comparison is Comparison.FESTIVAL:
        return Period.of_days(one for one in workbench.calendar.align(period).others if one is not None)
    return period.compared(comparison)


def freshness(workbench: Workbench, day: date, shop: str | None) -> tuple[SourceFreshness, ...]:
    """Return how far each source reaches."""

    def look() -> tuple[SourceFreshness, ...]:
        with contextlib.closing(workbench.reader()) as connection:
            return tuple(source_freshness(connection, workbench.settings, day, shop=shop))

    return workbench.remembered(("freshness", day, shop), look)


def to_fetch(workbench: Workbench, shop: str | None) -> int:
    """Return how many files are to be fetched today."""
    return workbench.remembered(("to_fetch", shop), lambda: len(checklist(workbench, None, shop=shop).due))
