"""导出清单: which files to fetch next, and where."""

from __future__ import annotations

from duoshou.reports.context import Report, head
from duoshou.reports.material import FileToFetch
from duoshou.reports.workbook import Sheet, lines_of

WIDTHS = (16, 34, 14, 14, 24, 44, 44)
COLUMNS = ("shop", "file", "state", "last_day", "missing", "menu", "gains")
MOST_OPTIONAL = 20


def write_fetch(report: Report) -> None:
    """Write what is late first, then what is up to date, then what was never imported."""
    sheet, words = report.sheets["fetch"], report.words
    sheet.widths(*WIDTHS)
    row = head(report, sheet, words("fetch.title"))
    files = report.material.fetch
    if not files:
        sheet.text(row, 0, words("fetch.none"), "subtitle")
        return
    sheet.heads(row, [words(f"fetch.{name}") for name in COLUMNS], left=len(COLUMNS))
    sheet.freeze(row + 1, 2)
    optional = 0
    for one in files:
        optional += one.state == "optional"
        if one.state != "optional" or optional <= MOST_OPTIONAL:
            row += 1
            _line(report, sheet, row, one)
    if optional > MOST_OPTIONAL:
        row += 1
        sheet.text(row, 0, words("fetch.more", count=optional - MOST_OPTIONAL), "note")
    sheet.wide(row + 2, 0, len(WIDTHS) - 1, words("fetch.rules"), "note_wrap", sum(WIDTHS))


def _line(report: Report, sheet: Sheet, row: int, one: FileToFetch) -> None:
    words = report.words
    missing = ""
    if one.first_missing is not None and one.last_missing is not None:
        missing = f"{one.first_missing} – {one.last_missing}"
        if one.first_missing == one.last_missing:
            missing = str(one.last_missing)
    cells = (
        one.shop,
        words.of(one.title),
        words(f"fetch.{one.state}"),
        str(one.last_day or ""),
        missing,
        words.of(one.menu) if one.menu else "",
        words.of(one.gains),
    )
    changes = {"bold": True} if one.state == "stale" else {}
    for column, cell in enumerate(cells):
        sheet.text(row, column, cell, "wrap", **(changes if column in {1, 2, 4} else {}))
    sheet.height(row, max(lines_of(cell, width - 1) for cell, width in zip(cells, WIDTHS, strict=True)))
