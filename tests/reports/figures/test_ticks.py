"""Where the lines of axes stand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.reports.figures.conftest import days_from

from duoshou.reports.figures.ticks import day_ticks, full_day, round_ticks, tick_decimals, tick_label


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.integers(2, 6))
def test_ticks_hold_the_range_in_round_equal_steps(low: float, size: float, about: int) -> None:
    """The first is at or below the least value, the last at or above the largest, the steps are equal and few."""
    high = low + size
    assume(high > low and size > abs(low) * 1e-6)
    ticks = round_ticks(low, high, about)
    step = ticks[1] - ticks[0]
    assert ticks[0] <= low + step * 1e-6
    assert ticks[-1] >= high - step * 1e-6
    assert all(abs((b - a) - step) <= abs(step) * 1e-6 for a, b in pairwise(ticks))
    assert len(ticks) <= about + 3


def test_a_flat_series_has_an_axis() -> None:
    """One value alone, or nothing but zero, still gives two lines."""
    assert len(round_ticks(5, 5, 4)) >= 2
    assert round_ticks(0, 0, 2) == [0, 0.5, 1]
    assert round_ticks(0, 1e-10, 4, whole=True) == [0, 1]


def test_people_are_whole() -> None:
    """No line at two and a half visitors."""
    assert all(tick == int(tick) for tick in round_ticks(0, 2, 4, whole=True))


@pytest.mark.parametrize(("ticks", "decimals"), [([0, 5], 0), ([0, 2.5], 1), ([0, 0.25], 2), ([0, 20000], 0)])
def test_decimals_tell_ticks_apart(ticks: list[float], decimals: int) -> None:
    """As many decimals as the step needs, and no more."""
    assert tick_decimals(ticks) == decimals


@pytest.mark.parametrize("count", [1, 2, 7, 14, 30, 60, 100, 180, 365, 548, 2000])
def test_days_are_few_and_within(count: int) -> None:
    """Never more than there is room for, each within the days, and always at least one."""
    days = days_from(date(2025, 5, 27), count)
    ticks = day_ticks(days, 8)
    assert 1 <= len(ticks) <= 8
    assert days[0] <= ticks[0]
    assert ticks[-1] <= days[-1]


def test_weeks_begin_on_mondays_and_years_are_written_once() -> None:
    """A month is ticked by Mondays; the first tick, and the first of a new year, has the year."""
    days = days_from(date(2026, 10, 26), 30)
    assert {day.weekday() for day in day_ticks(days, 8)} == {0}
    assert tick_label(days[0], None, "zh") == "2026-10-26"
    assert tick_label(days[7], days[0], "zh") == "11-02"
    assert tick_label(date(2026, 11, 3), days[0], "en") == "Nov 3"
    assert tick_label(date(2027, 1, 4), days[0], "en") == "Jan 4, 2027"
    assert full_day(date(2026, 11, 3), "zh") == "2026-11-03 周二"
    assert full_day(date(2026, 11, 3), "en") == "Tue Nov 3, 2026"
