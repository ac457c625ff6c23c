"""Rows between the header and the data that explain the columns: formulas, units, descriptions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from duoshou.sources.cells import prepared_text
from duoshou.sources.columns import column_of
from duoshou.sources.dates import YearSource
from duoshou.sources.layout import Layout, LayoutField
from duoshou.sources.values import value_sql

_ANY_YEAR = YearSource(datetime(2025, 1, 1))  # noqa: DTZ001 - which year it is does not matter here


def explanation_rows(layout: Layout, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows directly below the header hold no value of a required field that can be read.

    Args:
        layout: Says how many there are at most.
        headers: Column names of the file.
        rows: The first rows below the header.
    """
    most = layout.recognise.explanation_rows
    fields = _telling_fields(layout, headers) if most else []
    if not fields:
        return 0
    words = layout.totals.words if layout.totals else ()
    for number, row in enumerate(rows[:most]):
        cells = [(field, row[place].strip()) for field, place in fields if place < len(row) and row[place].strip()]
        if any(cell.strip() in words for cell in row if cell.strip()) or _holds_value(layout, cells):
            return number
    return min(most, len(rows))


def _telling_fields(layout: Layout, headers: Sequence[str]) -> list[tuple[LayoutField, int]]:
    """Return the fields whose cells tell data from explanations, with their positions.

    Ids are weak evidence: where nothing else is required, every number and date counts.
    """
    required = [field for field in layout.field if field.required and field.type != "text"]
    if all(_is_word(field) for field in required):
        required += [field for field in layout.field if field.type != "text" and not _is_word(field)]
    places = {header: place for place, header in enumerate(headers)}
    return [(field, places[header]) for field in required if (header := column_of(field, headers)) is not None]


def _is_word(field: LayoutField) -> bool:
    """Return whether any text can be read as a value of the field."""
    return field.type in ("id", "text", "status") or field.personal is not None


def _holds_value(layout: Layout, cells: Sequence[tuple[LayoutField, str]]) -> bool:
    words = [cell for field, cell in cells if _is_word(field)]
    # What explains an id or a status has no digits, or is a sentence.
    if any(re.search(r"\d", word) and not re.search(r"\s\S+\s|[，。；、]", word) for word in words):
        return True
    return any(word in layout.status for word in words) or _can_be_read(
        layout, [(field, cell) for field, cell in cells if not _is_word(field)]
    )


def _can_be_read(layout: Layout, cells: Sequence[tuple[LayoutField, str]]) -> bool:
    import duckdb

    if not cells:
        return False
    texts = [
        f"{prepared_text(field, f'${number}::VARCHAR')} AS t{number}" for number, (field, _) in enumerate(cells, 1)
    ]
    reads = [
        f"{value_sql(field.type, f't{number}', dates=field.dates or layout.dates, years=_ANY_YEAR)} IS NOT NULL"
        for number, (field, _) in enumerate(cells, 1)
    ]
    with duckdb.connect() as connection:
        query = f"SELECT {' OR '.join(reads)} FROM (SELECT {', '.join(texts)})"
        return bool(connection.execute(query, [cell for _, cell in cells]).fetchall()[0][0])
