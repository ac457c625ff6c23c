"""Whether launches come in bursts, and how many arrive."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from duoshou.statistics.launches import Pace, arrivals, between, cadence


def test_the_index_is_variance_over_mean_and_its_p_that_of_chi_square() -> None:
    """With many launches a week the exact chance is that of the textbook's approximation."""
    counts = np.random.default_rng(1).poisson(20, 40).astype(float)
    found = cadence(counts)
    assert found.index is not None
    assert found.index == pytest.approx(counts.var(ddof=1) / counts.mean())
    assert found.p_bursts == pytest.approx(stats.chi2.sf(found.index * 39, 39), abs=0.03)


def test_chance_is_seldom_called_a_burst() -> None:
    """Of 200 shops whose launches fall like dice, at most one in forty has bursts, and one in forty is steady."""
    random = np.random.default_rng(2)
    paces = [cadence(random.poisson(0.8, 30).astype(float)).pace for _ in range(200)]
    assert paces.count(Pace.BURSTS) <= stats.binom.ppf(0.99, 200, 0.025)
    assert paces.count(Pace.STEADY) <= stats.binom.ppf(0.99, 200, 0.025)


def test_bursts_and_steady_launches_are_told() -> None:
    """Eight every eighth week, and two every week."""
    assert cadence(np.tile([8.0, 0, 0, 0, 0, 0, 0, 0], 4)).pace is Pace.BURSTS
    assert cadence(np.full(26, 2.0)).pace is Pace.STEADY
    assert cadence(np.full(5, 2.0)).pace is Pace.CANNOT_TELL
    assert cadence(np.zeros(0)).pace is Pace.CANNOT_TELL


def test_only_launches_that_are_old_enough_count() -> None:
    """A young launch that has not arrived yet says nothing, and neither does a young one that has."""
    times, ages = np.array([10.0, 45, np.nan, np.inf, 5]), np.array([100.0, 100, 100, 40, 20])
    month, quarter = arrivals(times, ages, (30, 90))
    assert (month.arrived, month.of) == (1, 4)
    assert (quarter.arrived, quarter.of) == (2, 3)
    exact = stats.binomtest(1, 4).proportion_ci(0.95, method="exact")
    assert (month.low, month.high) == pytest.approx((exact.low, exact.high))
    assert arrivals(times, ages, (365,))[0].share is None


def test_the_difference_is_newcombes() -> None:
    """His example (a) of 1998: 56 of 70 against 48 of 80, method 10."""
    found = between((56, 70), (48, 80))
    assert found is not None
    assert (found.difference, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert between((0, 0), (1, 2)) is None


@given(st.integers(0, 30), st.integers(0, 30))
def test_an_interval_holds_its_share(arrived: int, others: int) -> None:
    """For whatever counts."""
    times = np.array([1.0] * arrived + [np.inf] * others)
    found = arrivals(times, np.full(arrived + others, 99.0), (30,))[0]
    if found.share is not None and found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.share <= found.high <= 1
