"""Workbooks that would fill the memory are refused before they are read."""

from __future__ import annotations

import io
import random
import struct

import openpyxl
import pytest
from tests.layouts.files import old_workbook, workbook

from duoshou.sources import UnreadableFile
from duoshou.sources.bounds import require_bounded
from duoshou.sources.compound import BrokenChain, workbook_stream

ROWS: list[list[object]] = [["订单编号", "金额"], *([str(number), number] for number in range(300))]


def with_stray(row: int, column: int) -> bytes:
    """Return a small table with one more cell far away."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in ROWS:
        sheet.append(line)
    sheet.cell(row, column).value = "x"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(("row", "column"), [(400, 16_384), (1_048_576, 3), (1_048_576, 90), (5, 5)])
def test_cells_within_bounds(row: int, column: int) -> None:
    """A stray cell in one direction is harmless: what is between still fits."""
    require_bounded(with_stray(row, column), file="a.xlsx")


@pytest.mark.parametrize(("row", "column"), [(1_048_576, 16_384), (1_048_576, 110), (10_000, 16_000)])
def test_stray_cells_are_refused(row: int, column: int) -> None:
    """A stray cell in both directions is told with its place and how to mend it."""
    with pytest.raises(UnreadableFile) as told:
        require_bounded(with_stray(row, column), file="a.xlsx")
    assert told.value.code == "cells_far_apart"
    assert str(row) in told.value.message.en
    assert told.value.hint is not None


def test_a_stray_cell_of_an_old_workbook_is_refused() -> None:
    """Row and column are two bytes each: a damaged one points to the end of the sheet."""
    data = old_workbook({"a": ROWS})
    stream = workbook_stream(data)
    record = struct.pack("<HHHH", 0x00FD, 10, 300, 0)
    assert data.count(record) == 1, "the first cell of the last row"
    assert stream.count(record) == 1
    with pytest.raises(UnreadableFile) as told:
        require_bounded(data.replace(record, struct.pack("<HHHH", 0x00FD, 10, 65_000, 60_000)), file="a.xls")
    assert told.value.code == "cells_far_apart"


@pytest.mark.parametrize("rows", [3, 300, 5000])
def test_the_stream_of_an_old_workbook(rows: int) -> None:
    """The stream begins and ends as BIFF says, whether short or long."""
    stream = workbook_stream(old_workbook({"a": [[str(number), number] for number in range(rows)]}))
    assert struct.unpack_from("<H", stream)[0] == 0x0809
    assert stream.rstrip(b"\0")[-2:] != b""
    require_bounded(old_workbook({"a": ROWS, "b": ROWS[:rows]}), file="a.xls")


def test_circles_end() -> None:
    """However the sectors are damaged, following them comes to an end."""
    chance = random.Random(7)
    data = old_workbook({"a": ROWS})
    broken = 0
    for _ in range(300):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(0, len(changed) - 4)
            struct.pack_into("<I", changed, place, chance.choice([0, 1, 2, 3, 0xFFFFFFFE, 0xFFFFFFFF, 7]))
        start = chance.randrange(len(changed))
        try:
            workbook_stream(bytes(changed[:start] + changed[start - 300 : start] + changed[start:]))
        except BrokenChain:
            broken += 1
    assert broken > 0


def test_sound_workbooks_pass() -> None:
    """Nothing that is written by a program is refused."""
    require_bounded(workbook({"a": ROWS}), file="a.xlsx")
