"""Counts with a log link, against a maximised likelihood."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
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


@given(st.integers(0, 2**32 - 1), st.floats(-2.0, 4.0), st.floats(0.0, 1.5), st.booleans())
def test_it_is_the_end_of_fisher_s_scoring(seed: int, level: float, spread: float, silent: bool) -> None:
    """The coefficients are the fixed point of plain scoring with the α that is found, to seven digits."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([design(rng, 200), np.arange(200) >= 190])
    mood = rng.gamma(1 / (spread + 1e-3), spread + 1e-3, 200)
    y = rng.poisson(np.exp(level + x @ [0, 0.7, -0.4, 1.0]) * mood).astype(float)
    y[:60] *= not silent
    y[0], y[195] = 3.0, 2.0
    fit = fit_counts(y, x)
    beta = fit.coefficients + rng.normal(0, 0.05, 4)
    for _ in range(200):
        mean = np.exp(x @ beta)
        weight = mean / (1 + fit.dispersion * mean)
        root = np.sqrt(weight)
        beta = np.linalg.lstsq(x * root[:, None], root * (x @ beta + (y - mean) / mean), rcond=None)[0]
    assert np.allclose(fit.coefficients, beta, rtol=1e-7, atol=1e-7)


def test_scores_are_zero_at_the_fit() -> None:
    """The weighed residuals are orthogonal to the design."""
    rng = np.random.default_rng(5)
    x = design(rng, 400)
    y = rng.negative_binomial(2, 0.2, 400).astype(float)
    fit = fit_counts(y, x)
    assert np.allclose(x.T @ (np.sqrt(fit.weights) * fit.residuals), 0, atol=1e-5)


def test_counts_that_are_none_are_errors() -> None:
    """Negative counts and nothing but zeros cannot be fitted."""
    x = np.ones((3, 1))
    with pytest.raises(ValueError, match="start at 0"):
        fit_counts(np.array([1.0, -1.0, 2.0]), x)
    with pytest.raises(ValueError, match="start at 0"):
        fit_counts(np.zeros(3), x)
    with pytest.raises(ValueError, match="finite"):
        fit_counts(np.array([1.0, np.nan, 2.0]), x)


def test_columns_that_others_say_change_nothing() -> None:
    """With a column twice the coefficient is shared between the two, and all else is as with it once."""
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(200), rng.normal(size=200)])
    y = rng.poisson(np.exp(1 + 0.5 * x[:, 1]) * rng.gamma(4, 0.25, 200)).astype(float)
    once, twice = fit_counts(y, x), fit_counts(y, np.column_stack([x, x[:, 1]]))
    assert twice.coefficients[1] == pytest.approx(twice.coefficients[2])
    assert np.allclose(twice.coefficients[1:], once.coefficients[1] / 2, rtol=1e-8)
    assert twice.dispersion == pytest.approx(once.dispersion, rel=1e-8)


def test_the_spread_solves_pearson_s_equation() -> None:
    """Where there is more spread than Poisson's, Pearson's statistic equals the degrees of freedom."""
    rng = np.random.default_rng(6)
    x = np.column_stack([np.ones(300), rng.normal(size=300)])
    y = rng.poisson(np.exp(1 + 0.5 * x[:, 1]) * rng.gamma(0.5, 2, 300)).astype(float)
    fit = fit_counts(y, x)
    assert fit.dispersion > 0.5
    assert (fit.residuals**2).sum() == pytest.approx(300 - 2, rel=1e-9)
