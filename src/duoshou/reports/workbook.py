"""A workbook whose text can never become a formula, and whose cells know how a metric is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from duoshou.metrics import Flag, MetricValue, Unit
from duoshou.reports.styles import BASE, GREEN, MISSING, PROVISIONAL, RED, STYLES, change_format, number_format
from duoshou.reports.words import Words

LONGEST_TEXT = 32_000
"""A cell holds 32,767 characters."""

HIGHEST_ROW = 409
"""Points; a spreadsheet refuses more."""

A4, A3 = 9, 8
MOST_ON_A4 = 16
"""Columns of numbers that can be read on A4; more go on A3."""

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}


def safe_text(value: object) -> str:
    """Return text that a cell can hold: no control characters, not too long.

    Text that begins with = + - @ stays as it is: it is written as a string, which no spreadsheet evaluates.
    """
    text = "".join(char if char == "\n" or unicodedata.category(char)[0] != "C" else " " for char in str(value))
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def width_of(text: str) -> float:
    """Return the width of a text in columns; a Chinese character is twice as wide as a Latin one."""
    return sum(2.0 if unicodedata.east_asian_width(char) in "WF" else 1.05 for char in text)


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes when wrapped at a width."""
    return sum(max(1, -int(-width_of(line) // width)) for line in text.split("\n"))


@dataclass
class Book:
    """One workbook being written.

    Attributes:
        workbook: The writer.
        words: Wording in the language of the book.
    """

    workbook: Any
    words: Words
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    @classmethod
    def open(cls, target: Any, words: Words, day: date, title: str) -> Book:
        """Return a new book; its properties depend on nothing but the day, so equal input gives equal bytes."""
        workbook = xlsxwriter.Workbook(target, {**OPTIONS, "in_memory": True})
        created = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
        workbook.set_properties({"title": safe_text(title), "author": "Duoshou", "created": created})
        workbook.set_size(2400, 1500)
        workbook.formats[0].set_font_name(BASE["font_name"])
        workbook.formats[0].set_font_size(BASE["font_size"])
        return cls(workbook, words)

    def format(self, style: str = "cell", **changes: Any) -> Any:
        """Return the format of a named style with changes, made once."""
        properties = {**BASE, **STYLES[style], **changes}
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def sheet(self, name: str, *, landscape: bool = True) -> Sheet:
        """Return a new sheet set up for A4, one page wide."""
        worksheet = self.workbook.add_worksheet(name)
        worksheet.hide_gridlines(2)
        worksheet.set_paper(A4)
        if landscape:
            worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)
        worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        worksheet.set_footer(f"&L&8{name}&R&8{self.words('book.footer')}")
        return Sheet(self, worksheet, name)


@dataclass
class Sheet:
    """One sheet: cells by row and column from 0.

    Attributes:
        book: The workbook.
        worksheet: The writer's sheet.
        name: Name on the tab.
        flags: Flags of the values that were written: what the legend explains.
        columns: Widths of the columns.
    """

    book: Book
    worksheet: Any
    name: str
    flags: set[Flag] = field(default_factory=set)
    columns: list[float] = field(default_factory=list)

    def widths(self, *widths: float) -> None:
        """Set the widths of the columns from the first on; call it before any heading."""
        self.columns = list(widths)
        for column, width in enumerate(widths):
            self.worksheet.set_column(column, column, width)

    def text(self, row: int, column: int, value: object, style: str = "cell", **changes: Any) -> None:
        """Write text as text, whatever it begins with; an empty text leaves a blank cell."""
        text, form = safe_text(value), self.book.format(style, **changes)
        if text:
            self.worksheet.write_string(row, column, text, form)
        else:
            self.worksheet.write_blank(row, column, None, form)

    def wide(self, row: int, first: int, last: int, value: object, style: str, width: float) -> None:
        """Write text over several columns, wrapped, the row as high as it needs."""
        text = safe_text(value)
        self.worksheet.merge_range(row, first, row, last, "", self.book.format(style))
        self.text(row, first, text, style)
        self.height(row, lines_of(text, width))

    def height(self, row: int, lines: int) -> None:
        """Make a row as high as a number of lines of text."""
        self.worksheet.set_row(row, min(5 + 15 * max(1, lines), HIGHEST_ROW))

    def missing(self, row: int, column: int, style: str = "number") -> None:
        """Write that there is no value."""
        self.text(row, column, MISSING, style, align="right")

    def number(self, row: int, column: int, value: float | Decimal | None, number: str, style: str = "number") -> None:
        """Write a number with its number format."""
        if value is None:
            self.missing(row, column, style)
        else:
            self.worksheet.write_number(row, column, float(value), self.book.format(style, num_format=number))

    def day(self, row: int, column: int, value: date, style: str = "cell") -> None:
        """Write a day as a date."""
        moment = datetime(value.year, value.month, value.day, tzinfo=UTC).replace(tzinfo=None)
        self.worksheet.write_datetime(
            row, column, moment, self.book.format(style, num_format="yyyy-mm-dd", align="left")
        )

    def value(self, row: int, column: int, value: MetricValue | None, style: str = "number", *, pad: str = "") -> None:
        """Write the value of a metric with its marks; `pad` is a number format's space to the right."""
        if value is None or value.value is None:
            self.missing(row, column, style)
        else:
            self.figure(row, column, value.value, value.unit, value.flags, style, pad=pad)

    def figure(
        self,
        row: int,
        column: int,
        value: float | Decimal | None,
        unit: Unit,
        flags: frozenset[Flag] = frozenset(),
        style: str = "number",
        *,
        pad: str = "",
    ) -> None:
        """Write a number of a unit, its flags as marks in the number format and as hatching."""
        if value is None:
            self.missing(row, column, style)
            return
        self.flags |= flags
        changes: dict[str, Any] = {"num_format": number_format(unit, flags) + pad, "align": "right"}
        if Flag.PROVISIONAL in flags:
            changes |= PROVISIONAL
        self.worksheet.write_number(row, column, float(value), self.book.format(style, **changes))

    def change(self, row: int, column: int, value: MetricValue | None, style: str = "number") -> None:
        """Write the change of a value: red up, green down; percentage points for rates."""
        amount = None if value is None else value.change_pp if value.unit is Unit.RATE else value.change
        if value is None or amount is None:
            self.missing(row, column, style)
            return
        colour = {"font_color": RED if amount > 0 else GREEN} if amount else {}
        changes = {"num_format": change_format(value.unit, amount), "align": "right", **colour}
        self.worksheet.write_number(row, column, amount, self.book.format(style, **changes))

    def link(self, row: int, column: int, target: str, text: str, style: str = "link") -> None:
        """Write text that leads to a cell of this book (`'Sheet'!A1`)."""
        self.worksheet.write_url(row, column, f"internal:{target}", self.book.format(style), safe_text(text))

    def heads(self, row: int, heads: Sequence[str], *, left: int = 1, first: int = 0) -> None:
        """Write the headings of a table: the first `left` ones to the left, the rest over numbers to the right."""
        for offset, head in enumerate(heads):
            self.text(row, first + offset, head, "head" if offset < left else "head_right")
        self.height(row, max(self.head_lines(first + offset, head) for offset, head in enumerate(heads)))

    def head_lines(self, column: int, head: str) -> int:
        """Return how many lines a heading takes in its column; bold text is a little wider."""
        return lines_of(head, self.columns[column] - 1) if column < len(self.columns) else 1

    def fit(self, columns: int, *, tall: int = 0) -> None:
        """Print one page wide, on A3 where A4 is too small for the columns.

        Args:
            columns: Columns of numbers.
            tall: Most pages; 0: as many as it takes.
        """
        self.worksheet.fit_to_pages(1, tall)
        if columns > MOST_ON_A4:
            self.worksheet.set_paper(A3)

    def freeze(self, row: int, column: int = 0) -> None:
        """Keep the rows above and the columns left in sight, and repeat the heading on paper."""
        self.worksheet.freeze_panes(row, column)
        self.worksheet.repeat_rows(row - 1)
