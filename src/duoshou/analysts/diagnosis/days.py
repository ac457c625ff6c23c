"""What is known of every day in advance, as columns of a design."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from duoshou.settings.calendar import Calendar, DayInfo
from duoshou.settings.calendar.festival import Phase
from duoshou.statistics.expectation import Design

OPENING_DAYS = 2
"""A long sale is strong on its first days."""
LONG_PEAK = 3
"""Days of a peak from which on its days differ."""
AFTER_SALE = 7
"""Days after its last phase in which a great sale still shows."""
WEEK_OFF = 5
"""Days off from which on a holiday is one of its own: people travel."""


def calendar_design(calendar: Calendar, days: Sequence[date]) -> Design:
    """Return the calendar of `days`: phases of festivals, their first days and main days, holidays, make-up workdays.

    Columns of one group are alike: what all warm-ups do says something of a warm-up that the shop never saw.
    """
    infos = calendar.days(days[0], days[-1])
    columns: dict[tuple[str, str], np.ndarray] = {}

    def mark(group: str, name: str, number: int) -> None:
        columns.setdefault((group, name), np.zeros(len(infos)))[number] = 1.0

    for number, info in enumerate(infos):
        for group, name in _marks(infos, number, info):
            mark(group, name, number)
    ordered = sorted(columns)
    table = np.stack([columns[key] for key in ordered], axis=1) if ordered else np.zeros((len(infos), 0))
    weekdays = np.array([info.weekday for info in infos], dtype=np.int64)
    return Design(table, tuple(group for group, _ in ordered), weekdays)


def _marks(infos: Sequence[DayInfo], number: int, info: DayInfo) -> list[tuple[str, str]]:
    marks: list[tuple[str, str]] = []
    if info.festivals:
        governing = info.festivals[0]
        marks.append((governing.phase.value, governing.key))
        if governing.phase is Phase.PEAK and _is_long(infos, number, governing.key):
            if governing.offset == 0:
                marks.append(("main_day", governing.key))
            elif _opens(infos, number, governing.key):
                marks.append(("opening", governing.key))
    if info.holidays and not info.is_workday:
        marks.append(("holiday", info.holidays[0].zh if _is_week_off(infos, number) else "one of few days"))
    if info.is_makeup_workday:
        marks.append(("makeup_workday", "makeup_workday"))
    return marks


def _in_peak(info: DayInfo, key: str) -> bool:
    return bool(info.festivals) and info.festivals[0].key == key and info.festivals[0].phase is Phase.PEAK


def _is_long(infos: Sequence[DayInfo], number: int, key: str) -> bool:
    """Return whether the peak lasts so long that its days differ."""
    around = range(max(number - LONG_PEAK, 0), min(number + LONG_PEAK + 1, len(infos)))
    return sum(_in_peak(infos[place], key) for place in around) > LONG_PEAK


def _is_week_off(infos: Sequence[DayInfo], number: int) -> bool:
    around = infos[max(number - WEEK_OFF, 0) : number + WEEK_OFF + 1]
    return sum(bool(one.holidays) and not one.is_workday for one in around) >= WEEK_OFF


def _opens(infos: Sequence[DayInfo], number: int, key: str) -> bool:
    """Return whether the peak began less than `OPENING_DAYS` days before."""
    before = infos[max(number - OPENING_DAYS, 0) : number]
    return not before or not all(_in_peak(one, key) for one in before)


def great_sales(calendar: Calendar, days: Sequence[date]) -> np.ndarray:
    """Return which days belong to a sale with a long peak, from its first phase to some days after its last."""
    infos = calendar.days(days[0], days[-1])
    great = {
        one.festivals[0].key
        for number, one in enumerate(infos)
        if one.festivals and _is_long(infos, number, one.festivals[0].key)
    }
    held = np.array([any(festival.key in great for festival in one.festivals) for one in infos], dtype=np.bool_)
    for number in np.flatnonzero(held):
        held[number : number + AFTER_SALE + 1] = True
    return held
