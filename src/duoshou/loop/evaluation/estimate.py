"""From daily values to the effect on one metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from duoshou.analysts.diagnosis.days import calendar_design
from duoshou.loop.evaluation.displacement import Estimate
from duoshou.loop.evaluation.kinds import UNKNOWN, Kinds
from duoshou.loop.evaluation.reading import Floats, Values
from duoshou.loop.evaluation.windows import Window
from duoshou.model import Period
from duoshou.settings.calendar import Calendar
from duoshou.statistics.effects import Effect, Panel, effect_of_change

LEAST_DONORS = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """The days of a case and what is known of them in advance.

    Attributes:
        window: Days before and judged.
        until: Last day that may be looked at.
        calendar: Festivals and holidays.
        donors: Keys of the donors.
        selected: Days whose extremeness led to the case.
        unlike: Whether those most like the subject are no donors, because they compete with it.
        kinds: Of what kind the subject and the donors are.
    """

    window: Window
    until: date
    calendar: Calendar
    donors: tuple[str, ...] = ()
    selected: Period | None = None
    unlike: bool = False
    kinds: Kinds = field(default=UNKNOWN, repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What the estimators are asked.

    Attributes:
        panel: The subject, its donors and the days.
        judged: Days over which it is judged.
        past: First and last day before that are looked at.
        before: float[days], what was seen on them.
    """

    panel: Panel
    judged: Period
    past: Period
    before: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """The effect on one metric.

    Attributes:
        effect: What the statistics say.
        judged: Days over which it is judged.
        past: First and last day before that were looked at.
        before: float[days], what was seen on them.
        factor: By how much the half-widths of the intervals are multiplied; see `calibration`.
    """

    effect: Effect
    judged: Period
    past: Period
    before: Floats = field(repr=False)
    factor: float = 1.0

    @property
    def relative(self) -> Estimate:
        """Effect as a fraction of what was expected; its interval is scaled on the logarithm."""
        effect = self.effect
        ends = (effect.relative_low, effect.relative, effect.relative_high)
        low, middle, high = (float(np.log1p(max(one, -0.999))) for one in ends)
        bottom, top = middle - self.factor * (middle - low), middle + self.factor * (high - middle)
        return Estimate(effect.relative, float(np.expm1(bottom)), float(np.expm1(top)))

    @property
    def total(self) -> Estimate:
        """Effect over the judged days, in the metric's unit."""
        effect = self.effect
        if self.factor == 1.0:
            return Estimate(effect.total, effect.total_low, effect.total_high)
        # What was seen is known; the rest of the ratio is what was expected.
        seen = effect.total + effect.total / effect.relative if effect.relative else float("nan")
        relative = self.relative
        if not np.isfinite(seen) or seen <= 0 or relative.low <= -1:
            below, above = effect.total - effect.total_low, effect.total_high - effect.total
            return Estimate(effect.total, effect.total - self.factor * below, effect.total + self.factor * above)
        return Estimate(effect.total, seen - seen / (1 + relative.low), min(seen - seen / (1 + relative.high), seen))

    @property
    def is_told(self) -> bool:
        """Whether there is a number."""
        return self.effect.method != "cannot_tell"


def estimate(
    values: Values,
    names: Sequence[str],
    frame: Frame,
    *,
    level: float,
    over: Period | None = None,
    companions: Sequence[Values] = (),
) -> Found | None:
    """Return the effect on the sum of some subjects; None where their values are not known before or over the days.

    Args:
        values: Daily values.
        names: Subjects whose sum is looked at.
        frame: Days, calendar, donors.
        level: Coverage of the interval.
        over: Days to judge instead of the window's, after it: the window itself then counts as unknown.
        companions: Counts of the same subjects whose days before the window tell of their level, too.
    """
    asked = question(values, names, frame, over=over, companions=companions)
    if asked is None:
        return None
    effect = effect_of_change(asked.panel, level=level)
    return Found(effect, asked.judged, asked.past, asked.before)


def question(
    values: Values,
    names: Sequence[str],
    frame: Frame,
    *,
    over: Period | None = None,
    companions: Sequence[Values] = (),
) -> Question | None:
    """Return what is asked of the estimators; see `estimate`."""
    rows = values.rows(names)
    wanted = over or frame.window.judged
    last_day = min(wanted.end, frame.until, values.days.end)
    if not rows or wanted.start > last_day:
        return None
    judged = Period(wanted.start, last_day)
    first = max(values.column(frame.window.past.start), 0)
    begun, start, end = values.column(frame.window.judged.start), values.column(judged.start), values.column(judged.end)
    own = _sum(values.values[rows])
    own_trials = None if values.trials is None else _sum(values.trials[rows])
    lively = np.flatnonzero((np.nan_to_num(own if own_trials is None else own_trials)[first:begun]) > 0)
    if not len(lively):
        return None
    first += int(lively[0])
    others = values.rows([name for name in frame.donors if name not in set(names)])
    stack = np.vstack([own, *(values.values[others] if others else ())])[:, first : end + 1]
    trials = None
    if values.trials is not None and own_trials is not None:
        trials = np.vstack([own_trials, *(values.trials[others] if others else ())])[:, first : end + 1]
    outcome = np.where(np.isnan(stack), np.nan, np.maximum(stack, 0.0))
    tables = [one for one in (_companion(each, values, names, others) for each in companions) if one is not None]
    beside = np.stack(tables)[:, :, first : end + 1] if tables else None
    if start > begun:
        outcome[0, begun - first : start - first] = np.nan
    if beside is not None:
        beside[:, 0, begun - first :] = np.nan
    days = [date.fromordinal(values.days.start.toordinal() + number) for number in range(first, end + 1)]
    panel = Panel(
        outcome,
        start - first,
        end + 1 - first,
        _selected(frame, days, begun - first),
        _regressors(frame, days, start - first, with_donors=len(others) >= LEAST_DONORS),
        days[0].weekday(),
        values.kind,
        trials,
        beside,
        frame.unlike,
        frame.kinds.peers(names, [values.names[row] for row in others]),
    )
    seen = own[first:begun]
    if own_trials is not None:
        seen = seen / np.where(own_trials[first:begun] > 0, own_trials[first:begun], np.nan)
    return Question(panel, judged, Period(days[0], days[begun - first - 1]), np.asarray(seen))


def _companion(companion: Values, values: Values, names: Sequence[str], others: Sequence[int]) -> Floats | None:
    """Return the sum of some subjects and the others of a companion, row by row; None where it is not known of all."""
    own, donors = companion.rows(names), companion.rows([values.names[row] for row in others])
    if companion.days != values.days or len(own) < len(set(names)) or len(donors) < len(others) or not donors:
        return None
    return np.maximum(np.vstack([_sum(companion.values[own]), companion.values[donors]]), 0.0)


def _sum(rows: Floats) -> Floats:
    """Return the sum of the rows on each day; unknown where none is known."""
    nothing = np.isnan(rows).all(axis=0)
    return np.where(nothing, np.nan, np.nansum(rows, axis=0))


def _selected(frame: Frame, days: Sequence[date], begun: int) -> tuple[int, int] | None:
    if frame.selected is None:
        return None
    first = max((frame.selected.start - days[0]).days, 0)
    last = min((frame.selected.end - days[0]).days + 1, begun)
    return (first, last) if first < last else None


def _regressors(frame: Frame, days: Sequence[date], start: int, *, with_donors: bool) -> Floats | None:
    """Return what is known of the days in advance: earlier changes of the subject; without donors the calendar, too.

    Donors have the same festivals and holidays, day by day; columns for them would only add parameters.
    """
    steps = [[float(day >= step) for day in days] for step in frame.window.steps if days[0] < step < days[start]]
    table = np.hstack([np.zeros((len(days), 0)), *(np.array(step)[:, None] for step in steps)])
    if not with_donors:
        table = np.hstack([calendar_design(frame.calendar, days).columns, table])
    table = table[:, np.ptp(table, axis=0) > 0]
    return table if table.shape[1] else None
