"""Counts of sales with a log link and more spread than Poisson; days without a sale count like others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_STEPS = 60
_ROUNDS = 6
_LEAST, _MOST = -15.0, 15.0


@dataclass(frozen=True, slots=True)
class CountFit:
    """A regression of counts.

    Attributes:
        coefficients: float[K] of the columns of the design.
        mean: float[D], expected count of each day.
        dispersion: α of the variance μ + α·μ².
        weights: float[D], information of each day about its log mean.
        residuals: float[D], of Pearson.
    """

    coefficients: Floats
    mean: Floats
    dispersion: float
    weights: Floats
    residuals: Floats


def fit_counts(counts: Floats, design: Floats) -> CountFit:
    """Return the quasi-likelihood fit of log-linear counts with variance μ + α·μ².

    α is of the method of moments (Breslow 1984), in turn with the coefficients. For any α that is held the estimate
    stays consistent if only the mean is right (Gourieroux, Monfort and Trognon 1984), so α decides how days weigh and
    nothing else: errors are not taken from it.

    Args:
        counts: float[D], from 0.
        design: float[D, K], with a column of ones.

    Raises:
        ValueError: If a count is negative or none is above 0, or a number is not finite.
    """
    if counts.shape != design.shape[:1] or not (np.isfinite(counts).all() and np.isfinite(design).all()):
        raise ValueError("counts and design are finite and have the same rows")
    if (counts < 0).any() or not (counts > 0).any():
        raise ValueError("counts start at 0 and one must lie above it")
    dispersion = 0.0
    linear: Floats = np.asarray(np.log((counts + counts.mean()) / 2))
    coefficients = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        coefficients, linear = _solve(counts, design, dispersion, linear)
        mean = np.exp(linear)
        updated = _dispersion(counts, mean, design.shape[1])
        settled = abs(updated - dispersion) < 1e-3 * (1 + dispersion)
        dispersion = updated
        if settled:
            break
    mean = np.exp(linear)
    variance = mean * (1 + dispersion * mean)
    return CountFit(coefficients, mean, dispersion, mean**2 / variance, (counts - mean) / np.sqrt(variance))


def _solve(counts: Floats, design: Floats, dispersion: float, linear: Floats) -> tuple[Floats, Floats]:
    """Return coefficients and linear predictor by Fisher's scoring."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        mean = np.exp(linear)
        root = np.sqrt(mean / (1 + dispersion * mean))
        working = linear + (counts - mean) / mean
        coefficients = np.asarray(np.linalg.lstsq(design * root[:, None], working * root, rcond=1e-9)[0])
        aimed = np.clip(design @ coefficients, _LEAST, _MOST)
        # Steps of more than two in the log overshoot where counts are few.
        updated: Floats = np.asarray(linear + np.clip(aimed - linear, -2.0, 2.0))
        if np.max(np.abs(updated - linear)) < 1e-8:
            break
        linear = updated
    return coefficients, np.clip(design @ coefficients, _LEAST, _MOST)


def _dispersion(counts: Floats, mean: Floats, columns: int) -> float:
    """Return α at which Pearson's statistic equals its degrees of freedom, 0 where Poisson is enough."""
    free = max(len(counts) - columns, 1)

    def excess(alpha: float) -> float:
        return float(((counts - mean) ** 2 / (mean * (1 + alpha * mean))).sum()) - free

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, 1.0
    while excess(high) > 0 and high < 1e4:
        high *= 4
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
