"""Tests of what is counted in a test and of the differences between arms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.trials.outcomes import Outcomes, differences


def test_a_difference_of_rates_by_hand() -> None:
    """40 of 400 against 60 of 400: the pooled error is √(.125·.875·2/400), the estimate .05."""
    found = differences(Outcomes(np.array([[400.0, 400.0]]), np.array([[40.0, 60.0]])), 1)
    assert found.estimates[0] == pytest.approx(0.05)
    assert found.errors[0] == pytest.approx(math.sqrt(0.125 * 0.875 / 200))
    assert found.effective[0] == 200
    assert found.logarithms()[0] == pytest.approx(math.log(1.5))
    assert found.ready[0]


def test_a_difference_of_means_is_welchs() -> None:
    """Error and degrees of freedom of a published worked example of Welch's test (Wikipedia's first samples)."""
    one = np.array([27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4])
    two = np.array([27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.4])
    outcomes = Outcomes(
        np.array([[15.0, 15.0]]), np.array([[one.sum(), two.sum()]]), np.array([[(one**2).sum(), (two**2).sum()]])
    )
    found = differences(outcomes, 1)
    error = math.sqrt(one.var(ddof=1) / 15 + two.var(ddof=1) / 15)
    assert found.errors[0] == pytest.approx(error)
    assert found.estimates[0] == pytest.approx(two.mean() - one.mean())
    parts = [(values.var(ddof=1) / 15) ** 2 / 14 for values in (one, two)]
    assert found.degrees[0] == pytest.approx(error**4 / sum(parts))
    assert not found.ready[0]


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=1, max_size=6), st.data())
def test_days_add_up(units: list[tuple[int, int]], data: st.DataObject) -> None:
    """The last look is that of all days in one, and an unknown day changes nothing."""
    wins = [[data.draw(st.integers(0, count)) for count in row] for row in units]
    table, won = np.array(units, dtype=float), np.array(wins, dtype=float)
    daily = differences(Outcomes(table, won), 1)
    whole = differences(Outcomes(table.sum(axis=0)[None], won.sum(axis=0)[None]), 1)
    gap = np.full((1, 2), np.nan)
    late = differences(Outcomes(np.vstack([gap, table]), np.vstack([gap, won])), 1)
    assert daily.estimates[-1] == pytest.approx(whole.estimates[0])
    assert daily.errors[-1] == pytest.approx(whole.errors[0])
    assert late.days.tolist() == [day + 1 for day in daily.days.tolist()]
    assert late.errors == pytest.approx(daily.errors)


@pytest.mark.parametrize(
    ("units", "totals", "squares"),
    [
        ([[5.0]], [[1.0]], None),
        ([[5.0, 5.0]], [[1.0]], None),
        ([[5.0, 5.0]], [[6.0, 1.0]], None),
        ([[5.0, 5.0]], [[-1.0, 1.0]], None),
        ([[-5.0, 5.0]], [[-6.0, 1.0]], None),
        ([[5.0, math.inf]], [[1.0, 1.0]], None),
        ([[5.0, 5.0]], [[1.0, 1.0]], [[1.0]]),
    ],
)
def test_counts_that_make_no_sense_are_refused(
    units: list[list[float]], totals: list[list[float]], squares: list[list[float]] | None
) -> None:
    """Shapes agree, numbers are finite, and no more units succeed than there are."""
    with pytest.raises(ValueError, match=r"units|numbers|rate|squares"):
        Outcomes(np.array(units), np.array(totals), None if squares is None else np.array(squares))


def test_only_other_arms_are_compared() -> None:
    """Arm 0 is not compared with itself, nor with an arm that is not there."""
    outcomes = Outcomes(np.ones((1, 2)), np.ones((1, 2)))
    for arm in (0, 2):
        with pytest.raises(ValueError, match="arm 0"):
            differences(outcomes, arm)
