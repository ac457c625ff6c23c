"""Which lists of an order's lines make up the order.

Normally the latest export that holds an order has all its lines. An order at the edge of a file may have been cut:
its first lines end one file and the rest begin another. This module decides from summaries of the lists; it is a pure
function of the set of lists, so the order in which files arrive cannot matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OrderList:
    """The lines of one order in one file.

    Attributes:
        exported_at: When the file was exported.
        source_hash: The file.
        part: Which table of the file.
        source_file: Name of the file.
        begins: Whether the file begins with this order.
        ends: Whether the file ends with this order.
        lines: What identifies each line: its number on the platform, or what was sold.
    """

    exported_at: datetime
    source_hash: str
    part: str
    source_file: str
    begins: bool
    ends: bool
    lines: tuple[object, ...]

    @property
    def position(self) -> tuple[datetime, str, str]:
        """Place in the fold: later lists win."""
        return (self.exported_at, self.source_hash, self.part)

    @property
    def at_edge(self) -> bool:
        """Whether the list may be cut."""
        return self.begins or self.ends


def resolve(lists: Sequence[OrderList]) -> list[OrderList]:
    """Return the lists whose lines, one list after the other, are the order; usually the latest list alone.

    - The latest list counts. Unless it lies at the edge of its file, earlier ones are forgotten.
    - Lists with the same lines are the same list exported again; the latest of them counts.
    - A list that ends its file and one that begins another, with other lines, are an order that was cut; files that
      hold nothing else come between them, in the order of their names.
    - A list at an edge that has fewer lines than an earlier whole one may be cut and does not replace it.
    """
    whole = max((one for one in lists if not one.at_edge), key=lambda one: one.position, default=None)
    later = [one for one in lists if one.at_edge and (whole is None or one.position > whole.position)]
    if not later:
        return [whole] if whole is not None else []
    pieces = _chain(_distinct(later))
    if whole is not None and _fewer(Counter(line for piece in pieces for line in piece.lines), Counter(whole.lines)):
        return [whole]
    return pieces


def _distinct(lists: Sequence[OrderList]) -> list[OrderList]:
    """Return the latest of the lists with equal lines, in order of export."""
    latest: dict[frozenset[tuple[object, int]], OrderList] = {}
    for one in sorted(lists, key=lambda one: one.position):
        latest[frozenset(Counter(one.lines).items())] = one
    return sorted(latest.values(), key=lambda one: one.position)


def _chain(lists: list[OrderList]) -> list[OrderList]:
    """Return the pieces of a cut order from its first line to its last, or the latest list alone."""
    latest = lists[-1]
    tails = [one for one in lists if one.ends and not one.begins][-1:]
    heads = [one for one in lists if one.begins and not one.ends][-1:]
    between = _without_parts([one for one in lists if one.begins and one.ends])
    chain = [*tails, *sorted(between, key=_by_name), *heads]
    return chain if latest in chain and len(chain) > 1 else [latest]


def _without_parts(lists: list[OrderList]) -> list[OrderList]:
    """Return the files that hold only this order, without earlier ones of which a later one is part or whole."""
    kept: list[OrderList] = []
    for one in reversed(lists):
        lines = Counter(one.lines)
        if not any(_within(lines, Counter(later.lines)) or _within(Counter(later.lines), lines) for later in kept):
            kept.append(one)
    return kept


def _by_name(one: OrderList) -> tuple[list[tuple[int, str]], tuple[datetime, str, str]]:
    """Sort key that puts `part 2` before `part 10`."""
    name = f"{one.source_file}/{one.part}"
    return [(int(text), "") if text.isdigit() else (0, text) for text in re.split(r"(\d+)", name)], one.position


def _within(small: Counter[object], large: Counter[object]) -> bool:
    return all(large[line] >= count for line, count in small.items())


def _fewer(small: Counter[object], large: Counter[object]) -> bool:
    return _within(small, large) and small.total() < large.total()
