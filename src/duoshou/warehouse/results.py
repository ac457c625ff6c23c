"""What an import says of each file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from duoshou.model import DuoshouError, Language, Text
from duoshou.sources import TotalsCheck

MOST_PROBLEMS = 100
NOT_USED_YET = "not_used_yet"
"""Code for a file that is known and archived but feeds no table yet; nobody need act on it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that a person should look at.

    Attributes:
        code: Stable machine-readable name.
        message: What is wrong and what became of it.
        sheet: Sheet or member of an archive.
        row: Row as a spreadsheet numbers it.
        column: Header of the column.
        value: The cell as found; never of a personal column.
    """

    code: str
    message: Text
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Return the JSON shape of section 9 of the design."""
        return {
            "code": self.code,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message.in_language(language),
        }


@dataclass(slots=True)
class Problems:
    """Problems of one file: all counted, the first hundred kept.

    Attributes:
        kept: The first ones, in the order of the file.
        totals: How often each code occurred.
    """

    kept: list[Problem] = field(default_factory=list)
    totals: Counter[str] = field(default_factory=Counter)

    def add(self, problem: Problem) -> None:
        """Count `problem` and keep it while there is room."""
        self.totals[problem.code] += 1
        self.keep(problem)

    def keep(self, problem: Problem) -> None:
        """Keep `problem`, which is counted already, while there is room."""
        if len(self.kept) < MOST_PROBLEMS:
            self.kept.append(problem)


@dataclass(slots=True)
class TableCounts:
    """What one file did to one table.

    Attributes:
        table: Canonical table.
        rows_read: Rows that the file has for it.
        new: Rows whose key was unknown.
        updated: Rows of which a value changed.
        unchanged: Rows that said nothing new.
        rejected: Rows that could not be used.
        repeated: Rows whose key comes again further down in the same file.
    """

    table: str
    rows_read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    repeated: int = 0


@dataclass(slots=True)
class FileResult:
    """What became of one table of one file.

    Attributes:
        file: Name of the file.
        layout: Key of the layout, or None where none was recognised.
        tables: Counts for each canonical table that the file feeds; the one with most rows first.
        totals_check: What comparing the file's total row with its detail gave.
        problems: What a person should look at.
        error: Why nothing of the file was loaded, if so.
        batch_id: Import that holds the file now.
        already_imported: Whether an earlier import had brought the same content.
        sheet: Sheet or member of an archive.
        content_hash: SHA-256 of the file, where it could be read.
    """

    file: str
    layout: str | None = None
    tables: list[TableCounts] = field(default_factory=list)
    totals_check: TotalsCheck | None = None
    problems: Problems = field(default_factory=Problems)
    error: DuoshouError | None = None
    batch_id: str | None = None
    already_imported: bool = False
    sheet: str | None = None
    content_hash: str | None = None

    @property
    def main(self) -> TableCounts:
        """Counts for the table that gets most rows of the file."""
        return self.tables[0] if self.tables else TableCounts("")

    @property
    def needs_person(self) -> bool:
        """Whether somebody should look at the file: rejected or unreadable cells, or not loaded at all."""
        return self.error is not None or any(code != NOT_USED_YET for code in self.problems.totals)

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Return the JSON shape of section 9 of the design; counts are those of the main table."""
        main = self.main
        return {
            "file": self.file,
            "layout": self.layout,
            "table": main.table or None,
            "rows_read": main.rows_read,
            "new": main.new,
            "updated": main.updated,
            "unchanged": main.unchanged,
            "rejected": main.rejected,
            "totals_check": _totals_shape(self.totals_check),
            "problems": [problem.to_dict(language) for problem in self.problems.kept],
            "problem_totals": dict(self.problems.totals),
            "tables": [{name: getattr(counts, name) for name in TableCounts.__slots__} for counts in self.tables],
            "already_imported": self.already_imported,
        }


def _totals_shape(check: TotalsCheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    lines = [{"column": line.column, "stated": str(line.stated), "detail": str(line.detail)} for line in check.lines]
    return {"agrees": check.agrees, "rows": list(check.rows), "columns": lines}
