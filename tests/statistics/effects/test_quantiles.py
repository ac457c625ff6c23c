"""Quantiles of mixtures against exact distribution functions."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from duoshou.statistics.distributions import student_t_two_sided
from duoshou.statistics.effects.quantiles import mixture_quantile, normal_upper_tail, student_score, student_value


def test_the_normal_tail_is_that_of_the_standard_library() -> None:
    """To seven digits, far out too."""
    z = np.linspace(-6, 9, 61)
    exact = [0.5 * math.erfc(one / math.sqrt(2)) for one in z]
    assert normal_upper_tail(z) == pytest.approx(exact, rel=2e-7)


@pytest.mark.parametrize("degrees", [8.0, 20.0, 60.0])
def test_student_scores_err_by_little(degrees: float) -> None:
    """The normal score of a t value has nearly the tail of the t, and turns back into it."""
    for t in (0.5, 1.7, 2.5, 4.0):
        score = float(student_score(np.array([t]), degrees)[0])
        assert student_value(score, degrees) == pytest.approx(t)
        exact = NormalDist().inv_cdf(1 - student_t_two_sided(t, degrees) / 2)
        assert score == pytest.approx(exact, rel=0.005)


@pytest.mark.parametrize("probability", [0.001, 0.05, 0.5, 0.8, 0.975])
def test_a_mixture_has_its_quantile_where_its_distribution_says(probability: float) -> None:
    """The exact distribution function at the quantile is the probability."""
    weights, centres, scales = np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, -3.0]), np.array([1.0, 0.2, 2.0])
    place = mixture_quantile(NormalDist().inv_cdf(probability), weights, centres, scales, 40.0)

    def below(t: float) -> float:
        return 1 - student_t_two_sided(abs(t), 40.0) / 2 if t > 0 else student_t_two_sided(abs(t), 40.0) / 2

    exact = sum(w * below((place - m) / s) for w, m, s in zip(weights, centres, scales, strict=True))
    assert exact == pytest.approx(probability, rel=0.01)
