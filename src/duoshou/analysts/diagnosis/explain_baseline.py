"""What a period is held against when nobody says."""

from __future__ import annotations

from dataclasses import dataclass

from duoshou.model import Comparison, Grain, Period, Text

WEEK = 7


@dataclass(frozen=True, slots=True)
class Baseline:
    """The days that the period is held against, and why these."""

    period: Period
    reason: Text


def default_baseline(period: Period) -> Baseline:
    """Return the same weekdays of the week before for less than a week, else the equal period just before.

    A whole month is held against the month before.
    """
    if period.days < WEEK:
        found = period.compared(Comparison.WEEK)
        if period.days == 1:
            return Baseline(found, Text("上周同一天", "the same weekday of the week before"))
        return Baseline(found, Text("上周同样的星期几", "the same weekdays of the week before"))
    found = period.compared(Comparison.PREVIOUS)
    if period.start.day == 1 and period.end == Grain.MONTH.end(period.start):
        return Baseline(found, Text("上一个月", "the month before"))
    return Baseline(found, Text("之前同样长的一段", "the equal period just before"))
