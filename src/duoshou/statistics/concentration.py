"""How much of a whole lies with few parts: the index of Herfindahl and Hirschman, the shares of the first ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 400
BLOCK = 2
SEED = 20_261_127


@dataclass(frozen=True, slots=True)
class Share:
    """A number between 0 and 1 with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """How a whole is spread over its parts.

    Attributes:
        index: Sum of the squared shares; 1 ÷ parts where all are alike, 1 where one is all.
        first: Share of the largest part.
        first_three: Share of the three largest.
    """

    index: Share
    first: Share
    first_three: Share

    @property
    def effective(self) -> float:
        """How many parts of equal size would be as concentrated (Hill's number of order 2)."""
        return 1.0 / self.index.value


def concentration(parts: Floats) -> Concentration | None:
    """Return how the sum over periods is spread over the parts; None where there is nothing to spread.

    Intervals are percentiles of a moving-block bootstrap over the periods (Künsch 1989): another quarter like this one
    would have had other weeks. The largest parts are those of the whole; the bootstrap does not choose others.

    Args:
        parts: float[S, T], what each part brought in each period.
    """
    sums = np.maximum(np.nan_to_num(parts), 0.0)
    whole = sums.sum(axis=1)
    if whole.sum() <= 0:
        return None
    order = np.argsort(-whole)
    found = _numbers(whole[None], order)
    periods = sums.shape[1]
    random = np.random.default_rng(SEED)
    blocks = -(-periods // BLOCK)
    starts = random.integers(0, max(periods - BLOCK, 0) + 1, (DRAWS, blocks))
    days = (starts[:, :, None] + np.arange(min(BLOCK, periods))).reshape(DRAWS, -1)[:, :periods]
    times = np.zeros((DRAWS, periods))
    np.add.at(times, (np.arange(DRAWS)[:, None], days), 1.0)
    drawn = times @ sums.T
    drawn = _numbers(drawn[drawn.sum(axis=1) > 0], order)
    shares = []
    for column in range(3):
        low, high = np.quantile(drawn[:, column], (0.025, 0.975)) if len(drawn) else (np.nan, np.nan)
        value = float(found[0, column])
        shares.append(Share(value, min(float(low), value), max(float(high), value)))
    return Concentration(*shares)


def _numbers(sums: Floats, order: NDArray[np.int64]) -> Floats:
    shares = sums / sums.sum(axis=1, keepdims=True)
    ordered = shares[:, order]
    return np.stack([(shares**2).sum(axis=1), ordered[:, 0], ordered[:, :3].sum(axis=1)], axis=1)
