"""What figures are drawn from: plain values, no metric, no engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from duoshou.metrics import Unit

_BEYOND = 1e15

Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the shop on a day, or over days.

    Attributes:
        day: First day.
        label: What happened, short: 改价, 换主图, 双11.
        until: Last day of something that lasted; None for something that happened once.
    """

    day: date
    label: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """A metric over days, with what was expected of it and what happened.

    Attributes:
        title: Name of the metric.
        unit: What it counts in; a rate is a fraction.
        days: Days (or first days of weeks, months), ascending.
        actual: Value of each day; None is unknown and stays a gap.
        provisional: Days whose value will still move.
        expected: What was expected of each day; empty if nothing was.
        low: Lower end of the interval of each day; empty without interval.
        high: Upper end.
        level: Level of the interval, 0.9 for one of 90%; None leaves it unsaid.
        comparison: Value of the period of comparison, by position; empty without.
        comparison_label: Name of the comparison: 上周同期.
        events: What happened.
    """

    title: str
    unit: Unit
    days: tuple[date, ...]
    actual: Values
    provisional: frozenset[date] = frozenset()
    expected: Values = ()
    low: Values = ()
    high: Values = ()
    level: float | None = None
    comparison: Values = ()
    comparison_label: str = ""
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        """Refuse series of unequal length and days out of order."""
        for name in ("actual", "expected", "low", "high", "comparison"):
            values = getattr(self, name)
            if (values or name == "actual") and len(values) != len(self.days):
                raise ValueError(f"{name} has {len(values)} values for {len(self.days)} days")
        if any(later <= earlier for earlier, later in pairwise(self.days)):
            raise ValueError("days must ascend")
        if bool(self.low) != bool(self.high):
            raise ValueError("an interval has two ends")

    @property
    def step(self) -> timedelta:
        """Return the time from one value to the next: the shortest, since days may be missing."""
        return min((later - earlier for earlier, later in pairwise(self.days)), default=timedelta(days=1))

    @property
    def span(self) -> timedelta:
        """Return the time that all values cover, the last one's own time included."""
        return self.days[-1] - self.days[0] + self.step


@dataclass(frozen=True, slots=True)
class Change:
    """One driver of a change.

    Attributes:
        label: Name of the driver.
        value: What it added, negative if it took away; in the unit of the metric.
    """

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From one value to another, driver by driver.

    Where the drivers do not add up to the difference, the rest is drawn as a step of its own.

    Attributes:
        title: Name of the metric.
        unit: What it counts in.
        baseline: Value of the period of comparison; None if unknown.
        current: Value of the period; None if unknown.
        baseline_label: Name of the period of comparison.
        current_label: Name of the period.
        changes: The drivers, in the order of drawing.
    """

    title: str
    unit: Unit
    baseline: float | None
    current: float | None
    baseline_label: str
    current_label: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole.

    Attributes:
        label: Its name.
        value: Its contribution, signed; None if unknown.
    """

    label: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Bars:
    """What each part of a dimension contributed.

    Attributes:
        title: Name of metric and dimension.
        unit: What it counts in.
        parts: The parts, in any order.
        most: How many are drawn by themselves; the others are one rest.
        changes: Whether values are changes (with sign and colour) or levels.
    """

    title: str
    unit: Unit
    parts: tuple[Part, ...]
    most: int = 10
    changes: bool = True


def usable(value: float | None) -> bool:
    """Return whether a value can be drawn: known, finite, and of a size that anything in a shop can have."""
    return value is not None and abs(value) < _BEYOND


def known(values: Sequence[float | None]) -> list[float]:
    """Return the values that can be drawn."""
    return [value for value in values if value is not None and usable(value)]


def at(values: Values, place: int) -> float | None:
    """Return the value at a place; None where the series is empty or the value cannot be drawn."""
    value = values[place] if values else None
    return value if usable(value) else None
