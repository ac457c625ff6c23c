"""What the days of a shop are: for the noise of a series, and for findings that the calendar should have explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from benchmarks.judgement.books import Array

from duoshou.settings import Settings
from duoshou.settings.calendar import Calendar, load_calendar

SATURDAY = 5


@dataclass(frozen=True)
class Days:
    """Arrays of one entry a day.

    Attributes:
        weekday: 0 to 6, Monday first.
        is_festival: Whether a festival that moves the simulated shop is in one of its phases, or a holiday.
        is_usual: Whether it is neither that nor a pay-day.
    """

    weekday: Array
    is_festival: Array
    is_usual: Array

    @property
    def is_weekend(self) -> Array:
        """Whether it is a Saturday or a Sunday."""
        return np.asarray(self.weekday >= SATURDAY)


def days_of(truth: Mapping[str, Any]) -> Days:
    """Return what the days of a simulated shop are."""
    days = [date.fromisoformat(day) for day in truth["days"]]
    festival = truth["parameters"]["festival"]
    moving = frozenset(festival["weight"]) | frozenset(festival["quiet"])
    is_festival = np.array([_moves(day, moving) for day in days])
    paydays = set(truth["parameters"]["shop"]["payday_days"])
    is_payday = np.array([day.day in paydays for day in days])
    return Days(np.array([day.weekday() for day in days]), is_festival, ~(is_festival | is_payday))


@cache
def _moves(day: date, moving: frozenset[str]) -> bool:
    info = _calendar().day(day)
    return bool(info.holidays) or any(one.key in moving for one in info.festivals)


@cache
def _calendar() -> Calendar:
    return load_calendar(Settings())


def counted(findings: Sequence[int], days: Days, judged: slice) -> dict[str, tuple[int, int]]:
    """Return, per kind of day, findings first shown on it and the number of such days among the judged."""
    shown = np.zeros(len(days.weekday), dtype=int)
    np.add.at(shown, np.array(findings, dtype=int), 1)
    kinds = {
        "festival": days.is_festival,
        "weekend": days.is_weekend & ~days.is_festival,
        "other": ~(days.is_weekend | days.is_festival),
    }
    return {name: (int(shown[judged][some[judged]].sum()), int(some[judged].sum())) for name, some in kinds.items()}
