"""Normal scores of counts."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.expectation.scores import binomial_score, log_upper_tail, negative_binomial_score, two_sided


def _negative_binomial(mean: float, size: float, most: int) -> list[float]:
    """Return P(X ≤ k), k = 0…most, term by term."""
    chance = mean / (mean + size)
    logs = [
        math.lgamma(k + size)
        - math.lgamma(size)
        - math.lgamma(k + 1)
        + k * math.log(chance)
        + size * math.log1p(-chance)
        for k in range(most + 1)
    ]
    return list(np.cumsum(np.exp(logs)))


@pytest.mark.parametrize("mean", [0.05, 0.5, 3.0, 20.0, 200.0])
@pytest.mark.parametrize("size", [1.0, 2.0, 10.0, 1e6])
def test_negative_binomial_scores_agree_with_the_summed_probabilities(mean: float, size: float) -> None:
    """Φ(score) is the distribution function within 0.005, and the upper tail at one in a million within a quarter."""
    most = int(mean * 6 + 12 * math.sqrt(mean + mean * mean / size) + 20)
    exact = np.array(_negative_binomial(mean, size, most))
    counts = np.arange(most + 1.0)
    scores = negative_binomial_score(counts, np.full(most + 1, mean), np.full(most + 1, size))
    assert np.abs([NormalDist().cdf(score) for score in scores] - exact).max() < 0.005
    rare = (1 - exact > 1e-7) & (1 - exact < 1e-3)
    ratio = np.exp(log_upper_tail(scores[rare])) / (1 - exact[rare])
    assert np.all((ratio > 0.75) & (ratio < 1.3))


def test_an_infinite_size_is_poisson() -> None:
    """Without extra scatter the score is that of a Poisson count."""
    exact = np.cumsum([math.exp(-4.0) * 4.0**k / math.factorial(k) for k in range(15)])
    scores = negative_binomial_score(np.arange(15.0), np.full(15, 4.0), np.full(15, np.inf))
    assert np.abs([NormalDist().cdf(score) for score in scores] - exact).max() < 0.001


def test_binomial_scores_agree_with_the_summed_probabilities() -> None:
    """Φ(score) is the binomial distribution function within 0.002."""
    exact = np.cumsum([math.comb(40, k) * 0.1**k * 0.9 ** (40 - k) for k in range(40)])
    scores = binomial_score(np.arange(40.0), np.full(40, 40.0), np.full(40, 0.1))
    assert np.abs([NormalDist().cdf(score) for score in scores] - exact).max() < 0.002


def test_no_count_lies_below_none_and_none_above_all() -> None:
    """Less than nothing is impossible, and at most all trials is certain."""
    assert binomial_score(np.array([-1.0]), np.array([5.0]), np.array([0.5]))[0] == -40
    assert binomial_score(np.array([5.0]), np.array([5.0]), np.array([0.5]))[0] == 40


@given(st.floats(-8, 8))
def test_the_normal_tail_agrees_with_the_error_function(z: float) -> None:
    """Log P(Z > z) agrees with the standard library's erfc to 1e-6."""
    exact = math.log(0.5 * math.erfc(z / math.sqrt(2)))
    assert log_upper_tail(np.array([z]))[0] == pytest.approx(exact, rel=1e-6, abs=3e-7)
    assert two_sided(np.array([z]))[0] == pytest.approx(math.erfc(abs(z) / math.sqrt(2)), rel=1e-6)


@given(st.floats(0.01, 1e6), st.floats(0.6, 1e7))
def test_scores_grow_with_the_count(mean: float, size: float) -> None:
    """More is never scored lower."""
    deviation = math.sqrt(mean + mean**2 / size)
    counts = np.maximum(0.0, mean + deviation * np.linspace(-4, 8, 60))
    scores = negative_binomial_score(counts, np.full(60, mean), np.full(60, size))
    assert np.all(np.diff(scores) >= -1e-6)
