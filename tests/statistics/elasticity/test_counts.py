"""Counts with a log link, against a maximised likelihood."""

import numpy as np
import pytest
from scipy import optimize, stats

from duoshou.statistics.elasticity import fit_counts


def design(rng: np.random.Generator, days: int) -> np.ndarray:
    """Return a column of ones and two features."""
    return np.column_stack([np.ones(days), rng.normal(size=(days, 2))])


def test_poisson_counts_give_the_likelihoods_maximum() -> None:
    """Without excess spread the fit is Poisson's maximum of likelihood, zeros and all."""
    rng = np.random.default_rng(3)
    x = design(rng, 300)
    y = rng.binomial(1, np.exp(-1 + 0.3 * x[:, 1])).astype(float)  # less spread than Poisson: α is 0
    fit = fit_counts(y, x)
    best = optimize.minimize(lambda b: -stats.poisson.logpmf(y, np.exp(x @ b)).sum(), np.zeros(3), method="BFGS")
    assert fit.dispersion == 0
    assert np.allclose(fit.coefficients, best.x, atol=1e-4)


def test_spread_counts_have_their_dispersion_and_coefficients() -> None:
    """Negative binomial counts give back α, and the coefficients that its likelihood has for that α."""
    rng = np.random.default_rng(4)
    x = design(rng, 4000)
    mean = np.exp(x @ np.array([1.5, -0.8, 0.2]))
    alpha = 0.4
    y = rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mean)).astype(float)
    fit = fit_counts(y, x)
    assert fit.dispersion == pytest.approx(alpha, rel=0.12)
    assert np.allclose(fit.coefficients, [1.5, -0.8, 0.2], atol=0.05)

    def loss(beta: np.ndarray) -> float:
        mu = np.exp(x @ beta)
        return -float(stats.nbinom.logpmf(y, 1 / fit.dispersion, 1 / (1 + fit.dispersion * mu)).sum())

    best = optimize.minimize(loss, fit.coefficients, method="BFGS")
    assert np.allclose(fit.coefficients, best.x, atol=2e-3)


def test_scores_are_zero_at_the_fit() -> None:
    """The weighed residuals are orthogonal to the design."""
    rng = np.random.default_rng(5)
    x = design(rng, 400)
    y = rng.negative_binomial(2, 0.2, 400).astype(float)
    fit = fit_counts(y, x)
    assert np.allclose(x.T @ (np.sqrt(fit.weights) * fit.residuals), 0, atol=1e-4)


def test_counts_that_are_none_are_errors() -> None:
    """Negative counts and nothing but zeros cannot be fitted."""
    x = np.ones((3, 1))
    with pytest.raises(ValueError, match="start at 0"):
        fit_counts(np.array([1.0, -1.0, 2.0]), x)
    with pytest.raises(ValueError, match="start at 0"):
        fit_counts(np.zeros(3), x)
    with pytest.raises(ValueError, match="finite"):
        fit_counts(np.array([1.0, np.nan, 2.0]), x)
