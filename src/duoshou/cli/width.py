"""Text in a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence


def display_width(text: str) -> int:
    """Return how many terminal columns `text` takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me")
        else 2
        if unicodedata.east_asian_width(letter) in ("W", "F")
        else 1
        for letter in text
    )


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` filled with spaces to `width` columns, on its left when it is to stand `right`."""
    filling = " " * max(0, width - display_width(text))
    return filling + text if right else text + filling


def shorten(text: str, width: int) -> str:
    """Return `text` cut to at most `width` columns, with … where something was cut."""
    if display_width(text) <= width:
        return text
    kept, used = "", 0
    for letter in text:
        used += display_width(letter)
        if used > width - 1:
            break
        kept += letter
    return kept + "…"


def one_line(text: str) -> str:
    """Return `text` without line ends and other control characters, which would break a table or steer the terminal."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Sequence[bool] = ()) -> str:
    """Return an aligned table as lines.

    Args:
        header: Column titles.
        rows: Cells as text.
        numeric: For each column whether it stands on the right; missing: on the left.
    """
    cells = [[one_line(cell) for cell in row] for row in [header, *rows]]
    widths = [max(display_width(row[column]) for row in cells) for column in range(len(header))]
    right = [*numeric, *[False] * (len(header) - len(numeric))]
    lines = ["  ".join(pad(cell, widths[at], right=right[at]) for at, cell in enumerate(row)).rstrip() for row in cells]
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was probably meant to be."""
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return close[0] if close else None
