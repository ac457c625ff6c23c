"""A series of logarithms in which some values are off by a constant factor: two, or a hundred."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from duoshou.statistics import RobustFit, fit_robust, median

CENTS = 100.0
DOUBLE = 2.0

LEAST = 8
"""Fewer values than this carry no judgement about their spread."""

_EXPLAINED = 0.001
"""A value that is this probable after the shift counts as explained by it."""


K = TypeVar("K")


_NEAR = 0.1
"""So is one within a tenth of the shift itself, on the logarithmic scale: 1.9 to 2.1 times, 63 to 158 times."""


@dataclass(frozen=True, slots=True)
class Deviation(Generic[K]):
    """One value held against all others.

    Attributes:
        key: What the value belongs to: a day, or a file and a day.
        ratio: Value ÷ usual value.
        chance: Two-sided probability under the shop's own spread.
        factor: 2, 1/2, 100 or 1/100 where that explains the value; None otherwise.
    """

    key: K
    ratio: float
    chance: float
    factor: float | None


def deviations(logs: Mapping[K, float], factors: Sequence[float], *, floor: float = 0.0) -> list[Deviation[K]]:
    """Return every value with its probability; nothing for a series too short to judge.

    The spread is that of the values that no factor can explain: those within half the smallest factor of the median
    on the logarithmic scale, which is where a classifier between "no shift" and "shifted" puts the border. So a file
    in 分 among many in 元 does not hide itself.

    Args:
        logs: Natural logarithms.
        factors: Faults in question, above 1.
        floor: Least spread, from the error of measurement.
    """
    if len(logs) < LEAST:
        return []
    fit = _fit(list(logs.values()), min(factors), floor)
    return [_judge(key, value, fit, factors) for key, value in logs.items()]


def _fit(values: list[float], smallest: float, floor: float) -> RobustFit:
    center = median(values)
    near = [value for value in values if abs(value - center) <= math.log(smallest) / 2]
    return fit_robust(near if len(near) > 0.6 * len(values) else values, floor=floor)


def _judge(key: K, value: float, fit: RobustFit, factors: Sequence[float]) -> Deviation[K]:
    chance = fit.p_value(value)
    distance = value - fit.center
    shifts = [math.copysign(math.log(factor), distance) for factor in factors]
    best = min(shifts, key=lambda shift: abs(distance - shift))
    explained = fit.p_value(value, shift=best) > max(_EXPLAINED, chance) or abs(distance - best) <= _NEAR * abs(best)
    return Deviation(key, math.exp(distance), chance, math.exp(best) if explained else None)
