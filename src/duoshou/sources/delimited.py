"""Delimited text as a relation of the engine: read in place when it is sound UTF-8, else through a nameless temporary
file.
"""

from __future__ import annotations

import csv
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from duoshou.sources.reading import TextSource
from duoshou.sources.repair import repaired
from duoshou.sources.sql import literal
from duoshou.sources.text import Condition, NotUtf8, cut_cells, fitting_encoding, recode, sound_utf8
from duoshou.sources.webpage import page_rows

SURPLUS = 2
_MAX_LINE = 4 << 20
_BUFFER = 8 << 20
"""Small enough that a file of ordinary size is read by several threads: a thread takes a buffer."""


@dataclass
class Delimited:
    """Text that the engine can read.

    Attributes:
        path: What the engine opens.
        width: Columns of the header.
        cut: SQL that finds the last row when the file ends in the middle of it.
        unclosed: Data rows (from 0) whose quotes were taken off because one was never closed.
        condition: What the bytes said.
    """

    path: str
    delimiter: str
    skip: int
    width: int
    cut: str | None = None
    unclosed: list[int] = field(default_factory=list)
    condition: Condition = field(default_factory=Condition)

    @property
    def surplus(self) -> str:
        """SQL for a cell beyond the header's width, NULL when the row has none."""
        cells = (f"nullif(trim(c{self.width + extra}), '')" for extra in range(SURPLUS))
        return f"coalesce({', '.join(cells)})"

    def relation(self) -> str:
        """Return the table function over the rows below the header, columns `c0`, `c1` …, all text."""
        columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(self.width + SURPLUS))
        options = (
            f"auto_detect=false, header=false, skip={self.skip}, delim={literal(self.delimiter)}, "
            f"quote='\"', escape='\"', nullstr='', "
            f"strict_mode=false, null_padding=true, parallel=true, ignore_errors=true, "
            f"max_line_size={_MAX_LINE}, buffer_size={_BUFFER}, columns={{{columns}}}"
        )
        return f"read_csv({literal(self.path)}, {options})"


@contextmanager
def delimited(source: TextSource, width: int) -> Iterator[Delimited]:
    """Yield the text of a source as UTF-8 that the engine can read; what was temporary is gone afterwards."""
    if source.direct:
        path = source.content.path
        text = Delimited(str(path), source.delimiter, source.skip, width)
        text.cut = _cut_sql(_tail(path.open("rb")), source.delimiter, width)
        yield text
        return
    with _nameless() as file:
        condition = _fill(file, source, width)
        file.flush()
        text = Delimited(_reachable(file), source.delimiter, source.skip, width, condition=condition)
        if not condition.needs_repair:
            text.cut = _cut_sql(condition.tail, source.delimiter, width)
            yield text
            return
        with _nameless() as sound:
            file.seek(0)
            for line in repaired(file, source.delimiter, width, source.skip, text.unclosed):
                sound.write(line)
            sound.flush()
            text.path = _reachable(sound)
            text.cut = _cut_sql(_tail(sound), source.delimiter, width)
            yield text


def _fill(file: IO[bytes], source: TextSource, width: int) -> Condition:
    """Write the source as UTF-8; one that is UTF-8 already is unpacked only."""
    condition, encoding = Condition(), source.encoding
    if source.table is None and encoding == "utf-8":
        try:
            file.writelines(sound_utf8(source.content.chunks(), condition))
        except NotUtf8 as found:
            condition, encoding = Condition(), fitting_encoding(found.sample, source.others)
            file.seek(0)
            file.truncate()
        else:
            return condition
    file.writelines(_utf8(source, encoding, width, condition))
    return condition


def _utf8(source: TextSource, encoding: str, width: int, condition: Condition) -> Iterator[bytes]:
    """Yield the source as delimited UTF-8; each row of a web page is made as wide as the header, or its surplus."""
    if source.table is None:
        yield from recode(source.content.chunks(), encoding, condition)
        return
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=source.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for number, cells in page_rows(source.content.chunks(), encoding):
        if number == source.table:
            while len(cells) > width and not cells[-1]:
                cells.pop()
            writer.writerow([*cells, *[""] * (width - len(cells))])
            data = line.getvalue().encode("utf-8", errors="replace")
            line.seek(line.truncate(0))
            condition.unreadable += data.count(b"\xef\xbf\xbd")
            yield data


@contextmanager
def _nameless() -> Iterator[IO[bytes]]:
    """Yield a temporary file that vanishes with the process: unlinked at once, or deleted on close on Windows."""
    if sys.platform == "win32":
        with tempfile.NamedTemporaryFile(delete=True, delete_on_close=True) as named:  # type: ignore[call-overload,unused-ignore]
            yield named
        return
    with tempfile.TemporaryFile(buffering=1 << 20) as file:
        yield file


def _reachable(file: IO[bytes]) -> str:
    if sys.platform == "win32":
        return file.name
    folder = "/proc/self/fd" if Path("/proc/self/fd").is_dir() else "/dev/fd"
    return f"{folder}/{file.fileno()}"


def _tail(file: IO[bytes]) -> bytes:
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 65536))
    return file.read()


def _cut_sql(tail: bytes, delimiter: str, width: int) -> str | None:
    """Return SQL that is true for a row with exactly the cells of a last line that was cut, and nothing after them."""
    cells = cut_cells(tail, delimiter, width)
    if not cells:
        return None
    same = [f"c{position} IS NOT DISTINCT FROM nullif({literal(cell)}, '')" for position, cell in enumerate(cells)]
    empty = [f"c{position} IS NULL" for position in range(len(cells), width)]
    return " AND ".join([*same, *empty])
