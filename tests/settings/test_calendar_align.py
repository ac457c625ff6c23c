"""Which day of another year a day is held against."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.model import Period
from duoshou.settings import CalendarSettings, Settings
from duoshou.settings.calendar import Alignment, AlignmentRule, Calendar, load_calendar
from duoshou.settings.calendar.festival import festival_file
from duoshou.settings.calendar.matching import match

CHINA = load_calendar(Settings())
AMERICA = load_calendar(Settings(calendar=CalendarSettings(countries=("US",))))
periods = st.tuples(st.dates(date(2010, 1, 1), date(2029, 12, 31)), st.integers(0, 400)).map(
    lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1]))
)


def facing(alignment: Alignment) -> dict[date, date]:
    """Return day → counterpart."""
    return dict(zip(alignment.period, alignment.others, strict=True))


@settings(deadline=None)
@given(periods, st.sampled_from([CHINA, AMERICA]), st.sampled_from([-1, -2, 1]))
def test_as_many_days_and_none_twice(period: Period, calendar: Calendar, shift: int) -> None:
    """The comparison has a day of its own for every day of the period, told by the segments too."""
    alignment = calendar.align(period, shift)
    assert len(alignment.others) == period.days
    assert len(set(alignment.others)) == period.days
    assert [day for segment in alignment.segments for day in segment.days] == list(period)
    told = {day for segment in alignment.segments for run in segment.others for day in run}
    assert told == set(alignment.others)


@settings(deadline=None)
@given(periods, st.sampled_from([CHINA, AMERICA]))
def test_days_of_a_festival_face_days_of_the_same(period: Period, calendar: Calendar) -> None:
    """By the rule `festival` the same festival and phase, one year before; by `other_phase` the same festival."""
    alignment = calendar.align(period)
    found = facing(alignment)
    for segment in alignment.segments:
        for day in segment.days:
            mine, theirs = calendar.governing(day), calendar.governing(found[day])
            if segment.rule in (AlignmentRule.FESTIVAL, AlignmentRule.OTHER_PHASE):
                assert mine is not None
                assert theirs is not None
                assert theirs[0].festival.key == mine[0].festival.key == segment.festival
                assert theirs[0].number == mine[0].number - 1
                assert (theirs[1].phase is mine[1].phase) == (segment.rule is AlignmentRule.FESTIVAL)
            else:
                assert found[day].weekday() == day.weekday()
                assert (mine is None) == (segment.rule is AlignmentRule.WEEKDAY)


@settings(deadline=None)
@given(periods, st.sampled_from([CHINA, AMERICA]))
def test_order_is_kept_where_the_rule_is_one(period: Period, calendar: Calendar) -> None:
    """Ordinary days of one weekday keep their order, and so do the days of one phase of one festival."""
    alignment = calendar.align(period)
    found = facing(alignment)
    by_rule: dict[object, list[date]] = {}
    for segment in alignment.segments:
        for day in segment.days:
            claim = calendar.governing(day)
            if segment.rule is AlignmentRule.WEEKDAY:
                by_rule.setdefault(day.weekday(), []).append(found[day])
            elif segment.rule is AlignmentRule.FESTIVAL and claim:
                by_rule.setdefault((claim[0].festival.key, claim[0].number, claim[1].phase), []).append(found[day])
    for days in by_rule.values():
        assert days == sorted(days)


@settings(deadline=None)
@given(periods)
def test_a_festival_day_does_not_depend_on_the_period(period: Period) -> None:
    """A day that a festival pairs faces the same day, whatever else is asked for."""
    whole = CHINA.align(period)
    for segment in whole.segments:
        if segment.rule is AlignmentRule.FESTIVAL:
            alone = CHINA.align(segment.days)
            assert alone.others == tuple(facing(whole)[day] for day in segment.days)


def test_the_lunar_new_year() -> None:
    """2026 from eve to hangover faces 2025, 19 days earlier in the year."""
    alignment = CHINA.align(Period(date(2026, 2, 9), date(2026, 3, 2)))
    assert alignment.others == tuple(date(2025, 1, 21) + timedelta(days=step) for step in range(22))
    assert {segment.rule for segment in alignment.segments} == {AlignmentRule.FESTIVAL}
    eve = next(segment for segment in alignment.segments if segment.festival == "spring_festival_eve")
    assert eve.days == Period.of_day(date(2026, 2, 16))
    assert eve.others == (Period.of_day(date(2025, 1, 28)),)


def test_a_normal_week_faces_the_week_52_weeks_before() -> None:
    """Nothing is on in the middle of April: Monday to Sunday again."""
    alignment = CHINA.align(Period(date(2026, 4, 13), date(2026, 4, 19)))
    assert alignment.others == tuple(date(2025, 4, 14) + timedelta(days=step) for step in range(7))
    (segment,) = alignment.segments
    assert segment.rule is AlignmentRule.WEEKDAY
    assert "52 周前" in segment.text.zh


def test_618_faces_618() -> None:
    """The main peak faces the same days of June, on which the weekdays differ."""
    found = facing(CHINA.align(Period(date(2023, 6, 1), date(2023, 6, 30))))
    assert [found[date(2023, 6, day)] for day in (1, 16, 18, 20)] == [date(2022, 6, day) for day in (1, 16, 18, 20)]
    assert found[date(2023, 6, 27)] == date(2022, 6, 28)


def test_phases_that_moved_face_each_other() -> None:
    """In 2024 the presale of Singles' Day came ten days earlier: it faces the presale of 2023, and peaks face peaks."""
    found = facing(CHINA.align(Period(date(2024, 10, 14), date(2024, 11, 18))))
    assert [found[date(2024, 10, 14) + timedelta(days=step)] for step in range(7)] == [
        date(2023, 10, 24) + timedelta(days=step) for step in range(7)
    ]
    assert found[date(2024, 11, 1)] == date(2023, 11, 1)
    assert found[date(2024, 11, 11)] == date(2023, 11, 11)


def test_a_phase_that_moved_keeps_its_order() -> None:
    """In 2025 the festival ended three days later: the first day after it faces the first day after that of 2024."""
    found = facing(CHINA.align(Period(date(2025, 11, 15), date(2025, 11, 21))))
    assert list(found.values()) == [date(2024, 11, 12) + timedelta(days=step) for step in range(7)]


def test_days_of_another_phase_keep_their_distance() -> None:
    """What was one long sale in 2025 had a break in 2024: its days face the same dates, and the rule says so."""
    (segment,) = CHINA.align(Period(date(2025, 10, 25), date(2025, 10, 30))).segments
    assert segment.rule is AlignmentRule.OTHER_PHASE
    assert segment.others == (Period(date(2024, 10, 25), date(2024, 10, 30)),)


def test_a_longer_festival_says_which_days_have_no_counterpart() -> None:
    """The first wave of 2024 began before that of 2023: those days are compared like ordinary ones, and marked."""
    alignment = CHINA.align(Period(date(2024, 10, 21), date(2024, 10, 24)))
    (segment,) = alignment.segments
    assert segment.rule is AlignmentRule.NO_COUNTERPART
    assert all(CHINA.governing(day) is None for day in alignment.others)
    assert "没有对应" in segment.text.zh


def test_thanksgiving_moves_with_its_thursday() -> None:
    """Black Friday 2024 was a week later in the month than in 2023: peak faces peak."""
    found = facing(AMERICA.align(Period(date(2024, 11, 29), date(2024, 12, 2))))
    assert list(found.values()) == [date(2023, 11, 24) + timedelta(days=step) for step in range(4)]


def test_no_ordinary_day_faces_a_festival_nearby() -> None:
    """The days before the new year of 2026 lie where last year's festival was: they move aside, not into it."""
    alignment = CHINA.align(Period(date(2026, 1, 12), date(2026, 1, 18)))
    assert {segment.rule for segment in alignment.segments} == {AlignmentRule.WEEKDAY}
    assert all(CHINA.governing(day) is None for day in alignment.others)


def test_of_two_festivals_the_priority_decides() -> None:
    """Where two claim a day the higher number governs it; the other one's day is then without counterpart."""
    text = """
    [[festival]]
    key = "great"
    name = { zh = "大", en = "great" }
    rule = { month = 3, weekday = "sunday", nth = 2 }
    priority = 2
    [[festival]]
    key = "small"
    name = { zh = "小", en = "small" }
    rule = { month = 3, day = 10 }
    priority = 1
    """
    calendar = Calendar(festival_file(text, "calendar.toml"), ())
    assert date(2024, 3, 10).weekday() == 6
    assert facing(calendar.align(Period.of_day(date(2024, 3, 10)))) == {date(2024, 3, 10): date(2023, 3, 12)}
    (segment,) = calendar.align(Period.of_day(date(2025, 3, 10))).segments
    assert (segment.festival, segment.rule) == ("small", AlignmentRule.NO_COUNTERPART)


def test_the_year_after_is_the_way_back() -> None:
    """What faces the year before faces back, for festivals."""
    period = Period(date(2025, 1, 21), date(2025, 2, 11))
    there = CHINA.align(period, 1).others
    assert CHINA.align(Period(there[0], there[-1]), -1).others == tuple(period)


@given(
    st.sets(st.integers(0, 40), min_size=1, max_size=4).map(sorted),
    st.sets(st.integers(0, 40), min_size=1, max_size=7).map(sorted),
    st.integers(0, 40),
    st.data(),
)
def test_the_assignment_is_the_cheapest(points: list[int], places: list[int], reach: int, data: st.DataObject) -> None:
    """No other choice of places, tried one by one, costs less."""
    prices = data.draw(st.lists(st.integers(0, 20), min_size=len(places), max_size=len(places)))
    found = match(points, places, reach, prices)
    every = [
        sum(abs(points[turn] - places[place]) + prices[place] for turn, place in enumerate(chosen))
        for chosen in combinations(range(len(places)), len(points))
        if all(abs(points[turn] - places[place]) <= reach for turn, place in enumerate(chosen))
    ]
    if found is None:
        assert not every
    else:
        assert all(one < two for one, two in pairwise(found))
        assert sum(abs(a - places[b]) + prices[b] for a, b in zip(points, found, strict=True)) == min(every)


@pytest.mark.parametrize("year", range(2011, 2030))
def test_a_year_is_compared_with_most_of_the_year_before(year: int) -> None:
    """Over a whole year nearly all days of the year before are used, and few of other years."""
    others = CHINA.align(Period(date(year, 1, 1), date(year, 12, 31))).others
    assert sum(day.year == year - 1 for day in others) > 320
    assert all(abs((day - date(year - 1, 7, 1)).days) < 290 for day in others)
