"""Where the lines of an axis stand: round numbers, and days that a calendar would mark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from duoshou.model import Language

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_STEPS = (1, 2, 3, 6, 12)
_DAY_STEPS = (1, 2, 7, 14)
_LONG = 100
_SAME = 1e-9


def round_ticks(low: float, high: float, about: int, *, whole: bool = False) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`, about `about` steps.

    Steps are 1, 2, 2.5 or 5 times a power of ten; `whole` allows no step below one.
    """
    if high - low <= _SAME * max(abs(low), abs(high), _SAME):
        high = low + (abs(low) if abs(low) > _SAME else 1.0)
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor for factor in _ROUND if factor * power >= raw * (1 - 1e-9)) * power
    if whole:
        step = max(1.0, float(math.ceil(step)))
    first = math.floor(low / step + 1e-9)
    last = max(first + 1, math.ceil(high / step - 1e-9))
    return [number * step for number in range(first, last + 1)]


def tick_decimals(ticks: Sequence[float]) -> int:
    """Return how many decimals tell the numbers of an axis apart."""
    step = ticks[1] - ticks[0]
    return next((number for number in range(7) if math.isclose(round(step, number), step, rel_tol=1e-6)), 7)


def day_ticks(days: Sequence[date], most: int) -> list[date]:
    """Return at most about `most` of the days to write under an axis: every day, Mondays, or firsts of months."""
    if len(days) <= 1:
        return list(days)
    first, last = days[0], days[-1]
    span = (last - first).days + 1
    if span <= _LONG:
        for step in _DAY_STEPS:
            chosen = [day for day in days if _falls(day, last, step)]
            if len(chosen) <= most:
                return chosen
    for step in _MONTH_STEPS:
        months = [day for day in _month_starts(first, last) if (day.month - 1) % step == 0]
        if len(months) <= most:
            return months
    return [day for day in _month_starts(first, last) if day.month == 1]


def _falls(day: date, last: date, step: int) -> bool:
    if step <= 2:
        return (last - day).days % step == 0
    return day.weekday() == 0 and (day.toordinal() - 1) % step == (last.toordinal() - 1 - last.weekday()) % step


def _month_starts(first: date, last: date) -> list[date]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = (date(number // 12, number % 12 + 1, 1) for number in numbers)
    return [day for day in starts if day >= first]


def day_label(day: date, language: Language) -> str:
    """Return a day as an axis writes it: 11-03, Nov 3."""
    return f"{day:%m-%d}" if language == "zh" else f"{_MONTHS[day.month - 1]} {day.day}"


def tick_label(day: date, before: date | None, language: Language) -> str:
    """Return a day as an axis writes it; the first, and the first of a year, with the year where months are written."""
    if before is not None and before.year == day.year:
        return day_label(day, language)
    return f"{day:%Y-%m-%d}" if language == "zh" else f"{day_label(day, language)}, {day.year}"


def full_day(day: date, language: Language) -> str:
    """Return a day with year and weekday."""
    if language == "zh":
        return f"{day:%Y-%m-%d} 周{'一二三四五六日'[day.weekday()]}"
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    return f"{weekday} {day_label(day, language)}, {day.year}"
