"""The clock of seasons, and what is learnt of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from duoshou.statistics.lifetime.leaving import LeavingModel, expected_of_new, expected_orders, fit_leaving
from duoshou.statistics.lifetime.purchases import histories
from duoshou.statistics.lifetime.seasons import Seasons, learn_seasons

Floats = NDArray[np.float64]
DAYS = st.floats(0, 30_000)
PACES = st.lists(st.floats(0.1, 3), min_size=12, max_size=12).map(np.array)
FIRST = float(np.datetime64("2020-01-31").astype(np.int64))
TRUTH = np.array([1, 1, 1, 1, 0.7, 0.7, 0.7, 0.7, 1, 1, 1.9, 1.3])


def drawn(pace: Floats, years: float, customers: int = 3000) -> tuple[Floats, Floats]:
    """Return the first days of customers, and the days on which they bought again: two in five weeks, at that pace."""
    random = np.random.default_rng(11)
    end = FIRST + 365.25 * years
    first = FIRST + np.floor(random.uniform(0, 300, customers))
    day = np.arange(FIRST, end + 1)
    month = day.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    bought = random.poisson(pace[month] * 0.4 / 7 / 4, (customers, day.size)) * (day > first[:, None])
    return first, np.repeat(day, bought.sum(axis=0))


@given(DAYS, DAYS, DAYS, PACES)
@settings(max_examples=60, deadline=None)
def test_the_clock_adds_up_and_never_goes_back(one: float, other: float, third: float, pace: Floats) -> None:
    """From a day to a later one time passes, at a pace between the slowest and the fastest month, and parts add up."""
    first, middle, last = (np.array([each], dtype=np.float64) for each in sorted((one, other, third)))
    clock = Seasons(pace)
    whole = clock.passed(first, last)
    assert whole == pytest.approx(clock.passed(first, middle) + clock.passed(middle, last), abs=1e-6)
    assert pace.min() * (last - first) - 1e-6 <= whole <= pace.max() * (last - first) + 1e-6


def test_a_month_passes_at_its_own_pace() -> None:
    """From the end of January to that of February 2024, and to noon of the first of March."""
    clock = Seasons(np.arange(1.0, 13))
    january, february = (np.datetime64(one).astype(np.int64) * np.ones(1) for one in ("2024-01-31", "2024-02-29"))
    assert clock.passed(january, february) == pytest.approx(29 * 2)
    assert clock.passed(january, february + 0.5) == pytest.approx(29 * 2 + 0.5 * 3)


def test_known_seasons_are_found() -> None:
    """Three years of customers who buy nearly twice as much in November and less in summer."""
    first, again = drawn(TRUTH, 3)
    found = learn_seasons(lambda weeks: weeks * 0.1, first, again, FIRST + 365.25 * 3)
    assert found is not None
    assert found.pace == pytest.approx(TRUTH / TRUTH.mean(), abs=0.06)


@pytest.mark.parametrize("months", [26, 31])
def test_months_beyond_whole_years_keep_their_seasons(months: int) -> None:
    """Two or seven months more than two years have no level of their own, which would take their season away."""
    pace = np.where(np.arange(12) >= 10, 2.0, 0.8)
    first, again = drawn(pace, months / 12)
    found = learn_seasons(lambda weeks: weeks * 0.1, first, again, FIRST + 365.25 * months / 12)
    assert found is not None
    assert found.pace[10:].min() > 1.8


def test_an_even_year_has_no_seasons_or_hardly_any() -> None:
    """Months that scatter by chance alone are drawn to the even pace."""
    first, again = drawn(np.ones(12), 3)
    found = learn_seasons(lambda weeks: weeks * 0.1, first, again, FIRST + 365.25 * 3)
    assert found is None or found.pace == pytest.approx(np.ones(12), abs=0.03)


def test_fewer_than_two_years_tell_no_seasons() -> None:
    """A month seen once cannot be told from its year."""
    first, again = drawn(TRUTH, 1.9)
    assert learn_seasons(lambda weeks: weeks * 0.1, first, again, FIRST + 365.25 * 1.9) is None


@pytest.mark.parametrize("s", [0.6, 1.0, 1.7])
def test_a_new_customer_is_expected_to_buy_what_one_without_history_does(s: float) -> None:
    """The mean of Pareto/NBD is that of the conditional one at age 0."""
    model = LeavingModel(0.6, 11.0, s, 9.0, 0.0)
    for ahead in (0.5, 20.0, 300.0):
        expected = expected_orders(model, np.zeros(1), np.zeros(1), np.zeros(1), ahead)
        assert expected_of_new(model, ahead) == pytest.approx(float(expected[0]), rel=1e-9)


def test_an_even_clock_changes_no_fit() -> None:
    """At the pace of 1 the histories in the clock's time are those in days."""
    random = np.random.default_rng(2)
    first: Floats = FIRST + random.integers(0, 200, 500).astype(np.float64)
    age = 400 - (first - FIRST)
    last = np.where(random.random(500) < 0.6, np.floor(random.random(500) * age), 0.0)
    repeats = np.where(last > 0, random.poisson(2, 500) + 1.0, 0.0)
    clock = Seasons(np.ones(12))
    passed = [clock.passed(first, first + one) / 7 for one in (last, age)]
    plain, ours = fit_leaving(histories(repeats, last / 7, age / 7)), fit_leaving(histories(repeats, *passed))
    assert ours.parameters == pytest.approx(plain.parameters, rel=1e-5)
