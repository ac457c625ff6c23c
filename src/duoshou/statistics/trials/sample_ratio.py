"""Were units split as they should have been? Asked every day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.trials.outcomes import Array

CONCENTRATION = 1000.0
"""Prior units of the alternative: shares that lie about 1.5 points from the planned ones."""


@dataclass(frozen=True)
class SampleRatio:
    """Whether the units of the arms fit the planned shares.

    Attributes:
        observed, planned: Shares of the arms; observed is NaN without units.
        p_value: Valid at all looks together: the least level at which the split would have been rejected so far.
        level: Chance of a false alarm over all looks, however many.
        mismatch: Whether the split is not the planned one.
        day: First day on which that was sure; None without a mismatch.
    """

    observed: tuple[float, ...]
    planned: tuple[float, ...]
    p_value: float
    level: float
    mismatch: bool
    day: int | None


def sample_ratio(units: Array, shares: Sequence[float], *, level: float = 0.01) -> SampleRatio:
    """Return the sequential multinomial test of Lindon and Malek (2022), a Bayes factor against a Dirichlet mixture.

    Under the planned shares the factor is a martingale that starts at 1, so it ever exceeds 1/level with at most the
    probability `level` (Ville, 1939).

    Args:
        units: float[days, arms], whole numbers; NaN = unknown day, left out.
        shares: Planned share of each arm; they are brought to add to 1.
        level: Chance of a false alarm.

    Raises:
        ValueError: If shares are not positive or do not fit the arms, or the level does not lie between 0 and 1.
    """
    planned = np.asarray(shares, dtype=np.float64)
    if planned.shape != units.shape[1:] or np.any(planned <= 0) or not 0 < level < 1:
        raise ValueError("each arm has a positive share, and the level lies between 0 and 1")
    planned = planned / planned.sum()
    known = ~np.isnan(units).any(axis=1)
    counts = np.cumsum(units[known], axis=0)
    least, day = 0.0, None
    for place, row in zip(np.flatnonzero(known), counts, strict=True):
        least = min(least, -_log_factor(row, planned))
        if day is None and least <= math.log(level):
            day = int(place)
    total = counts[-1] if len(counts) else np.zeros(len(planned))
    observed = total / total.sum() if total.sum() > 0 else np.full(len(planned), math.nan)
    return SampleRatio(tuple(observed.tolist()), tuple(planned.tolist()), math.exp(least), level, day is not None, day)


def _log_factor(counts: Array, shares: Array) -> float:
    prior = CONCENTRATION * shares
    value = math.lgamma(CONCENTRATION) - math.lgamma(CONCENTRATION + float(counts.sum()))
    for count, weight, share in zip(counts.tolist(), prior.tolist(), shares.tolist(), strict=True):
        value += math.lgamma(weight + count) - math.lgamma(weight) - count * math.log(share)
    return value
