"""Quantiles of mixtures of Student's t, and the normal distribution on arrays."""

from __future__ import annotations

import math

import numpy as np

from duoshou.statistics.effects.panel import Array

_NEGLIGIBLE = 1e-4
_HALVINGS = 20

# Chebyshev coefficients of erfc by Press et al. (Numerical Recipes, 1992, section 6.2): relative error below 1.2e-7.
_ERFC = (
    -1.26551223,
    1.00002368,
    0.37409196,
    0.09678418,
    -0.18628806,
    0.27886807,
    -1.13520398,
    1.48851587,
    -0.82215223,
    0.17087277,
)


def normal_upper_tail(z: Array) -> Array:
    """Return P(Z ≥ z) of a standard normal variable, for each z; relative error below 1.2e-7."""
    x = np.abs(z) / math.sqrt(2)
    t = 1.0 / (1.0 + 0.5 * x)
    power = np.full_like(t, _ERFC[-1])
    for coefficient in _ERFC[-2::-1]:
        power = coefficient + t * power
    tail = 0.5 * t * np.exp(-x * x + power)
    return np.asarray(np.where(z >= 0, tail, 1.0 - tail))


def student_score(t: Array, degrees: float) -> Array:
    """Return the standard normal scores of Student t values (Wallace, 1959)."""
    shape = (8 * degrees + 1) / (8 * degrees + 3)
    return np.asarray(np.copysign(shape * np.sqrt(degrees * np.log1p(t * t / degrees)), t))


def student_value(z: float, degrees: float) -> float:
    """Return the Student t value of a standard normal score, the inverse of `student_score`."""
    shape = (8 * degrees + 3) / (8 * degrees + 1)
    return math.copysign(math.sqrt(degrees * math.expm1(min((shape * z) ** 2 / degrees, 700.0))), z)


def mixture_quantile(z: float, weights: Array, centres: Array, scales: Array, degrees: float) -> float:
    """Return the quantile, at the probability of the normal score z, of a mixture of Student t distributions.

    It lies between the least and the greatest of the components' own quantiles, which bracket it.

    Args:
        z: Normal score of the probability, 1.645 for 95 %.
        weights: Of the components.
        centres: Of the components.
        scales: Of the components.
        degrees: Degrees of freedom of all.
    """
    kept = weights > _NEGLIGIBLE * weights.max()
    weight, centre, scale = weights[kept] / weights[kept].sum(), centres[kept], np.maximum(scales[kept], 1e-12)
    ends = centre + student_value(z, degrees) * scale
    low, high = float(ends.min()), float(ends.max())
    # The tail beyond |z| is compared, for its precision.
    side = -1.0 if z < 0 else 1.0
    aim = float(normal_upper_tail(np.array([abs(z)]))[0])
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        beyond = float(weight @ normal_upper_tail(side * student_score((middle - centre) / scale, degrees)))
        if (beyond > aim) == (side > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2
