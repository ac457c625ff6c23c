"""One arm against arm 0, read at every look."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from duoshou.statistics.trials.normal import normal_score, student_bound
from duoshou.statistics.trials.outcomes import Array, BoolArray, Differences, IntArray
from duoshou.statistics.trials.planning import MOST_LOOKS, AbPlan
from duoshou.statistics.trials.sequences import mixing_variance, sequence_bounds, sequence_p_values
from duoshou.statistics.trials.spending import Boundaries, boundaries

Decision = Literal["a_better", "b_better", "no_difference", "cannot_tell_yet"]


@dataclass(frozen=True)
class Course:
    """How the reading of an arm went, look by look; the band may be read at every look.

    Attributes:
        days: int[looks], the day of each look.
        estimates, lows, highs: float[looks], of the difference; infinite limits where the look says nothing.
    """

    days: IntArray
    estimates: Array
    lows: Array
    highs: Array


@dataclass(frozen=True)
class Comparison:
    """An arm against arm 0.

    Attributes:
        arm: Which arm.
        estimate, low, high: Its mean less that of arm 0, adjusted for the looks; NaN where there is nothing yet.
        relative, relative_low, relative_high: The same as a fraction of arm 0's mean.
        decision: "b_better": the arm has the higher mean, "a_better": arm 0 has; "no_difference": they differ by less
            than is worth having; or "cannot_tell_yet".
        decided_on: Day of the first decision, which stands whatever comes later; None while there is none.
        p_value: Of no difference, adjusted for the looks, not for other arms; None before the end of a fixed horizon.
        more_units: Units of both arms still missing for a decision: up to the horizon, after it and without one as
            many as the present estimate would need. 0 when decided; None if it cannot be told.
        course: How it went.
    """

    arm: int
    estimate: float
    low: float
    high: float
    relative: float
    relative_low: float
    relative_high: float
    decision: Decision
    decided_on: int | None
    p_value: float | None
    more_units: int | None
    course: Course


@dataclass(frozen=True)
class Monitor:
    """The looks at one arm, and what each would need to be decisive.

    Attributes:
        data: The differences.
        looks: int[looks], places of the looks within the data.
        z: float[looks], differences in standard errors.
        plan, arm: What was fixed beforehand, and which arm this is.
        last: Whether the last look is that of a fixed horizon or of a closed test.
    """

    data: Differences
    looks: IntArray
    z: Array
    plan: AbPlan
    arm: int
    last: bool

    def bounds(self, level: float) -> Array:
        """Return float[looks], the |z| needed at each look, all looks together erring with the level."""
        if len(self.looks) == 0:
            return np.zeros(0)
        if self.plan.horizon == "open":
            normal = sequence_bounds(self.information, self.mixture, level)
        else:
            normal = self.spending(level).bounds
        degrees = self.data.degrees[self.looks]
        return np.array([student_bound(z, d) for z, d in zip(normal.tolist(), degrees.tolist(), strict=True)])

    def spending(self, level: float) -> Boundaries:
        """Return the group sequential boundaries of a fixed horizon."""
        fractions = self.data.effective[self.looks] / self.plan.effective(self.arm)
        return boundaries(tuple(np.round(fractions, 9).tolist()), level, closed=self.last)

    @property
    def information(self) -> Array:
        """Return float[looks], 1/se²."""
        return np.asarray(self.data.errors[self.looks] ** -2.0)

    @property
    def mixture(self) -> float:
        """Return the variance of the mixture of an open horizon."""
        own = self.plan.level / self.plan.comparisons
        return mixing_variance(self.plan.smallest_effect, own, self.plan.power)

    def crossed(self, level: float) -> BoolArray:
        """Return bool[looks], whether the look is decisive."""
        return np.asarray(np.abs(self.z) >= self.bounds(level))


def monitor(data: Differences, plan: AbPlan, arm: int, progress: Array, *, closed: bool) -> Monitor:
    """Return the looks at an arm: days on which the normal approximation holds and enough was added since the last.

    Which days are looks depends on the units alone, never on what they show. At a fixed horizon the first day with
    all units is the last look; what comes later is left out.

    Args:
        data: The differences.
        plan: What was fixed beforehand.
        arm: Which arm.
        progress: float[looks of the data], units of all arms up to the day ÷ the planned ones.
        closed: Whether the test ends with these data for a reason that has nothing to do with what they show.
    """
    effective, horizon = data.effective, plan.effective(arm)
    least = horizon / (MOST_LOOKS + 0.5)
    usable = data.ready & (data.errors > 0)
    looks: list[int] = []
    reached, last = 0.0, False
    for place in range(len(data.days)):
        full = float(progress[place]) >= 1 - 1e-9 or float(effective[place]) >= horizon
        final = plan.horizon == "fixed" and full
        ending = closed and place + 1 == len(data.days)
        step = float(effective[place]) - reached
        if usable[place] and (step >= least or ((final or ending) and (step >= least / 4 or not looks))):
            looks.append(place)
            reached = float(effective[place])
        if final and looks:  # too little was added for a look of its own: then the one before was the last
            last = True
            break
    last = last or (closed and bool(looks))
    index = np.array(looks, dtype=np.int64)
    return Monitor(data, index, data.estimates[index] / data.errors[index], plan, arm, last)


def compared(watch: Monitor, stop: int | None, level: float) -> Comparison:
    """Return the reading of an arm that became decisive at look `stop`, or has not yet.

    After a fixed horizon ended, at its boundary or at its end, limits and estimate are those of the stagewise order,
    the estimate being the median unbiased one; while it goes on they are repeated confidence limits (Jennison and
    Turnbull, 1989). Without a horizon they come from the confidence sequence, limits of earlier looks kept.
    """
    if len(watch.looks) == 0:
        return _nothing(watch.arm)
    course = _course(watch, level)
    settled = _settled(watch, course, stop)
    fixed, crossed = watch.plan.horizon == "fixed", settled is not None and settled == stop
    place = settled if settled is not None and fixed else len(watch.looks) - 1
    ended = crossed or (watch.last and place == len(watch.looks) - 1)
    scores, p_value = _stagewise(watch, place, level) if fixed and ended else _running(watch, course, place)
    if fixed and crossed and not watch.crossed(level)[place]:  # rejected at the milder level of a later step
        scores, _ = _running(watch, course, place)
    error, up = float(watch.data.errors[watch.looks[place]]), crossed and bool(watch.z[stop or 0] > 0)
    if crossed:  # limits compatible with the stepwise rejection (Strassburger and Bretz, 2008)
        low, high = (max(scores[1], 0.0), scores[2]) if up else (scores[1], min(scores[2], 0.0))
        scores = (scores[0], low, high)
    estimate, low, high = (float(score * error) for score in scores)
    decision: Decision = "cannot_tell_yet"
    if crossed:
        decision = "b_better" if up else "a_better"
    elif settled is not None or _equal(watch, low, high):
        decision, settled = "no_difference", place if settled is None else settled
    day = None if settled is None else int(watch.data.days[watch.looks[settled]])
    more = 0 if day is not None else _missing(watch, estimate, max(high - low, 0.0) / 2)
    relative = _relative(watch, place, scores)
    return Comparison(watch.arm, estimate, low, high, *relative, decision, day, p_value, more, course)


def _nothing(arm: int) -> Comparison:
    nan, empty = math.nan, np.zeros(0)
    course = Course(np.zeros(0, dtype=np.int64), empty, empty, empty)
    return Comparison(arm, nan, nan, nan, nan, nan, nan, "cannot_tell_yet", None, None, None, course)


def _settled(watch: Monitor, course: Course, stop: int | None) -> int | None:
    """Return the first look at which the arm was rejected or its band lay within what is not worth having."""
    worth = watch.plan.smallest_effect
    equal = np.flatnonzero((course.lows > -worth) & (course.highs < worth))
    first = int(equal[0]) if len(equal) else None
    return first if stop is None or (first is not None and first < stop) else stop


def _equal(watch: Monitor, low: float, high: float) -> bool:
    return -watch.plan.smallest_effect < low and high < watch.plan.smallest_effect


def _course(watch: Monitor, level: float) -> Course:
    estimates = watch.data.estimates[watch.looks]
    half = watch.bounds(level) * watch.data.errors[watch.looks]
    lows, highs = estimates - half, estimates + half
    if watch.plan.horizon == "open":
        lows, highs = np.maximum.accumulate(lows), np.minimum.accumulate(highs)
    return Course(watch.data.days[watch.looks], estimates, lows, highs)


def _stagewise(watch: Monitor, place: int, level: float) -> tuple[tuple[float, float, float], float]:
    """Return estimate and limits in standard errors of the look, and the p-value."""
    spending, z = watch.spending(level), float(watch.z[place])
    degrees = float(watch.data.degrees[watch.looks[place]])
    normal = normal_score(z, degrees)
    root = math.sqrt(float(spending.fractions[place]))
    chances = (0.5, level / 2, 1 - level / 2)
    scores = [spending.drift_at(place, normal, chance) * root for chance in chances]
    stretch = abs(z / normal) if normal != 0 else 1.0
    above = spending.at_least(place, normal, 0.0)
    return (scores[0] * stretch, scores[1] * stretch, scores[2] * stretch), min(1.0, 2 * min(above, 1 - above))


def _running(watch: Monitor, course: Course, place: int) -> tuple[tuple[float, float, float], float | None]:
    error = float(watch.data.errors[watch.looks[place]])
    low, high = float(course.lows[place]), float(course.highs[place])
    if low > high:  # earlier and later limits exclude each other: only the later ones are kept
        half = float(watch.bounds(watch.plan.level / watch.plan.comparisons)[place]) * error
        low, high = float(course.estimates[place]) - half, float(course.estimates[place]) + half
    p_value = None
    if watch.plan.horizon == "open":
        p_value = float(sequence_p_values(watch.z, watch.information, watch.mixture)[place])
    return (float(watch.z[place]), low / error, high / error), p_value


def _relative(watch: Monitor, place: int, scores: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the scores as fractions of arm 0's mean, on the scale of logarithms."""
    row = watch.looks[place]
    log_ratio, z = float(watch.data.logarithms()[row]), float(watch.z[place])
    if math.isnan(log_ratio):
        return math.nan, math.nan, math.nan
    base = float(watch.data.means[row].mean())
    error = log_ratio / z if abs(z) > 1e-9 else float(watch.data.errors[row]) / base
    low, middle, high = (math.expm1(min(score * error, 700.0)) for score in (scores[1], scores[0], scores[2]))
    return middle, low, high


def _missing(watch: Monitor, estimate: float, half: float) -> int | None:
    """Return the units of both arms that are still missing for a decision."""
    units = float(watch.data.units[-1].sum())
    if watch.plan.horizon == "fixed" and not watch.last:
        return max(1, math.ceil(watch.plan.units * watch.plan.pair(watch.arm) - units))
    target = max(abs(estimate), watch.plan.smallest_effect - abs(estimate))
    if not (math.isfinite(half) and target > 0):
        return None
    return max(1, math.ceil(units * ((half / target) ** 2 - 1)))
