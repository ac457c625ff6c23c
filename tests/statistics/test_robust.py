"""Tests of the robust estimators."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics import fit_robust, median, median_deviation, quantile

numbers = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=60)


@given(numbers)
def test_median_is_that_of_the_standard_library(values: list[float]) -> None:
    """The median equals the one of Python's own `statistics`."""
    assert median(values) == pytest.approx(statistics.median(values))


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=2, max_size=60))
def test_quartiles_are_those_of_the_standard_library(values: list[float]) -> None:
    """Type 7 quantiles are what `statistics.quantiles` calls inclusive."""
    lower, _, upper = statistics.quantiles(values, n=4, method="inclusive")
    assert quantile(values, 0.25) == pytest.approx(lower, abs=1e-6)
    assert quantile(values, 0.75) == pytest.approx(upper, abs=1e-6)


def test_quantile_refuses_nothing_and_nonsense() -> None:
    """No values, or a probability beyond 1, is an error."""
    with pytest.raises(ValueError, match="quantile"):
        quantile([], 0.5)
    with pytest.raises(ValueError, match="quantile"):
        quantile([1.0], 1.5)


def test_median_deviation_estimates_a_normal_standard_deviation() -> None:
    """On 20,000 normal values the scale comes within 3 % of the truth."""
    chance = random.Random(7)
    values = [chance.gauss(10, 3) for _ in range(20_000)]
    assert median_deviation(values) == pytest.approx(3, rel=0.03)


def test_fit_of_normal_values_has_their_scale_and_light_tails() -> None:
    """A normal sample gives its standard deviation and many degrees of freedom."""
    chance = random.Random(3)
    fit = fit_robust([chance.gauss(5, 2) for _ in range(20_000)])
    assert fit.center == pytest.approx(5, abs=0.1)
    assert fit.scale == pytest.approx(2, rel=0.05)
    assert fit.degrees >= 20


def test_fit_of_heavy_tails_has_few_degrees() -> None:
    """A t₃ sample, made as a normal over the root of a chi-square, is seen as heavy."""
    chance = random.Random(3)
    values = [chance.gauss(0, 1) / (chance.gammavariate(1.5, 2) / 3) ** 0.5 for _ in range(20_000)]
    fit = fit_robust(values)
    assert fit.degrees <= 4
    assert fit.scale == pytest.approx(1, rel=0.1)


def test_few_wild_values_do_not_move_the_fit() -> None:
    """Two values of sixty at a hundred times the level leave centre and scale where they were."""
    chance = random.Random(5)
    tame = [chance.gauss(0, 1) for _ in range(58)]
    assert fit_robust([*tame, 100.0, 100.0]).scale < 2 * fit_robust(tame).scale
    assert fit_robust([*tame, 100.0]).p_value(100.0) < 0.001


def test_p_values_of_new_normal_values_hold_their_level() -> None:
    """Of 4,000 new values about one in a hundred has a p-value below 0.01, never three."""
    chance = random.Random(11)
    low = 0
    for _ in range(200):
        fit = fit_robust([chance.gauss(0, 1) for _ in range(60)])
        low += sum(fit.p_value(chance.gauss(0, 1)) < 0.01 for _ in range(20))
    assert low < 120


def test_floor_is_the_least_scale() -> None:
    """Values that always tie get the error of measurement as their scale."""
    fit = fit_robust([1.0] * 30, floor=0.5)
    assert fit.scale == 0.5
    assert fit.p_value(1.0) == 1.0
    assert fit_robust([1.0] * 30).p_value(1.1) == 0.0


def test_shift_moves_the_center() -> None:
    """A value at the shifted centre is as probable as can be."""
    fit = fit_robust([float(value) for value in range(20)])
    assert fit.p_value(fit.center + 4, shift=4) == 1.0
