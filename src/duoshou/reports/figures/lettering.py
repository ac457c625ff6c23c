"""How much room words take, before anything is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WIDE = frozenset("WFA")
_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_UNSAFE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# Marks that turn the direction of the text around them; a name must not turn the label beside it.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return `text` without what cannot stand in an XML document or turns the text around it; spaces are single."""
    kept = (" " if character.isspace() else character for character in text if character not in _TURNING)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in _UNSAFE).split())


def room(text: str, size: float) -> float:
    """Return about how wide `text` is at a font size, in pixels; rather too much than too little."""
    return size * sum(_room_of(character) for character in text)


def _room_of(character: str) -> float:
    if unicodedata.east_asian_width(character) in _WIDE:
        return 1.0
    if character in _NARROW:
        return 0.36
    if character in "mwMW%—":
        return 0.92
    return 0.68 if character.isupper() else 0.58


def fitted(text: str, size: float, most: float) -> str:
    """Return `text`, cut with an ellipsis if it is wider than `most` pixels."""
    if room(text, size) <= most:
        return text
    kept = text
    while kept and room(kept + "…", size) > most:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Flag:
    """A label above a plot, and the line that goes down from it.

    Attributes:
        left: Left end of the label.
        right: Right end of the label.
        line: Where its line goes down; None if it has none.
    """

    left: float
    right: float
    line: float | None = None


def lanes(flags: Sequence[Flag], most: int) -> list[int | None]:
    """Return the lane of each label, counted upward from the plot; None where no lane has room.

    No label lies on another of its lane, and no line runs through a label of a lane below its own. Later flags choose
    first: the newest is read first.
    """
    placed: list[tuple[Flag, int]] = []
    places: list[int | None] = []
    for flag in reversed(flags):
        lane = next((lane for lane in range(most) if all(_apart(flag, lane, *one) for one in placed)), None)
        if lane is not None:
            placed.append((flag, lane))
        places.append(lane)
    return places[::-1]


def _apart(flag: Flag, lane: int, other: Flag, lane_of_other: int) -> bool:
    """Return whether two flags in these lanes leave each other legible."""
    if lane == lane_of_other:
        return flag.right <= other.left or other.right <= flag.left
    upper, lower = (flag, other) if lane > lane_of_other else (other, flag)
    return upper.line is None or not lower.left < upper.line < lower.right


def rows_of(widths: Iterable[float], most: float) -> list[tuple[float, int]]:
    """Return (left end, row) of things set one after the other, in new rows where one is full."""
    places: list[tuple[float, int]] = []
    left, row = 0.0, 0
    for width in widths:
        if left and left + width > most:
            left, row = 0.0, row + 1
        places.append((left, row))
        left += width
    return places
