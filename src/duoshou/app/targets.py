"""How far the month's targets are reached, and where the month is likely to end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from duoshou.metrics import Additivity, Flag, Metric, MetricValue, UnknownName
from duoshou.model import DuoshouError, Grain, Period, Text
from duoshou.reports import Basis, Projection, TargetProgress, read_targets
from duoshou.statistics import student_t_two_sided

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

SCHEMA_VERSION = 1
HISTORY_DAYS = 56
# Below four weeks a weekday has been seen too seldom to say what share of a week it brings.
PATTERN_DAYS = 28
FEWEST_DAYS = 14
CONFIDENCE = 0.9
_MOST_MEMORY = 0.8
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MonthProgress:
    """The targets of one month.

    Attributes:
        month: Its first day.
        as_of: Last day that counts; a shop whose data end before it has a day of its own.
        targets: One entry for each target that could be held against a metric.
        problems: (shop, name in the sheet) → why a target could not be.
    """

    month: date
    as_of: date
    targets: tuple[TargetProgress, ...]
    problems: Mapping[tuple[str, str], Text]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {
            "schema_version": SCHEMA_VERSION,
            "month": Grain.MONTH.label(self.month),
            "as_of": self.as_of.isoformat(),
            "targets": [one.to_dict() for one in self.targets],
            "problems": [
                {"shop": shop, "metric": name, "message": {"zh": text.zh, "en": text.en}}
                for (shop, name), text in self.problems.items()
            ],
        }


def progress(
    workbench: Workbench, month: date | None = None, as_of: date | None = None, *, shop: str | None = None
) -> MonthProgress:
    """Return how far the targets of a month are reached.

    Args:
        workbench: The workspace.
        month: Any day of the month; None: that of `as_of`.
        as_of: Last day that counts; None: the last complete one. No shop counts beyond its own last complete day, for
            a day without data is not a day without sales.
        shop: Only this shop (key, name or alias).
    """
    only = workbench.settings.shop(shop).key if shop else None
    last = as_of or workbench.last_complete_day(only)
    first = (month or last).replace(day=1)
    with closing(workbench.reader()) as connection:
        rows = [row for row in read_targets(connection) if row.month == first and only in (None, row.shop)]
    found: list[TargetProgress] = []
    problems: dict[tuple[str, str], Text] = {}
    for row in rows:
        try:
            metric = workbench.catalogue.metric(row.metric)
            own = min(last, workbench.last_complete_day(row.shop))
            found.append(_progress(workbench, row.shop, metric, row.value, first, own))
        except UnknownName as error:
            hint = error.hint or Text("", "")
            problems[row.shop, row.metric] = Text(f"{error.message.zh}；{hint.zh}", f"{error.message.en}; {hint.en}")
        except DuoshouError as error:
            problems[row.shop, row.metric] = error.message
    shops = {one.key: place for place, one in enumerate(workbench.settings.shops)}
    order = list(workbench.catalogue.metrics)
    found.sort(key=lambda one: (shops.get(one.shop, len(shops)), order.index(one.metric.key)))
    return MonthProgress(first, last, tuple(found), problems)


def month_target(workbench: Workbench, metric: str, shop: str, day: date) -> float | None:
    """Return the target of a metric for the month of a day; None where there is none."""
    with closing(workbench.reader()) as connection:
        rows = [row for row in read_targets(connection) if (row.month, row.shop) == (day.replace(day=1), shop)]
    for row in rows:
        with suppress(UnknownName):
            if workbench.catalogue.metric(row.metric).key == metric:
                return float(row.value)
    return None


def _progress(
    workbench: Workbench, shop: str, metric: Metric, target: Decimal, first: date, last: date
) -> TargetProgress:
    whole = Period(first, Grain.MONTH.end(first))
    if last < first:
        why = Text("这个月还没有开始", "the month has not begun")
        return TargetProgress(shop, metric, target, last, None, frozenset(), why_not=why)
    so_far = Period(first, min(last, whole.end))
    now = _value(workbench, metric, shop, so_far)
    if metric.additivity not in (Additivity.ADDITIVE, Additivity.ADDITIVE_WITHIN_WINDOW):
        return TargetProgress(shop, metric, target, so_far.end, now.value, now.flags)
    history = _daily(workbench, metric, shop, Period(last - timedelta(days=HISTORY_DAYS - 1), last))
    left = [day for day in whole if day > so_far.end]
    share, basis = expected_share(history, list(so_far), left)
    value = None if now.value is None else float(now.value)
    why_not = _why_not(now, history, left)
    return TargetProgress(
        shop,
        metric,
        target,
        so_far.end,
        now.value,
        now.flags,
        reached=value / float(target) if value is not None and target else None,
        expected=share,
        basis=basis,
        projection=None if value is None or why_not is not None else project(value, history, left),
        needed=max(float(target) - value, 0.0) / len(left) if value is not None and left else None,
        why_not=why_not,
    )


def _why_not(now: MetricValue, history: Mapping[date, float], left: Sequence[date]) -> Text | None:
    if now.value is None:
        return Text("这个月还没有数据", "there are no data of the month")
    if Flag.MISSING_DAYS in now.flags:
        return Text("这个月缺天，补齐数据后再看", "days of the month are missing; import them first")
    if left and len(history) < FEWEST_DAYS:
        return Text(
            f"只有 {len(history)} 天的数据，不足 {FEWEST_DAYS} 天，不能判断",
            f"cannot tell from {len(history)} days; it takes {FEWEST_DAYS}",
        )
    return None


def _value(workbench: Workbench, metric: Metric, shop: str, period: Period) -> MetricValue:
    rows = workbench.query([metric.key], period=period, where={"shop": shop}).rows
    return rows[0].values[metric.key]


def _daily(workbench: Workbench, metric: Metric, shop: str, period: Period) -> dict[date, float]:
    """Return the known days of `period`, from the first day that brought anything."""
    rows = workbench.query([metric.key], period=period, grain=Grain.DAY, where={"shop": shop}).rows
    known: dict[date, float] = {}
    for row in rows:
        one, day = row.values[metric.key], row.dimensions["period"]
        if one.value is not None and day is not None and Flag.MISSING_DAYS not in one.flags and (known or one.value):
            known[date.fromisoformat(day)] = float(one.value)
    return known


def expected_share(history: Mapping[date, float], done: Sequence[date], left: Sequence[date]) -> tuple[float, Basis]:
    """Return the share of the month that the days `done` usually bring, and what it rests on.

    With four weeks of history each day weighs what its weekday brought on average; else every day weighs the same.
    """
    means = _weekday_means(history)
    if means is not None:
        weights = [[max(means[day.weekday()], 0.0) for day in days] for days in (done, left)]
        passed, rest = sum(weights[0]), sum(weights[1])
        if passed + rest > 0:
            return passed / (passed + rest), "weekday"
    return len(done) / (len(done) + len(left)), "elapsed"


def project(value: float, history: Mapping[date, float], left: Sequence[date]) -> Projection | None:
    """Return where the month ends when the days `left` are like `history`; None below 14 days of history.

    A day left brings the mean of its weekday (with four weeks of history) or of all days. The interval holds 90 %: it
    counts the variation of the days left around their means, the uncertainty of the means, and, where a day resembles
    the day before, that deviations add up (the variance of a sum of a first-order autoregressive series).
    """
    if not left:
        return Projection(value, value, value)
    if len(history) < FEWEST_DAYS:
        return None
    means = _weekday_means(history)
    groups = [day.weekday() if means else 0 for day in history]
    centres = means or {0: sum(history.values()) / len(history)}
    ahead = [day.weekday() if means else 0 for day in left]
    residual = {day: one - centres[group] for (day, one), group in zip(history.items(), groups, strict=True)}
    degrees = len(history) - len(centres)
    variance = sum(rest**2 for rest in residual.values()) / degrees
    uncertain = sum(ahead.count(group) ** 2 / groups.count(group) for group in centres)
    memory = _memory(residual)
    spread = math.sqrt(variance * (_summed(len(left), memory) + uncertain * (1 + memory) / (1 - memory)))
    middle = value + sum(centres[group] for group in ahead)
    reach = _t_quantile(degrees) * spread
    floor = value if min(history.values()) >= 0 else -math.inf
    return Projection(middle, max(middle - reach, floor), middle + reach)


def _weekday_means(history: Mapping[date, float]) -> dict[int, float] | None:
    """Return the mean of each weekday; None where there are not four weeks, or a weekday was seen too seldom."""
    values: dict[int, list[float]] = {weekday: [] for weekday in range(7)}
    for day, one in history.items():
        values[day.weekday()].append(one)
    if len(history) < PATTERN_DAYS or min(map(len, values.values())) < 3:
        return None
    return {weekday: sum(those) / len(those) for weekday, those in values.items()}


def _memory(residual: Mapping[date, float]) -> float:
    """Return how much of a day's deviation the next day keeps, from 0 to 0.8."""
    pairs = [(one, residual[day + _DAY]) for day, one in residual.items() if day + _DAY in residual]
    total = sum(one**2 for one in residual.values())
    if not pairs or total == 0:
        return 0.0
    # The estimate of a short series is biased towards 0 by about (1 + 4ρ) ÷ n (Kendall, 1954).
    raw = sum(one * after for one, after in pairs) / total
    return min(max(raw + (1 + 4 * raw) / len(residual), 0.0), _MOST_MEMORY)


def _summed(days: int, memory: float) -> float:
    """Return the variance of the sum of `days` days in a row over that of one day."""
    return days + 2 * sum((days - lag) * memory**lag for lag in range(1, days))


def _t_quantile(degrees: float) -> float:
    """Return the value that Student's t exceeds in absolute value with probability 1 − 0.9."""
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_t_two_sided(middle, degrees) > 1 - CONFIDENCE else (low, middle)
    return high


__all__ = ["MonthProgress", "Projection", "TargetProgress", "expected_share", "progress", "project"]
