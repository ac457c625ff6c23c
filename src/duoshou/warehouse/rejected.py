"""The rows of an archived table that could not be used, with what is wrong with each: to be mended and imported."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from duoshou.model import Text
from duoshou.sources import Fault, TypedSelect
from duoshou.warehouse.archive import Entry
from duoshou.warehouse.errors import WarehouseError
from duoshou.warehouse.schema import literal, quoted
from duoshou.warehouse.staging import is_lines
from duoshou.warehouse.store import Store

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class CellFault:
    """Why a row was rejected: its column where one cell is to blame, the message, and the cell as found."""

    column: str | None
    message: Text
    value: str | None


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row of the file.

    Attributes:
        row: Row as a spreadsheet numbers it.
        cells: The cells as found, in the order of the headers; None for empty ones and for those of persons.
        faults: Why it was rejected; empty for a sound row of an order of which another row was.
    """

    row: int
    cells: tuple[str | None, ...]
    faults: tuple[CellFault, ...]


@dataclass(frozen=True, slots=True)
class RejectedRows:
    """The rejected rows of an archived table.

    Attributes:
        entry: The table.
        without: Headers whose cells the archive does not keep, because they name persons.
        total: How many rows were rejected.
        listed: How many rows there are to mend: those, and the other rows of the same orders.
        rows: The part that was asked for, in the order of the file.
    """

    entry: Entry
    without: tuple[str, ...]
    total: int
    listed: int
    rows: tuple[RejectedRow, ...]


class UnknownEntry(WarehouseError):
    """An archived table that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "unknown_entry",
            Text(f"存档里没有 {name[:80]}", f"the archive holds nothing called {name[:80]!r}"),
            hint=Text("它的导入可能已撤销", "its import may have been taken back"),
        )


def entry_named(store: Store, name: str) -> Entry:
    """Return an archived table by its name.

    Raises:
        UnknownEntry: If there is none; a name that reaches out of the archive is none.
    """
    if name not in store.archive.names():
        raise UnknownEntry(name)
    found = store.archive.find(name)
    if found is None:
        raise UnknownEntry(name)
    return found


def rejected_rows(store: Store, name: str, *, offset: int = 0, limit: int = MOST_ROWS) -> RejectedRows:
    """Return rows of an archived table that could not be used, as today's layout reads it.

    A list of order lines replaces the earlier list of the same order, so all rows of an order come along of which one
    was rejected: mended and imported together they are the whole order.

    Args:
        store: The warehouse.
        name: Name of the archived table.
        offset: Rows left out before.
        limit: Most rows.

    Raises:
        UnknownEntry: If there is no such table.
    """
    entry = entry_named(store, name)
    parquet = store.archive.parquet(entry)
    selects = store.interpreter.selects(entry, parquet)
    if not selects:
        return RejectedRows(entry, (), 0, 0, ())
    memory = store.settings.engine.memory_limit
    with contextlib.closing(duckdb.connect(config={"memory_limit": memory})) as connection:
        read = f"read_parquet({literal(str(parquet))}, file_row_number=true)"
        held = {row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()}
        _find(connection, selects)
        total, listed = connection.execute(
            "SELECT (SELECT count(DISTINCT source_row) FROM faulty), (SELECT count(*) FROM wanted)"
        ).fetchall()[0]
        cells = ", ".join(quoted(one) if one in held else "NULL" for one in entry.headers)
        rows = connection.execute(
            f"SELECT source_row, {cells} "
            f"FROM (SELECT *, file_row_number + {entry.first_row} AS source_row FROM {read}) "
            f"SEMI JOIN wanted USING (source_row) ORDER BY 1 LIMIT {int(limit)} OFFSET {int(offset)}"
        ).fetchall()
        faults = _faults(connection, selects[0].faults, [row[0] for row in rows])
    found = tuple(RejectedRow(row[0], tuple(map(_text, row[1:])), tuple(faults.get(row[0], ()))) for row in rows)
    return RejectedRows(entry, tuple(one for one in entry.headers if one not in held), total, listed, found)


def _find(connection: duckdb.DuckDBPyConnection, selects: Iterable[TypedSelect]) -> None:
    """Fill `faulty` with what rejects a row, and `wanted` with the rows to mend."""
    first, *_ = selects = list(selects)
    bits = [bit for bit, fault in enumerate(first.faults) if fault.rejects]
    listed = ", ".join(map(str, bits)) or "NULL"
    connection.execute(
        f"CREATE TEMP TABLE faulty AS SELECT source_row, fault, left(value, 200) AS value FROM ({first.problem_sql}) "
        f"WHERE fault IN ({listed})"
    )
    connection.execute("CREATE TEMP TABLE wanted AS SELECT DISTINCT source_row FROM faulty")
    for select in selects:
        if is_lines(select) and not select.grouped:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT source_row, order_id FROM ({select.sql})")
            connection.execute(
                "INSERT INTO wanted SELECT DISTINCT l.source_row FROM lines l WHERE l.order_id IN (SELECT order_id "
                "FROM lines SEMI JOIN faulty USING (source_row)) AND l.source_row NOT IN (FROM wanted)"
            )


def _faults(
    connection: duckdb.DuckDBPyConnection, known: tuple[Fault, ...], rows: list[int]
) -> dict[int, list[CellFault]]:
    if not rows:
        return {}
    found: dict[int, list[CellFault]] = {}
    told = connection.execute(
        "SELECT source_row, fault, value FROM faulty WHERE source_row BETWEEN ? AND ? ORDER BY ALL", [rows[0], rows[-1]]
    ).fetchall()
    for row, bit, value in told:
        found.setdefault(row, []).append(CellFault(known[bit].column, known[bit].message, value))
    return found


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)
