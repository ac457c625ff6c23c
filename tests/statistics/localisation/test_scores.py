"""Likelihood ratios against references, and their cost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.localisation.count import CountModel, bernoulli_ratio, poisson_ratio
from duoshou.statistics.localisation.cube import DenseCube
from duoshou.statistics.localisation.dispersion import Dispersion
from duoshou.statistics.localisation.greedy import take_cells
from duoshou.statistics.localisation.rate import RateCase, expected_events, locate_rate
from duoshou.statistics.localisation.shift import deviations, shift_model


def poisson_log(count: float, mean: float) -> float:
    """Return the log of the Poisson density, continued to real counts."""
    return count * math.log(mean) - mean - math.lgamma(count + 1)


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_the_poisson_ratio_is_the_difference_of_log_densities(actual: float, expected: float) -> None:
    """V log(V/F) − (V − F) is log p(V | V) − log p(V | F), half an event added on both sides."""
    v, f = actual + 0.5, expected + 0.5
    reference = poisson_log(v, v) - poisson_log(v, f)
    assert poisson_ratio(np.array([actual]), np.array([expected]))[0] == pytest.approx(reference, rel=1e-6, abs=1e-6)


def test_the_bernoulli_ratio_nears_the_poisson_one_for_rare_events() -> None:
    """With many trials both likelihoods agree; with all trials used up the binomial one is larger."""
    v, f = np.array([40.0]), np.array([20.0])
    assert bernoulli_ratio(v, f, np.array([1e7]))[0] == pytest.approx(poisson_ratio(v, f)[0], rel=1e-4)
    assert bernoulli_ratio(v, f, np.array([41.0]))[0] > poisson_ratio(v, f)[0] + 5


@given(st.floats(1, 1e5), st.floats(1, 1e5), st.floats(1, 1e6), st.floats(1, 1e6))
def test_against_the_rest_is_never_more_than_alone(v: float, f: float, rest_v: float, rest_f: float) -> None:
    """A common move takes evidence away from a cell and gives none."""
    model = CountModel(Dispersion(1.0, 0.0), 0.01)
    sums, total = np.array([[v], [f]]), np.array([v + rest_v, f + rest_f])
    alone = model.score(sums, np.array([3.0]))[0]
    assert model.rank_against_rest(sums, np.array([3.0]), total)[0] <= max(alone, 0) + 1e-9 or alone <= 0


def test_a_move_common_to_all_cells_is_no_place() -> None:
    """Where the rest moved by the same ratio, nothing is left for the cell."""
    model = CountModel(Dispersion(1.0, 0.0), 0.01)
    sums = np.array([[7_000.0], [10_000.0]])
    assert model.score(sums, np.array([3.0]))[0] > 100
    assert model.score_against_rest(sums, np.array([3.0]), np.array([70_000.0, 100_000.0]))[0] < 0


def test_deviations_are_bounded_and_zero_without_data() -> None:
    """Deviations lie in −2…2; a leaf without actual and expected has none."""
    x = deviations(np.array([0.0, 5.0, 0.0, 3.0]), np.array([4.0, 0.0, 0.0, 3.0]))
    assert x.tolist() == [2.0, -2.0, 0.0, 0.0]


def test_the_shift_score_is_not_positive_for_noise() -> None:
    """Pure relative noise leaves no cell with a positive score."""
    generator = np.random.default_rng(2)
    codes = list(np.indices((8, 9, 10)).reshape(3, -1))
    expected = np.exp(generator.normal(3, 1, 720))
    actual = expected * generator.normal(1, 0.05, 720)
    model = shift_model(actual, expected, 0.01)
    cube = DenseCube(codes, (8, 9, 10), model.leaf_sums(actual, expected), 3)
    assert take_cells(cube, model.score, 5, model.score_against_rest) == []


def test_expected_events_follow_the_mix() -> None:
    """A denominator that went from one leaf to another takes the rate of the leaf it came to."""
    codes = [np.array([0, 1])]
    case = RateCase(
        codes, (2,), np.zeros(2), np.array([10_000.0, 90_000.0]), np.array([9_000.0, 1_000.0]), np.full(2, 1e5)
    )
    assert expected_events(case) == pytest.approx([900.0, 900.0], rel=0.01)


def test_rates_without_any_earlier_event_are_no_fault() -> None:
    """A numerator that was always 0 gives no expectation, and no crash."""
    codes = [np.array([0, 1, 2])]
    zeros, ones = np.zeros(3), np.full(3, 100.0)
    picks, moved = locate_rate(RateCase(codes, (3,), zeros, ones, zeros, ones), limit=3, false_rate=0.01)
    assert picks == []
    assert not moved
