"""How far a workbook's cells reach: readers make room for every cell between the first and the last, empty or not."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator

from duoshou.model import Text
from duoshou.sources.compound import BrokenChain, workbook_stream
from duoshou.sources.errors import unreadable

MOST_CELLS = 100_000_000
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})\d')
_LONG = {count: re.compile(rb'<c\b[^>]*?\br="[A-Z]{%d}\d' % count) for count in (1, 2, 3)}
_UP_TO = (0, 26, 26 + 26**2, 26 + 26**2 + 26**3)
_CHUNK = 4 << 20
_OVERLAP = 256
_CELL_RECORDS = {0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E}
_SHEET_BEGINS = 0x0809


def require_bounded(data: bytes, *, file: str, member: str | None = None) -> None:
    """Refuse a workbook whose cells lie so far apart that reading it would fill the memory.

    Args:
        data: The whole workbook, xlsx or xls.
        file: Its name, for the message.
        member: Its name within an archive.

    Raises:
        UnreadableFile: If a sheet spans more than `MOST_CELLS`, or if an old workbook's sectors go in circles.
    """
    if data.startswith(b"PK"):
        _require_sheets(data, file, member)
        return
    try:
        spans = _old_spans(workbook_stream(data))
    except BrokenChain:
        raise unreadable(
            "damaged_workbook",
            "工作簿已损坏或不完整，读不出来",
            "the workbook is damaged or incomplete",
            file=file,
            sheet=member,
        ) from None
    for rows, columns in spans:
        _require(rows, columns, file, member)


def _require_sheets(data: bytes, file: str, member: str | None) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _require(*_span(archive, name), file, member)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError):
        return  # what is wrong with the archive is said where it is read


def _span(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """Return the rows and columns that a sheet spans; columns are counted only where a rough bound is not enough."""
    rows = letters = 0
    for text in _pieces(archive, name):
        rows = max(rows, max(map(int, _ROW.findall(text)), default=0))
        letters = next((count for count in (3, 2, 1) if count > letters and _LONG[count].search(text)), letters)
    columns = _UP_TO[letters]
    if rows * columns > MOST_CELLS:
        columns = max(
            (_column(cell) for text in _pieces(archive, name) for cell in set(_CELL.findall(text))), default=0
        )
    return rows, columns


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a member's text in pieces that overlap, so that no tag is cut in all of them."""
    with archive.open(name) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            yield rest + chunk
            rest = chunk[-_OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _old_spans(stream: bytes) -> list[tuple[int, int]]:
    """Return rows and columns that each sheet of a BIFF stream spans."""
    spans = [(0, 0)]
    place, last = 0, len(stream) - 4
    rows = columns = 0
    while place <= last:
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _SHEET_BEGINS:
            spans.append((rows, columns))
            rows = columns = 0
        elif kind in _CELL_RECORDS and length >= 4 and place + 8 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, place + 4)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        place += 4 + length
    return [*spans, (rows, columns)]


def _require(rows: int, columns: int, file: str, member: str | None) -> None:
    if rows * columns <= MOST_CELLS:
        return
    raise unreadable(
        "cells_far_apart",
        f"工作表铺到第 {rows} 行、第 {columns} 列，读不进内存",
        f"the sheet reaches row {rows} and column {columns}: too far to be read",
        file=file,
        sheet=member,
        hint=Text(
            "删除远处的零散单元格后另存，再导入", "delete the stray cells far from the table, save and import again"
        ),
    )
