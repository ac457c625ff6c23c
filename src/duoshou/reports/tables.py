"""A workbook of plain tables: a sheet each, with what limits it above and its columns typed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from duoshou.metrics import Unit
from duoshou.model import Text
from duoshou.reports.books import replace_file
from duoshou.reports.styles import number_format
from duoshou.reports.words import Words
from duoshou.reports.workbook import Book, Sheet

Cell = str | Text | date | float | Decimal | None
NUMBER_WIDTH = 12.0
CHANGE = "+0.0%;-0.0%;0.0%"


class Kind(StrEnum):
    """How the cells of a column are written."""

    TEXT = "text"
    DAY = "day"
    MONEY = "money"
    COUNT = "count"
    RATE = "rate"
    RATIO = "ratio"
    CHANGE = "change"


FORMATS = {
    Kind.MONEY: number_format(Unit.MONEY),
    Kind.COUNT: number_format(Unit.COUNT),
    Kind.RATE: number_format(Unit.RATE),
    Kind.RATIO: number_format(Unit.RATIO),
    Kind.CHANGE: CHANGE,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how its cells are written, and its width in characters."""

    title: Text
    kind: Kind = Kind.TEXT
    width: float = NUMBER_WIDTH


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A sheet with one table.

    Attributes:
        name: Name on the tab.
        notes: What is to be known of it: stands above.
        columns: Columns.
        rows: Cells, a tuple a row.
    """

    name: Text
    notes: tuple[Text, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def write_tables(sheets: Sequence[TableSheet], title: Text, words: Words, day: date, path: Path) -> Path:
    """Write the workbook and return its path; equal input gives equal bytes.

    Raises:
        ReportError: If the file cannot be written.
    """
    target = io.BytesIO()
    book = Book.open(target, words, day, words.of(title))
    for one in sheets:
        _write(book.sheet(words.of(one.name)), one, words)
    book.workbook.close()
    return replace_file(path, target.getvalue())


def _write(sheet: Sheet, table: TableSheet, words: Words) -> None:
    sheet.widths(*(column.width for column in table.columns))
    sheet.text(0, 0, words.of(table.name), "title")
    sheet.height(0, 2)
    row = 1
    for note in table.notes:
        sheet.text(row, 0, words.of(note), "note")
        row += 1
    row += 1
    for place, column in enumerate(table.columns):
        if column.kind in {Kind.TEXT, Kind.DAY}:
            sheet.text(row, place, words.of(column.title), "head", indent=int(place > 0))
        else:
            sheet.text(row, place, words.of(column.title), "head_right")
    sheet.height(row, 2)
    sheet.freeze(row + 1, 1)
    for cells in table.rows:
        row += 1
        for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            _cell(sheet, row, place, column.kind, cell, words)
    sheet.fit(sum(column.kind is not Kind.TEXT for column in table.columns))


def _cell(sheet: Sheet, row: int, place: int, kind: Kind, cell: Cell, words: Words) -> None:
    if cell is None:
        sheet.missing(row, place)
    elif isinstance(cell, date):
        sheet.day(row, place, cell)
    elif isinstance(cell, float | int | Decimal):
        sheet.number(row, place, cell, FORMATS.get(kind, "General"))
    else:
        sheet.text(row, place, words.of(cell) if isinstance(cell, Text) else cell, indent=int(place > 0))
