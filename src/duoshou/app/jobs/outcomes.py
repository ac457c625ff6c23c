"""What became of every file of an import, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from duoshou.app.imports import waiting_files
from duoshou.model import Text, plain
from duoshou.model.numbers import runs
from duoshou.warehouse import FileResult, load_tables
from duoshou.warehouse.results import NOT_USED_YET

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench
    from duoshou.warehouse import Problem

MOST_GROUPS = 20
MOST_RUNS = 6

Fate = Literal["loaded", "unchanged", "kept", "failed"]
"""In the tables; nothing new; known and archived for a later version; not loaded."""


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """What one file did to one table: rows."""

    table: str
    title: Text
    rows_read: int
    new: int
    updated: int
    unchanged: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind in one column.

    Attributes:
        code: Stable name.
        message: What is wrong, and what became of it.
        sheet: Sheet or member of an archive.
        column: Header of the column.
        rows: Rows as a spreadsheet numbers them, such as `2–4, 9`; empty for the file as a whole.
        example: A cell as found.
    """

    code: str
    message: Text
    sheet: str | None
    column: str | None
    rows: str
    example: str | None


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one table of one file.

    Attributes:
        file: Name of the file.
        sheet: Sheet or member of an archive.
        layout: Key of the layout; None where none fits.
        title: What the layout is called.
        fate: What became of it.
        tables: Rows for each table.
        problems: What a person should look at.
        more_problems: How many further ones there are.
        error: Why nothing of it was loaded.
        hint: What to do about it.
        is_unknown: Whether no layout describes it, so that a mapping helps.
        waits_as: Where it lies in the inbox, if it still does.
        entry: Name of the archived table; None where nothing was archived.
        batch: The import that holds it.
    """

    file: str
    sheet: str | None
    layout: str | None
    title: Text | None
    fate: Fate
    tables: tuple[TableOutcome, ...]
    problems: tuple[ProblemGroup, ...]
    more_problems: int
    error: Text | None
    hint: Text | None
    is_unknown: bool
    waits_as: str | None
    entry: str | None
    batch: str | None

    @property
    def rejected(self) -> int:
        """Rows that could not be used."""
        return max((one.rejected for one in self.tables), default=0)

    @property
    def line(self) -> Text:
        """One line of a log."""
        if self.error is not None:
            return Text(f"✗ {self.file}：{self.error.zh}", f"✗ {self.file}: {self.error.en}")
        main = self.tables[0] if self.tables else None
        if main is None or self.fate == "kept":
            return Text(f"· {self.file}：已存档，还用不上", f"· {self.file}: archived, not used yet")
        counts = (main.rows_read, main.new, main.updated, main.unchanged, self.rejected)
        zh = "读入 {:,} 行，新增 {:,}，更新 {:,}，未变 {:,}，拒收 {:,}".format(*counts)
        en = "{:,} rows, {:,} new, {:,} updated, {:,} unchanged, {:,} rejected".format(*counts)
        mark = "!" if self.problems else "✓"
        return Text(f"{mark} {self.file}：{zh}", f"{mark} {self.file}: {en}")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {**plain(self), "rejected": self.rejected}


def outcomes(
    workbench: Workbench, results: Sequence[FileResult], entries: dict[tuple[str, str], str]
) -> tuple[FileOutcome, ...]:
    """Return the results of an import for people.

    Args:
        workbench: The workspace.
        results: What the import said.
        entries: (content hash, sheet) → name of the archived table.
    """
    inbox = workbench.workspace.inbox
    waiting = {path.name: path.relative_to(inbox).as_posix() for path in waiting_files(inbox)}
    return tuple(_outcome(workbench, one, waiting, entries) for one in results)


def _outcome(
    workbench: Workbench, result: FileResult, waiting: dict[str, str], entries: dict[tuple[str, str], str]
) -> FileOutcome:
    layout = workbench.layouts.get(result.layout or "")
    told = [one for one in result.problems.kept if one.code != NOT_USED_YET] if result.error is None else []
    groups = tuple(_grouped(told))
    error = result.error
    counted = sum(count for code, count in result.problems.totals.items() if code != NOT_USED_YET)
    return FileOutcome(
        file=result.file,
        sheet=result.sheet,
        layout=result.layout,
        title=layout.title.as_text() if layout else None,
        fate=_fate(result),
        tables=tuple(_tables(result)),
        problems=groups[:MOST_GROUPS],
        more_problems=0 if error else max(counted - len(told), 0),
        error=error.message if error else None,
        hint=error.hint if error else None,
        is_unknown=error is not None and error.code == "unknown_layout",
        waits_as=waiting.get(result.file) if error is not None else None,
        entry=entries.get((result.content_hash or "", result.sheet or "")),
        batch=result.batch_id,
    )


def _fate(result: FileResult) -> Fate:
    if result.error is not None:
        return "failed"
    if result.problems.totals:
        return "kept" if set(result.problems.totals) == {NOT_USED_YET} else "loaded"
    brought = not result.already_imported and any(one.new or one.updated or one.rejected for one in result.tables)
    return "loaded" if brought else "unchanged"


def _tables(result: FileResult) -> Iterable[TableOutcome]:
    """Return each table once: a layout may put one row of the file into a table in several ways."""
    known = load_tables()
    for name in dict.fromkeys(one.table for one in result.tables if one.table):
        mine = [one for one in result.tables if one.table == name]
        title = known[name].title if name in known else Text(name, name)
        yield TableOutcome(
            name,
            Text(title.zh, title.en),
            max(one.rows_read for one in mine),
            sum(one.new for one in mine),
            sum(one.updated for one in mine),
            sum(one.unchanged for one in mine),
            max(one.rejected for one in mine),
        )


def _by_kind(problems: Iterable[Problem]) -> dict[tuple[str, Text, str | None, str | None], list[Problem]]:
    groups: dict[tuple[str, Text, str | None, str | None], list[Problem]] = {}
    for one in problems:
        groups.setdefault((one.code, one.message, one.sheet, one.column), []).append(one)
    return groups


def _grouped(problems: Iterable[Problem]) -> Iterable[ProblemGroup]:
    for (code, message, sheet, column), mine in _by_kind(problems).items():
        rows = sorted({one.row for one in mine if one.row is not None})
        example = next((one.value for one in mine if one.value), None)
        yield ProblemGroup(code, message, sheet, column, _runs(rows), example)


def _runs(rows: Sequence[int]) -> str:
    """Return rows as `2–4, 9`; of many runs the first ones."""
    texts = runs(rows)
    return ", ".join(texts[:MOST_RUNS]) + (" …" if len(texts) > MOST_RUNS else "")
