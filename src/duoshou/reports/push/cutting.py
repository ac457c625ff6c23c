"""Cutting a message to what a platform takes: by bytes, between characters, and saying what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from duoshou.model import Text
from duoshou.reports.push.message import Message, Row, one_line

LONGEST_ROW = 600
"""Bytes after which a single row is cut, so that one long name does not push everything else out."""
ELLIPSIS = "…"


def cut_text(text: str, limit: int) -> str:
    """Return `text` if it has at most `limit` bytes in UTF-8, else its beginning with an ellipsis, in `limit` bytes.

    Characters stay whole. A limit too small for the ellipsis gives an empty text.
    """
    encoded = text.encode("utf-8")
    if len(encoded) <= limit:
        return text
    room = limit - len(ELLIPSIS.encode("utf-8"))
    return "" if room < 0 else encoded[:room].decode("utf-8", "ignore").rstrip() + ELLIPSIS


def fit_rows(message: Message, rows: Sequence[Row], fits: Callable[[Sequence[Row]], bool]) -> list[Row]:
    """Return as many rows from the beginning as fit, with a note on how many points are left out.

    Args:
        message: Whose language the note is in.
        rows: The rows of the message.
        fits: Whether rows fit into the platform's form; whatever holds fewer rows must fit if more do.

    Returns:
        All rows where they fit. Else the longest beginning that fits together with the note. No heading stands
        without a point below it.
    """
    short = [Row(cut_text(row.text, LONGEST_ROW), row.is_heading, row.is_note) for row in rows]
    if fits(short):
        return short
    low, high = 0, len(short)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(_beginning(message, short, middle)) else (low, middle - 1)
    return _beginning(message, short, low)


def _beginning(message: Message, rows: Sequence[Row], number: int) -> list[Row]:
    kept = list(rows[:number])
    while kept and kept[-1].is_heading:
        kept.pop()
    left = sum(not row.is_heading for row in rows[len(kept) :])
    note = message.say(Text(f"…还有 {left} 条", f"… {left} more"))
    return [*kept, Row(note, is_note=True)] if left else kept


def short_title(text: str, limit: int) -> str:
    """Return a title on one line in at most `limit` bytes."""
    return cut_text(one_line(text), limit)
