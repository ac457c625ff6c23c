"""The latest moment that a table mentions: its rows are at least as young as the export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.sources.cells import is_prepared
from duoshou.sources.columns import column_of
from duoshou.sources.details import archive, total_rows
from duoshou.sources.fields import TypedColumn, typed_columns
from duoshou.sources.layout import Layout, LayoutField
from duoshou.sources.sql import identifier
from duoshou.sources.typed import typed_rows_sql
from duoshou.sources.values import says_nothing
from duoshou.sources.zones import to_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MARKS = {5: "-", 8: "-", 11: " ", 14: ":", 17: ":"}
_ISO = "%Y-%m-%d %H:%M:%S"


def latest_instant(
    connection: DuckDBPyConnection,
    layout: Layout,
    parquet: Path,
    headers: Sequence[str],
    timezone: str,
    *,
    hint: str | None = None,
    imported_at: datetime | None = None,
) -> datetime | None:
    """Return the latest moment that the rows mention (naive UTC), None when they mention none.

    A day counts to its end: a file with figures of a day was made after it. A date without a year takes it from the
    hint, else it lies before the import (naive UTC).
    """
    dated = [
        field
        for field in layout.field
        if field.personal is None
        and field.type in ("instant", "day", "period")
        and column_of(field, headers) is not None
    ]
    if not dated:
        return None
    latest = _latest_text(connection, layout, dated, parquet, headers)
    if latest is None:
        columns = typed_columns(layout, headers, timezone, hint, imported_at)
        latest = _latest_typed(connection, layout, dated, parquet, headers, columns)
    return to_utc(latest, layout.timezone or timezone) if latest is not None else None


def _latest_text(
    connection: DuckDBPyConnection,
    layout: Layout,
    dated: Sequence[LayoutField],
    parquet: Path,
    headers: Sequence[str],
) -> datetime | None:
    """Return the latest moment where all cells are ISO dates, whose order is that of their text; else None."""
    if any(field.type != "instant" or is_prepared(field) for field in dated):
        return None
    listed = []
    for field in dated:
        cell = identifier(column_of(field, headers) or "")
        marks = " AND ".join(f"substr({cell}, {place}, 1) = '{mark}'" for place, mark in _MARKS.items())
        odd = f"CASE WHEN length({cell}) = 19 AND {marks} THEN FALSE ELSE NOT {says_nothing(cell)} END"
        listed.append(f"max({cell}) FILTER (NOT {says_nothing(cell)}), count(*) FILTER ({odd})")
    rows = f"SELECT * FROM {archive(parquet)} WHERE NOT {total_rows(layout, headers, parquet)}"
    found = connection.execute(f"SELECT {', '.join(listed)} FROM ({rows})").fetchall()[0]
    if any(found[1::2]):
        return None
    try:
        moments = [datetime.strptime(text, _ISO) for text in found[::2] if text is not None]  # noqa: DTZ007 - local, made UTC by the caller
    except ValueError:
        return None
    return max(moments, default=None)


def _latest_typed(
    connection: DuckDBPyConnection,
    layout: Layout,
    dated: Sequence[LayoutField],
    parquet: Path,
    headers: Sequence[str],
    columns: Sequence[TypedColumn],
) -> datetime | None:
    moments = {field.name: identifier(field.name) for field in dated if field.type == "instant"}
    for field in dated:
        if field.type != "instant":
            last = f"{field.name}_end" if field.type == "period" else field.name
            moments[last] = f"CAST({identifier(last)} AS TIMESTAMP) + INTERVAL 1 DAY"
    needed = moments.keys() | {f"{field.name}_start" for field in dated if field.type == "period"}
    used = [column for column in columns if column.name in needed]
    # An empty row mentions no moment; that it is empty need not be asked of all its cells.
    rows = f"NOT {total_rows(layout, headers, parquet)}"
    source = typed_rows_sql(layout, parquet, headers, used, (), first_row=0, hint=None, rows=rows)
    latest = ", ".join(f"max({moment})" for moment in moments.values())
    query = f"SELECT greatest({latest}, CAST(NULL AS TIMESTAMP)) FROM ({source})"
    found: datetime | None = connection.execute(query).fetchall()[0][0]
    return found
