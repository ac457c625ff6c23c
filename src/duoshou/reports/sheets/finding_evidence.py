"""The rows behind a finding, in the language of the book: percentages instead of logarithms, names instead of keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from duoshou.metrics import Unit
from duoshou.model import Evidence, EvidenceType, Finding
from duoshou.reports.business import finite, move_of, records
from duoshou.reports.context import Report
from duoshou.reports.styles import GREEN, RED, change_format
from duoshou.reports.workbook import Sheet, lines_of

MOST_ROWS = 30
LATEST = 14
"""Days of a series that are shown: its last ones."""
LONGEST_CELL = 120
FIRST, WIDTH = 2, 13
_PROSE = frozenset({"causes", "loss"})
"""Evidence that is already told above: the causes in words, the loss as money."""
_KEYS = frozenset({"metric", "cause"})
"""Columns that hold keys, not words."""
_PERCENT = frozenset({"weight", "chance", "part"})


def write_evidence(report: Report, sheet: Sheet, row: int, finding: Finding) -> int:
    """Write every table and series of a finding, and return the next free row."""
    for evidence in finding.evidence:
        if evidence.type is not EvidenceType.TEXT and evidence.rows and evidence.id not in _PROSE:
            write = _moves if evidence.id == "moves" else _table
            row = write(report, sheet, row + 1, finding, evidence) + 1
    return row


def _title(report: Report, sheet: Sheet, row: int, text: str, note: str = "") -> None:
    sheet.text(row, FIRST, text + (f"（{note}）" if note and report.language == "zh" else f" ({note})" if note else ""),
               "section", font_size=10)  # fmt: skip


def _moves(report: Report, sheet: Sheet, row: int, finding: Finding, evidence: Evidence) -> int:  # noqa: ARG001
    """Write what moved, in per cent, and how unusual that is."""
    words = report.words
    _title(report, sheet, row, words("finding.moves"), _cut_note(report, evidence))
    row += 1
    sheet.worksheet.merge_range(row, FIRST, row, FIRST + 1, "", sheet.book.format("head"))
    sheet.text(row, FIRST, words.column("feature"), "head")
    for column, name in ((FIRST + 2, "move"), (FIRST + 3, "deviations")):
        sheet.text(row, column, words.column(name), "head_right")
    sheet.height(row, max(lines_of(words.column("move"), WIDTH - 1), lines_of(words.column("deviations"), 17)))
    for record in records(evidence)[:MOST_ROWS]:
        row += 1
        move = move_of(record, words)
        sheet.wide(row, FIRST, FIRST + 1, shortened(move.name), "wrap", 2 * WIDTH)
        if move.change is None:
            sheet.missing(row, FIRST + 2, "top_number")
        else:
            shown = move.change * 100 if move.points else move.change
            form = change_format(Unit.RATE if move.points else Unit.MONEY, shown)
            colour = {"font_color": RED if shown > 0 else GREEN} if shown else {}
            sheet.worksheet.write_number(
                row, FIRST + 2, shown, sheet.book.format("top_number", num_format=form, **colour)
            )
        sheet.number(row, FIRST + 3, move.score, "+0.0;-0.0;0.0", "top_number")
    return row


def _table(report: Report, sheet: Sheet, row: int, finding: Finding, evidence: Evidence) -> int:
    """Write a table or the latest days of a series."""
    words = report.words
    columns = _columns(report, evidence)
    rows = records(evidence)
    rows = rows[-LATEST:] if evidence.type is EvidenceType.SERIES else rows[:MOST_ROWS]
    cells = [[_shown(report, finding, name, record) for name in columns] for record in rows]
    right = [all(cell is None or _is_number(cell) for cell in column) for column in zip(*cells, strict=True)]
    _title(report, sheet, row, words.of(evidence.title), _cut_note(report, evidence))
    row += 1
    heads = [words.column(name.removesuffix(f"_{report.language}")) for name in columns]
    for offset, text in enumerate(heads):
        sheet.text(row, FIRST + offset, text, "head_right" if right[offset] else "head")
    sheet.height(row, max(lines_of(text, WIDTH - 1) for text in heads))
    for line in cells:
        row += 1
        for offset, (name, cell) in enumerate(zip(columns, line, strict=True)):
            _cell(sheet, row, FIRST + offset, name, cell)
        sheet.height(row, max(lines_of(str(cell), WIDTH - 1) if isinstance(cell, str) else 1 for cell in line))
    return row


def _columns(report: Report, evidence: Evidence) -> list[str]:
    """Return the columns for people: those of the book's language, no keys."""
    other = "_en" if report.language == "zh" else "_zh"
    named = {name[:-3] for name in evidence.columns if name.endswith(("_zh", "_en"))}
    found = [name for name in evidence.columns if not name.endswith(other) and name not in named | _KEYS]
    return found[: len(sheet_columns(report)) - FIRST]


def sheet_columns(report: Report) -> Sequence[float]:
    """Return the widths of the columns of the findings sheet."""
    return report.sheets["findings"].columns


def _cut_note(report: Report, evidence: Evidence) -> str:
    if evidence.type is EvidenceType.SERIES:
        return report.words("finding.rows", count=LATEST) if len(evidence.rows) > LATEST else ""
    return report.words("finding.only", count=MOST_ROWS) if len(evidence.rows) > MOST_ROWS else ""


def _shown(report: Report, finding: Finding, name: str, record: Mapping[str, Any]) -> Any:
    """Return a cell for people: names instead of keys, both languages where they are known."""
    cell, words = record.get(name), report.words
    if name == "type" and words.has(f"subject.{cell}"):
        return words(f"subject.{cell}")
    if name == "subject" and isinstance(cell, str):
        return _name(report, str(record.get("type") or finding.subject.type), cell)
    if name == "name" and report.language == "en":
        metric = report.answers.catalogue.metrics.get(str(record.get("metric")))
        return metric.title.en if metric else cell
    if name == "score" and isinstance(cell, str):
        return words.score_item(cell)
    if isinstance(cell, bool):
        return words(f"answer.{'yes' if cell else 'no'}")
    return shortened(cell) if isinstance(cell, str) else cell


def _name(report: Report, type_: str, key: str) -> str:
    """Return the readable name of a subject; its key where it has none."""
    if not key or key == "shop" or type_ == "shop":
        return report.name
    if type_ not in report.answers.catalogue.dimensions:
        return key
    return report.names(type_, [key]).get(key, key)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)


def _cell(sheet: Sheet, row: int, column: int, name: str, cell: Any) -> None:
    if _is_number(cell):
        number = finite(cell)
        if number is None:
            sheet.missing(row, column, "top_number")
        else:
            sheet.number(row, column, number, _number(name, cell), "top_number")
    elif cell is None or cell == "":
        sheet.missing(row, column, "wrap")
    elif isinstance(cell, date):
        sheet.text(row, column, cell.isoformat()[:10], "wrap")
    else:
        sheet.text(row, column, cell, "wrap")


def shortened(text: str) -> str:
    """Return text that does not make a row endless."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _number(name: str, value: float | Decimal) -> str:
    if name in _PERCENT:
        return "0%"
    return "#,##0" if isinstance(value, int) else "#,##0.00" if abs(float(value)) >= 1 else "0.000"
