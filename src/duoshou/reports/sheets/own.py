"""The sheets that a workspace adds: a table of the metrics that it names."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.metrics import MetricError, QueryRow
from duoshou.model import Period
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.own import Kind, OwnSheet
from duoshou.reports.workbook import Sheet

DIMENSION_WIDTH, NAME_WIDTH, NUMBER_WIDTH = 18, 34, 14


def write_own(report: Report, kind: Kind, period: Period) -> None:
    """Write every sheet that the workspace adds to a book; `period` is the book's."""
    for number, own in enumerate(report.material.own.of(kind)):
        days = period if own.last is None else Period.last(own.last, report.day)
        _write(report, report.sheets[f"own {number}"], own, days)


def _write(report: Report, sheet: Sheet, own: OwnSheet, period: Period) -> None:
    words = report.words
    span = words("own.subtitle", shop=report.name, first=period.start, last=period.end, currency=report.currency)
    named = [one for one in own.by if report.material.catalogue.dimensions[one].has_names]
    left = ([words("own.period")] if own.grain else []) + [_dimension(report, one) for one in own.by]
    left += [words("own.name", dimension=_dimension(report, one)) for one in named]
    left = left or [words("own.period")]
    widths = [DIMENSION_WIDTH] * (len(left) - len(named)) + [NAME_WIDTH] * len(named)
    sheet.widths(*widths, *(NUMBER_WIDTH for _ in own.metrics))
    row = head(report, sheet, own.title, span)
    try:
        rows = report.answers.asked(own.metrics, period, by=own.by, grain=own.grain)
    except MetricError as error:
        # What cannot be answered truly says so on its own sheet; the rest of the book is not its hostage.
        sheet.text(row, 0, words.of(error.message), "subtitle")
        return
    rows = tuple(one for one in rows if not own.by or any(each.value is not None for each in one.values.values()))
    report.heads(sheet, row, left, own.metrics)
    sheet.freeze(row + 1, len(left))
    shown = rows[: own.rows]
    names = {one: report.names(one, [each.dimensions[one] or "" for each in shown]) for one in named}
    for each in shown:
        row += 1
        _line(report, sheet, row, own, each, [names[one].get(each.dimensions[one] or "", "") for one in named], period)
    if len(rows) > len(shown):
        row += 1
        sheet.text(row, 0, words("own.more", count=len(rows) - len(shown)), "note")
    write_legend(report, sheet, row + 2, sheet.flags, changes=False)


def _line(
    report: Report, sheet: Sheet, row: int, own: OwnSheet, each: QueryRow, names: Sequence[str], period: Period
) -> None:
    left = [each.dimensions.get("period") or ""] if own.grain else []
    left += [each.dimensions[one] or "—" for one in own.by]
    left += names
    for column, cell in enumerate(left or [f"{period.start} – {period.end}"]):
        sheet.text(row, column, cell)
    for offset, key in enumerate(own.metrics, start=max(1, len(left))):
        report.title(key)
        sheet.value(row, offset, each.values.get(key))


def _dimension(report: Report, key: str) -> str:
    return report.words.of(report.material.catalogue.dimensions[key].title)
