"""Counts of sales with a log link and more spread than Poisson; days without a sale count like others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from duoshou.statistics.elasticity.spans import SINGULAR, Span, span_of

Floats = NDArray[np.float64]
_STEPS = 60
_AFAR_STEPS = 12
"""Steps after which the dispersion goes along though the mean still moves."""
_SETTLED = 1e-9
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
    if not np.isfinite(design).all():
        raise ValueError("counts and design are finite and have the same rows")
    return fit_within(counts, span_of(design))


def fit_within(counts: Floats, span: Span) -> CountFit:
    """Return the fit of `fit_counts` by the columns of a span.

    Raises:
        ValueError: As there.
    """
    if counts.shape != span.basis.shape[:1] or not np.isfinite(counts).all():
        raise ValueError("counts and design are finite and have the same rows")
    if (counts < 0).any() or not (counts > 0).any():
        raise ValueError("counts start at 0 and one must lie above it")
    places, dispersion = _solve(counts, span.basis)
    mean = np.exp(np.clip(span.basis @ places, _LEAST, _MOST))
    variance = mean * (1 + dispersion * mean)
    return CountFit(span.back @ places, mean, dispersion, mean**2 / variance, (counts - mean) / np.sqrt(variance))


def _solve(counts: Floats, basis: Floats) -> tuple[Floats, float]:
    """Return the place within an orthonormal basis, and the dispersion.

    Fisher's scoring from afar, then Newton's steps, whose observed information doubles the digits with each, and at
    the end steps with the information of the one before, which is all but the same. From where the mean is about
    right the dispersion goes along with every step.
    """
    linear: Floats = np.asarray(np.log((counts + counts.mean()) / 2))
    places, step, dispersion = np.zeros(basis.shape[1]), np.inf, 0.0
    normal: _Normal | None = None
    for number in range(_STEPS):
        mean = np.exp(linear)
        if step < _FAR or number >= _AFAR_STEPS:
            dispersion = _dispersion(counts, mean, basis.shape[1], dispersion)
        spread = 1 + dispersion * mean
        if normal is None or step > _NEAR:
            weight = mean / spread
            if step < _FAR:
                weight *= (1 + dispersion * counts) / spread
            normal = _Normal.of(basis, weight)
        places = normal.solve(linear, (counts - mean) / spread)
        aimed = np.minimum(np.maximum(basis @ places, _LEAST), _MOST)
        # Steps of more than two in the log overshoot where counts are few.
        change = np.minimum(np.maximum(aimed - linear, -2.0), 2.0)
        step = float(np.abs(change).max())
        if step < _SETTLED:
            break
        linear = linear + change
    return places, dispersion


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


def _dispersion(counts: Floats, mean: Floats, columns: int, alpha: float) -> float:
    """Return α at which Pearson's statistic equals its degrees of freedom, 0 where Poisson is enough.

    The statistic falls with α and is convex: Newton's steps, from an α near it, come up to the root from below.
    """
    free, square = max(len(counts) - columns, 1), (counts - mean) ** 2
    for _ in range(_STEPS):
        spread = 1 + alpha * mean
        share = square / spread
        excess = float((share / mean).sum()) - free
        before, alpha = alpha, min(max(alpha + excess / float((share / spread).sum()), 0.0), _MOST_SPREAD)
        if abs(alpha - before) <= _SETTLED * (1 + alpha):
            break
    return alpha
