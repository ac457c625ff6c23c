"""One holding of a festival: its phases on real days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duoshou.model import Period
from duoshou.settings.calendar.festival import Dates, Festival, FestivalFile, Phase


@dataclass(frozen=True, slots=True)
class Held:
    """One phase on real days.

    Attributes:
        phase: Which phase.
        days: Its days.
    """

    phase: Phase
    days: Period


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One holding of a festival.

    Attributes:
        festival: Which festival.
        number: Year of its rule: the holding of a year before has one less.
        anchor: The day of the festival, from which offsets count.
        phases: Its phases in the order of time.
        is_estimated: Whether the phases are the usual ones, while platforms fix them anew each year.
    """

    festival: Festival
    number: int
    anchor: date
    phases: tuple[Held, ...]
    is_estimated: bool

    def phase_of(self, day: date) -> Held | None:
        """Return the phase that holds a day."""
        return next((held for held in self.phases if day in held.days), None)


def occurrence(found: FestivalFile, festival: Festival, number: int, platforms: Sequence[str]) -> Occurrence | None:
    """Return the holding of a festival in a year; None where it was not held, or nobody knows when."""
    if number < festival.first_year:
        return None
    day = festival.rule.in_year(number) if festival.rule else None
    dates = _dates(found, festival, number, platforms)
    if dates is not None:
        spans = [(span.phase, Period(span.first, span.last)) for span in dates.phases]
        # Without a rule the day of the festival is the first day of the last peak.
        anchor = day or [days.start for phase, days in spans if phase is Phase.PEAK][-1]
        return Occurrence(festival, number, anchor, _held(spans), is_estimated=False)
    if day is None:
        return None
    around = [(span.phase, Period(_shifted(day, span.first), _shifted(day, span.last))) for span in festival.phases]
    return Occurrence(festival, number, day, _held(around), is_estimated=festival.varies)


def _dates(found: FestivalFile, festival: Festival, number: int, platforms: Sequence[str]) -> Dates | None:
    fitting = (one for one in found.dates if one.festival == festival.key and one.year == number)
    return next(
        (one for one in fitting if not (one.platforms and platforms) or set(one.platforms) & {*platforms}), None
    )


def _held(spans: Sequence[tuple[Phase, Period]]) -> tuple[Held, ...]:
    return tuple(Held(phase, days) for phase, days in spans)


def _shifted(day: date, days: int) -> date:
    return day + timedelta(days=days)


Claim = tuple[Occurrence, Held]
"""A festival, and the phase of it that holds a day."""
