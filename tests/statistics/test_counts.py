"""Tests of the count model."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics import CountModel, fit_counts, probability_of_none


def _counts(chance: random.Random, mean: float, size: float, number: int) -> list[float]:
    """Return negative binomial counts: Poisson counts whose rate is a gamma variable."""
    values = []
    for _ in range(number):
        rate = chance.gammavariate(size, mean / size) if math.isfinite(size) else mean
        count, waited = 0, chance.expovariate(1)
        while waited < rate:
            count, waited = count + 1, waited + chance.expovariate(1)
        values.append(float(count))
    return values


@pytest.mark.parametrize(
    ("mean", "size", "expected"), [(80, 2.5, 0.00015985092374260588), (3, 0.7, 0.31176504538990746)]
)
def test_probability_of_none_is_scipys(mean: float, size: float, expected: float) -> None:
    """P(0) equals `scipy.stats.nbinom.pmf(0, size, size / (size + mean))`."""
    assert probability_of_none(CountModel(mean, size)) == pytest.approx(expected, rel=1e-12)


@given(st.floats(0.1, 200))
def test_probability_of_none_of_a_poisson_count(mean: float) -> None:
    """Without overdispersion it is e^−mean."""
    assert probability_of_none(CountModel(mean)) == pytest.approx(math.exp(-mean))


@given(st.floats(0.1, 200), st.floats(0.2, 50), st.floats(0, 1))
def test_less_of_the_span_is_more_likely_empty(mean: float, size: float, share: float) -> None:
    """A part of the day is empty at least as often as the whole day, and nothing of it always."""
    model = CountModel(mean, size)
    assert probability_of_none(model, share) >= probability_of_none(model) - 1e-12
    assert probability_of_none(model, 0) == 1


def test_closed_days_expect_nothing() -> None:
    """A weekday that never sells has mean 0, so an empty one proves nothing."""
    assert probability_of_none(fit_counts([0.0] * 12, [[0.0] * 12])) == 1


def test_fit_finds_level_and_dispersion() -> None:
    """2,000 negative binomial counts give back their mean and size."""
    values = _counts(random.Random(2), 60, 10, 2000)
    model = fit_counts(values, [values])
    assert model.mean == pytest.approx(60, rel=0.06)
    assert 7 < model.size < 14


def test_fit_of_poisson_counts_is_nearly_poisson() -> None:
    """Without overdispersion the size is large."""
    values = _counts(random.Random(4), 40, math.inf, 2000)
    assert fit_counts(values, [values]).size > 200


def test_promotion_days_do_not_hide_a_hole() -> None:
    """Two days of ten times the usual leave an empty day improbable."""
    alike = [60.0, 62.0, 55.0, 71.0, 600.0, 58.0, 64.0, 580.0, 66.0, 61.0, 59.0, 63.0]
    assert probability_of_none(fit_counts(alike, [alike] * 6)) < 1e-6


def test_small_counts_never_make_one_day_improbable() -> None:
    """With two orders a day an empty day is nothing to speak of."""
    alike = [2.0, 1.0, 3.0, 2.0, 2.0, 1.0, 4.0, 2.0]
    assert probability_of_none(fit_counts(alike, [alike])) > 0.05


def test_fit_needs_counts() -> None:
    """Nothing to learn from is an error."""
    with pytest.raises(ValueError, match="at least one"):
        fit_counts([], [])
