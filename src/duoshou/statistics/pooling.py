"""A prior belief about an effect, and the measured effects that correct it (random effects, normal with normal)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

NODES = 48
_HALVINGS = 32
_REACH = 12.0


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean effect, as the prior and the measured effects say together.

    Attributes:
        mean: Posterior mean.
        low: Lower end of the central credible interval.
        high: Upper end.
        positive: Probability that the effect is above 0.
        between: Posterior mean of the standard deviation of the effect between tries.
        prior_weight: Share of the prior in the mean, 1 without measured effects.
    """

    mean: float
    low: float
    high: float
    positive: float
    between: float
    prior_weight: float


def pool(
    estimates: Sequence[float],
    errors: Sequence[float],
    *,
    prior_mean: float,
    prior_sd: float,
    between: float,
    level: float = 0.95,
) -> Pooled:
    """Return the posterior of the mean effect over tries.

    Try i measured y_i with standard error s_i: y_i ~ N(θ_i, s_i²), θ_i ~ N(θ, τ²), θ ~ N(prior_mean, prior_sd²), and τ
    half-normal with scale `between`. Given τ everything is normal and exact; τ is integrated by Gauss and Legendre over
    its prior's quantiles, so that with few tries its uncertainty stays in the interval, which a plugged-in estimate
    (DerSimonian and Laird 1986) leaves out. Röver (2020), "Bayesian random-effects meta-analysis using the bayesmeta R
    package", gives the model.

    Args:
        estimates: Measured effects.
        errors: Their standard errors, above 0.
        prior_mean: Mean of the prior.
        prior_sd: Standard deviation of the prior, above 0.
        between: Scale of the half-normal prior of τ; 0: the effect is the same at every try.
        level: Probability of the interval.

    Raises:
        ValueError: If a number is not finite, an error or the prior's deviation is not above 0, or lengths differ.
    """
    y, s = np.asarray(estimates, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    _check(y, s, prior_mean, prior_sd, between, level)
    nodes, weights = half_normal(between)
    variance = s[None, :] ** 2 + nodes[:, None] ** 2
    precision = 1 / prior_sd**2 + (1 / variance).sum(axis=1)
    shifted = y - prior_mean
    means = ((shifted[None, :] / variance).sum(axis=1)) / precision
    fit = -0.5 * (
        np.log(variance).sum(axis=1)
        + np.log(precision)
        + (shifted[None, :] ** 2 / variance).sum(axis=1)
        - means**2 * precision
    )
    weights = weights * np.exp(fit - fit.max())
    weights = weights / weights.sum()
    deviations = 1 / np.sqrt(precision)
    tail = (1 - level) / 2
    low, high = prior_mean + mixture_quantiles(np.array([tail, 1 - tail]), weights, means, deviations)
    return Pooled(
        prior_mean + float(weights @ means),
        float(low),
        float(high),
        float(weights @ ndtr((means + prior_mean) / deviations)),
        float(weights @ nodes),
        float(weights @ (1 / (prior_sd**2 * precision))),
    )


def standard_error(low: float, high: float, level: float = 0.95) -> float:
    """Return the standard error that an interval of a normal estimate stands for."""
    return (high - low) / (2 * NormalDist().inv_cdf((1 + level) / 2))


def half_normal(scale: float) -> tuple[Floats, Floats]:
    """Return nodes and weights that integrate over a half-normal distribution."""
    if scale == 0:
        return np.zeros(1), np.ones(1)
    nodes, weights = _unit_nodes()
    return scale * nodes, weights


@cache
def _unit_nodes() -> tuple[Floats, Floats]:
    at, weights = np.polynomial.legendre.leggauss(NODES)
    normal = NormalDist()
    return np.array([normal.inv_cdf(0.5 + (one + 1) / 4) for one in at]), weights / 2


def mixture_quantiles(parts: Floats, weights: Floats, means: Floats, deviations: Floats) -> Floats:
    """Return quantiles of mixtures of normal distributions, by halving.

    Args:
        parts: float[P], probabilities.
        weights: float[N], of the components.
        means: float[..., N].
        deviations: float[..., N].

    Returns:
        float[..., P].
    """
    low = np.repeat((means - _REACH * deviations).min(axis=-1)[..., None], len(parts), axis=-1)
    high = np.repeat((means + _REACH * deviations).max(axis=-1)[..., None], len(parts), axis=-1)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        scores = (middle[..., None] - means[..., None, :]) / deviations[..., None, :]
        is_below = ndtr(scores) @ weights < parts
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    return np.asarray((low + high) / 2)


def _check(y: Floats, s: Floats, mean: float, sd: float, between: float, level: float) -> None:
    if y.shape != s.shape or y.ndim != 1:
        raise ValueError("there is one standard error for each estimate")
    if not np.isfinite([*y, *s, mean, sd, between]).all() or (s <= 0).any() or sd <= 0 or between < 0:
        raise ValueError("estimates are finite, standard errors and the prior's deviation above 0")
    if not 0 < level < 1:
        raise ValueError("the level lies between 0 and 1")
