"""What the marks in the cells mean; only those that occur."""

from __future__ import annotations

from duoshou.metrics import Flag
from duoshou.reports.context import Report
from duoshou.reports.workbook import Sheet

_MARKS = (
    (Flag.APPROXIMATE, "legend.approximate"),
    (Flag.SMALL_SAMPLE, "legend.small_sample"),
    (Flag.MISSING_DAYS, "legend.missing_days"),
)


def write_legend(report: Report, sheet: Sheet, row: int, flags: set[Flag], *, changes: bool = True) -> int:
    """Write the legend of a sheet and return the next free row.

    Args:
        report: The report.
        sheet: Where to write.
        row: First row.
        flags: Flags of the values on the sheet.
        changes: Whether the sheet shows changes, in red and green.
    """
    words = report.words
    if changes:
        sheet.text(row, 0, words("legend.colours"), "note")
        row += 1
    sheet.text(row, 0, words("legend.missing"), "note")
    row += 1
    if Flag.PROVISIONAL in flags:
        sheet.text(row, 0, words("legend.provisional"), "note_hatched")
        row += 1
    for flag, name in _MARKS:
        if flag in flags:
            sheet.text(row, 0, words(name), "note")
            row += 1
    return row + 1
