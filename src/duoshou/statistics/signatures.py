"""Which of several known signatures explains a vector of deviations: Bayes factors of Gaussian rank-one models.

A signature says how the components of a deviation move together when one cause is at work: `loads` are the typical
moves relative to each other, `spread` is how far a single move may differ from its typical one. A component with load
0 and spread 0 does not move; one with load 0 and spread 1 may move either way and tells nothing. The size of the
effect is unknown; it is positive and its prior is a mixture over a grid of scales (Zellner's idea of a scale mixture,
on a grid), so that neither small nor large effects are favoured.

With x the deviations, Σ their covariance when nothing happened, u the loads, s the spreads and τ a scale,

    x ~ N(0, Σ)                           when nothing happened,
    x ~ N(δ u, Σ + τ² diag(s²)), δ ~ N⁺(0, τ²)   under the signature,

and the half-normal prior multiplies the Gaussian evidence of `N(0, Σ + τ²(uuᵀ + diag(s²)))` by `2 P(δ > 0 | x)`
(Kass & Raftery 1995 for the reading of the logarithm of a Bayes factor).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.normal import log_normal_cdf

Floats = NDArray[np.float64]
UNKNOWN = 1e6
"""Variance of a component that is not known: it tells nothing."""
SCALES = (0.1, 0.2, 0.4, 0.8, 1.6)


@dataclass(frozen=True, slots=True)
class Signature:
    """How components move when one cause is at work.

    Attributes:
        loads: Typical moves for an effect of size 1, one a component.
        spread: Standard deviation of each move for an effect of size 1.
    """

    loads: Floats
    spread: Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each signature makes of each vector.

    Attributes:
        log_bayes_factor: Natural logarithm against “nothing happened” (vectors × signatures).
        size: Posterior mean of the effect's size (vectors × signatures).
    """

    log_bayes_factor: Floats
    size: Floats


def weigh(
    deviations: Floats,
    variances: Floats,
    correlation: Floats,
    signatures: Sequence[Signature],
    *,
    scales: Sequence[float] = SCALES,
) -> Evidence:
    """Return how far each signature explains each vector of deviations.

    Args:
        deviations: Vectors × components; NaN where a component is not known.
        variances: Variances of the deviations when nothing happened, of the same shape.
        correlation: Components × components, positive definite: how they go together when nothing happened.
        signatures: The candidates.
        scales: Prior standard deviations of an effect's size, equally likely.

    Returns:
        Logarithms of Bayes factors and sizes; 0 for a vector of which nothing is known.
    """
    known = np.isfinite(deviations) & np.isfinite(variances) & (variances > 0)
    x = np.where(known, deviations, 0.0)
    deviation = np.sqrt(np.where(known, variances, UNKNOWN))
    shared = correlation * (known[:, :, None] & known[:, None, :])
    shared[:, np.arange(x.shape[1]), np.arange(x.shape[1])] = 1.0
    null = shared * deviation[:, :, None] * deviation[:, None, :]
    base = _log_density(x, null)
    factors = np.empty((len(x), len(signatures), len(scales)))
    sizes = np.empty_like(factors)
    for column, signature in enumerate(signatures):
        for place, scale in enumerate(scales):
            factors[:, column, place], sizes[:, column, place] = _one(x, null, signature, scale)
    factors -= base[:, None, None] + np.log(len(scales))
    highest = factors.max(axis=2)
    weight = np.exp(factors - highest[:, :, None])
    total = weight.sum(axis=2)
    return Evidence(highest + np.log(total), (weight * sizes).sum(axis=2) / total)


def _one(x: Floats, null: Floats, signature: Signature, scale: float) -> tuple[Floats, Floats]:
    """Return the log evidence and the posterior mean size under one signature and scale."""
    around = null + scale**2 * np.diag(signature.spread**2)
    solved = np.linalg.solve(around, np.stack([x, np.broadcast_to(signature.loads, x.shape)], axis=2))
    ux, uu = (signature.loads[None, :, None] * solved).sum(axis=1).T
    variance = 1.0 / (uu + scale**-2)
    mean = variance * ux
    # The matrix determinant lemma and the Sherman–Morrison formula for the rank-one part.
    log_around = _log_density(x, around)
    evidence = log_around + 0.5 * (mean**2 / variance + np.log(variance) - 2 * np.log(scale))
    at = mean / np.sqrt(variance)
    # Of a normal law cut off at 0 (mean μ, deviation σ): μ + σ φ(μ/σ) / Φ(μ/σ).
    hazard = np.exp(-0.5 * at**2 - 0.5 * np.log(2 * np.pi) - log_normal_cdf(at))
    return evidence + np.log(2.0) + log_normal_cdf(at), mean + np.sqrt(variance) * hazard


def _log_density(x: Floats, covariance: Floats) -> Floats:
    """Return the log density of N(0, covariance) at each row of `x`."""
    _, log_determinant = np.linalg.slogdet(covariance)
    solved = np.linalg.solve(covariance, x[:, :, None])[:, :, 0]
    density: Floats = -0.5 * ((x * solved).sum(axis=1) + log_determinant + x.shape[1] * np.log(2 * np.pi))
    return density
