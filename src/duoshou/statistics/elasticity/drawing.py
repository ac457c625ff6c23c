"""Elasticities of the products of a category, each drawn to the others as far as it is itself unknown."""

from __future__ import annotations

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


def draw_together(estimates: Floats, errors: Floats, degrees: Floats, *, level: float = 0.95) -> Drawn:
    """Return the posterior of each product's elasticity.

    Product i: y_i ~ N(θ_i, s_i²), θ_i ~ N(μ, τ²), μ loosely about the mean of published elasticities, τ half-normal. τ
    is integrated and not plugged in, so intervals carry its uncertainty, the defect of plain empirical Bayes (Morris
    1983). Errors of few degrees of freedom are widened so that the normal law has the t law's interval.

    Args:
        estimates: float[S]; NaN where a product has none of its own.
        errors: float[S], standard errors.
        degrees: float[S], their degrees of freedom.
        level: Probability of the intervals.
    """
    known = np.isfinite(estimates)
    wide = stats.t.ppf((1 + level) / 2, np.maximum(degrees[known], 1.0)) / stats.norm.ppf((1 + level) / 2)
    y, variance = estimates[known], (errors[known] * wide) ** 2
    nodes, weights = half_normal(BETWEEN)
    total = variance[None, :] + nodes[:, None] ** 2
    precision = 1 / PRIOR_SD**2 + (1 / total).sum(axis=1)
    middle = (PRIOR_MEAN / PRIOR_SD**2 + (y[None, :] / total).sum(axis=1)) / precision
    apart = ((y[None, :] - middle[:, None]) ** 2 / total).sum(axis=1) + (middle - PRIOR_MEAN) ** 2 / PRIOR_SD**2
    logs = np.log(weights) - 0.5 * (np.log(total).sum(axis=1) + np.log(precision) + apart)
    posterior = np.exp(logs - logs.max())
    posterior /= posterior.sum()
    # Given τ, a product is the mix of its own estimate and of the category's mean, whose error it shares.
    own = np.zeros((len(nodes), len(estimates)))
    own[:, known] = nodes[:, None] ** 2 / total
    means = (1 - own) * middle[:, None] + own * np.nan_to_num(estimates)[None, :]
    variances = (1 - own) * nodes[:, None] ** 2 + (1 - own) ** 2 / precision[:, None]
    parts = np.array([(1 - level) / 2, (1 + level) / 2])
    mean = posterior @ means
    ends = np.array(
        [mixture_quantiles(parts, posterior, means[:, i], np.sqrt(variances[:, i])) for i in range(len(estimates))]
    ).reshape(-1, 2)
    category = mixture_quantiles(parts, posterior, middle, 1 / np.sqrt(precision))
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
