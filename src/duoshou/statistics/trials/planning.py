"""How long a test between randomly assigned arms must run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from duoshou.statistics.trials.normal import quantile_above
from duoshou.statistics.trials.outcomes import Kind
from duoshou.statistics.trials.sequences import mixing_variance, needed_information, sequence_bounds
from duoshou.statistics.trials.spending import Boundaries, boundaries, with_bounds

Horizon = Literal["fixed", "open"]

MOST_LOOKS = 100
"""Looks of one test at most; days beyond are looks only where enough was added."""

_PLANNED_LOOKS = 56
_MULTIPLES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


@dataclass(frozen=True)
class PowerPoint:
    """How a test behaves if the arm differs by so much.

    Attributes:
        lift: Relative difference.
        power: Chance that the test finds it.
        mean_days: Days until the test ends, in the mean.
    """

    lift: float
    power: float
    mean_days: float


@dataclass(frozen=True)
class AbPlan:
    """What was fixed before a test began; `read_ab` reads by it.

    Attributes:
        kind: Whether units succeed ("rate") or have values ("mean").
        baseline: Rate or mean of arm 0.
        smallest_effect: Smallest difference worth having, in the unit of the baseline.
        level: Error over all looks and all arms, two-sided.
        power: Wanted, and nearly reached (whole days).
        shares: Share of units of each arm; they add to 1.
        horizon: "fixed" spends its error up to the planned units; "open" may go on for ever and needs more of them.
        units: Planned units of all arms together.
        days: Days they take.
        per_day: Units a day, all arms together.
        curve: Power by lift; for an open horizon, up to the planned units.
    """

    kind: Kind
    baseline: float
    smallest_effect: float
    level: float
    power: float
    shares: tuple[float, ...]
    horizon: Horizon
    units: int
    days: int
    per_day: float
    curve: tuple[PowerPoint, ...]

    @property
    def comparisons(self) -> int:
        """Return how many arms are compared with arm 0."""
        return len(self.shares) - 1

    def pair(self, arm: int) -> float:
        """Return the share of all units that arm 0 and this arm have together."""
        return self.shares[0] + self.shares[arm]

    def effective(self, arm: int) -> float:
        """Return n₀n₁ ÷ (n₀ + n₁) of arm 0 and this arm at the planned units."""
        first, other = self.shares[0], self.shares[arm]
        return self.units * first * other / (first + other)


def plan_ab(
    baseline: float,
    smallest_lift: float,
    per_day: float,
    *,
    kind: Kind = "rate",
    deviation: float | None = None,
    shares: Sequence[float] = (0.5, 0.5),
    level: float = 0.05,
    power: float = 0.9,
    horizon: Horizon = "fixed",
    whole_weeks: bool = True,
) -> AbPlan:
    """Return units, days and power of a test that is read every day.

    The units make the arm with the smallest share reach the power for the smallest lift, with a look a day and the
    level divided by the number of comparisons.

    Args:
        baseline: Rate (0…1) or mean of arm 0 to be expected.
        smallest_lift: Smallest relative difference worth having: 0.1 is 10 per cent.
        per_day: Units that enter the test a day, all arms together.
        kind: "rate" or "mean".
        deviation: Standard deviation of a unit's value; needed for a mean.
        shares: Shares of the arms, arm 0 first; they are brought to add to 1.
        level: Error over all looks and all arms, two-sided.
        power: Chance to find the smallest lift.
        horizon: "fixed" or "open".
        whole_weeks: Round the days up to whole weeks, so that every weekday weighs the same.

    Raises:
        ValueError: If an argument lies outside its range, or a lift takes a rate beyond 1.
    """
    question = _asked(baseline, kind, deviation, shares)
    _check(question, smallest_lift, per_day, level, power)
    effect, own = abs(smallest_lift * baseline), level / (len(shares) - 1)
    variance = question.variance(smallest_lift)
    if horizon == "open":
        units = needed_information(effect, own, power) * variance
    else:
        units = _fixed_units(effect, variance, per_day, own, power)
    days = max(1, math.ceil(units / per_day - 1e-9))
    if whole_weeks:
        days = 7 * math.ceil(days / 7)
    total = math.ceil(days * per_day)
    mixture = mixing_variance(effect, own, power) if horizon == "open" else None
    lifts = [multiple * smallest_lift for multiple in _MULTIPLES]
    curve = tuple(_point(question, lift, total, days, own, mixture) for lift in lifts if question.possible(lift))
    return AbPlan(kind, baseline, effect, level, power, question.shares, horizon, total, days, per_day, curve)


@dataclass(frozen=True)
class _Question:
    baseline: float
    kind: Kind
    deviation: float
    shares: tuple[float, ...]

    def possible(self, lift: float) -> bool:
        return lift > -1 and (self.kind == "mean" or self.baseline * (1 + lift) < 1)

    def variance(self, lift: float) -> float:
        """Return the variance of the difference times all units, for the arm with the smallest share."""
        first, other = self.shares[0], min(self.shares[1:])
        if self.kind == "mean":
            return self.deviation * self.deviation * (1 / first + 1 / other)
        changed = self.baseline * (1 + lift)
        return self.baseline * (1 - self.baseline) / first + changed * (1 - changed) / other


def _asked(baseline: float, kind: Kind, deviation: float | None, shares: Sequence[float]) -> _Question:
    if not (math.isfinite(baseline) and baseline > 0) or (kind == "rate" and baseline >= 1):
        raise ValueError("the baseline is positive, and a rate below 1")
    if kind == "mean" and not (deviation is not None and math.isfinite(deviation) and deviation > 0):
        raise ValueError("a mean needs the standard deviation of a unit's value")
    if len(shares) < 2 or min(shares) <= 0:
        raise ValueError("there are at least two arms, each with a positive share")
    total = sum(shares)
    return _Question(baseline, kind, deviation or 0.0, tuple(share / total for share in shares))


def _check(question: _Question, lift: float, per_day: float, level: float, power: float) -> None:
    if lift == 0 or not math.isfinite(lift) or not question.possible(lift):
        raise ValueError("the smallest lift is finite and not 0, and leaves the mean above 0 and a rate below 1")
    if not (math.isfinite(per_day) and per_day > 0):
        raise ValueError("some units must enter the test each day")
    if not 0 < level < 1 or not level < power < 1:
        raise ValueError("level and power lie between 0 and 1, the power above the level")


def even_looks(days: int) -> tuple[float, ...]:
    """Return the fractions of the information at daily looks; beyond eight weeks more of them change no power."""
    looks = min(days, _PLANNED_LOOKS)
    return tuple((k + 1) / looks for k in range(looks))


def _fixed_units(effect: float, variance: float, per_day: float, level: float, power: float) -> float:
    drift = quantile_above(level / 2) + quantile_above(1 - power)
    units = drift * drift * variance / (effect * effect)
    for _ in range(3):
        looks = boundaries(even_looks(max(1, math.ceil(units / per_day))), level)
        drift = _drift_for(looks, power)
        units = drift * drift * variance / (effect * effect)
    return units


def _drift_for(looks: Boundaries, power: float) -> float:
    low, high = 0.0, 20.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if float(looks.crossing(middle)[0].sum()) < power else (low, middle)
    return high


def _point(question: _Question, lift: float, units: int, days: int, level: float, mixture: float | None) -> PowerPoint:
    information = units / question.variance(lift)
    fractions = even_looks(days)
    if mixture is None:
        looks = boundaries(fractions, level)
    else:
        bounds = sequence_bounds(np.array(fractions) * information, mixture, level)
        looks = with_bounds(fractions, tuple(bounds.tolist()))
    above, below = looks.crossing(abs(lift * question.baseline) * math.sqrt(information))
    ended = above + below
    mean = float(ended @ np.array(fractions)) + float(1 - ended.sum())
    return PowerPoint(lift, float(above.sum()), days * mean)
