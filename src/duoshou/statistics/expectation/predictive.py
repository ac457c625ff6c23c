"""The distribution of a sum that is expected: scores and quantiles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from duoshou.statistics.expectation.panel import FloatArray, Kind
from duoshou.statistics.expectation.scores import LIMIT, binomial_score, negative_binomial_score, rare_score
from duoshou.statistics.expectation.windows import Moments

_TINY = 1e-12
_STEPS = 14


def score(
    kind: Kind, sums: Moments, stretch: FloatArray, *, shift: float = 0.0, actual: FloatArray | None = None
) -> FloatArray:
    """Return how unusual a sum is, as a standard normal score.

    Counts and amounts: negative binomial of the same mean and variance, in units of `pure / expected`. Rates:
    binomial with the trials that give the variance. Anything else: normal.

    Args:
        kind: Kind of the series.
        sums: Moments.
        stretch: float[S], the calibrated factor on the standard deviation.
        shift: -0.5 scores "at most one unit less", +0.5 "at most this many"; 0 is the mid-P-value.
        actual: Judged instead of `sums.actual`.
    """
    value = sums.actual if actual is None else actual
    total = sums.variance * stretch**2
    if kind == Kind.LEVEL:
        result = (value - sums.expected) / np.sqrt(np.maximum(total, _TINY))
        return np.asarray(np.clip(result, -LIMIT, LIMIT))
    if kind == Kind.RATE:
        chance = sums.expected / np.maximum(sums.trials, _TINY)
        binomial = sums.trials * chance * (1 - chance)
        share = np.minimum(binomial / np.maximum(total, _TINY), 1.0)
        trials = np.maximum(sums.trials * share, _TINY)
        judged = binomial_score(value * share - 0.5 + shift, trials, chance)
        return judged if shift else _rare_rate(judged, value * share, trials, chance)
    unit, size = _count_shape(kind, sums, total)
    judged, mean = negative_binomial_score(value / unit - 0.5 + shift, sums.expected / unit, size), sums.expected / unit
    if not shift:
        rare = mean < 1
        if rare.any():
            judged[rare] = rare_score((value / unit)[rare], mean[rare], size[rare])
    return judged


def _rare_rate(judged: FloatArray, hits: FloatArray, trials: FloatArray, chance: FloatArray) -> FloatArray:
    """Return scores with those of nearly impossible and nearly certain successes taken from the exact law."""
    few = trials * chance < 1
    sure = (trials * (1 - chance) < 1) & ~few
    if few.any():
        judged[few] = rare_score(hits[few], (trials * chance)[few])
    if sure.any():
        judged[sure] = -rare_score((trials - hits)[sure], (trials * (1 - chance))[sure])
    return judged


def _count_shape(kind: Kind, sums: Moments, total: FloatArray) -> tuple[FloatArray, FloatArray]:
    pure = sums.pure
    if kind == Kind.AMOUNT:  # amounts that scatter less than thought come in smaller parts
        pure = np.minimum(pure, total)
    unit = np.maximum(pure / np.maximum(sums.expected, _TINY), _TINY)
    size = sums.expected**2 / np.maximum(total - pure, sums.expected**2 * 1e-9 + _TINY)
    return unit, size


def quantile(kind: Kind, sums: Moments, stretch: FloatArray, z: float) -> FloatArray:
    """Return the value below which the sum falls with probability Φ(z).

    Of a count the least whole number that reaches it (exact Poisson and negative binomial quantiles, as far as the
    Peizer–Pratt score is exact); else by continuity.
    """
    deviation = np.sqrt(np.maximum(sums.variance, _TINY)) * np.maximum(stretch, 1e-3)
    if kind == Kind.LEVEL:
        return np.asarray(sums.expected + z * deviation)
    unit = np.maximum(sums.pure / np.maximum(sums.expected, _TINY), _TINY)
    highest = sums.expected + (abs(z) + 2) ** 2 * (deviation + unit)
    if kind == Kind.RATE:
        highest = np.minimum(highest, sums.trials)
    shift = 0.5 if kind == Kind.COUNT else 0.0
    root = _root(lambda value: score(kind, sums, stretch, shift=shift, actual=value) - z, highest)
    if kind != Kind.COUNT:
        return root
    return np.asarray(np.ceil(root - 1e-6 * np.maximum(root, 1.0)))


def _root(function: Callable[[FloatArray], FloatArray], highest: FloatArray) -> FloatArray:
    """Return where a growing function is 0 between 0 and `highest`, 0 where it never is below.

    Regula falsi with the Illinois step (Dowell and Jarratt, 1971), for all at once.
    """
    low, high = np.zeros_like(highest), highest.copy()
    below, above = function(low), function(high)
    for _ in range(_STEPS):
        place = np.clip(above / np.maximum(above - below, _TINY), 0.02, 0.98)
        middle = high - (high - low) * place
        found = function(middle)
        under = found < 0
        low, high = np.where(under, middle, low), np.where(under, high, middle)
        below, above = np.where(under, found, below / 2), np.where(under, above / 2, found)
    closer = np.abs(below) < np.abs(above)
    return np.where(function(np.zeros_like(highest)) >= 0, 0.0, np.where(closer, low, high))
