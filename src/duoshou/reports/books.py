"""Opening a book with its sheets, and writing it whole or not at all."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from duoshou.reports.asking import Answers
from duoshou.reports.context import Report
from duoshou.reports.definitions import Definitions
from duoshou.reports.errors import ReportError
from duoshou.reports.material import Material
from duoshou.reports.words import Words
from duoshou.reports.workbook import Book, Sheet
from duoshou.settings import Shop

_FORBIDDEN = str.maketrans("[]:*?/\\", "       ")
LONGEST_NAME = 31


@dataclass(frozen=True)
class Opened:
    """A book being written.

    Attributes:
        book: The workbook.
        sheets: Part → sheet, all made beforehand so that links can point at them.
        definitions: The lines of the page of definitions.
        used: Metric → tables that answered, for the page of definitions.
        target: Where the bytes go.
    """

    book: Book
    sheets: Mapping[str, Sheet]
    definitions: Definitions
    used: dict[str, list[str]]
    target: io.BytesIO

    @classmethod
    def of(cls, words: Words, day: date, title: str, names: Mapping[str, str]) -> Opened:
        """Return a new book with a sheet for each part; names that a spreadsheet refuses are mended."""
        target = io.BytesIO()
        book = Book.open(target, words, day, title)
        sheets: dict[str, Sheet] = {}
        taken: set[str] = set()
        for part, name in names.items():
            sheets[part] = book.sheet(_free_name(name, taken))
        return cls(book, sheets, Definitions(sheets["definitions"].name), {}, target)

    def report(self, material: Material, shop: Shop, day: date, *, one_shop: bool) -> Report:
        """Return what the sheets of one shop are given; of all shops together unless `one_shop`."""
        answers = Answers(material.ask, material.catalogue, shop.key if one_shop else None, self.used)
        return Report(self.book, answers, self.definitions, material, shop, day, self.sheets)

    def save(self, path: Path) -> Path:
        """Write the file and return its path.

        Raises:
            ReportError: If it cannot be written.
        """
        self.book.workbook.close()
        return replace_file(path, self.target.getvalue())


def own_parts(titles: Sequence[str]) -> dict[str, str]:
    """Return part → name for sheets that the workspace adds."""
    return {f"own {number}": title for number, title in enumerate(titles)}


def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that a spreadsheet takes and that no other sheet has."""
    plain = name.translate(_FORBIDDEN).strip().strip("'") or "-"
    free, number = plain[:LONGEST_NAME], 2
    while free.casefold() in taken:
        ending = f" ({number})"
        free, number = plain[: LONGEST_NAME - len(ending)] + ending, number + 1
    taken.add(free.casefold())
    return free


def replace_file(path: Path, content: bytes) -> Path:
    """Write a file so that readers see all of it or what was there before.

    Raises:
        ReportError: If it cannot be written.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise ReportError.unwritable(path, error) from error
    return path
