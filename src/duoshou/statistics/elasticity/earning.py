"""What a product would earn at other prices, as far as its elasticity is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
_NODES = 200
_GRID = 61
_LEAST_BELOW = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """The price that earns most in expectation, against today's.

    Attributes:
        price: That price.
        gain: Expected further contribution of a day.
        gain_low: Lower end of its interval.
        gain_high: Upper end.
        probability: Chance that it earns more than today's.
        units: Expected pieces of a day at it.
        grid: float[G], prices that were looked at.
        expected: float[G], expected contribution of a day at each.
    """

    price: float
    gain: float
    gain_low: float
    gain_high: float
    probability: float
    units: float
    grid: Floats
    expected: Floats


def best_price(
    elasticity: float,
    sd: float,
    *,
    price: float,
    units: float,
    kept: float,
    cost: float,
    low: float,
    high: float,
    level: float = 0.95,
) -> Choice:
    """Return the price of a range that earns most in expectation.

    Pieces follow units·(p ÷ price)^θ, and each leaves kept·p − cost. θ is normal, and cut off at 0: that a dearer
    product sells more is a chance of the data, and must not speak for a rise. The expectation runs over θ and not at
    its mean: a price far away has a heavy upper tail of sales, so the chance of earning more is told beside.

    Args:
        elasticity: Posterior mean.
        sd: Posterior standard deviation.
        price: Today's price.
        units: Pieces of a day at it.
        kept: Part of the price that is left after refunds and what is charged by price.
        cost: What a piece costs, whatever its price.
        low: Least price that is looked at.
        high: Largest.
        level: Probability of the interval of the gain.

    Raises:
        ValueError: If a price, or what is kept, is not above 0, or the range is empty.
    """
    if min(price, kept, low) <= 0 or high < low:
        raise ValueError("prices and what is kept lie above 0, and the range is not empty")
    grid = np.exp(np.linspace(np.log(low), np.log(high), _GRID))
    below = float(stats.norm.cdf(-elasticity / sd))
    theta = elasticity + sd * stats.norm.ppf((np.arange(_NODES) + 0.5) / _NODES * max(below, _LEAST_BELOW))
    sold = units * (grid[:, None] / price) ** theta[None, :]
    earned = sold * (kept * grid - cost)[:, None]
    gains = earned - units * (kept * price - cost)
    expected = gains.mean(axis=1)
    best = int(np.argmax(expected))
    ends = np.quantile(gains[best], [(1 - level) / 2, (1 + level) / 2])
    return Choice(
        float(grid[best]),
        float(expected[best]),
        float(ends[0]),
        float(ends[1]),
        float((gains[best] > 0).mean()),
        float(sold[best].mean()),
        grid,
        earned.mean(axis=1),
    )


def floor_price(kept: float, cost: float) -> float:
    """Return the price at which a piece leaves nothing; infinite where nothing is kept of it."""
    return cost / kept if kept > 0 else float("inf")
