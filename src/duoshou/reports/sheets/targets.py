"""目标进度: how far the month's targets are reached, and where the month is likely to end."""

from __future__ import annotations

import calendar

from duoshou.metrics import Flag, Unit
from duoshou.reports.context import Report
from duoshou.reports.targets import TargetProgress, verdict
from duoshou.reports.workbook import Sheet

HEADS = ("metric", "target", "value", "reached", "expected", "projection", "interval", "", "needed", "verdict")
WHOLE = "#,##0"
_REASON = 5
_LAST = len(HEADS) - 1


def write_targets(report: Report, sheet: Sheet, row: int) -> int:
    """Write a line for each target of the shop's month, and return the next free row; nothing without targets."""
    words, targets = report.words, report.targets
    if not targets and not report.material.odd_targets:
        return row
    sheet.text(row, 0, words("target.title"), "section")
    row += 1
    if targets:
        sheet.heads(row, [words(f"target.{name}") if name else "" for name in HEADS])
        sheet.worksheet.merge_range(row, 6, row, 7, "", sheet.book.format("head_right"))
        sheet.text(row, 6, words("target.interval"), "head_right")
        report.definitions.note("projection")
        for one in targets:
            row += 1
            _line(report, sheet, row, one)
        row += 1
        for note in _notes(report, targets):
            sheet.text(row, 0, note, "note")
            row += 1
    for text in report.material.odd_targets:
        sheet.text(row, 0, words("target.odd", problem=words.of(text)), "note")
        row += 1
    return row + 1


def _line(report: Report, sheet: Sheet, row: int, one: TargetProgress) -> None:
    words, unit = report.words, one.metric.unit
    report.link(sheet, row, 0, one.metric.key)
    sheet.figure(row, 1, one.target, unit)
    sheet.figure(row, 2, one.value, unit, one.flags)
    for column, share in ((3, one.reached), (4, one.expected)):
        sheet.figure(row, column, share, Unit.RATE)
    ends = one.projection
    if ends is None:
        text = words("target.rate") if one.why_not is None else words("target.unknown", why=words.of(one.why_not))
        sheet.worksheet.merge_range(row, _REASON, row, _LAST, "", sheet.book.format("cell"))
        sheet.text(row, _REASON, text, "cell", indent=1)
        return
    sheet.number(row, 5, ends.value, WHOLE)
    sheet.worksheet.merge_range(row, 6, row, 7, "", sheet.book.format("number"))
    sheet.text(row, 6, f"{ends.low:,.0f} – {ends.high:,.0f}", "number")
    sheet.number(row, 8, one.needed, WHOLE)
    sheet.text(row, 9, words(f"target.{verdict(one)}"), "number")


def _notes(report: Report, targets: list[TargetProgress]) -> list[str]:
    """Return how much of the month is over, and what the usual progress rests on."""
    words = report.words
    found = []
    for day in sorted({one.as_of for one in targets}):
        whole = calendar.monthrange(day.year, day.month)[1]
        name = "target.time" if day == report.day else "target.time_until"
        found.append(words(name, day=day, days=day.day, whole=whole, share=f"{day.day / whole:.0%}"))
    found += [words(f"target.{basis}") for basis in sorted({one.basis for one in targets if one.basis})]
    if any(Flag.MISSING_DAYS in one.flags for one in targets):
        found.append(words("legend.missing_days"))
    return found
