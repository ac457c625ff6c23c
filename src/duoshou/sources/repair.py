"""Text with an unclosed quote or empty lines, made so that the engine's reader keeps every row and its number.

Only files whose bytes show such damage pass here, line by line; sound files never do.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import IO

_LOOK_AHEAD = 200


def repaired(file: IO[bytes], delimiter: str, width: int, skip: int, unclosed: list[int]) -> Iterator[bytes]:
    """Yield lines: an empty line becomes an empty row, a quote that is never closed is taken off.

    Args:
        file: UTF-8 text.
        delimiter: Mark between cells.
        width: Columns of the header, by which a quoted field over several lines is told from an unclosed quote.
        skip: Logical rows before the first data row.
        unclosed: Receives the data rows (from 0) whose quotes were taken off.
    """
    mark = delimiter.encode()
    waiting: list[bytes] = []
    row = 0
    while line := waiting.pop(0) if waiting else file.readline():
        if not line.strip(b"\r\n"):
            yield (mark * (width - 1) or b'""') + b"\n" if row >= skip else line
        elif line.count(b'"') % 2 == 0 or not _opens(delimiter).match(line):
            yield line
        elif (closed := _closed(line, file, waiting, delimiter, width)) is not None:
            yield closed
        else:
            unclosed.append(row - skip)
            yield line.replace(b'"', b"")
        row += 1


def _closed(line: bytes, file: IO[bytes], waiting: list[bytes], delimiter: str, width: int) -> bytes | None:
    """Return the lines of a quoted field that ends within reach and gives a row of the right width, else None."""
    read = [line]
    for position in range(_LOOK_AHEAD):
        if position == len(waiting):
            following = file.readline()
            if not following:
                break
            waiting.append(following)
        read.append(waiting[position])
        if waiting[position].count(b'"') % 2 == 1:
            joined = b"".join(read)
            if _cells(joined, delimiter) != width:
                return None
            del waiting[: position + 1]
            return joined
    return None


def _cells(text: bytes, delimiter: str) -> int:
    lines = text.decode("utf-8", errors="replace").splitlines(keepends=True)
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    return len(rows[0]) if len(rows) == 1 else -1


@lru_cache(maxsize=8)
def _opens(delimiter: str) -> re.Pattern[bytes]:
    """Return a pattern for a line that ends inside a quoted field."""
    mark = re.escape(delimiter.encode())
    closed = rb'"(?:[^"]|"")*"[^' + mark + rb"]*"
    bare = rb'(?:[^"' + mark + rb"][^" + mark + rb"]*)?"
    return re.compile(rb"(?:(?:" + closed + rb"|" + bare + rb")" + mark + rb')*"(?:[^"]|"")*\Z')
