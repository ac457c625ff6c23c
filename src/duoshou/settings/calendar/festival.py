"""Festivals as data: the tables in `festivals/`, and those of a workspace's `calendar.toml`."""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from duoshou.model import Place, Text
from duoshou.settings.calendar.errors import CalendarError
from duoshou.settings.calendar.lunar import lunar_day, qingming

CALENDAR_FILE = "calendar.toml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Key = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_]*$", max_length=60)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]


class Phase(StrEnum):
    """Part of a festival: people order ahead, look around, buy, and rest."""

    PRESALE = "presale"
    WARMUP = "warmup"
    PEAK = "peak"
    HANGOVER = "hangover"


PHASE_NAMES = {
    Phase.PRESALE: Text("预售", "presale"),
    Phase.WARMUP: Text("预热", "warm-up"),
    Phase.PEAK: Text("爆发", "peak"),
    Phase.HANGOVER: Text("余波", "hangover"),
}


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On which day a festival falls; exactly one of `day`, `weekday`, `lunar` and `solar_term`.

    Attributes:
        month: Month of `day` and of `weekday`.
        day: Day of the month.
        weekday: A weekday in English, counted by `nth`.
        nth: Which one of the month; -1: the last.
        lunar: Month and day of the Chinese calendar, such as `8-15`.
        solar_term: A day by the sun.
        offset: Days to add: the eve of a festival is -1.
    """

    month: Annotated[int, Meta(ge=1, le=12)] | None = None
    day: Annotated[int, Meta(ge=1, le=31)] | None = None
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] | None = None
    nth: Literal[-1, 1, 2, 3, 4, 5] = 1
    lunar: Annotated[str, Meta(pattern="^([1-9]|1[0-2])-([1-9]|[12][0-9]|30)$")] | None = None
    solar_term: Literal["qingming"] | None = None
    offset: int = 0

    def is_complete(self) -> bool:
        """Return whether the rule says one thing, and all of it."""
        named = [value for value in (self.day, self.weekday, self.lunar, self.solar_term) if value is not None]
        return len(named) == 1 and (self.month is not None) == (self.day is not None or self.weekday is not None)

    def in_year(self, year: int) -> date | None:
        """Return the day in a year (for `lunar`: in the lunar year that begins in it); None where it has none."""
        found = self._named_day(year)
        return None if found is None else found + timedelta(days=self.offset)

    def _named_day(self, year: int) -> date | None:
        if self.lunar is not None:
            month, _, day = self.lunar.partition("-")
            return lunar_day(year, int(month), int(day))
        if self.solar_term is not None:
            return qingming(year)
        assert self.month is not None
        first, length = calendar.monthrange(year, self.month)
        if self.weekday is None:
            assert self.day is not None
            return date(year, self.month, self.day) if self.day <= length else None
        days = range(1 + (WEEKDAYS.index(self.weekday) - first) % 7, length + 1, 7)
        position = self.nth if self.nth < 0 else self.nth - 1
        return date(year, self.month, days[position]) if position < len(days) else None


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """A phase as days before (negative) and after the day of the festival."""

    phase: Phase
    first: int
    last: int


class DatedSpan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """A phase with the days on which it was held."""

    phase: Phase
    first: date
    last: date


class Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The phases of a festival in one year, as its platforms announced them.

    Attributes:
        festival: Key of the festival.
        year: Year of its rule.
        phases: In the order of time, without overlap; at least one peak.
        platforms: Whose dates these are; empty: everybody's.
    """

    festival: Key
    year: Annotated[int, Meta(ge=1990, le=2100)]
    phases: tuple[DatedSpan, ...]
    platforms: tuple[str, ...] = ()


class Festival(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day, or a season of days, on which people buy otherwise.

    Attributes:
        key: Short name.
        name: Name for people.
        rule: When it is; None: only in years that have dates.
        phases: Its phases around that day, in the order of time, without overlap.
        priority: Which festival governs a day that two claim: the higher number.
        countries: Where it is held; empty: everywhere.
        platforms: Platforms that hold it; empty: all.
        first_year: Year of the first one.
        varies: Whether platforms fix its phases anew each year, so that a year without dates is estimated.
        aligned: Whether years are compared by it; false for a day that moves sales less than a weekday does.
    """

    key: Key
    name: Text
    rule: Rule | None = None
    phases: tuple[Span, ...] = (Span(Phase.PEAK, 0, 0),)
    priority: int = 50
    countries: tuple[Country, ...] = ()
    platforms: tuple[str, ...] = ()
    first_year: int = 1990
    varies: bool = False
    aligned: bool = True


class FestivalFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One TOML file."""

    festival: tuple[Festival, ...] = ()
    dates: tuple[Dates, ...] = ()


@cache
def shipped_festivals() -> FestivalFile:
    """Return the festivals of the product."""
    folder = files("duoshou.settings.calendar").joinpath("festivals")
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    read = [festival_file(path.read_text(encoding="utf-8"), path.name) for path in paths]
    return checked(merged(read), "festivals")


def workspace_festivals(path: Path) -> FestivalFile:
    """Return the product's festivals with those of a workspace's file, which win.

    Raises:
        CalendarError: If the file holds something that cannot be meant.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _faulty(path.name, Text(f"读不了：{error}", f"it cannot be read: {error}")) from error
    return festivals_with(text, path.name)


def festivals_with(text: str, name: str) -> FestivalFile:
    """Return the product's festivals with those of the TOML text of the file `name`, which win.

    Raises:
        CalendarError: If the text holds something that cannot be meant.
    """
    return checked(merged([shipped_festivals(), festival_file(text, name)]), name)


def festival_file(text: str, name: str) -> FestivalFile:
    """Return what the TOML text of the file `name` says.

    Raises:
        CalendarError: If it is not TOML or not of the shape.
    """
    try:
        return msgspec.convert(tomllib.loads(text), FestivalFile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise _faulty(name, Text(f"写法有误：{error}", f"it is not well formed: {error}")) from error


def merged(parts: Sequence[FestivalFile]) -> FestivalFile:
    """Return the files as one; a later festival replaces one of the same key, later dates come first."""
    festivals = {one.key: one for part in parts for one in part.festival}
    dates: tuple[Dates, ...] = ()
    for part in parts:
        dates = part.dates + dates
    return FestivalFile(tuple(festivals.values()), dates)


def checked(found: FestivalFile, name: str) -> FestivalFile:
    """Return `found` once every festival of it can be meant.

    Raises:
        CalendarError: For an incomplete rule, phases that overlap, none that is a peak, or dates of no festival.
    """
    keys = {one.key for one in found.festival}
    for one in found.festival:
        if one.rule is not None and not one.rule.is_complete():
            raise _faulty(name, Text(f"{one.key} 的 rule 不完整", f"the rule of {one.key} is incomplete"))
        _check_phases(name, one.key, [(span.phase, span.first, span.last) for span in one.phases])
    for dates in found.dates:
        if dates.festival not in keys:
            raise _faulty(name, Text(f"没有节日 {dates.festival}", f"there is no festival {dates.festival}"))
        spans = [(span.phase, span.first.toordinal(), span.last.toordinal()) for span in dates.phases]
        _check_phases(name, f"{dates.festival} {dates.year}", spans)
    return found


def _check_phases(name: str, what: str, spans: Sequence[tuple[Phase, int, int]]) -> None:
    ends = [end for _, first, last in spans for end in (first, last)]
    is_ordered = ends == sorted(ends) and all(before[2] < after[1] for before, after in pairwise(spans))
    if not is_ordered:
        raise _faulty(
            name,
            Text(f"{what} 的阶段要按时间先后、互不重叠", f"the phases of {what} must be in order and not overlap"),
        )
    if not any(phase is Phase.PEAK for phase, _, _ in spans):
        raise _faulty(name, Text(f"{what} 没有 peak 阶段", f"{what} has no phase peak"))


def _faulty(name: str, what: Text) -> CalendarError:
    return CalendarError(
        "calendar_invalid",
        Text(f"{name}：{what.zh}", f"{name}: {what.en}"),
        hint=Text("写法见 docs/how-to/add-a-festival.md", "see docs/how-to/add-a-festival.md"),
        place=Place(file=name),
    )
