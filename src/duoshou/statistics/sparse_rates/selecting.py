"""Which units may be told apart from a limit, and how much is missing for the others."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
MOST_TRIALS = 1_000_000


def told_apart(wrong: Floats, most: float = 0.05) -> Bools:
    """Return the largest set whose mean chance of being wrong is at most `most` (Müller, Parmigiani and Rice 2007).

    Args:
        wrong: float[S], for each unit the chance that it does not lie beyond the limit; NaN is never told.
        most: Expected part of the told that may be wrong.
    """
    order = np.argsort(np.where(np.isfinite(wrong), wrong, np.inf))
    sorted_wrong = wrong[order]
    mean = np.cumsum(np.where(np.isfinite(sorted_wrong), sorted_wrong, np.inf)) / np.arange(1, len(wrong) + 1)
    told = np.zeros(len(wrong), dtype=np.bool_)
    told[order[: int(np.searchsorted(mean, most, side="right"))]] = True
    return told


def trials_needed(rate: float, limit: float, trials: float, level: float = 0.95) -> int | None:
    """Return how many more trials would show on which side of a limit a rate lies, if it is as it looks.

    By the normal approximation of a binomial proportion: the distance must reach the one-sided quantile.

    Args:
        rate: What the rate looks like.
        limit: The limit.
        trials: Trials so far.
        level: One-sided confidence.

    Returns:
        None where more than a million would be needed: it lies at the limit.
    """
    distance = abs(rate - limit)
    if distance <= 0:
        return None
    z = _quantile(level)
    middle = max((rate + limit) / 2, 1e-9)
    needed = z**2 * middle * (1 - min(middle, 1.0)) / distance**2
    more = int(np.ceil(max(needed - trials, 0.0)))
    return more if more <= MOST_TRIALS else None


@cache
def _quantile(level: float) -> float:
    return float(stats.norm.ppf(level))
