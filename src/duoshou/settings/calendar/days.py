"""The calendar of a shop: what each day is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duoshou.model import Period, Text
from duoshou.settings.calendar.align import Alignment, align
from duoshou.settings.calendar.festival import (
    CALENDAR_FILE,
    FestivalFile,
    Phase,
    shipped_festivals,
    workspace_festivals,
)
from duoshou.settings.calendar.occurrence import Claim, Occurrence, occurrence
from duoshou.settings.calendar.workdays import country_year, default_countries, weekend_of
from duoshou.settings.schema import Settings
from duoshou.settings.workspace import Workspace

SATURDAY = 5
LAST_DAYS_OF_DECEMBER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FestivalDay:
    """What a day is in a festival.

    Attributes:
        key: Key of the festival.
        name: Its name.
        phase: Phase on that day.
        offset: Days from the day of the festival: negative before it.
        priority: Which festival governs a day that two claim: the higher number.
        estimated: Whether the phase is the usual one, while platforms fix it anew each year and nobody entered it.
    """

    key: str
    name: Text
    phase: Phase
    offset: int
    priority: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class DayInfo:
    """What a day is.

    Attributes:
        day: The day.
        weekday: Monday 0 to Sunday 6.
        is_workday: Whether people of the first country work, make-up workdays counted.
        is_makeup_workday: Whether it is a day of the weekend on which they work.
        holidays: Public holidays of every country of the calendar.
        festivals: Festivals under way, the one that governs the day first.
        announced: False where a country has not yet told its days off, or is not known: then only weekdays, days that
            the law fixes and dates of the Chinese calendar are sure.
    """

    day: date
    weekday: int
    is_workday: bool
    is_makeup_workday: bool
    holidays: tuple[Text, ...]
    festivals: tuple[FestivalDay, ...]
    announced: bool


class Calendar:
    """Workdays, public holidays and festivals of the countries in which a shop sells."""

    def __init__(self, found: FestivalFile, countries: Sequence[str], platforms: Sequence[str] = ()) -> None:
        """Take the festivals of `found` that are held in `countries` and on `platforms` (empty: on any)."""
        self.countries = tuple(countries)
        self.platforms = tuple(platforms)
        self._found = found
        self._festivals = [
            one
            for one in found.festival
            if (not one.countries or set(one.countries) & {*countries})
            and (not one.platforms or not platforms or set(one.platforms) & {*platforms})
        ]
        self._held: dict[int, dict[date, tuple[Claim, ...]]] = {}
        self._occurrences: dict[tuple[str, int], Occurrence | None] = {}

    def day(self, day: date) -> DayInfo:
        """Return what `day` is."""
        years = [country_year(country, day.year) for country in self.countries]
        is_makeup = bool(years) and day in years[0].makeup
        return DayInfo(
            day,
            day.weekday(),
            self._is_workday(day, is_makeup=is_makeup),
            is_makeup,
            tuple(dict.fromkeys(year.holidays[day] for year in years if day in year.holidays)),
            tuple(_festival_day(claim, day) for claim in self.claims(day)),
            bool(years) and self._is_announced(day),
        )

    def days(self, first: date, last: date) -> list[DayInfo]:
        """Return what each day from `first` to `last` is, both included.

        Raises:
            InvalidPeriod: If `last` lies before `first`.
        """
        return [self.day(day) for day in Period(first, last)]

    def align(self, period: Period, year_shift: int = -1) -> Alignment:
        """Return the day of another year that each day of `period` is held against; see `align`."""
        return align(self, period, year_shift)

    def claims(self, day: date) -> tuple[Claim, ...]:
        """Return the phases that hold `day`: the highest priority first, then the nearest to its peak."""
        if day.year not in self._held:
            self._held[day.year] = self._claims_of(day.year)
        return self._held[day.year].get(day, ())

    def governing(self, day: date) -> Claim | None:
        """Return the festival by which a day is compared with other years, and its phase; None for an ordinary day."""
        return next((claim for claim in self.claims(day) if claim[0].festival.aligned), None)

    def occurrence(self, key: str, number: int) -> Occurrence | None:
        """Return the holding of a festival by the year of its rule; None where there is none or nobody knows when."""
        if (key, number) not in self._occurrences:
            festival = next((one for one in self._festivals if one.key == key), None)
            found = occurrence(self._found, festival, number, self.platforms) if festival else None
            self._occurrences[key, number] = found
        return self._occurrences[key, number]

    def _claims_of(self, year: int) -> dict[date, tuple[Claim, ...]]:
        found: dict[date, list[Claim]] = {}
        # A festival of the lunar year, and a window around New Year, reach into the next year or the one before.
        for number in (year - 1, year, year + 1):
            for festival in self._festivals:
                one = self.occurrence(festival.key, number)
                for held in one.phases if one else ():
                    for day in held.days:
                        if day.year == year:
                            assert one is not None
                            found.setdefault(day, []).append((one, held))
        return {day: tuple(sorted(claims, key=lambda claim: _rank(claim[0], day))) for day, claims in found.items()}

    def _is_announced(self, day: date) -> bool:
        # The notice of a year also says which of the last days of December are worked or off for New Year.
        years = {day.year, (day + LAST_DAYS_OF_DECEMBER).year}
        return all(country_year(country, year).announced for country in self.countries for year in years)

    def _is_workday(self, day: date, *, is_makeup: bool) -> bool:
        if not self.countries:
            return day.weekday() < SATURDAY
        home = self.countries[0]
        is_off = day in country_year(home, day.year).holidays or day.weekday() in weekend_of(home, day.year)
        return is_makeup or not is_off


def load_calendar(settings: Settings, workspace: Workspace | None = None, platforms: Sequence[str] = ()) -> Calendar:
    """Return the calendar of a shop.

    Args:
        settings: `[calendar] countries`, or without them the country of its currency and time zone.
        workspace: Whose `calendar.toml`, if there is one, adds festivals and dates.
        platforms: Only festivals and dates of these platforms; empty: of all.

    Raises:
        CalendarError: For an unknown country or a festival that cannot be meant.
    """
    path = workspace.directory / CALENDAR_FILE if workspace else None
    found = workspace_festivals(path) if path and path.is_file() else shipped_festivals()
    countries = settings.calendar.countries or default_countries(settings.currency, settings.timezone)
    return Calendar(found, countries, platforms)


def _rank(one: Occurrence, day: date) -> tuple[int, int, str]:
    return -one.festival.priority, abs((day - one.anchor).days), one.festival.key


def _festival_day(claim: Claim, day: date) -> FestivalDay:
    one, held = claim
    festival = one.festival
    offset = (day - one.anchor).days
    return FestivalDay(festival.key, festival.name, held.phase, offset, festival.priority, one.is_estimated)
