"""What moves all series alike: season, festivals, growth of the whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_SERIES = 5
"""Series without which nothing common can be told from what is each one's own."""
ESTABLISHED = 0.6
"""Part of the periods in which a series must have counted something to speak for all."""
TRIM = 0.2
"""Part of the series left out at either end of each period: those that take off or fade say nothing of the others."""


def common_index(counts: Floats) -> Floats:
    """Return how far each period lies above the usual for all established series: float[T], mean 1.

    The trimmed mean of the series' ratios to their own means, weighted by the root of their size, so that neither one
    hit nor many tiny series decide. Ones where there are fewer than five established series.

    Args:
        counts: float[S, T], NaN or 0 where nothing was counted.
    """
    filled = np.nan_to_num(counts)
    spoken = filled[(filled > 0).mean(axis=1) >= ESTABLISHED]
    if len(spoken) < LEAST_SERIES:
        return np.ones(filled.shape[1])
    mean = spoken.mean(axis=1, keepdims=True)
    ratios, weights = spoken / mean, np.sqrt(mean[:, 0])
    order = np.argsort(ratios, axis=0)
    sorted_ratios = np.take_along_axis(ratios, order, axis=0)
    reached = np.cumsum(weights[order], axis=0) / weights.sum()
    inside = (reached > TRIM) & (reached - weights[order] / weights.sum() < 1 - TRIM)
    index = (sorted_ratios * weights[order] * inside).sum(axis=0) / (weights[order] * inside).sum(axis=0)
    return np.asarray(np.maximum(index, 1e-6) / np.maximum(index, 1e-6).mean())
