"""What a day of a shop usually brings: its own weekday, its own weeks around."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from duoshou.statistics import CountModel, fit_counts

NEAREST = 8
"""Days of the same weekday that are looked at on each side."""

LEAST = 4
"""Fewer days of the same weekday than this carry no judgement."""


def weekday_model(counts: Mapping[date, float], day: date, leave_out: Collection[date] = ()) -> CountModel | None:
    """Return the model of the count of `day`, or None when the shop's history is too short to tell.

    Args:
        counts: Count per day; a day between the first and the last that is absent counts as 0.
        day: The day that is judged; it is left out itself.
        leave_out: Days that may be faulty too, such as the rest of the hole.
    """
    out = {day, *leave_out}
    kinds = [_nearest(counts, day + timedelta(days=shift), out) for shift in range(-3, 4)]
    alike = kinds[3]
    return fit_counts(alike, kinds) if len(alike) >= LEAST else None


def _nearest(counts: Mapping[date, float], day: date, out: Collection[date]) -> list[float]:
    first, last = min(counts), max(counts)
    values: list[float] = []
    for step in (timedelta(days=-7), timedelta(days=7)):
        other, found = day, 0
        while found < NEAREST and first <= (other := other + step) <= last:
            if other not in out:
                values.append(counts.get(other, 0))
                found += 1
    if day not in out and first <= day <= last:
        values.append(counts.get(day, 0))
    return values
