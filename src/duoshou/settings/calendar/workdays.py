"""Public holidays and make-up workdays of a country, from the package `holidays`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from duoshou.model import Text
from duoshou.settings.calendar.errors import CalendarError

if TYPE_CHECKING:
    from holidays import HolidayBase

CHINESE = ("zh_CN", "zh_TW", "zh_HK")
ENGLISH = ("en_US", "en_GB", "en_HK")
SEPARATOR = "; "


class CountryTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `countries.toml` says.

    Attributes:
        yearly_notice: Countries whose days off are sure only once the year's notice is out.
        currency: Currency → country.
        timezone: Time zone → country, for currencies of several countries.
    """

    yearly_notice: tuple[str, ...]
    currency: Mapping[str, str]
    timezone: Mapping[str, str]


class CountryYear(msgspec.Struct, frozen=True):
    """One year of one country.

    Attributes:
        holidays: Day → name, for days off by law or by notice.
        makeup: Days of the weekend on which people work.
        announced: Whether the year's notice is known; else only the days that the law fixes are listed.
    """

    holidays: Mapping[date, Text]
    makeup: frozenset[date]
    announced: bool


@cache
def country_table() -> CountryTable:
    """Return the table of countries."""
    text = files("duoshou.settings.calendar").joinpath("countries.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), CountryTable)


def default_countries(currency: str, timezone: str) -> tuple[str, ...]:
    """Return the country in which a shop of that currency and time zone sells; empty where it cannot be told."""
    table = country_table()
    country = table.currency.get(currency) or table.timezone.get(timezone)
    return (country,) if country else ()


@cache
def country_year(country: str, year: int) -> CountryYear:
    """Return the public holidays of a country in a year, named in Chinese and English where the package can.

    Raises:
        CalendarError: If the package does not know the country.
    """
    known = _days(country, year)
    makeup = frozenset(day for day in known.weekend_workdays if day.year == year)
    announced = bool(makeup) or country not in country_table().yearly_notice
    if not announced:
        # Before the notice the package guesses where days move to; what the law fixes is sure.
        known = _days(country, year, observed=False)
    languages = tuple(known.supported_languages)
    english = _days(country, year, observed=announced, language=_first(ENGLISH, languages))
    chinese = _days(country, year, observed=announced, language=_first((*CHINESE, *ENGLISH), languages))
    days = {day: Text(_name(chinese, day), _name(english, day)) for day in sorted(known)}
    return CountryYear(days, makeup, announced)


@cache
def weekend_of(country: str, year: int) -> frozenset[int]:
    """Return the weekdays off, Monday 0 (a country's weekend has moved in some years)."""
    days = _days(country, year)
    week = (date(year, 6, day) for day in range(1, 8))
    return frozenset(day.weekday() for day in week if days.is_weekend(day))


def _days(country: str, year: int, **options: Any) -> HolidayBase:
    import holidays

    try:
        return holidays.country_holidays(country, years=year, expand=False, **options)
    except NotImplementedError as error:
        raise CalendarError(
            "unknown_country",
            Text(f"日历里没有国家或地区 {country}", f"the calendar knows no country {country}"),
            hint=Text(
                '请写两个字母的 ISO 代码，如 countries = ["CN"]',
                'write the two letters of ISO 3166, as in countries = ["CN"]',
            ),
        ) from error


def _first(wanted: tuple[str, ...], offered: tuple[str, ...]) -> str | None:
    return next((language for language in wanted if language in offered), None)


def _name(days: HolidayBase, day: date) -> str:
    return str(days.get(day, "")).replace(SEPARATOR, "、" if days.language in CHINESE else ", ")
