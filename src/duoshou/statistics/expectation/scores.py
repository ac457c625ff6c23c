"""Tail probabilities of counts on the scale of the standard normal distribution, for whole arrays at once."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.expectation.panel import BoolArray, FloatArray

LIMIT = 40.0
"""No score lies further out than this; the probability beyond is below 1e-300."""

_LARGEST_SIZE = 1e8
_SMALLEST_SIZE = 0.6
_TINY = 1e-12
_RARE_TERMS = 40
_TAIL_TERMS = 40

# Numerical Recipes (Press et al. 1992), `erfcc`: fractional error below 1.2e-7 everywhere.
_ERFC = (
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806,
    0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
)  # fmt: skip


def log_upper_tail(z: FloatArray) -> FloatArray:
    """Return log P(Z > z) of the standard normal distribution, relative error of P below 2e-7."""
    x = np.abs(z) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.5 * x)
    polynomial = np.zeros_like(t)
    for coefficient in reversed(_ERFC):
        polynomial = polynomial * t + coefficient
    log_far = np.log(0.5 * t) - x * x + polynomial
    return np.asarray(np.where(z >= 0, log_far, np.log1p(-np.exp(np.minimum(log_far, -_TINY)))))


def two_sided(z: FloatArray) -> FloatArray:
    """Return P(|Z| > |z|) of the standard normal distribution."""
    return np.minimum(1.0, 2.0 * np.exp(log_upper_tail(np.abs(z))))


def negative_binomial_score(count: FloatArray, mean: FloatArray, size: FloatArray) -> FloatArray:
    """Return z with Φ(z) ≈ P(X ≤ count) for a negative binomial X with variance mean + mean²/size.

    Peizer and Pratt (1968), through the beta integral: NB(count; size) = Bin(count; count + size). `size` may be
    infinite (Poisson). A count that is half a unit lower gives the score of the mid-P-value. The error of Φ(z) is
    below 0.005 for size ≥ 1; far out the tail is right to a tenth of itself. Sizes below 0.6 count as 0.6.
    """
    mean = np.maximum(mean, _TINY)
    size = np.clip(size, _SMALLEST_SIZE, _LARGEST_SIZE * np.maximum(mean, 1.0))
    return binomial_score(count, np.maximum(count, -0.5) + size, mean / (mean + size))


def binomial_score(count: FloatArray, trials: FloatArray, chance: FloatArray) -> FloatArray:
    """Return z with Φ(z) ≈ P(X ≤ count) for a binomial X; neither number need be whole (Peizer and Pratt, 1968)."""
    p = np.clip(chance, _TINY, 1 - _TINY)
    q = 1.0 - p
    hits = np.maximum(count + 0.5, 0.0)
    misses = np.maximum(trials - count - 0.5, 0.0)
    distance = count + 2 / 3 - (trials + 1 / 3) * p
    distance += 0.02 * (q / np.maximum(count + 1, 0.5) - p / np.maximum(trials - count, 0.5) + (q - 0.5) / (trials + 1))
    stretch = 1 + q * _peizer_pratt(hits / (trials * p)) + p * _peizer_pratt(misses / (trials * q))
    score = distance * np.sqrt(np.maximum(stretch, 0.0) / ((trials + 1 / 6) * p * q))
    score = np.where(count < -0.5, -LIMIT, np.where(count >= trials, LIMIT, score))
    return np.clip(score, -LIMIT, LIMIT)


def _peizer_pratt(x: FloatArray) -> FloatArray:
    """Return g(x) = (1 − x² + 2x·log x) / (1 − x)², by its series near 1."""
    e = 1.0 - x
    near: BoolArray = np.abs(e) < 1e-2
    safe = np.where(near, 2.0, x)
    far = (1 - safe**2 + 2 * safe * np.log(np.maximum(safe, _TINY))) / (1 - safe) ** 2
    return np.where(near, e / 3 + e**2 / 6 + e**3 / 10 + e**4 / 15, far)


def rare_score(count: FloatArray, mean: FloatArray, size: FloatArray | float = np.inf) -> FloatArray:
    """Return z with Φ(z) = P(X < count) + P(X = count) / 2 for a Poisson or negative binomial X of mean at most 1.

    There the approximations above fail. `count` is rounded to a whole number; the terms of both tails are summed.
    """
    whole = np.clip(np.rint(count), 0.0, _RARE_TERMS)
    mean = np.maximum(mean, _TINY)
    size = np.clip(size, _SMALLEST_SIZE, _LARGEST_SIZE)
    chance = mean / (mean + size)
    term = np.exp(-size * np.log1p(mean / size))
    below, own, above = np.zeros_like(mean), np.zeros_like(mean), np.zeros_like(mean)
    for number in range(int(whole.max(initial=0.0)) + _TAIL_TERMS):
        below += term * (number < whole)
        own += term * (number == whole)
        above += term * (number > whole)
        term = term * chance * (number + size) / (number + 1)
    low, high = below + own / 2, above + own / 2
    return np.asarray(np.where(low < high, -1.0, 1.0) * upper_quantile(np.minimum(low, high)))


def upper_quantile(tail: FloatArray) -> FloatArray:
    """Return z ≥ 0 with P(Z > z) = `tail` ≤ ½, by Newton's method on the logarithm from its asymptotic value."""
    wanted = np.log(np.clip(tail, 1e-300, 0.5))
    z = np.sqrt(np.maximum(-2 * wanted - np.log(2 * np.pi * np.maximum(-2 * wanted, 1.0)), 0.0))
    for _ in range(5):
        found = log_upper_tail(z)
        hazard = np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - found)
        z = np.maximum(z + (found - wanted) / hazard, 0.0)
    return np.asarray(np.minimum(z, LIMIT))
