"""Quantile functions: a count from a mean and one uniform number, so that a changed mean moves the count, not the luck.

Small means are inverted exactly; above `EXACT_BELOW` the Cornish-Fisher expansion is used, whose error there is below
one count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
EXACT_BELOW = 10.0
TAIL = 0.02425
CENTRE_TOP = (
    -39.69683028665376,
    220.9460984245205,
    -275.9285104469687,
    138.357751867269,
    -30.66479806614716,
    2.506628277459239,
)
CENTRE_BOTTOM = (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0)
TAIL_TOP = (
    -0.007784894002430293,
    -0.3223964580411365,
    -2.400758277161838,
    -2.549732539343734,
    4.374664141464968,
    2.938163982698783,
)
TAIL_BOTTOM = (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0)


def normal(uniform: Floats) -> Floats:
    """Return the standard normal quantile, by Acklam's rational approximation (relative error below 1.2e-9)."""
    centred = uniform - 0.5
    square = centred * centred
    centre = centred * np.polyval(CENTRE_TOP, square) / np.polyval(CENTRE_BOTTOM, square)
    nearest = np.minimum(uniform, 1 - uniform)
    if nearest.size and nearest.min() < TAIL:
        root = np.sqrt(-2 * np.log(nearest))
        tail = np.polyval(TAIL_TOP, root) / np.polyval(TAIL_BOTTOM, root)
        centre = np.where(nearest < TAIL, np.where(centred < 0, tail, -tail), centre)
    return np.asarray(centre)


def poisson(mean: Floats, uniform: Floats) -> Counts:
    """Return the Poisson quantile of each `uniform` at each `mean`."""
    mean, uniform = np.broadcast_arrays(mean, uniform)
    found = np.zeros(mean.shape, dtype=np.int64)
    large = mean >= EXACT_BELOW
    small = ~large & (uniform > np.exp(-mean))
    if small.any():
        found[small] = _small_poisson(mean[small], uniform[small])
    if large.any():
        mu, z = mean[large], normal(uniform[large])
        sd = np.sqrt(mu)
        value = mu + sd * (z + (z * z - 1) / (6 * sd) + (z - z**3) / (72 * mu))
        found[large] = np.maximum(np.floor(value + 0.5), 0).astype(np.int64)
    return found


def binomial(trials: Counts, chance: Floats, uniform: Floats) -> Counts:
    """Return the binomial quantile of each `uniform` at each number of `trials` and `chance`."""
    trials, chance, uniform = np.broadcast_arrays(trials, chance, uniform)
    flipped = chance > 0.5
    if flipped.any():
        found = _binomial(trials, np.where(flipped, 1 - chance, chance), np.where(flipped, 1 - uniform, uniform))
        return np.where(flipped, trials - found, found)
    return _binomial(trials, chance, uniform)


def _binomial(trials: Counts, chance: Floats, uniform: Floats) -> Counts:
    found = np.zeros(trials.shape, dtype=np.int64)
    mean = trials * chance
    large = mean >= EXACT_BELOW
    small = ~large & (trials > 0) & (chance > 0) & (uniform > np.exp(trials * np.log1p(-chance)))
    if small.any():
        found[small] = _small_binomial(trials[small], chance[small], uniform[small])
    if large.any():
        mu, p, z = mean[large], chance[large], normal(uniform[large])
        sd = np.sqrt(mu * (1 - p))
        value = mu + sd * z + (z * z - 1) * (1 - 2 * p) / 6
        found[large] = np.clip(np.floor(value + 0.5), 0, trials[large]).astype(np.int64)
    return found


def _small_poisson(mean: Floats, uniform: Floats) -> Counts:
    term = np.exp(-mean)
    total = term.copy()
    found = np.zeros(mean.shape, dtype=np.int64)
    for count in range(1, 80):
        more = uniform > total
        if not more.any():
            break
        found += more
        term = term * mean / count
        total += term
    return found


def _small_binomial(trials: Counts, chance: Floats, uniform: Floats) -> Counts:
    odds = chance / (1 - chance)
    term = np.exp(trials * np.log1p(-chance))
    total = term.copy()
    found = np.zeros(trials.shape, dtype=np.int64)
    for count in range(1, 80):
        more = (uniform > total) & (found < trials)
        if not more.any():
            break
        found += more
        term = term * odds * (trials - count + 1) / count
        total += term
    return found


def split(total: Counts, shares: Floats, uniform: Floats) -> Counts:
    """Return `total` split by `shares` along a new last axis: exact sums, each part within one of its expectation.

    Args:
        total: Any shape.
        shares: That shape with one more axis; each row sums to 1.
        uniform: One number per total.
    """
    edges = np.floor(total[..., None] * np.cumsum(shares, axis=-1) + uniform[..., None] + 1e-9).astype(np.int64)
    edges[..., -1] = total
    edges = np.minimum(edges, total[..., None])
    return np.diff(edges, axis=-1, prepend=0)
