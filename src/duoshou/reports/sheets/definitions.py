"""口径说明: the definition and the source of every number in the book."""

from __future__ import annotations

from duoshou.metrics import Metric
from duoshou.reports.context import Report, head
from duoshou.reports.definitions import FIRST_ROW
from duoshou.reports.workbook import Sheet, lines_of

COLUMNS = ("metric", "formula", "source", "date", "refunds", "maturity", "purpose", "caution", "aliases", "key")
WIDTHS = (22, 36, 30, 11, 12, 13, 30, 36, 24, 24)


def write_definitions(report: Report) -> None:
    """Write one line for each metric of the book, and what the book computes itself."""
    sheet, words = report.sheets["definitions"], report.words
    sheet.widths(*WIDTHS)
    row = head(report, sheet, words("definitions.title"))
    sheet.heads(row, [words(f"definitions.{name}") for name in COLUMNS], left=len(COLUMNS))
    sheet.height(row, 2)
    sheet.freeze(row + 1, 1)
    for key, line in report.definitions.rows.items():
        _line(report, sheet, line, report.metric(key))
    row = FIRST_ROW + len(report.definitions.rows) + 1
    sheet.text(row, 0, words("definitions.computed"), "section")
    for name, facts in report.definitions.notes.items():
        row += 1
        sheet.wide(row, 0, len(WIDTHS) - 1, words(f"definitions.{name}", **facts), "wrap", sum(WIDTHS))


def _line(report: Report, sheet: Sheet, row: int, metric: Metric) -> None:
    words = report.words
    joint = "、" if report.language == "zh" else ", "
    cells = (
        words.of(metric.title),
        words.of(metric.formula),
        _source(report, metric.key),
        words(f"date_base.{metric.date_base.value}"),
        words(f"refund_treatment.{metric.refunds.value}"),
        str(metric.maturity_days) if metric.maturity_days else "0",
        words.of(metric.purpose),
        words.of(metric.caution),
        joint.join(metric.aliases) if report.language == "zh" else joint.join(a for a in metric.aliases if a.isascii()),
        metric.key,
    )
    for column, cell in enumerate(cells):
        sheet.text(row, column, cell, "wrap", **({"bold": True} if column == 0 else {}))
    sheet.height(row, max(lines_of(cell, width - 1) for cell, width in zip(cells, WIDTHS, strict=True)))


def _source(report: Report, key: str) -> str:
    """Return the tables that answered in this book, by name and key."""
    words = report.words
    sources = report.answers.used.get(key, [])
    named = []
    for source in sources:
        table = source.partition("/")[0]
        named.append(f"{words(f'source.{table}')} ({source})" if words.has(f"source.{table}") else source)
    return "\n".join(named) or words("definitions.no_source")
