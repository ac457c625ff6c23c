"""Signals of one trouble become one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from duoshou.analysts.diagnosis.troubles import Trouble

CLOSE = timedelta(days=3)
"""How far the starts of two signals of one trouble lie apart."""
PRODUCT = "product"
LEAST_PART = 0.5
"""Part of a wide trouble's money that narrower ones must carry to be the same."""


@dataclass(frozen=True, slots=True)
class Group:
    """One trouble: the signal that tells it best, and the others."""

    lead: Trouble
    members: tuple[Trouble, ...]


def grouped(troubles: Sequence[Trouble], loss: Callable[[Trouble], float | None]) -> list[Group]:
    """Return troubles with those that are the same put together.

    A wide trouble (of the shop) goes into the narrower ones that its cause says may tell it, where they had begun by
    about then and, as far as money is known, carry at least half of it. Where many subjects of a kind show the same
    cause from the same days on, they are one, led by the one that costs most.

    Args:
        troubles: Signals of one day.
        loss: Money of a signal, None where unknown.
    """
    absorbed: dict[int, list[Trouble]] = {}
    gone: set[int] = set()
    for place, wide in enumerate(troubles):
        narrow = [
            other
            for other, one in enumerate(troubles)
            if one.cause.key in wide.cause.told_by and one.start <= wide.start + CLOSE
        ]
        if narrow and _carries(wide, [troubles[other] for other in narrow], loss):
            leader = max(narrow, key=lambda other: abs(loss(troubles[other]) or 0.0))
            absorbed.setdefault(leader, []).append(wide)
            gone.add(place)
    for place, one in enumerate(troubles):
        if place in gone:
            continue
        alike = [
            other
            for other in range(len(troubles))
            if other not in gone and other != place and _is_alike(one, troubles[other])
        ]
        if all((abs(loss(troubles[other]) or 0.0), -other) <= (abs(loss(one) or 0.0), -place) for other in alike):
            for other in alike:
                absorbed.setdefault(place, []).extend([troubles[other], *absorbed.pop(other, [])])
                gone.add(other)
    return [Group(one, tuple(absorbed.get(place, ()))) for place, one in enumerate(troubles) if place not in gone]


def _carries(wide: Trouble, narrow: Sequence[Trouble], loss: Callable[[Trouble], float | None]) -> bool:
    if all(one.type != PRODUCT for one in narrow):
        return True  # their own money is no measure of what they did to the shop
    whole = loss(wide)
    parts = [part for part in map(loss, narrow) if part is not None]
    return whole is None or not parts or sum(parts) >= LEAST_PART * whole


def _is_alike(one: Trouble, other: Trouble) -> bool:
    return (
        one.type == other.type
        and one.cause.key == other.cause.key
        and abs(one.start - other.start) <= CLOSE
        and one.type in {"region", "keyword", "agent"}
    )
