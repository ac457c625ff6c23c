"""Several effects in one total."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from duoshou.statistics.effects.panel import Effect

DEPENDENCE = 0.25
"""Correlation that is assumed between the errors of two effects in one shop, which share days and donors."""


@dataclass(frozen=True)
class Combined:
    """The total of several effects.

    Attributes:
        estimate, low, high: Sum of the totals with its interval at the assumed dependence.
        independent: The interval if errors were independent.
        dependent: The interval if all erred together: the widest.
        dependence: Correlation assumed.
        p_value: Two-sided, of a total of 0; None if nothing could be told.
        level: Nominal coverage.
        told: Effects in the sum.
        untold: Effects that could not be told and are missing in it.
        method: Always "sum".
        caveats: "untold" if some are missing.
    """

    estimate: float
    low: float
    high: float
    independent: tuple[float, float]
    dependent: tuple[float, float]
    dependence: float
    p_value: float | None
    level: float
    told: int
    untold: int
    method: str
    caveats: tuple[str, ...]


def combine(effects: Sequence[Effect], *, dependence: float = DEPENDENCE) -> Combined:
    """Return the sum of the totals of effects, whatever their verdict.

    The limits of each effect are recovered and joined, on each side by itself, so that skewed intervals stay skewed
    (Zou and Donner, 2008), with one correlation between all errors.

    Args:
        effects: All of the same level, at least one.
        dependence: Correlation of errors, 0 to 1.

    Raises:
        ValueError: If there are no effects, levels differ, or the dependence does not lie between 0 and 1.
    """
    if not effects or len({effect.level for effect in effects}) > 1:
        raise ValueError("effects of one level are combined, at least one")
    if not 0 <= dependence <= 1:
        raise ValueError("a dependence lies between 0 and 1")
    level = effects[0].level
    told = [effect for effect in effects if effect.method != "cannot_tell"]
    untold = len(effects) - len(told)
    if not told:
        nothing = math.nan, math.nan
        return Combined(math.nan, *nothing, nothing, nothing, dependence, None, level, 0, untold, "sum", ("untold",))
    estimate = sum(effect.total for effect in told)
    below = [effect.total - effect.total_low for effect in told]
    above = [effect.total_high - effect.total for effect in told]

    def limits(correlation: float) -> tuple[float, float]:
        return estimate - joined(below, correlation), estimate + joined(above, correlation)

    reach = joined(below if estimate > 0 else above, dependence)
    z = NormalDist().inv_cdf((1 + level) / 2) * abs(estimate) / reach if reach > 0 else math.inf
    return Combined(
        estimate,
        *limits(dependence),
        limits(0.0),
        limits(1.0),
        dependence,
        math.erfc(z / math.sqrt(2)),
        level,
        len(told),
        untold,
        "sum",
        ("untold",) if untold else (),
    )


def joined(reaches: Sequence[float], correlation: float) -> float:
    """Return how far the sum of errors reaches that reach so far each, at one correlation between any two."""
    squares = sum(reach * reach for reach in reaches)
    return math.sqrt((1 - correlation) * squares + correlation * sum(reaches) ** 2)
