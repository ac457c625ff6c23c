"""How improbable it is that a count which is usually large is nought."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from duoshou.statistics.robust import median, median_deviation

SMALL_MEAN = 3.0
"""Below this mean the square root no longer stabilises the variance of a Poisson count (Anscombe, 1948)."""


@dataclass(frozen=True, slots=True)
class CountModel:
    """A negative binomial count.

    Attributes:
        mean: Expected count, ≥ 0.
        size: Shape parameter: variance = mean + mean²/size; infinite for a Poisson count.
    """

    mean: float
    size: float = math.inf


def probability_of_none(model: CountModel, share: float = 1.0) -> float:
    """Return the probability that the part `share` (0…1) of the count's span brings none.

    The negative binomial as a gamma mixture of Poisson counts: P(0) = (size / (size + share·mean))^size.
    """
    expected = model.mean * share
    if expected <= 0:
        return 1.0
    if math.isinf(model.size):
        return math.exp(-expected)
    return math.exp(-model.size * math.log1p(expected / model.size))


def fit_counts(alike: Sequence[float], everything: Sequence[Sequence[float]]) -> CountModel:
    """Return the model of the next count like `alike`.

    Args:
        alike: Earlier and later counts of the same kind (the same weekday), the judged one left out.
        everything: Counts of each kind (each weekday), which share the dispersion.

    The level is the median on Anscombe's scale y = 2·√(c + 3/8), where a Poisson count has variance 1; the
    dispersion is the squared median deviation of y from its own kind's median, so promotion days and holes do not
    move it. Small counts use plain moments instead.

    Raises:
        ValueError: If `alike` is empty.
    """
    if not alike:
        raise ValueError("a count model needs at least one count")
    plain = sum(alike) / len(alike)
    level = max(0.0, (median([_stabilise(count) for count in alike]) / 2) ** 2 - 0.375)
    if min(plain, level) < SMALL_MEAN:
        return CountModel(min(plain, level) if level > 0 else 0.0, _moment_size(alike))
    spread = _pooled_spread(everything)
    uncertainty = 1 + math.pi / (2 * len(alike))
    excess = spread * spread * uncertainty - 1
    return CountModel(level, math.inf if excess <= 0 else level / excess)


def _stabilise(count: float) -> float:
    return 2 * math.sqrt(max(count, 0.0) + 0.375)


def _pooled_spread(groups: Sequence[Sequence[float]]) -> float:
    residuals: list[float] = []
    for group in groups:
        values = [_stabilise(count) for count in group]
        if len(values) >= 3 and median(group) >= SMALL_MEAN:
            middle = median(values)
            # n values about their own median lose about one degree of freedom
            stretch = math.sqrt(len(values) / (len(values) - 1))
            residuals.extend((value - middle) * stretch for value in values)
    return max(1.0, median_deviation(residuals, 0.0)) if residuals else 1.0


def _moment_size(counts: Sequence[float]) -> float:
    mean = sum(counts) / len(counts)
    if len(counts) < 2 or mean <= 0:
        return math.inf
    variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
    return math.inf if variance <= mean else mean * mean / (variance - mean)
