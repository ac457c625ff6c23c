"""A recognised table of a file: what the next steps need to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from duoshou.model import Place
from duoshou.sources.container import Content
from duoshou.sources.layout import Layout


@dataclass(frozen=True)
class TextSource:
    """Where the rows of a delimited text are.

    Attributes:
        encoding: Codec of the bytes.
        others: Codecs to try where the bytes turn out not to be of `encoding`, which the first of them do not tell.
        delimiter: Mark between cells.
        skip: Logical rows before the first data row.
        direct: Whether the engine may read the file itself: plain, whole UTF-8 without damage.
        table: Number of the table in a web page, None in delimited text.
    """

    content: Content
    encoding: str
    delimiter: str
    skip: int
    direct: bool
    table: int | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetSource:
    """Where the rows of a workbook's sheet are."""

    content: Content
    sheet: str
    skip: int


@dataclass(frozen=True)
class Reading:
    """One recognised table.

    Attributes:
        layout: What kind of table it is.
        file: Name of the original file.
        sheet: Sheet of a workbook, or member of an archive.
        content_hash: SHA-256 (hex) of the original file's bytes.
        part: Empty, or a slug that tells the tables of one file apart.
        headers: Column names as found, made unique.
        first_row: Spreadsheet row of the first data row.
        exported_at: When the platform made the export, if name or notice tell (naive UTC).
        period_hint: Period of the table when its rows have none: `2026-08-11` or `2026-08-01~2026-08-07`.
        source: Where the rows are; only `write_raw` looks.
        currency: ISO 4217 code that layout or header say, None when the workspace decides.
    """

    layout: Layout
    file: str
    sheet: str | None
    content_hash: str
    part: str
    headers: tuple[str, ...]
    first_row: int
    exported_at: datetime | None
    period_hint: str | None
    source: TextSource | SheetSource
    currency: str | None = None

    def place(self, *, row: int | None = None, column: str | None = None) -> Place:
        """Return a place in this table, for messages."""
        return Place(file=self.file, sheet=self.sheet, row=row, column=column)
