"""Workdays, public holidays and the days of festivals."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.model import Text
from duoshou.settings import CalendarSettings, Settings, SettingsError, Workspace, parse_settings
from duoshou.settings.calendar import Calendar, CalendarError, Phase, default_countries, load_calendar, lunar_day
from duoshou.settings.calendar.festival import festival_file, merged, shipped_festivals
from duoshou.settings.calendar.lunar import FIRST_YEAR, LAST_YEAR, lunar_years, qingming
from duoshou.settings.calendar.workdays import country_table, country_year

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
BEIJING = timedelta(hours=8)
# The notices of the State Council: days off from … to …, and the days of the weekend that are worked.
NOTICES = {
    2024: (
        ["01-01 01-01", "02-10 02-17", "04-04 04-06", "05-01 05-05", "06-10 06-10", "09-15 09-17", "10-01 10-07"],
        ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    ),
    2025: (
        ["01-01 01-01", "01-28 02-04", "04-04 04-06", "05-01 05-05", "05-31 06-02", "10-01 10-08"],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        ["01-01 01-03", "02-15 02-23", "04-04 04-06", "05-01 05-05", "06-19 06-21", "09-25 09-27", "10-01 10-07"],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}


def china() -> Calendar:
    """Return the calendar of a shop in China."""
    return load_calendar(Settings())


def whole_year(year: int) -> list[date]:
    """Return the days of a year."""
    return [date(year, 1, 1) + timedelta(days=step) for step in range(365 + (year % 4 == 0))]


@pytest.mark.parametrize("year", NOTICES)
def test_every_workday_of_a_year_is_that_of_the_notice(year: int) -> None:
    """Days off and make-up workdays, day by day, as the State Council published them."""
    spans, makeup = NOTICES[year]
    bounds = [[date.fromisoformat(f"{year}-{end}") for end in span.split()] for span in spans]
    worked = {date.fromisoformat(f"{year}-{day}") for day in makeup}
    for info in china().days(date(year, 1, 1), date(year, 12, 31)):
        is_off = any(first <= info.day <= last for first, last in bounds)
        is_weekend = info.day.weekday() >= 5 and info.day not in worked
        assert info.is_workday == (not is_off and not is_weekend), info
        assert info.is_makeup_workday == (info.day in worked), info
        assert info.announced or (info.day.month == 12 and info.day.day >= 25)


def test_a_holiday_has_its_name_in_both_languages() -> None:
    """The first of October is named, the fifth of November is not."""
    assert china().day(date(2026, 10, 1)).holidays == (Text("国庆节", "National Day"),)
    assert china().day(date(2026, 11, 5)).holidays == ()


def test_a_year_without_its_notice_says_so_and_guesses_nothing() -> None:
    """Before the notice, only what the law fixes is off: no day that the package supposes to be moved."""
    year = max(country for country in range(2024, 2040) if country_year("CN", country).announced) + 1
    calendar = china()
    assert {info.announced for info in calendar.days(date(year, 1, 1), date(year, 12, 31))} == {False}
    new_year = lunar_day(year, 1, 1)
    assert new_year is not None
    lawful = [new_year + timedelta(days=step) for step in range(-1, 3)]
    lawful += [date(year, 1, 1), date(year, 5, 1), date(year, 5, 2), *(date(year, 10, day) for day in (1, 2, 3))]
    lawful += [day for day in (qingming(year), lunar_day(year, 5, 5), lunar_day(year, 8, 15)) if day]
    assert set(country_year("CN", year).holidays) == set(lawful)
    assert not any(calendar.day(day).is_makeup_workday for day in whole_year(year))


def test_new_year_is_announced_by_the_next_notice() -> None:
    """The last days of a year are sure only once the next year's are; 29 December 2018 was worked by that of 2019."""
    calendar = china()
    assert calendar.day(date(2018, 12, 29)).is_makeup_workday
    last = max(year for year in range(2024, 2040) if country_year("CN", year).announced)
    assert [calendar.day(date(last, 12, day)).announced for day in (24, 25, 31)] == [True, False, False]
    assert calendar.day(date(last - 1, 12, 31)).announced


@pytest.mark.parametrize("year", range(2009, 2027))
def test_years_of_the_past_are_announced(year: int) -> None:
    """From 2009 to 2026 every notice is known, with at least four make-up workdays on weekends."""
    known = country_year("CN", year)
    assert known.announced
    assert len(known.makeup) >= 4
    assert all(day.weekday() >= 5 and day not in known.holidays for day in known.makeup)


def test_a_country_with_another_weekend() -> None:
    """In Saudi Arabia Friday is off and Sunday is worked."""
    calendar = load_calendar(Settings(calendar=CalendarSettings(countries=("SA",))))
    assert [calendar.day(date(2025, 7, day)).is_workday for day in (4, 5, 6)] == [False, False, True]


def test_the_country_follows_from_money_and_time_zone() -> None:
    """A currency of one country tells it; the euro needs the time zone; else nothing is assumed."""
    assert default_countries("CNY", "Asia/Shanghai") == ("CN",)
    assert default_countries("USD", "Asia/Shanghai") == ("US",)
    assert default_countries("EUR", "Europe/Berlin") == ("DE",)
    assert default_countries("EUR", "Asia/Shanghai") == ()


def test_a_shop_of_no_known_country_has_weekdays_only() -> None:
    """Without a country nothing is announced, and Monday to Friday are workdays."""
    calendar = load_calendar(Settings(currency="EUR", timezone="UTC"))
    days = calendar.days(date(2025, 12, 22), date(2025, 12, 28))
    assert [info.is_workday for info in days] == [True] * 5 + [False] * 2
    assert not any(info.announced or info.holidays for info in days)


def test_every_country_of_the_table_is_known() -> None:
    """No currency or time zone leads to a country that the package lacks."""
    table = country_table()
    for country in {*table.currency.values(), *table.timezone.values(), *table.yearly_notice}:
        assert country_year(country, 2025).holidays, country


def test_an_unknown_country_is_an_error_message() -> None:
    """Two letters of no country are named, with a hint."""
    with pytest.raises(CalendarError) as refused:
        load_calendar(Settings(calendar=CalendarSettings(countries=("XX",)))).day(date(2025, 1, 1))
    assert refused.value.code == "unknown_country"


def test_settings_choose_the_countries() -> None:
    """What `[calendar]` says wins over the currency; the holidays of every country are told, once each."""
    both = load_calendar(Settings(calendar=CalendarSettings(countries=("US", "CN"))))
    assert [name.en for name in both.day(date(2025, 1, 1)).holidays] == ["New Year's Day", "New Year's Day"]
    assert both.day(date(2025, 10, 1)).is_workday
    assert not china().day(date(2025, 10, 1)).is_workday


def test_a_variable_lists_countries_with_commas() -> None:
    """A list in the environment is separated by commas; what is no country is refused."""
    found = parse_settings("", environment={"DUOSHOU_CALENDAR_COUNTRIES": "CN, US"})[0]
    assert found.calendar.countries == ("CN", "US")
    with pytest.raises(SettingsError):
        parse_settings("", environment={"DUOSHOU_CALENDAR_COUNTRIES": "China"})


def new_moon(count: int) -> datetime:
    """Return a new moon in Beijing, `count` moons after that of 6 January 2000.

    J. Meeus, Astronomical Algorithms, chapter 49, with the terms above 0.0003 days: right to a few minutes.
    """
    century = count / 1236.85
    eccentricity = 1 - 0.002516 * century
    sun = math.radians(2.5534 + 29.10535670 * count)
    moon = math.radians(201.5643 + 385.81693528 * count + 0.0107582 * century**2)
    latitude = math.radians(160.7108 + 390.67050284 * count - 0.0016118 * century**2)
    terms = (
        (-0.40720, moon), (0.17241 * eccentricity, sun), (0.01608, 2 * moon), (0.01039, 2 * latitude),
        (0.00739 * eccentricity, moon - sun), (-0.00514 * eccentricity, moon + sun),
        (0.00208 * eccentricity**2, 2 * sun), (-0.00111, moon - 2 * latitude), (-0.00057, moon + 2 * latitude),
        (0.00056 * eccentricity, 2 * moon + sun), (-0.00042, 3 * moon), (0.00042 * eccentricity, sun + 2 * latitude),
        (0.00038 * eccentricity, sun - 2 * latitude),
    )  # fmt: skip
    days = 5.09766 + 29.530588861 * count + sum(size * math.sin(angle) for size, angle in terms)
    seconds_of_delta_t = 70
    return datetime(2000, 1, 1, 12) + timedelta(days=days, seconds=-seconds_of_delta_t) + BEIJING


def sun_longitude(day: date) -> float:
    """Return the sun's apparent longitude at midnight in Beijing, in degrees (Meeus, chapter 25: 0.01°)."""
    century = ((day - date(2000, 1, 1)).days - 0.5 - 8 / 24) / 36525
    mean = math.radians(357.52911 + 35999.05029 * century)
    center = (1.914602 - 0.004817 * century) * math.sin(mean) + 0.019993 * math.sin(2 * mean)
    node = math.radians(125.04 - 1934.136 * century)
    return (280.46646 + 36000.76983 * century + center - 0.00569 - 0.00478 * math.sin(node)) % 360


def test_every_lunar_month_begins_with_the_new_moon() -> None:
    """The table holds each month of 51 years, and each begins on the day of the new moon in Beijing."""
    months = [day for year in YEARS for day in lunar_years()[year].starts()[:-1]]
    first = next(count for count in range(-3, 3) if new_moon(count).date() == months[0])
    assert [new_moon(first + step).date() for step in range(len(months))] == months


def test_years_follow_one_another() -> None:
    """A year ends where the next begins, and has 12 months, 13 with a leap month."""
    for one, two in pairwise(lunar_years()[year] for year in YEARS):
        assert one.starts()[-1] == two.new_year
        assert len(one.months) == (13 if one.leap else 12)


def test_the_sun_enters_no_sign_in_a_leap_month() -> None:
    """That is what makes it one; and in the eleventh month it reaches 270 degrees."""
    for year in YEARS:
        starts, leap = lunar_years()[year].starts(), lunar_years()[year].leap
        if leap:
            signs = [sun_longitude(day) // 30 for day in (starts[leap], starts[leap + 1])]
            assert signs[0] == signs[1], year
        eleventh = lunar_day(year, 11, 1)
        assert eleventh is not None
        assert sun_longitude(eleventh) < 270 <= sun_longitude(eleventh + timedelta(days=30)), year


def test_qingming_is_the_day_of_15_degrees() -> None:
    """Before its midnight the sun has not reached 15 degrees, after it has."""
    for year in YEARS:
        day = qingming(year)
        assert day is not None
        assert sun_longitude(day) < 15.01, year
        assert sun_longitude(day + timedelta(days=1)) > 14.99, year


def test_holidays_fall_where_the_package_puts_them() -> None:
    """New year, Dragon Boat, Mid-Autumn (China) and Double Ninth (Hong Kong), every year."""
    for year in YEARS:
        found = holidays.country_holidays("CN", years=year, observed=False, language="en_US")
        for name, month, day in (("Chinese New Year (Spring", 1, 1), ("Dragon Boat", 5, 5), ("Mid-Autumn", 8, 15)):
            if year >= 2008:
                assert min(found.get_named(name)) == lunar_day(year, month, day), (year, name)
        hong_kong = holidays.country_holidays("HK", years=year, observed=False, language="en_HK")
        if ninth := hong_kong.get_named("Chung Yeung Festival", lookup="startswith"):
            assert abs((min(ninth) - (lunar_day(year, 9, 9) or date.min)).days) <= 1, year


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2025-01-07", "laba"), ("2025-01-22", "small_new_year"), ("2025-01-28", "spring_festival_eve"),
        ("2025-01-29", "spring_festival"), ("2026-02-17", "spring_festival"), ("2025-02-12", "lantern"),
        ("2024-04-04", "qingming"), ("2025-05-31", "dragon_boat"), ("2020-08-25", "qixi"), ("2026-08-19", "qixi"),
        ("2025-10-06", "mid_autumn"), ("2025-10-29", "double_ninth"), ("2025-06-18", "festival_618"),
        ("2025-11-11", "double_11"), ("2025-12-12", "double_12"), ("2025-05-11", "mothers_day"),
        ("2025-06-15", "fathers_day"), ("2025-02-14", "valentines_day"), ("2020-01-02", "laba"),
    ],
)  # fmt: skip
def test_festivals_fall_on_published_days(day: str, key: str) -> None:
    """The day itself, offset 0."""
    found = {one.key: one for one in china().day(date.fromisoformat(day)).festivals}
    assert found[key].offset == 0
    assert found[key].phase is Phase.PEAK


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("2025-11-28", "black_friday"), ("2024-11-29", "black_friday"), ("2019-11-29", "black_friday"),
        ("2024-07-16", "prime_day"), ("2025-09-01", "us_labor_day"), ("2025-05-26", "memorial_day"),
    ],
)  # fmt: skip
def test_american_festivals(day: str, key: str) -> None:
    """Thursdays are counted, not weeks: in 2019 the fourth one was the 28th."""
    found = load_calendar(Settings(currency="USD", timezone="America/New_York")).day(date.fromisoformat(day)).festivals
    assert {one.key: one.offset for one in found}[key] == 0


def test_phases_of_a_year_with_dates() -> None:
    """Singles' Day of 2022: two peaks, and the presale before; 2027 takes the rule and says it is an estimate."""

    def phase(day: date) -> tuple[str, bool]:
        one = next(one for one in china().day(day).festivals if one.key == "double_11")
        return one.phase.value, one.estimated

    assert phase(date(2022, 10, 24)) == ("presale", False)
    assert phase(date(2022, 10, 31)) == ("peak", False)
    assert phase(date(2022, 11, 5)) == ("warmup", False)
    assert phase(date(2022, 11, 12)) == ("hangover", False)
    assert phase(date(2027, 11, 11)) == ("peak", True)
    assert not china().day(date(2008, 11, 11)).festivals


def test_a_festival_of_dates_is_unknown_in_other_years() -> None:
    """Nobody guesses when Prime Day will be; and a shop of another platform has none."""
    american = Settings(currency="USD", timezone="America/New_York")
    of_2031 = load_calendar(american).days(date(2031, 6, 1), date(2031, 7, 31))
    assert not any(one.key == "prime_day" for info in of_2031 for one in info.festivals)
    other = load_calendar(american, platforms=("shopify",)).day(date(2024, 7, 16)).festivals
    assert not any(one.key == "prime_day" for one in other)


def test_the_greater_festival_comes_first() -> None:
    """On 1 October 2020 both were held; National Day governs the day."""
    assert [one.key for one in china().day(date(2020, 10, 1)).festivals] == ["national_day", "mid_autumn"]


def test_every_shipped_festival_is_held_at_least_once() -> None:
    """Each festival of the tables has a day in 2024, in one of its countries."""
    found = shipped_festivals()
    for festival in found.festival:
        calendar = Calendar(found, festival.countries[:1], festival.platforms)
        held = calendar.occurrence(festival.key, 2024)
        assert held is not None, festival.key
        peak = next(phase.days.start for phase in held.phases if phase.phase is Phase.PEAK)
        assert any(one.key == festival.key for one in calendar.day(peak).festivals)


def test_the_dates_of_a_year_lie_around_its_festival() -> None:
    """A slip of the pen in a year would put the festival outside its own phases."""
    found = shipped_festivals()
    rules = {one.key: one.rule for one in found.festival}
    assert len({(one.festival, one.year, one.platforms) for one in found.dates}) == len(found.dates)
    for dates in found.dates:
        rule = rules[dates.festival]
        day = rule.in_year(dates.year) if rule else dates.phases[0].first
        assert day is not None
        assert dates.phases[0].first <= day <= dates.phases[-1].last, (dates.festival, dates.year)
        assert abs((dates.phases[0].first - day).days) < 45


WRONG = {
    "rule": "[[festival]]\nkey = 'a'\nname = { zh = 'a', en = 'a' }\nrule = { month = 3 }",
    "overlap": "[[festival]]\nkey = 'a'\nname = { zh = 'a', en = 'a' }\nrule = { month = 3, day = 1 }\n"
    "phases = [{ phase = 'peak', from = 0, to = 2 }, { phase = 'hangover', from = 2, to = 3 }]",
    "no peak": "[[festival]]\nkey = 'a'\nname = { zh = 'a', en = 'a' }\nrule = { month = 3, day = 1 }\n"
    "phases = [{ phase = 'warmup', from = 0, to = 2 }]",
    "no festival": "[[dates]]\nfestival = 'a'\nyear = 2024\n"
    "phases = [{ phase = 'peak', from = 2024-01-01, to = 2024-01-02 }]",
    "unknown key": "[[festival]]\nkey = 'a'\nnmae = { zh = 'a', en = 'a' }",
    "not TOML": "[[festival",
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_faulty_file_is_named(fault: str, tmp_path: Path) -> None:
    """Whatever is wrong with `calendar.toml`, the error names the file and where to read on."""
    workspace = Workspace.create(tmp_path / "shop")
    (workspace.directory / "calendar.toml").write_text(WRONG[fault], encoding="utf-8")
    with pytest.raises(CalendarError) as refused:
        load_calendar(Settings(), workspace)
    assert refused.value.code == "calendar_invalid"
    assert "calendar.toml" in refused.value.message.zh


def test_the_shop_wins_over_the_product() -> None:
    """Dates of the workspace replace those of the product for that year; a festival of the same key replaces it."""
    own = festival_file(
        "[[dates]]\nfestival = 'double_11'\nyear = 2024\n"
        "phases = [{ phase = 'peak', from = 2024-11-10, to = 2024-11-12 }]",
        "calendar.toml",
    )
    calendar = Calendar(merged([shipped_festivals(), own]), ("CN",))
    assert not any(one.key == "double_11" for one in calendar.day(date(2024, 10, 21)).festivals)
    assert calendar.day(date(2024, 11, 12)).festivals[0].phase is Phase.PEAK
    assert calendar.day(date(2023, 10, 31)).festivals[0].phase is Phase.PEAK


@given(st.dates(date(2009, 1, 1), date(2030, 12, 31)))
def test_what_is_said_of_a_day_agrees_with_itself(day: date) -> None:
    """A make-up workday is a workday of the weekend; a holiday is none; festivals come by priority."""
    info = china().day(day)
    assert info.weekday == day.weekday()
    if info.is_makeup_workday:
        assert info.is_workday
        assert info.weekday >= 5
    if info.holidays:
        assert not info.is_workday
    priorities = [one.priority for one in info.festivals]
    assert priorities == sorted(priorities, reverse=True)
