"""The Chinese lunisolar calendar, 2000 to 2050, and Qingming, from the table `lunar.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import msgspec

FIRST_YEAR, LAST_YEAR = 2000, 2050


class LunarYear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year of the Chinese calendar.

    Attributes:
        new_year: First day of the first month.
        months: One digit for each month in order, the leap month in its place: `1` for 30 days, `0` for 29.
        leap: The month after which the leap month comes; 0: none.
    """

    new_year: date
    months: str
    leap: int

    def starts(self) -> list[date]:
        """Return the first day of every month in order, and that of the next year."""
        days = [self.new_year]
        for digit in self.months:
            days.append(days[-1] + timedelta(days=29 + int(digit)))
        return days


@cache
def lunar_years() -> Mapping[int, LunarYear]:
    """Return the years of the table, by the Gregorian year in which each begins."""
    text = files("duoshou.settings.calendar").joinpath("lunar.toml").read_text(encoding="utf-8")
    return {int(year): msgspec.convert(row, LunarYear) for year, row in tomllib.loads(text)["years"].items()}


def lunar_day(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian date of a lunar day; None outside the table or where the month is a day shorter.

    Args:
        year: Lunar year, named after the Gregorian year in which it begins.
        month: 1 to 12; the month itself, never its leap repetition, in which no festival is held.
        day: 1 to 30.
    """
    row = lunar_years().get(year)
    if row is None:
        return None
    position = month - 1 + (1 if row.leap and month > row.leap else 0)
    if day > 29 + int(row.months[position]):
        return None
    return row.starts()[position] + timedelta(days=day - 1)


def qingming(year: int) -> date | None:
    """Return the day on which the sun reaches the longitude of 15 degrees; None outside the table.

    A closed form for the 21st century: the mean length of the solar year, less the leap days gone by.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    since = year - FIRST_YEAR
    return date(year, 4, int(since * 0.2422 + 4.81) - since // 4)
