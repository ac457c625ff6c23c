"""The rows of an imported file that could not be used, on a page and as a file to mend."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duoshou.app.pages.batches import BatchFile, file_of_batch
from duoshou.model import Language, plain
from duoshou.model.cells import BOM, faithful
from duoshou.warehouse import RejectedRow, RejectedRows, UnknownEntry, rejected_rows

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

PER_PAGE = 50
PROBLEM, ROW = "问题 problem", "原文件行号 source row"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A page of rejected rows.

    Attributes:
        file: The file.
        headers: Its headers.
        without: Headers whose cells are not kept, because they name persons.
        rows: Rows of this page; one without faults belongs to an order of which another row was rejected.
        total: How many rows were rejected.
        listed: How many rows there are to mend, those of the same orders among them.
        page: Which page this is, from 1.
    """

    file: BatchFile
    headers: tuple[str, ...]
    without: tuple[str, ...]
    rows: tuple[RejectedRow, ...]
    total: int
    listed: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(-(-self.listed // PER_PAGE), 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {**plain(self), "pages": self.pages}


def rejected(workbench: Workbench, entry: str, page: int = 1) -> Rejected:
    """Return a page of the rejected rows of an archived table.

    Raises:
        UnknownEntry: If the warehouse holds no such table.
    """
    file = file_of_batch(workbench, entry)
    if file is None:
        raise UnknownEntry(entry)

    def look() -> RejectedRows:
        return rejected_rows(workbench.store, entry, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)

    found = workbench.remembered(("rejected", entry, page), look)
    return Rejected(file, found.entry.headers, found.without, found.rows, found.total, found.listed, page)


def rejected_csv(workbench: Workbench, entry: str, language: Language) -> tuple[str, bytes]:
    """Return a file name, and the rows to mend as CSV: the file's own columns, then what is wrong and where it stood.

    Raises:
        UnknownEntry: If the archive holds no such table.
    """
    found = rejected_rows(workbench.store, entry)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*map(faithful, found.entry.headers), PROBLEM, ROW])
    for row in found.rows:
        writer.writerow([*map(faithful, row.cells), faithful(_problems(row, language)), row.row])
    stem = Path(found.entry.file).stem
    return f"{stem}-{'待修改' if language == 'zh' else 'to-mend'}.csv", (BOM + text.getvalue()).encode()


def _problems(row: RejectedRow, language: Language) -> str:
    parts = []
    for fault in row.faults:
        message = fault.message.in_language(language)
        parts.append(f"{fault.column}: {message}" if fault.column else message)
    return "; ".join(parts)
