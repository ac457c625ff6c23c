"""From which chance on a launch passes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from duoshou.statistics.launches import CHECKS, Limits, Population, last_check, limits, next_check


def exact(draws: int = 100) -> Population:
    """Return a population that is known exactly: Beta(2, 38), with its quarter and median."""
    upper, lower = stats.beta.ppf((0.75, 0.5), 2, 38)
    alpha, beta, bar, median = (np.full(draws, one) for one in (2.0, 38.0, upper, lower))
    return Population(alpha, beta, bar, median, 500)


def test_one_of_twenty_that_ever_pass_is_no_hit_where_the_law_is_known() -> None:
    """Counted by drawn launches, whose chances are those of the beta posterior: no fewer than promised, and no more."""
    paths = np.full((3, 60), 40.0)
    found = limits(exact(), paths)
    random = np.random.default_rng(3)
    rates = random.beta(2, 38, 40_000)
    upper, lower = stats.beta.ppf((0.75, 0.5), 2, 38)
    hits = np.cumsum(random.binomial(40, rates[:, None], (len(rates), 60)), axis=1)[:, np.array(CHECKS) - 1]
    tries = 40 * np.array(CHECKS)
    passed = (stats.beta.sf(upper, 2 + hits, 38 + tries - hits) >= found.passed).any(axis=1)
    failed = (stats.beta.cdf(lower, 2 + hits, 38 + tries - hits) >= found.failed).any(axis=1)
    assert (rates[passed] < upper).mean() == pytest.approx(0.05, abs=0.008)
    assert (rates[failed] > lower).mean() == pytest.approx(0.05, abs=0.008)
    assert 0.8 < found.passed < 0.95


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 6), st.integers(1, 70), st.floats(0, 200))
def test_limits_are_never_stricter_than_each_for_itself(launches: int, days: int, tries: float) -> None:
    """Between a half and 95 %, whatever the traffic; without any, 95 %."""
    found = limits(exact(), np.full((launches, days), tries))
    assert 0.5 <= found.passed <= 0.95
    assert 0.5 <= found.failed <= 0.95
    if not tries:
        assert found == Limits()


def test_checks_follow_each_other() -> None:
    """Each age lies between its last check and its next one."""
    assert [last_check(age) for age in (1, 3, 6, 7, 100)] == [0, 3, 3, 7, 60]
    assert [next_check(age) for age in (1, 3, 59, 60)] == [3, 7, 60, None]
