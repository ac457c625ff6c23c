"""Days of the simulation as the files need them: months, weeks, names of days, and the moment of the export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import numpy as np

from duoshou.demo.simulation.world import World


@dataclass(frozen=True)
class Stretch:
    """A run of days of the simulation, `begin` included and `end` not, as indexes."""

    begin: int
    end: int
    first: date
    last: date

    @property
    def days(self) -> slice:
        """The days as a slice of the first axis."""
        return slice(self.begin, self.end)

    @property
    def name(self) -> str:
        """The days as they stand in the names of files."""
        return f"{self.first}_{self.last}"


def months(world: World) -> Iterator[Stretch]:
    """Yield the calendar months, the first and the last as far as the window goes."""
    return _stretches(world, lambda one: (one.year, one.month))


def quarters(world: World) -> Iterator[Stretch]:
    """Yield the calendar quarters, the longest span that a shop fetches its past in."""
    return _stretches(world, lambda one: (one.year, (one.month + 2) // 3))


def weeks(world: World) -> Iterator[Stretch]:
    """Yield the whole weeks from Monday to Sunday: a platform gives no others."""
    begin = -world.first.weekday() % 7
    while begin + 7 <= world.days:
        yield Stretch(begin, begin + 7, world.first + timedelta(days=begin), world.first + timedelta(days=begin + 6))
        begin += 7


def day_names(world: World) -> list[str]:
    """Return the days as text."""
    return [str(world.first + timedelta(days=number)) for number in range(world.days)]


def index_of(world: World, moments: Any) -> Any:
    """Return the index of the day of each moment, -1 where it has not happened."""
    days = (moments.astype("datetime64[D]") - np.datetime64(world.first, "D")).astype(np.int64)
    return np.where(np.isnat(moments), -1, days)


def _stretches(world: World, group: Callable[[date], tuple[int, int]]) -> Iterator[Stretch]:
    begin = 0
    for _, members in groupby((world.first + timedelta(days=number) for number in range(world.days)), key=group):
        dates = list(members)
        yield Stretch(begin, begin + len(dates), dates[0], dates[-1])
        begin += len(dates)


def exported(world: World, number: int = 0) -> datetime:
    """Return when a file was fetched: the morning after the last day, one file a minute."""
    return datetime.combine(world.until + timedelta(days=1), time(9, 15)) + timedelta(minutes=number)
