"""Files with exactly as many rows as an export may have."""

from __future__ import annotations

from duoshou.model import Confidence
from duoshou.warehouse.checks.context import CheckContext
from duoshou.warehouse.checks.daily import DailySource, FileSpan
from duoshou.warehouse.checks.signals import Signal

SPREADSHEET_LIMITS = frozenset({65_535, 65_536, 1_048_575, 1_048_576})
"""Rows of an .xls and of an .xlsx sheet, with and without the header."""

ROUND = 5_000
"""Platforms cut exports at round numbers; one file in 5,000 has such a length by chance."""

SMALL_LIMITS = frozenset({1_000, 2_000, 3_000})
"""Smaller limits that exist; as likely by chance as by a limit, so told as `possible`."""

COLUMNS = ("file", "rows", "first_day", "last_day")


def row_limits(context: CheckContext) -> list[Signal]:
    """Return the files whose number of data rows is a limit of exports or spreadsheets."""
    signals = []
    for shop in context.shops():
        for source in context.sources(shop):
            for span in context.files(source, shop):
                rows = _length(context, span)
                confidence = _confidence(rows)
                if confidence is not None and not _holds_whole_days(context, source, shop, span):
                    signals.append(_signal(shop, source.key, span, rows, confidence))
    return signals


def _confidence(rows: int) -> Confidence | None:
    if rows in SPREADSHEET_LIMITS or (rows >= ROUND and rows % ROUND == 0):
        return Confidence.LIKELY
    return Confidence.POSSIBLE if rows in SMALL_LIMITS else None


def _length(context: CheckContext, span: FileSpan) -> int:
    """Return the data rows of a file: from the ledger, else from the last row that a table took (one header row)."""
    return context.file_rows().get(span.content_hash, span.last_row - 1)


def _holds_whole_days(context: CheckContext, source: DailySource, shop: str, span: FileSpan) -> bool:
    """Return whether each of several days of a file has as many rows as the others, as of ten products on 200 days.

    A cut takes a part of a day; where none lacks a row, whatever else was cut is days that are missing as a whole.
    """
    found = context.rows(
        f"""SELECT count(*), count(DISTINCT number) FROM (
              SELECT {source.day} AS on_day, count(*) AS number FROM {source.table}
              WHERE {source.where} AND shop = ? AND coalesce(source_hash, source_file, '') = ? GROUP BY 1)""",
        [shop, span.content_hash],
    )
    days, numbers = found[0]
    return bool(days > 1 and numbers == 1)


def _signal(shop: str, source: str, span: FileSpan, rows: int, confidence: Confidence) -> Signal:
    days = (span.first, span.last) if span.first != span.last else (span.first,)
    facts = {"file": span.file, "rows": rows}
    evidence = ((span.file, rows, span.first, span.last),)
    return Signal("data.row_limit", shop, source, days, confidence, facts, COLUMNS, evidence, mark=span.content_hash)
