"""What is left of a month's budget, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysts.channels.conftest import Asked, telling

from duoshou.analysts.channels import ChannelQuestion, study_channels
from duoshou.analysts.channels.pace import ORDINARY, Pace, pace_of
from duoshou.analysts.channels.past import Daily
from duoshou.model import Period
from duoshou.settings.calendar import load_calendar
from duoshou.settings.schema import Settings

CALENDAR = load_calendar(Settings())
YEAR = Period(date(2025, 8, 1), date(2026, 11, 4))


def spent(daily: float, *, lift: float = 1.0, period: Period = YEAR) -> Daily:
    """Return a shop that spends the same on each day, and `lift` times that on the days of last year's Double 11."""
    cost = np.full((period.days, 1), daily)
    for number, day in enumerate(period):
        if date(2025, 10, 1) <= day <= date(2025, 11, 20) and next(iter(CALENDAR.days(day, day))).festivals:
            cost[number] = daily * lift
    blank = np.zeros((period.days, 1))
    return Daily(period, ("ads_search",), cost, blank, blank, blank, np.ones(period.days), blank)


@pytest.fixture(scope="module")
def question(asked: Asked) -> ChannelQuestion:
    """Return a question on the fourth of November, with 30,000 for the month."""
    return replace(asked(telling()), as_of=YEAR.end, calendar=CALENDAR, month_budget=30_000.0)


def paced(question: ChannelQuestion, known: Daily) -> Pace:
    """Return the pace, which there is."""
    found = pace_of(question, known)
    assert found is not None
    return found


def test_days_left_share_what_is_left(question: ChannelQuestion) -> None:
    """What was spent and what the days left get make the budget; festivals get their part of last year."""
    found = paced(question, spent(100.0, lift=4.0))
    assert found.spent == pytest.approx(100.0 * 4)
    left = sum(one.budget * one.period.days for one in found.runs)
    assert found.spent + left == pytest.approx(found.budget)
    times = {one.title.en: one.times for one in found.runs}
    assert max(times.values()) > 2
    assert times[ORDINARY.en] == 1
    assert found.runs[0].period.start == YEAR.end + timedelta(days=1)
    assert found.runs[-1].period.end == date(2026, 11, 30)
    assert found.tomorrow == pytest.approx(found.runs[0].budget)
    assert not found.caveats


def test_a_festival_of_which_nobody_knows_last_year_is_like_other_days(question: ChannelQuestion) -> None:
    """Two months of figures know no last year: all days left get the same, and it is said."""
    found = paced(question, spent(100.0, period=Period(date(2026, 9, 1), YEAR.end)))
    assert {one.times for one in found.runs} == {1.0}
    assert found.due == pytest.approx(30_000 * 4 / 30)
    assert found.tomorrow == pytest.approx((30_000 - 400) / 26)
    assert any("去年" in one.zh for one in found.caveats)


def test_a_budget_that_is_spent_leaves_nothing(question: ChannelQuestion) -> None:
    """Nothing is left for the days to come, and by how much too much was spent is said."""
    found = paced(replace(question, month_budget=300.0), spent(100.0))
    assert found.tomorrow == found.ordinary == 0
    assert "100" in found.caveats[0].en


def test_days_of_which_nothing_is_known_are_said(question: ChannelQuestion) -> None:
    """A day without a report may have cost money."""
    known = spent(100.0)
    known.sales[-2:] = np.nan
    assert any("2 days" in one.en for one in paced(question, known).caveats)


def test_the_first_day_of_a_month_has_all_of_it(question: ChannelQuestion) -> None:
    """On the last day of October the month that is asked about is November."""
    period = Period(YEAR.start, date(2026, 10, 31))
    found = paced(replace(question, as_of=period.end), spent(100.0, period=period))
    assert (found.period.start, found.spent, found.due) == (date(2026, 11, 1), 0, 0)


@given(st.floats(1, 1e6), st.floats(0, 1e4), st.floats(0.1, 9), st.integers(0, 45))
def test_no_more_than_the_budget_is_given_out(
    question: ChannelQuestion, budget: float, daily: float, lift: float, back: int
) -> None:
    """Whatever was spent, the days left get what is left and no day gets less than nothing."""
    period = Period(YEAR.start, YEAR.end - timedelta(days=back))
    asked = replace(question, as_of=period.end, month_budget=budget)
    found = paced(asked, spent(daily, lift=lift, period=period))
    left = sum(one.budget * one.period.days for one in found.runs)
    assert left == pytest.approx(max(budget - found.spent, 0.0), rel=1e-6, abs=1e-6)
    assert all(one.budget >= 0 for one in found.runs)


def test_without_a_budget_there_is_no_pace_and_with_one_the_plan_keeps_to_it(asked: Asked) -> None:
    """The plan splits what an ordinary day has left."""
    assert study_channels(asked(telling())).pace is None
    found = study_channels(asked(telling(), month_budget=30_000.0))
    assert found.pace is not None
    assert found.plan is not None
    assert found.plan.asked == pytest.approx(found.pace.ordinary)
