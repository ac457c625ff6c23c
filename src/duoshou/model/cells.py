"""Cells of a CSV file that a spreadsheet opens: no text may be taken for a formula, no id lose its digits."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_DIGITS = 11
"""A spreadsheet writes longer numbers as 1.23E+15, and keeps fifteen digits of them."""
BOM = "\ufeff"
"""Without it a spreadsheet does not take the file for UTF-8."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def harmless(cell: Any) -> Any:
    """Return a text that a spreadsheet cannot take for a formula; numbers stay.

    A quotation mark before the text makes it text (OWASP, CSV injection). A lone carriage return, which a spreadsheet
    takes for the end of the row even where Python does not quote it, becomes a line feed.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + text if cell.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(cell) else text


def faithful(cell: Any) -> Any:
    """Return a harmless cell that comes back as it was when a person opens, mends and saves the file.

    An id of many digits is written as `="123…"`, as platforms do: a constant that no spreadsheet rounds.
    """
    if isinstance(cell, str) and len(cell) > MOST_DIGITS and cell.isascii() and cell.isdigit():
        return f'="{cell}"'
    return harmless(cell)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a CSV with harmless cells; empty where there is no header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if header:
        writer.writerow([harmless(cell) for cell in header])
        writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()
