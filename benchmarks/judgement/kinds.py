"""What each kind of incident is held against: `kinds.toml`, read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

Money = Literal["sales", "contribution"]


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of incident; the fields are described in `kinds.toml`."""

    places: tuple[str, ...]
    grace: int
    lag: int = 0
    series: str | None = None
    at: dict[str, str] = {}
    sign: Literal[-1, 1] = -1
    names: dict[str, tuple[str, ...]] = {}
    money: Money | None = None
    silent: bool = False

    def last_day(self, end: int, days: int) -> int:
        """Return the last day of a window of `days` days that belongs to an incident that ends on `end`."""
        return min(end + self.lag, days - 1)


class HonestSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Kinds that the files cannot always tell apart, and why."""

    kinds: tuple[str, ...]
    why: str


class Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kind: dict[str, Kind]
    files: dict[str, tuple[str, ...]]
    types: dict[str, str]
    causes: dict[str, str]
    aliases: dict[str, dict[str, tuple[str, ...]]]
    honest_set: tuple[HonestSet, ...]


@cache
def kinds() -> Kinds:
    """Return what `kinds.toml` says."""
    return msgspec.toml.decode((Path(__file__).parent / "kinds.toml").read_bytes(), type=Kinds)


def are_alike(one: str, other: str) -> bool:
    """Return whether two kinds stand in one honest set."""
    return any(one in each.kinds and other in each.kinds for each in kinds().honest_set)
