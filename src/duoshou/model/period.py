"""Days, weeks, months, and the periods that are compared with them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from duoshou.model.errors import DuoshouError
from duoshou.model.text import Text

EARLIEST, LATEST = date(1970, 1, 1), date(2999, 12, 31)
"""No shop has other days, and no comparison of these leaves the calendar."""


class InvalidPeriod(DuoshouError):
    """A period that cannot be read or that ends before it begins."""


class Grain(StrEnum):
    """Length of the buckets that a period is cut into. A week is Monday to Sunday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start(self, day: date) -> date:
        """Return the first day of the bucket that holds `day`."""
        if self is Grain.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Grain.MONTH else day

    def end(self, day: date) -> date:
        """Return the last day of the bucket that holds `day`."""
        if self is Grain.WEEK:
            return self.start(day) + timedelta(days=6)
        if self is Grain.MONTH:
            return day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return day

    def label(self, day: date) -> str:
        """Return the ISO name of the bucket: `2026-11-22`, `2026-W47` or `2026-11`."""
        if self is Grain.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        return day.isoformat()[:7] if self is Grain.MONTH else day.isoformat()


class Comparison(StrEnum):
    """What a period is held against."""

    PREVIOUS = "previous"
    WEEK = "week"
    YEAR = "year"
    FESTIVAL = "festival"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A run of whole days, both ends included.

    Attributes:
        start: First day.
        end: Last day.

    Raises:
        InvalidPeriod: If `end` lies before `start`.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InvalidPeriod(
                "period_reversed",
                Text(
                    f"结束日 {self.end} 早于开始日 {self.start}",
                    f"the end {self.end} lies before the start {self.start}",
                ),
                hint=Text("请交换 --from 与 --to", "swap --from and --to"),
            )

    @classmethod
    def of_day(cls, day: date) -> Period:
        """Return the period of one day."""
        return cls(day, day)

    @classmethod
    def of_month(cls, day: date) -> Period:
        """Return the calendar month of a day."""
        return cls(Grain.MONTH.start(day), Grain.MONTH.end(day))

    @staticmethod
    def of_days(days: Iterable[date]) -> Period:
        """Return the period of `days`, in whatever order; `ScatteredDays` where they are not all in a row.

        Raises:
            ValueError: If there is no day.
        """
        ordered = sorted(set(days))
        if not ordered:
            raise ValueError("a period has at least one day")
        breaks = [place for place, (one, two) in enumerate(pairwise(ordered), start=1) if (two - one).days > 1]
        bounds = pairwise([0, *breaks, len(ordered)])
        runs = tuple(Period(ordered[first], ordered[after - 1]) for first, after in bounds)
        return runs[0] if len(runs) == 1 else ScatteredDays(ordered[0], ordered[-1], runs)

    @classmethod
    def last(cls, text: str, end: date) -> Period:
        """Return the period that `text` (`30d`, `4w`, `6m`) spans up to and including `end`.

        Raises:
            InvalidPeriod: If `text` is no such length.
        """
        match = re.fullmatch(r"([1-9]\d{0,3})([dwm])", text.strip().lower())
        if match is None:
            raise InvalidPeriod(
                "period_length",
                Text(f"看不懂的时间长度“{text}”", f"not a length of time: {text!r}"),
                hint=Text("写成 30d（天）、4w（周）或 6m（月）", "write 30d (days), 4w (weeks) or 6m (months)"),
            )
        count, unit = int(match[1]), match[2]
        try:
            if unit == "m":
                return cls(shift_months(end, -count) + timedelta(days=1), end)
            return cls(end - timedelta(days=count * (7 if unit == "w" else 1) - 1), end)
        except (OverflowError, ValueError) as error:
            raise InvalidPeriod(
                "period_length", Text(f"时间长度“{text}”太长", f"the length {text!r} reaches too far back")
            ) from error

    @property
    def days(self) -> int:
        """Number of days, both ends counted."""
        return (self.end - self.start).days + 1

    @property
    def runs(self) -> tuple[Period, ...]:
        """The days as runs of days in a row: the period itself."""
        return (self,)

    def __iter__(self) -> Iterator[date]:
        """Yield every day in order."""
        return (self.start + timedelta(days=offset) for offset in range(self.days))

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def buckets(self, grain: Grain) -> list[Period]:
        """Return the parts of the period that fall into each bucket of `grain`, in order.

        The first and the last part are cut where the period is.
        """
        parts, day = [], self.start
        while day <= self.end:
            last = min(grain.end(day), self.end)
            parts.append(Period(day, last))
            day = last + timedelta(days=1)
        return parts

    def compared(self, comparison: Comparison) -> Period:
        """Return the period that this one is held against.

        `previous` is the equal number of days just before (a whole month: the month before), `week` the same
        weekdays one week earlier (for longer periods: the smallest whole number of weeks that does not overlap),
        `year` the same days of the year before, where 29 February becomes 28 February. `festival` needs a calendar.

        Raises:
            InvalidPeriod: For `festival`, whose days only a calendar tells.
        """
        if comparison is Comparison.FESTIVAL:
            raise InvalidPeriod(
                "festival_without_calendar",
                Text("按节日对比需要日历", "a comparison by festival needs a calendar"),
            )
        if comparison is Comparison.YEAR:
            return Period(shift_months(self.start, -12), shift_months(self.end, -12))
        if comparison is Comparison.WEEK:
            back = timedelta(weeks=-(-self.days // 7))
            return Period(self.start - back, self.end - back)
        before = self.start - timedelta(days=1)
        if self.start.day == 1 and self.end == Grain.MONTH.end(self.start):
            return Period(Grain.MONTH.start(before), before)
        return Period(before - timedelta(days=self.days - 1), before)


@dataclass(frozen=True, slots=True, order=True)
class ScatteredDays(Period):
    """Days with gaps between them; `start` and `end` are the first and the last.

    Attributes:
        pieces: Runs of days in a row, in order, at least two.
    """

    pieces: tuple[Period, ...]

    @property
    def runs(self) -> tuple[Period, ...]:
        """The days as runs of days in a row."""
        return self.pieces

    @property
    def days(self) -> int:
        """Number of days, those in the gaps not counted."""
        return sum(run.days for run in self.pieces)

    def __iter__(self) -> Iterator[date]:
        return (day for run in self.pieces for day in run)

    def __contains__(self, day: date) -> bool:
        return any(day in run for run in self.pieces)

    def buckets(self, grain: Grain) -> list[Period]:
        """Return the days that fall into each bucket of `grain`, in order."""
        keyed = groupby(self, key=grain.start)
        return [Period.of_days(days) for _, days in keyed]


def shift_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
