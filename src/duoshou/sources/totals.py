"""Total rows against the sum of the detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.sources.columns import column_of
from duoshou.sources.details import archive, total_rows
from duoshou.sources.fields import typed_columns
from duoshou.sources.layout import LayoutField
from duoshou.sources.reading import Reading
from duoshou.sources.sql import identifier
from duoshou.sources.typed import typed_rows_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class TotalLine:
    """One column of a total row beside the sum of the detail."""

    column: str
    stated: Decimal
    detail: Decimal

    @property
    def agrees(self) -> bool:
        """Whether both are equal to the cent."""
        return abs(self.stated - self.detail) < Decimal("0.01")


@dataclass(frozen=True)
class TotalsCheck:
    """The total row of a file held against its detail.

    Attributes:
        rows: Spreadsheet rows that were dropped because they sum others.
        lines: One comparison per column that the layout names; of several total rows, the greatest counts.
    """

    rows: tuple[int, ...]
    lines: tuple[TotalLine, ...]

    @property
    def agrees(self) -> bool:
        """Whether every compared column agrees."""
        return all(line.agrees for line in self.lines)


def totals(connection: DuckDBPyConnection, reading: Reading, parquet: Path) -> TotalsCheck | None:
    """Return the comparison of the file's total rows with its detail, None when it has no total row."""
    layout, headers = reading.layout, reading.headers
    if layout.totals is None:
        return None
    source = archive(parquet)
    total = total_rows(layout, headers, parquet)
    found = connection.execute(f"SELECT file_row_number FROM {source} WHERE {total} ORDER BY 1 LIMIT 100").fetchall()
    if not found:
        return None
    rows = tuple(reading.first_row + number for (number,) in found)
    compared = [
        (field, name)
        for field in layout.field
        if field.name in layout.totals.compare and (name := column_of(field, headers))
    ]
    if not compared:
        return TotalsCheck(rows, ())
    stated, detail = (_sums(connection, reading, parquet, compared, rows) for rows in (("max", total), ("sum", None)))
    lines = [
        TotalLine(name, Decimal(said), Decimal(summed or 0))
        for (_, name), said, summed in zip(compared, stated, detail, strict=True)
        if said is not None
    ]
    return TotalsCheck(rows, tuple(lines))


def _sums(
    connection: DuckDBPyConnection,
    reading: Reading,
    parquet: Path,
    compared: Sequence[tuple[LayoutField, str]],
    how: tuple[str, str | None],
) -> tuple[Decimal | None, ...]:
    aggregate, rows = how
    columns = typed_columns(reading.layout, reading.headers, "UTC", None)
    source = typed_rows_sql(reading.layout, parquet, reading.headers, columns, (), first_row=0, hint=None, rows=rows)
    listed = ", ".join(f"{aggregate}(CAST({identifier(field.name)} AS DECIMAL(38,4)))" for field, _ in compared)
    found: tuple[Decimal | None, ...] = connection.execute(f"SELECT {listed} FROM ({source})").fetchall()[0]
    return found
