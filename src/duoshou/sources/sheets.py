"""Rows of a workbook's sheet as a relation of the engine: every cell as the text a person would copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from duoshou.sources import workbook
from duoshou.sources.reading import SheetSource
from duoshou.sources.sql import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_VIEW = "duoshou_sheet"
_EXACT = "1e15"


@contextmanager
def sheet_relation(connection: DuckDBPyConnection, source: SheetSource, width: int) -> Iterator[str]:
    """Yield a subquery with the columns `c0`, `c1` …, all text; the sheet is released afterwards."""
    table = workbook.load(source.content, source.sheet, source.skip)
    connection.register(_VIEW, table)
    try:
        cells = [_text(field.name, str(field.type)) for field in table.schema][:width]
        cells += ["CAST(NULL AS VARCHAR)"] * (width - len(cells))
        selected = ", ".join(f"{cell} AS c{position}" for position, cell in enumerate(cells))
        yield f"(SELECT {selected} FROM {_VIEW})"
    finally:
        connection.unregister(_VIEW)


def _text(name: str, kind: Any) -> str:
    """Return SQL for the cell's text: whole numbers without `.0`, others in their shortest form, moments in ISO form.

    A number of 16 digits or more is written with an exponent: a spreadsheet keeps 15, so as an id it has lost the rest.
    """
    cell = identifier(name)
    if kind == "double":
        return (
            f"CASE WHEN abs({cell}) >= {_EXACT} THEN format('{{:.14e}}', {cell}) WHEN {cell} = trunc({cell}) "
            f"THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) ELSE CAST({cell} AS VARCHAR) END"
        )
    if kind == "int64":
        return (
            f"CASE WHEN abs({cell}) >= {_EXACT} THEN format('{{:.14e}}', CAST({cell} AS DOUBLE)) ELSE "
            f"CAST({cell} AS VARCHAR) END"
        )
    if kind in ("string", "large_string"):
        noisy = f"length({cell}) >= 11 AND regexp_full_match({cell}, '-?[0-9]+\\.[0-9]{{9}}')"
        return f"CASE WHEN {noisy} THEN CAST(CAST({cell} AS DOUBLE) AS VARCHAR) ELSE nullif({cell}, '') END"
    return f"CAST({cell} AS VARCHAR)"
