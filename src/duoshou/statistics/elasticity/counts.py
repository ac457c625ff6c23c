"""Counts of sales with a log link and more spread than Poisson; days without a sale count like others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from duoshou.statistics.elasticity.spans import SINGULAR, span_of

Floats = NDArray[np.float64]
_STEPS = 60
_ROUNDS = 6
_LEAST, _MOST = -15.0, 15.0
_LEAST_PIVOT = 1e-4
_FAR, _NEAR = 0.5, 1e-2
"""Steps in the log above which the expected information is safe, and below which the last one serves again."""
_MOST_SPREAD = 16384.0


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
    span = span_of(design)
    places = np.zeros(span.basis.shape[1])
    for _ in range(_ROUNDS):
        places, linear = _solve(counts, span.basis, dispersion, linear)
        mean = np.exp(linear)
        updated = _dispersion(counts, mean, span.basis.shape[1])
        settled = abs(updated - dispersion) < 1e-3 * (1 + dispersion)
        dispersion = updated
        if settled:
            break
    mean = np.exp(linear)
    variance = mean * (1 + dispersion * mean)
    return CountFit(span.back @ places, mean, dispersion, mean**2 / variance, (counts - mean) / np.sqrt(variance))


def _solve(counts: Floats, basis: Floats, dispersion: float, linear: Floats) -> tuple[Floats, Floats]:
    """Return the place within an orthonormal basis and the linear predictor.

    Fisher's scoring from afar, then Newton's steps, whose observed information doubles the digits with each, and at
    the end steps with the information of the one before, which is all but the same.
    """
    places, step = np.zeros(basis.shape[1]), np.inf
    normal: _Normal | None = None
    for _ in range(_STEPS):
        mean = np.exp(linear)
        spread = 1 + dispersion * mean
        slope = (counts - mean) / spread
        if normal is None or step > _NEAR:
            weight = mean / spread
            if step < _FAR:
                weight *= (1 + dispersion * counts) / spread
            normal = _Normal.of(basis, weight)
        places = normal.solve(linear, slope)
        aimed = np.minimum(np.maximum(basis @ places, _LEAST), _MOST)
        # Steps of more than two in the log overshoot where counts are few.
        change = np.minimum(np.maximum(aimed - linear, -2.0), 2.0)
        step = float(np.abs(change).max())
        if step < 1e-8:
            break
        linear = linear + change
    return places, np.clip(basis @ places, _LEAST, _MOST)


@dataclass(frozen=True, slots=True)
class _Normal:
    """Weighted least squares: by the normal equations, or by singular values where weights differ widely."""

    basis: Floats
    weight: Floats
    factor: Floats | None

    @classmethod
    def of(cls, basis: Floats, weight: Floats) -> _Normal:
        weighed = basis * np.sqrt(weight)[:, None]
        factor, failed = lapack.dpotrf(weighed.T @ weighed)
        pivots = np.diagonal(factor)
        is_sound = not failed and pivots.min() >= _LEAST_PIVOT * pivots.max()
        return cls(basis, weight, factor if is_sound else None)

    def solve(self, linear: Floats, slope: Floats) -> Floats:
        """Return the place whose predictor answers the slope of the likelihood at a predictor."""
        aimed = self.weight * linear + slope
        if self.factor is not None:
            return np.asarray(lapack.dpotrs(self.factor, aimed @ self.basis)[0])
        root = np.sqrt(self.weight)
        return np.asarray(np.linalg.lstsq(self.basis * root[:, None], aimed / root, rcond=SINGULAR)[0])


def _dispersion(counts: Floats, mean: Floats, columns: int) -> float:
    """Return α at which Pearson's statistic equals its degrees of freedom, 0 where Poisson is enough.

    The statistic falls with α and is convex: Newton's steps from 0 come up to the root from below.
    """
    free, square, alpha = max(len(counts) - columns, 1), (counts - mean) ** 2, 0.0
    for _ in range(_STEPS):
        share = square / (1 + alpha * mean)
        excess = float((share / mean).sum()) - free
        if excess <= 0:
            break
        step = excess / float((share / (1 + alpha * mean)).sum())
        alpha = min(alpha + step, _MOST_SPREAD)
        if step < 1e-13 * (1 + alpha) or alpha == _MOST_SPREAD:
            break
    return alpha
