"""Elasticities of the products of a category, each drawn to the others as far as it is itself unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.statistics.pooling import half_normal, mixture_quantiles

Floats = NDArray[np.float64]
PRIOR_MEAN, PRIOR_SD = -2.6, 2.5
"""The mean of 1,851 published price elasticities (Bijmolt, van Heerde and Pieters 2005), held very loosely."""
BETWEEN = 1.0
"""Scale of the half-normal prior of the spread between products of a category: they differ by units, not tens."""

MIN_SHARED = 2
MOST_SHARED = 0.95


@dataclass(frozen=True, slots=True)
class Drawn:
    """Elasticities of a category; the arrays are float[S].

    Attributes:
        mean: Posterior means; without an own estimate, what the category says of a product.
        sd: Posterior standard deviations.
        low: Lower ends of the intervals.
        high: Upper ends.
        own_weight: Part of a product's mean that its own estimate has, 0 to 1.
        category_mean: Mean elasticity of the category.
        category_low: Lower end of its interval.
        category_high: Upper end.
        between: Posterior mean of the standard deviation between products.
    """

    mean: Floats
    sd: Floats
    low: Floats
    high: Floats
    own_weight: Floats
    category_mean: float
    category_low: float
    category_high: float
    between: float


def draw_together(
    estimates: Floats, errors: Floats, degrees: Floats, *, correlation: float = 0.0, level: float = 0.95
) -> Drawn:
    """Return the posterior of each product's elasticity.

    Product i: y ~ N(θ, V), θ_i ~ N(μ, τ²), μ loosely about the mean of published elasticities, τ half-normal. τ is
    integrated and not plugged in, so intervals carry its uncertainty, the defect of plain empirical Bayes (Morris
    1983). V has one correlation for all pairs: what a shop's sale did to all products at once, no number of products
    averages away. Errors of few degrees of freedom are widened so that the normal law has the t law's interval.

    Args:
        estimates: float[S]; NaN where a product has none of its own.
        errors: float[S], standard errors.
        degrees: float[S], their degrees of freedom.
        correlation: Of the errors of two products, from 0 to below 1.
        level: Probability of the intervals.
    """
    known = np.isfinite(estimates)
    wide = stats.t.ppf((1 + level) / 2, np.maximum(degrees[known], 1.0)) / stats.norm.ppf((1 + level) / 2)
    y, spread = estimates[known], errors[known] * wide
    noise = np.outer(spread, spread) * (correlation + (1 - correlation) * np.eye(len(y)))
    nodes, weights = half_normal(BETWEEN)
    one = _Given(y, noise)
    parts = [one.at(float(tau)) for tau in nodes]
    logs = np.log(weights) + np.array([part.log for part in parts])
    posterior = np.exp(logs - logs.max())
    posterior /= posterior.sum()
    middle = np.array([part.middle for part in parts])
    error = np.array([part.error for part in parts])
    # Without an own estimate a product is one more of its category.
    means = np.repeat(middle[:, None], len(estimates), axis=1)
    variances = np.repeat((nodes**2 + error**2)[:, None], len(estimates), axis=1)
    own = np.zeros((len(nodes), len(estimates)))
    means[:, known] = [part.means for part in parts]
    variances[:, known] = [part.variances for part in parts]
    own[:, known] = [part.own for part in parts]
    mean = posterior @ means
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    ends = mixture_quantiles(tails, posterior, means.T, np.sqrt(variances).T)
    category = mixture_quantiles(tails, posterior, middle, error)
    return Drawn(
        mean,
        np.sqrt(posterior @ (variances + (means - mean) ** 2)),
        ends[:, 0],
        ends[:, 1],
        posterior @ own,
        float(posterior @ middle),
        float(category[0]),
        float(category[1]),
        float(posterior @ nodes),
    )


def shared_correlation(parts: Sequence[Floats]) -> float:
    """Return the mean correlation of the errors of products, from what the same blocks of days add to each.

    Args:
        parts: For each product float[B], what each block of days adds to its error; blocks are the same for all.

    Returns:
        From 0 to 0.95; 0 for fewer than two products.
    """
    if len(parts) < MIN_SHARED:
        return 0.0
    blocks = max(map(len, parts))
    whole = np.stack([np.pad(one, (0, blocks - len(one))) for one in parts])
    unit = whole / np.maximum(np.linalg.norm(whole, axis=1), 1e-300)[:, None]
    among = unit @ unit.T
    mean = (float(among.sum()) - float(np.trace(among))) / (len(parts) * (len(parts) - 1))
    return min(max(mean, 0.0), MOST_SHARED)


@dataclass(frozen=True, slots=True)
class _Part:
    """The posterior for one τ: the category's mean with its error, and the products that were measured."""

    log: float
    middle: float
    error: float
    means: Floats
    variances: Floats
    own: Floats


class _Given:
    """Everything but τ: estimates, and their covariance by its eigenvectors."""

    def __init__(self, estimates: Floats, noise: Floats) -> None:
        self._estimates = estimates
        self._values, self._vectors = np.linalg.eigh(noise)

    def at(self, tau: float) -> _Part:
        """Return the posterior for a τ."""
        y = self._estimates
        total = np.maximum(self._values, 1e-12) + tau**2
        inverse = (self._vectors / total) @ self._vectors.T
        weights = inverse.sum(axis=1)
        precision = 1 / PRIOR_SD**2 + float(weights.sum())
        middle = (PRIOR_MEAN / PRIOR_SD**2 + float(weights @ y)) / precision
        apart = y - middle
        fit = float(apart @ inverse @ apart) + (middle - PRIOR_MEAN) ** 2 / PRIOR_SD**2
        log = -0.5 * (float(np.log(total).sum()) + float(np.log(precision)) + fit)
        own = tau**2 * np.diag(inverse)
        rest = 1 - tau**2 * weights
        variances = tau**2 * (1 - own) + rest**2 / precision
        means = middle + tau**2 * (inverse @ apart)
        return _Part(log, middle, precision**-0.5, means, np.maximum(variances, 1e-12), own)
