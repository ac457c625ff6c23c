"""The cause library (`causes.toml`) as signatures over the features that a shop's files tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from msgspec import Struct, field

from duoshou.analysts.diagnosis.watched import read_data
from duoshou.statistics.signatures import Signature


class Cause(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One cause and how it shows.

    Attributes:
        key: Its name.
        subject: Kind of subject in which it shows.
        loads: Feature → typical move, relative to the other features.
        spread: Feature → how far the move may differ.
        needs: Features without which it cannot be told from others, alternatives parted by `|`; one that it moves must
            have moved its way.
        together: Features whose moves count as one mark: their joint score must have moved its way, not each of them.
        still: Features that must not have moved beyond chance.
        events: Kinds of events that speak for it.
        good: Whether it makes money.
        silent: Whether it explains itself, or is no trouble: it is told to nobody.
        accuses: Whether it suspects somebody: it needs the square of the odds that others need.
        either: Whether it may cost or earn, so that the sign of the money says nothing.
        least: Smallest size of the effect; what is less has another cause.
        most: Largest size of the effect.
        told_by: Causes of narrower subjects that, found at the same time, are the same trouble and tell it better.
    """

    key: str
    subject: str
    loads: dict[str, float]
    spread: dict[str, float] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    good: bool = False
    silent: bool = False
    accuses: bool = False
    either: bool = False
    least: float = 0.0
    most: float = math.inf
    told_by: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[tuple[str, ...], ...]:
        """Features that must have moved their way, those of a group jointly."""
        moved = [tuple(name for name in one if name in self.loads) for one in self.needed]
        alone = tuple(one for one in moved if one and not set(one) <= set(self.together))
        return (*alone, self.together) if self.together else alone

    @property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """What it needs, each as the features of which one is enough."""
        return tuple(tuple(one.split("|")) for one in self.needs)

    def signature(self, features: Sequence[str]) -> Signature:
        """Return the signature over `features`, in their order."""
        loads = np.array([self.loads.get(name, 0.0) for name in features])
        spread = np.array([self.spread.get(name, 0.0) for name in features])
        return Signature(loads, spread, self.least, self.most)


class _Library(Struct, frozen=True, forbid_unknown_fields=True):
    cause: tuple[Cause, ...]


@cache
def cause_library() -> tuple[Cause, ...]:
    """Return every cause."""
    library: _Library = read_data("causes.toml", _Library)
    return library.cause


def candidates(subject: str, features: Sequence[str]) -> tuple[Cause, ...]:
    """Return the causes of a kind of subject that the given features can tell: none of its needs is missing."""
    return tuple(
        cause
        for cause in cause_library()
        if cause.subject == subject
        and all(set(one) & set(features) for one in cause.needed)
        and set(cause.loads) & set(features)
    )
