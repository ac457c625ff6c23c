"""Scores of rare events against the exact law."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from duoshou.statistics.expectation.scores import rare_score, upper_quantile


@pytest.mark.parametrize("mean", [0.9, 0.5, 0.1, 0.02, 0.001])
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_rare_count_has_the_score_of_its_mid_p_value(mean: float, count: int) -> None:
    """Φ(z) is the chance of fewer plus half of that of as many, summed term by term."""
    terms = [math.exp(-mean) * mean**number / math.factorial(number) for number in range(60)]
    above = sum(terms[count + 1 :]) + terms[count] / 2
    below = sum(terms[:count]) + terms[count] / 2
    expected = NormalDist().inv_cdf(below) if below < above else -NormalDist().inv_cdf(above)
    assert rare_score(np.array([float(count)]), np.array([mean]))[0] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("size", [0.6, 2.0, 20.0])
@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_rare_counts_that_scatter_have_the_heavier_tail(size: float, count: int) -> None:
    """The same for a negative binomial count, whose probabilities follow from the gamma function."""
    mean = 0.4
    chance = mean / (mean + size)
    terms = [
        math.exp(math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)) * chance**k * (1 - chance) ** size
        for k in range(160)
    ]
    above, below = sum(terms[count + 1 :]) + terms[count] / 2, sum(terms[:count]) + terms[count] / 2
    expected = NormalDist().inv_cdf(below) if below < above else -NormalDist().inv_cdf(above)
    found = rare_score(np.array([float(count)]), np.array([mean]), np.array([size]))[0]
    assert found == pytest.approx(expected, abs=1e-4)


def test_a_certain_success_that_happens_is_no_news() -> None:
    """A rate that was always 100 % and is so again scores about 0, however few the trials."""
    misses = np.array([0.0, 0.0])
    assert np.abs(rare_score(misses, np.array([1e-3, 0.05]))) == pytest.approx([0, 0], abs=0.1)


@pytest.mark.parametrize("tail", [0.5, 0.3, 0.01, 1e-6, 1e-12])
def test_the_upper_quantile_inverts_the_upper_tail(tail: float) -> None:
    """P(Z > z) is the tail that was asked for."""
    assert upper_quantile(np.array([tail]))[0] == pytest.approx(-NormalDist().inv_cdf(tail), abs=1e-5)
