"""Do launches come steadily, like chance, or in bursts: the index of dispersion of their counts by period."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 4000
SEED = 20_261_127
LEVEL = 0.025
"""On each side."""
LEAST_PERIODS, LEAST_LAUNCHES = 8, 8


class Pace(StrEnum):
    """How launches come."""

    BURSTS = "bursts"
    STEADY = "steady"
    LIKE_CHANCE = "like_chance"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Cadence:
    """How launches come.

    Attributes:
        pace: In bursts, steadily, as chance would have it.
        launches: How many there were.
        periods: Periods in which they came.
        mean: Launches in a period.
        index: Variance ÷ mean of the counts; 1 where launches come independently of each other.
        low, high: 95 % interval of the index, by the bootstrap.
        p_bursts: Chance of such an index or a larger one, launches falling on the periods like dice.
        p_steady: Chance of such an index or a smaller one.
    """

    pace: Pace
    launches: int
    periods: int
    mean: float
    index: float | None
    low: float | None
    high: float | None
    p_bursts: float | None
    p_steady: float | None


def cadence(counts: Floats) -> Cadence:
    """Return how launches come.

    The test is Fisher's (1950) of the index of dispersion, conditional on the number of launches: their places are
    then multinomial, and the chance is counted over drawn places with the observed one among them (Phipson and Smyth
    2010), so that it is valid for however few.

    Args:
        counts: float[T], launches in each period.
    """
    periods, launches = len(counts), int(counts.sum())
    mean = launches / max(periods, 1)
    if periods < LEAST_PERIODS or launches < LEAST_LAUNCHES:
        return Cadence(Pace.CANNOT_TELL, launches, periods, mean, None, None, None, None, None)
    random = np.random.default_rng(SEED)
    # With the sum fixed, the variance orders the draws as the sum of squares does.
    drawn = (random.multinomial(launches, np.full(periods, 1 / periods), DRAWS) ** 2).sum(axis=1)
    own = float((counts**2).sum())
    p_bursts = (1 + int((drawn >= own).sum())) / (DRAWS + 1)
    p_steady = (1 + int((drawn <= own).sum())) / (DRAWS + 1)
    low, high = _interval(counts, random)
    pace = Pace.BURSTS if p_bursts <= LEVEL else Pace.STEADY if p_steady <= LEVEL else Pace.LIKE_CHANCE
    index = float(counts.var(ddof=1)) / mean
    return Cadence(pace, launches, periods, mean, index, min(low, index), max(high, index), p_bursts, p_steady)


def _interval(counts: Floats, random: np.random.Generator) -> tuple[float, float]:
    again = counts[random.integers(0, len(counts), (DRAWS, len(counts)))]
    mean = again.mean(axis=1)
    index = again.var(axis=1, ddof=1)[mean > 0] / mean[mean > 0]
    low, high = np.quantile(index, (0.025, 0.975))
    return float(low), float(high)
