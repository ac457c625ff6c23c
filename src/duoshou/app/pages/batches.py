"""What was imported, the latest first."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from duoshou.model import Text, plain
from duoshou.warehouse import UnknownBatch, load_tables

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

PER_PAGE = 10
_FILES = """
SELECT batch_id, entry, any_value(source_file), any_value(sheet), any_value(layout), any_value(shop),
    list(table_name ORDER BY table_no) FILTER (table_name <> ''), max(rows_read), max(rejected),
    any_value(exported_at), any_value(arrived_at)
FROM import_file
SEMI JOIN (SELECT batch_id FROM import_batch ORDER BY batch_id DESC LIMIT ? OFFSET ?) USING (batch_id)
GROUP BY batch_id, entry ORDER BY batch_id DESC, min(arrival)
"""


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One table of one file of an import.

    Attributes:
        entry: Name of the archived table.
        file: Name of the file.
        sheet: Sheet or member of an archive.
        layout: Key of the layout.
        title: What the layout is called; its key where it is not known any more.
        shop: Key of the shop.
        tables: Tables that it feeds, without repetition.
        rows_read: Rows of the file.
        rejected: Rows that could not be used.
        exported_at: When the platform made it (naive UTC).
        is_mended: Whether rows of it were mended and imported since.
    """

    entry: str
    file: str
    sheet: str | None
    layout: str
    title: Text
    shop: str
    tables: tuple[Text, ...]
    rows_read: int
    rejected: int
    exported_at: datetime
    is_mended: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """One import.

    Attributes:
        id: Its id.
        arrived_at: When it was imported (naive UTC).
        files: Its files.
    """

    id: str
    arrived_at: datetime
    files: tuple[BatchFile, ...]

    @property
    def rows_read(self) -> int:
        """Rows of all its files."""
        return sum(one.rows_read for one in self.files)

    @property
    def rejected(self) -> int:
        """Rows of all its files that could not be used."""
        return sum(one.rejected for one in self.files)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {**plain(self), "rows_read": self.rows_read, "rejected": self.rejected}


@dataclass(frozen=True, slots=True)
class Batches:
    """A page of the list of imports.

    Attributes:
        batches: The imports, the latest first.
        total: How many there are.
        page: Which page this is, from 1.
    """

    batches: tuple[Batch, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(-(-self.total // PER_PAGE), 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape = {"total": self.total, "page": self.page, "pages": self.pages}
        return {"batches": [one.to_dict() for one in self.batches], **shape}


def batches(workbench: Workbench, page: int = 1) -> Batches:
    """Return a page of the list of imports."""

    def look() -> Batches:
        with contextlib.closing(workbench.reader()) as connection:
            total = connection.execute("SELECT count(*) FROM import_batch").fetchall()[0][0]
            rows = connection.execute(_FILES, [PER_PAGE, (page - 1) * PER_PAGE]).fetchall()
        has_rejected = any(row[8] for row in rows)
        mended = {one.mends for one in workbench.store.archive.entries()} if has_rejected else set()
        found = []
        for batch, group in groupby(rows, key=lambda row: row[0]):
            files = list(group)
            told = (replace(_file(workbench, row[1:10]), is_mended=row[1] in mended) for row in files)
            found.append(Batch(batch, files[0][10], tuple(told)))
        return Batches(tuple(found), total, page)

    return workbench.remembered(("batches", page), look)


def require_batch(workbench: Workbench, batch: str) -> None:
    """Make sure that the warehouse holds an import.

    Raises:
        UnknownBatch: If it does not.
    """
    with contextlib.closing(workbench.reader()) as connection:
        if not connection.execute("SELECT 1 FROM import_batch WHERE batch_id = ?", [batch]).fetchall():
            raise UnknownBatch(batch[:60])


def file_of_batch(workbench: Workbench, entry: str) -> BatchFile | None:
    """Return an imported file by the name of its archived table; None where the warehouse holds none."""
    with contextlib.closing(workbench.reader()) as connection:
        rows = connection.execute(
            "SELECT entry, any_value(source_file), any_value(sheet), any_value(layout), any_value(shop), "
            "list(table_name ORDER BY table_no) FILTER (table_name <> ''), max(rows_read), max(rejected), "
            "any_value(exported_at) FROM import_file WHERE entry = ? GROUP BY entry",
            [entry],
        ).fetchall()
    return _file(workbench, rows[0]) if rows else None


def _file(workbench: Workbench, row: tuple[Any, ...]) -> BatchFile:
    entry, file, sheet, layout, shop, tables, rows_read, rejected, exported_at = row
    known, described = load_tables(), workbench.layouts.get(layout)
    title = described.title.as_text() if described else Text(layout, layout)
    names = [known[name].title for name in dict.fromkeys(tables or ()) if name in known]
    titles = tuple(Text(one.zh, one.en) for one in names)
    return BatchFile(entry, file, sheet, layout, title, shop, titles, rows_read, rejected, exported_at)
