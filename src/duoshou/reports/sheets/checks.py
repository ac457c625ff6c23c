"""数据检查: every data finding with the rows to look at."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from duoshou.model import Evidence, Finding
from duoshou.reports.context import Report, head
from duoshou.reports.workbook import Sheet, lines_of

COLUMN = 17
WIDTHS = (6, *(COLUMN for _ in range(11)))
MOST_ROWS = 30

# Name of the heading, first and last column: the list lies over the even columns of the evidence below it.
_LIST = (
    ("checks.number", 0, 0),
    ("checks.confidence", 1, 1),
    ("checks.problem", 2, 4),
    ("trend.day", 5, 5),
    ("checks.action", 6, 8),
    ("checks.role", 9, 9),
    ("checks.caveat", 10, 11),
)
_WHOLE = frozenset({"row", "rows", "count", "quantity", "days_behind", "units_in_lines"})
_TINY = 0.0001


def write_checks(report: Report) -> None:
    """Write the list of findings, then the evidence of each."""
    sheet, words = report.sheets["checks"], report.words
    sheet.widths(*WIDTHS)
    row = head(report, sheet, words("checks.title"))
    if not report.data_findings:
        sheet.text(row, 0, words("overview.no_problems"), "subtitle")
        return
    report.definitions.note("checks")
    _spread(sheet, row, [words(name) for name, _, _ in _LIST], "head")
    sheet.freeze(row + 1)
    for number, finding in enumerate(report.data_findings, start=1):
        row += 1
        _spread(sheet, row, _cells(report, number, finding), "wrap")
    row += 1
    sheet.wide(row, 0, len(WIDTHS) - 1, words("checks.rate"), "note_wrap", sum(WIDTHS))
    for number, finding in enumerate(report.data_findings, start=1):
        for evidence in finding.evidence:
            row = _evidence(report, sheet, row + 2, number, evidence)


def _cells(report: Report, number: int, finding: Finding) -> list[str]:
    words = report.words
    period = finding.period
    days = str(period.start) if period.days == 1 else f"{period.start}\n{period.end}"
    roles = dict.fromkeys(words(f"role.{each.owner_role.value}") for each in finding.recommendations)
    return [
        str(number),
        words(f"confidence.{finding.confidence.value}"),
        words.of(finding.headline),
        days,
        "\n".join(words.of(each.action) for each in finding.recommendations),
        " ".join(roles),
        "\n".join(words.of(each) for each in finding.caveats),
    ]


def _spread(sheet: Sheet, row: int, cells: list[str], style: str) -> None:
    """Write one row of the list, wide cells over several columns, the row as high as the longest needs."""
    lines = 1
    for cell, (_, first, last) in zip(cells, _LIST, strict=True):
        width = sum(WIDTHS[first : last + 1]) - 1
        if first == last:
            sheet.text(row, first, cell, style)
        else:
            sheet.wide(row, first, last, cell, style, width)
        lines = max(lines, lines_of(cell, width))
    sheet.height(row, lines)


def _evidence(report: Report, sheet: Sheet, row: int, number: int, evidence: Evidence) -> int:
    """Write one table of evidence; return its last row."""
    words = report.words
    sheet.text(row, 0, str(number), "section", font_size=10)
    sheet.text(row, 1, words.of(evidence.title), "section", font_size=10)
    row += 1
    numeric = [
        all(cells[column] is None or _is_number(cells[column]) for cells in evidence.rows)
        for column in range(len(evidence.columns))
    ]
    for column, name in enumerate(evidence.columns):
        sheet.text(row, 1 + column, words.column(name), "head_right" if numeric[column] else "head")
    for cells in evidence.rows[:MOST_ROWS]:
        row += 1
        for column, (name, cell) in enumerate(zip(evidence.columns, cells, strict=True)):
            _cell(report, sheet, row, 1 + column, name, cell)
        longest = max((lines_of(str(cell), COLUMN - 1) for cell in cells if isinstance(cell, str)), default=1)
        sheet.height(row, longest)
    return row


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)


def _cell(report: Report, sheet: Sheet, row: int, column: int, name: str, cell: Any) -> None:
    if cell is None or cell == "":
        sheet.missing(row, column, "top_number")
    elif isinstance(cell, datetime):
        sheet.text(row, column, f"{cell:%Y-%m-%d %H:%M}", "wrap")
    elif isinstance(cell, date):
        sheet.day(row, column, cell, "wrap")
    elif _is_number(cell):
        sheet.number(row, column, cell, _number(name, cell) + "_)_)", "top_number")
    elif name in {"source", "other_source"} and report.words.has(f"source.{cell}"):
        sheet.text(row, column, report.words(f"source.{cell}"))
    else:
        sheet.text(row, column, cell, "wrap")


def _number(name: str, value: float | Decimal) -> str:
    if name == "chance":
        return "0.0E+00" if 0 < value < _TINY else "0.0000"
    if isinstance(value, int) or name in _WHOLE:
        return "#,##0"
    return "#,##0.00"
