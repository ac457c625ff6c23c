"""The answer of a query as a table for people and as CSV."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from duoshou.cli.metric_format import format_change, format_value
from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.cells import csv_text

if TYPE_CHECKING:
    from duoshou.metrics import Catalogue, MetricValue, QueryResult, QueryRow

LONGEST_NAME = 32
MARKS = {
    "approximate": "≈",
    "provisional": "*",
    "small_sample": "°",
    "missing_days": "!",
    "not_additive": "⊘",
    "definitions_differ": "≠",
}


def query_text(result: QueryResult, catalogue: Catalogue, session: Session) -> str:
    """Return the rows as an aligned table under the period they cover, with every mark explained below."""
    if not result.rows:
        return "\n".join(
            [_heading(result, session), session.say("这段时间没有数据。", "There is no data for this period.")]
        )
    lines = [_heading(result, session), _table(result, catalogue, session)]
    lines += remarks([value for row in result.rows for value in row.values.values()], session)
    lines += [note.in_language(session.language) for note in result.notes]
    return "\n".join(lines)


def marks(value: MetricValue) -> str:
    """Return the marks that stand behind a number."""
    flags = {str(flag) for flag in value.flags}
    return "".join(mark for key, mark in MARKS.items() if key in flags)


def remarks(values: Collection[MetricValue], session: Session) -> list[str]:
    """Return the lines below a table: what its marks mean and which tables answered."""
    from duoshou.metrics.wording import FLAGS

    flags = {flag for value in values for flag in value.flags}
    lines = [f"{MARKS[flag]} {text.in_language(session.language)}" for flag, text in FLAGS.items() if flag in flags]
    if any(value.value is None for value in values):
        lines.append(session.say("— 不知道（不是 0）", "— unknown (not 0)"))
    if sources := sorted({value.source for value in values if value.source}):
        lines.append(session.say("来源：", "Source: ") + ", ".join(sources))
    return lines


def query_csv(result: QueryResult) -> str:
    """Return the rows as CSV with keys as header and numbers as they are in JSON."""
    return csv_text(*result.table())


def _heading(result: QueryResult, session: Session) -> str:
    text = f"{result.period.start} – {result.period.end}"
    if result.comparison is not None:
        text += session.say("，对比 ", ", against ") + f"{result.comparison.start} – {result.comparison.end}"
        if len(result.comparison.runs) > 1:
            text += session.say("里的 ", ", of which ") + f"{result.comparison.days}" + session.say(" 天", " days")
    return text


def _table(result: QueryResult, catalogue: Catalogue, session: Session) -> str:
    compared = result.comparison is not None
    first = result.rows[0]
    header = [_dimension_title(name, catalogue, session) for name in first.dimensions]
    for key in first.values:
        header.append(catalogue.metrics[key].title.in_language(session.language))
        if compared:
            header += [session.say("对比期", "compared"), session.say("变化", "change")]
    numeric = [position >= len(first.dimensions) for position in range(len(header))]
    return table(header, [_cells(row, compared=compared) for row in result.rows], numeric=numeric)


def _cells(row: QueryRow, *, compared: bool) -> list[str]:
    cells = [shorten(name or "—", LONGEST_NAME) for name in row.dimensions.values()]
    for value in row.values.values():
        cells.append(format_value(value.value, value.unit) + marks(value))
        if compared:
            cells += [format_value(value.compare, value.unit), format_change(value)]
    return cells


def _dimension_title(name: str, catalogue: Catalogue, session: Session) -> str:
    if name == "period":
        return session.say("日期", "period")
    dimension = catalogue.dimensions.get(name)
    return dimension.title.in_language(session.language) if dimension else name
