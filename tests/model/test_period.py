"""Periods, their buckets and what they are compared with."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.model import Comparison, Grain, InvalidPeriod, Period, ScatteredDays, shift_months

days = st.dates(min_value=date(1999, 1, 1), max_value=date(2060, 12, 31))
periods = st.tuples(days, st.integers(0, 800)).map(lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1])))


@given(periods, st.sampled_from(Grain))
def test_buckets_cut_a_period_without_gap_or_overlap(period: Period, grain: Grain) -> None:
    """The buckets hold every day of the period once, each in one bucket of the grain."""
    parts = period.buckets(grain)
    assert [day for part in parts for day in part] == list(period)
    assert all(grain.start(part.start) == grain.start(part.end) for part in parts)
    assert len({grain.label(part.start) for part in parts}) == len(parts)


@given(periods)
def test_previous_period_ends_the_day_before(period: Period) -> None:
    """The previous period touches this one; it is as long, or both are whole months."""
    before = period.compared(Comparison.PREVIOUS)
    assert before.end == period.start - timedelta(days=1)
    whole_month = period.start.day == 1 and before.start.day == 1 and period.end == Grain.MONTH.end(period.start)
    assert before.days == period.days or whole_month


@given(periods)
def test_week_comparison_keeps_weekdays_and_does_not_overlap(period: Period) -> None:
    """The week comparison is as long, starts on the same weekday and ends before this period starts."""
    before = period.compared(Comparison.WEEK)
    assert before.days == period.days
    assert before.start.weekday() == period.start.weekday()
    assert before.end < period.start


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_month_holds_its_days_and_no_others(day: date) -> None:
    """From its first to its last."""
    month = Period.of_month(day)
    assert month.start <= day <= month.end
    assert month.start.day == 1
    assert (month.end + timedelta(days=1)).day == 1
    assert (month.start.year, month.start.month) == (month.end.year, month.end.month) == (day.year, day.month)


def test_year_comparison_of_a_leap_day_is_the_last_of_february() -> None:
    """29 February is compared with 28 February."""
    assert Period.of_day(date(2024, 2, 29)).compared(Comparison.YEAR) == Period.of_day(date(2023, 2, 28))


def test_previous_of_a_whole_month_is_the_whole_month_before() -> None:
    """March is compared with February, not with 31 days."""
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.compared(Comparison.PREVIOUS) == Period(date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("text", "start"),
    [("1d", date(2026, 3, 31)), ("2w", date(2026, 3, 18)), ("1m", date(2026, 3, 1)), ("30D", date(2026, 3, 2))],
)
def test_last_counts_back_from_the_end(text: str, start: date) -> None:
    """Lengths are counted with the last day included."""
    assert Period.last(text, date(2026, 3, 31)) == Period(start, date(2026, 3, 31))


@pytest.mark.parametrize("text", ["", "d", "0d", "-3d", "3y", "1.5d", "３０d x"])
def test_last_refuses_what_is_no_length(text: str) -> None:
    """A wrong length names itself and says how to write it."""
    with pytest.raises(InvalidPeriod) as caught:
        Period.last(text, date(2026, 3, 31))
    assert caught.value.code == "period_length"


def test_reversed_period_is_refused() -> None:
    """A period that ends before it begins is an error with a hint."""
    with pytest.raises(InvalidPeriod) as caught:
        Period(date(2026, 1, 2), date(2026, 1, 1))
    assert caught.value.hint is not None


@given(days, st.integers(-500, 300))
def test_shift_months_moves_the_month_and_keeps_the_day_where_it_can(day: date, months: int) -> None:
    """The shifted day lies in the wanted month and is the same day or that month's last."""
    shifted = shift_months(day, months)
    assert (shifted.year * 12 + shifted.month) - (day.year * 12 + day.month) == months
    assert shifted.day == day.day or shifted == Grain.MONTH.end(shifted)


def test_labels_are_iso() -> None:
    """Labels are the ISO names that the JSON contract fixes."""
    day = date(2026, 11, 22)
    assert [grain.label(day) for grain in Grain] == ["2026-11-22", "2026-W47", "2026-11"]
    assert Grain.WEEK.label(date(2027, 1, 1)) == "2026-W53"


def test_last_refuses_a_length_before_the_first_year() -> None:
    """A length that reaches before year 1 is an error, not a fault."""
    with pytest.raises(InvalidPeriod):
        Period.last("9999m", date(500, 1, 1))


@given(st.sets(days, min_size=1, max_size=40), st.sampled_from(Grain))
def test_any_days_make_a_period(chosen: set[date], grain: Grain) -> None:
    """Days with gaps keep their number, order and runs; days in a row are a plain period."""
    period = Period.of_days(chosen)
    assert list(period) == sorted(chosen)
    assert period.days == len(chosen)
    assert all(day in period for day in chosen)
    assert (period.start - timedelta(days=1)) not in period
    assert all((two.start - one.end).days > 1 for one, two in pairwise(period.runs))
    assert isinstance(period, ScatteredDays) == (len(period.runs) > 1)
    assert [day for part in period.buckets(grain) for day in part] == sorted(chosen)


def test_no_day_makes_no_period() -> None:
    """A period has a first day."""
    with pytest.raises(ValueError, match="at least one day"):
        Period.of_days([])


def test_only_a_calendar_compares_by_festival() -> None:
    """The period alone does not know which days are fair."""
    with pytest.raises(InvalidPeriod) as caught:
        Period.of_day(date(2026, 2, 17)).compared(Comparison.FESTIVAL)
    assert caught.value.code == "festival_without_calendar"
