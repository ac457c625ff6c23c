"""Which day of one holding of a festival faces which day of another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from duoshou.settings.calendar.festival import Phase
from duoshou.settings.calendar.matching import match
from duoshou.settings.calendar.occurrence import Occurrence


def pair_days(one: Occurrence, other: Occurrence, mine: Sequence[date], theirs: Sequence[date]) -> dict[date, date]:
    """Return the day of `theirs` for each day of `mine` that has one; no day twice.

    Days of a phase face days of the same phase, in order, as near as possible in their distance from the day of the
    festival: at the same distance wherever the phases of both holdings agree. What is left over, because a phase was
    shorter, takes the same distance in whatever phase.

    Args:
        one: The holding of this year.
        other: The holding of the other year.
        mine: Days of `one` that it governs.
        theirs: Days of `other` that it governs.
    """
    phases, other_phases = _offsets(one, mine), _offsets(other, theirs)
    found: dict[int, int] = {}
    for phase in Phase:
        own = [offset for offset, each in phases.items() if each is phase]
        found |= _nearest(own, [offset for offset, each in other_phases.items() if each is phase])
    free = other_phases.keys() - found.values()
    found |= {offset: offset for offset in phases.keys() - found.keys() if offset in free}
    return {one.anchor + timedelta(days=here): other.anchor + timedelta(days=there) for here, there in found.items()}


def _offsets(one: Occurrence, days: Sequence[date]) -> dict[int, Phase]:
    held = ((day, one.phase_of(day)) for day in days)
    return {(day - one.anchor).days: found.phase for day, found in held if found is not None}


def _nearest(own: Sequence[int], others: Sequence[int]) -> dict[int, int]:
    """Return a partner for as many as there can be, with the smallest sum of distances."""
    fewer, more = sorted((own, others), key=len)
    if not fewer:
        return {}
    reach = max(fewer[-1], more[-1]) - min(fewer[0], more[0])
    chosen = [more[position] for position in match(fewer, more, reach) or ()]
    return dict(zip(fewer, chosen, strict=True) if fewer is own else zip(chosen, fewer, strict=True))
