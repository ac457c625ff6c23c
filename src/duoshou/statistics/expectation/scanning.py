"""How unusual the largest of several correlated scores is."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from duoshou.statistics.expectation.panel import FloatArray
from duoshou.statistics.expectation.scores import log_upper_tail

_DRAWS = 4000
_SEED = 20_240_601
_GRID = np.arange(1.0, 9.01, 0.25)


def scan_log_p(largest: FloatArray, size: int, single: FloatArray) -> FloatArray:
    """Return log P(max |Z| ≥ `largest`) for `size` standard normal Z whose correlation gives `single_share`.

    Importance sampling of the union of the tails (Naiman and Priebe, 2001): with M scores, P = 2M·Φ̄(u)·E[1/N],
    where N counts the scores beyond ±u when one of them, drawn at random, lies there. The draws are fixed, so equal
    input gives equal output; the relative error is below 2 %. Between the points of a grid log E[1/N] is interpolated;
    below u = 1 the bound min(1, 2M·Φ̄(u)·E[1/N] at 1) stands.
    """
    log_share = np.interp(largest, _GRID, np.log(single))
    return np.asarray(np.minimum(0.0, np.log(2.0 * size) + log_upper_tail(largest) + log_share))


def single_share(correlation: FloatArray) -> FloatArray:
    """Return E[1/N] at each point of the grid (see `scan_log_p`)."""
    random = np.random.default_rng(_SEED)
    size = len(correlation)
    values, vectors = np.linalg.eigh(correlation)
    # the symmetric root, for it alone changes little where the matrix does
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    noise = random.standard_normal((_DRAWS, size)) @ root
    chosen = random.integers(0, size, _DRAWS)
    own = noise[np.arange(_DRAWS), chosen]
    share = np.empty(len(_GRID))
    for place, (limit, beyond) in enumerate(zip(_GRID, _beyond(), strict=True)):
        moved = noise + (beyond - own)[:, None] * correlation[chosen]
        count = (np.abs(moved) >= limit).sum(axis=1)
        share[place] = np.mean(1.0 / np.maximum(count, 1))
    return share


@lru_cache(maxsize=1)
def _beyond() -> FloatArray:
    """Return for each point of the grid draws of a standard normal variable that lies beyond it.

    By bisection of its tail at evenly spaced probabilities in a fixed disorder.
    """
    uniform = (np.random.default_rng(_SEED).permutation(_DRAWS) + 0.5) / _DRAWS
    target = log_upper_tail(_GRID)[:, None] + np.log(uniform)[None, :]
    low = np.repeat(_GRID[:, None], _DRAWS, axis=1)
    high = low + 12.0
    for _ in range(40):
        middle = (low + high) / 2
        deeper = log_upper_tail(middle) > target
        low, high = np.where(deeper, middle, low), np.where(deeper, high, middle)
    return np.asarray((low + high) / 2)
