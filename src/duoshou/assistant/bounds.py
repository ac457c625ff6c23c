"""No answer is longer than an assistant can read: what is cut is told, and the rest can be asked for."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, TypeVar

from duoshou.assistant.answers import Page, Words

MOST_LETTERS = 40_000
"""Letters of JSON in the rows of one answer; about ten to twenty thousand tokens."""

MOST_CELL_LETTERS = 1000
EXACT_INTEGERS = 2**53
"""Beyond it a reader that takes every JSON number for a double loses digits."""

Item = TypeVar("Item")


def letters(value: Any) -> int:
    """Return the length of a value as JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))


def part_of(
    items: Sequence[Item], offset: int, limit: int, *, most_letters: int = MOST_LETTERS
) -> tuple[list[Item], Page]:
    """Return the part of `items` from `offset` on that fits, and what is left; one item is always given."""
    kept: list[Item] = []
    used = 0
    for item in items[offset : offset + limit]:
        used += letters(item) + 1
        if kept and used > most_letters:
            break
        kept.append(item)
    return kept, page(offset, len(kept), len(items))


def page(offset: int, returned: int, total: int | None, *, more: bool = False) -> Page:
    """Return which part of the whole this is.

    Args:
        offset: Rows left out before.
        returned: Rows given.
        total: Rows in all; None where nobody counted them.
        more: Whether there are more, where nobody counted them.
    """
    end = offset + returned
    goes_on = more if total is None else end < total
    note = None
    if goes_on:
        whole = "" if total is None else f"，共 {total} 行"
        whole_en = "" if total is None else f" of {total}"
        note = Words(
            zh=f"只给了第 {offset + 1}–{end} 行{whole}；用 offset={end} 取下一页，或缩小范围",
            en=f"rows {offset + 1}–{end}{whole_en}; ask with offset={end} for the next part, or narrow the question",
        )
    elif total is not None and offset and not returned:
        note = Words(zh=f"只有 {total} 行，offset 超出了", en=f"there are only {total} rows; the offset is beyond them")
    return Page(offset=offset, returned=returned, total=total, next_offset=end if goes_on else None, note=note)


def plain_cell(value: object, most_letters: int = MOST_CELL_LETTERS) -> tuple[Any, bool]:
    """Return a cell as JSON carries it without loss, and whether its text was cut."""
    if value is None or isinstance(value, bool):
        return value, False
    if isinstance(value, int):
        return (value if abs(value) <= EXACT_INTEGERS else str(value)), False
    if isinstance(value, float):
        return (value if math.isfinite(value) else str(value)), False
    text = value if isinstance(value, str) else str(value)
    return (text, False) if len(text) <= most_letters else (text[:most_letters] + "…", True)
