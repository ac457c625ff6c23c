"""Days of another year that days of this year are fairly held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Protocol

from duoshou.model import Period, Text
from duoshou.settings.calendar.festival import PHASE_NAMES, Phase
from duoshou.settings.calendar.matching import match
from duoshou.settings.calendar.occurrence import Claim, Occurrence
from duoshou.settings.calendar.pairing import pair_days

WEEK = timedelta(weeks=1)
DAYS_OF_A_YEAR = 365.2425
SLACK_WEEKS = 13
"""How far an ordinary day may be moved from its place in the other year, unless days run out."""
PRICE_OF_A_FESTIVAL = 35
"""Days that ordinary days are rather moved, all told, than one of them be held against a day of a festival."""


class AlignmentRule(StrEnum):
    """How a day found its counterpart: by festival and phase, by festival alone, by weekday, by weekday for want."""

    FESTIVAL = "festival"
    OTHER_PHASE = "other_phase"
    WEEKDAY = "weekday"
    NO_COUNTERPART = "no_counterpart"


@dataclass(frozen=True, slots=True)
class Segment:
    """Days in a row that found their counterparts alike.

    Attributes:
        days: Days of the period.
        others: Their counterparts, in runs of days in a row.
        rule: How they were found.
        festival: Key of the festival that governs the days; None for ordinary days.
        phase: Its phase.
        text: The rule in words.
    """

    days: Period
    others: tuple[Period, ...]
    rule: AlignmentRule
    festival: str | None
    phase: Phase | None
    text: Text

    def in_words(self) -> Text:
        """Return the days, their counterparts and the rule in one line."""
        days, others = _span(self.days), ", ".join(_span(run) for run in self.others)
        return Text(f"{days} 对 {others}；{self.text.zh}", f"{days} against {others}; {self.text.en}")


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which day of the other year each day of a period is held against; no day twice.

    Attributes:
        period: The period.
        others: The counterpart of each of its days, in their order.
        segments: Which rule was used where, in the order of time.
    """

    period: Period
    others: tuple[date, ...]
    segments: tuple[Segment, ...]

    def notes(self) -> tuple[Text, ...]:
        """Return a line for each segment: its days, their counterparts and the rule."""
        return tuple(segment.in_words() for segment in self.segments)


class FestivalCalendar(Protocol):
    """What an alignment asks of a calendar."""

    def governing(self, day: date) -> Claim | None:
        """Return the festival by which a day is compared, and its phase."""

    def occurrence(self, key: str, number: int) -> Occurrence | None:
        """Return the holding of a festival in a year."""


def align(calendar: FestivalCalendar, period: Period, year_shift: int = -1) -> Alignment:
    """Return the day of the year `year_shift` away that each day of `period` is held against.

    A day that a festival governs faces a day of the other holding, as `pair_days` says. Every other day faces a day
    of the same weekday as near as possible to a whole number of weeks (52 for one year) away, not one of a festival
    unless it would have to be moved too far, in the order of time. Days of a festival for which the other holding has
    no day left come last and are treated like ordinary days. No day is used twice.
    """
    by_festival = _by_festival(calendar, period, year_shift)
    weeks = round(year_shift * DAYS_OF_A_YEAR / 7)
    others = dict(by_festival)
    rest = [day for day in period if day not in by_festival]
    for is_ordinary in (True, False):
        days = [day for day in rest if (calendar.governing(day) is None) == is_ordinary]
        others |= _by_weekday(calendar, days, WEEK * weeks, frozenset(others.values()))
    segments = tuple(_segments(calendar, period, by_festival, others, weeks))
    return Alignment(period, tuple(others[day] for day in period), segments)


def _span(days: Period) -> str:
    return f"{days.start}" if days.days == 1 else f"{days.start} – {days.end}"


def _by_festival(calendar: FestivalCalendar, period: Period, year_shift: int) -> dict[date, date]:
    found: dict[date, date] = {}
    seen: dict[tuple[str, int], Mapping[date, date]] = {}
    for day in period:
        if (claim := calendar.governing(day)) is None:
            continue
        key = claim[0].festival.key, claim[0].number
        if key not in seen:
            other = calendar.occurrence(key[0], key[1] + year_shift)
            seen[key] = _paired(calendar, claim[0], other) if other else {}
        if day in seen[key]:
            found[day] = seen[key][day]
    return found


def _paired(calendar: FestivalCalendar, one: Occurrence, other: Occurrence) -> dict[date, date]:
    return pair_days(one, other, _governed(calendar, one), _governed(calendar, other))


def _governed(calendar: FestivalCalendar, one: Occurrence) -> list[date]:
    claims = ((day, calendar.governing(day)) for held in one.phases for day in held.days)
    return [day for day, claim in claims if claim is not None and claim[0] == one]


def _by_weekday(
    calendar: FestivalCalendar, days: Sequence[date], shift: timedelta, taken: frozenset[date]
) -> dict[date, date]:
    found: dict[date, date] = {}
    for weekday in range(7):
        wanted = [day for day in days if day.weekday() == weekday]
        if wanted:
            found |= dict(zip(wanted, _nearest(calendar, [day + shift for day in wanted], taken), strict=True))
    return found


def _nearest(calendar: FestivalCalendar, wanted: Sequence[date], taken: frozenset[date]) -> list[date]:
    """Return a free day of the same weekday for each wanted one, near to it and cheap."""
    slack = SLACK_WEEKS
    while True:
        first = wanted[0] - slack * WEEK
        weeks = [first + step * WEEK for step in range((wanted[-1] - first).days // 7 + slack + 1)]
        free = [day for day in weeks if day not in taken]
        prices = [0 if calendar.governing(day) is None else PRICE_OF_A_FESTIVAL for day in free]
        points, places = ([day.toordinal() for day in days] for days in (wanted, free))
        if found := match(points, places, slack * 7, prices):
            return [free[position] for position in found]
        # Only so many days are taken: a wider reach finds enough that are free.
        slack *= 2


def _segments(
    calendar: FestivalCalendar,
    period: Period,
    by_festival: Mapping[date, date],
    others: Mapping[date, date],
    weeks: int,
) -> Iterator[Segment]:
    def kind(day: date) -> tuple[AlignmentRule, Claim | None]:
        claim = calendar.governing(day)
        if claim is None:
            return AlignmentRule.WEEKDAY, None
        if day not in by_festival:
            return AlignmentRule.NO_COUNTERPART, claim
        other = calendar.governing(others[day])
        is_same = other is not None and other[1].phase is claim[1].phase
        return (AlignmentRule.FESTIVAL if is_same else AlignmentRule.OTHER_PHASE), claim

    for (rule, claim), group in groupby(period, key=kind):
        days = list(group)
        festival, phase = (claim[0].festival.key, claim[1].phase) if claim else (None, None)
        found = Period.of_days(others[day] for day in days).runs
        yield Segment(Period(days[0], days[-1]), found, rule, festival, phase, _words(rule, claim, weeks))


def _words(rule: AlignmentRule, claim: Claim | None, weeks: int) -> Text:
    if claim is None:
        return Text(
            f"普通日：对 {abs(weeks)} 周{'前' if weeks < 0 else '后'}最近的同一星期几，尽量避开节日",
            f"ordinary days: the same weekday nearest to {abs(weeks)} weeks "
            f"{'before' if weeks < 0 else 'after'}, if possible no festival's",
        )
    one, held = claim
    name, phase = one.festival.name, PHASE_NAMES[held.phase]
    how = {
        AlignmentRule.FESTIVAL: Text("对那一年同一阶段的日子", "days of the same phase of that year"),
        AlignmentRule.OTHER_PHASE: Text(
            "那一年这天属于另一阶段，按离节日的天数对应", "another phase in that year; as far from the festival's day"
        ),
        AlignmentRule.NO_COUNTERPART: Text(
            "那一年没有对应的日子，按普通日处理", "that year has no such day; treated like ordinary days"
        ),
    }[rule]
    sure = Text("（阶段为估计）", " (phases estimated)") if one.is_estimated else Text("", "")
    return Text(f"{name.zh}·{phase.zh}{sure.zh}：{how.zh}", f"{name.en}, {phase.en}{sure.en}: {how.en}")
