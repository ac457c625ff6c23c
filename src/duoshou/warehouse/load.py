"""Loading archived entries into the private copy of a session, and finishing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from duoshou.model import DuoshouError, Place, Text
from duoshou.settings import Settings
from duoshou.sources import TypedSelect
from duoshou.warehouse import ledger
from duoshou.warehouse.archive import Entry
from duoshou.warehouse.contribution import cost_basis, keep_up
from duoshou.warehouse.errors import WarehouseError
from duoshou.warehouse.items import merge_items
from duoshou.warehouse.merge import is_empty, late_keys, merge_in_order, take_place
from duoshou.warehouse.order_lines import derive
from duoshou.warehouse.refold import refold
from duoshou.warehouse.results import FileResult, Problems, TableCounts
from duoshou.warehouse.schema import column_list, literal, quoted
from duoshou.warehouse.session import Session
from duoshou.warehouse.staging import Staged, collect_problems, drop_unusable, is_lines, repeated_problems, stage

_TOLD_OF_ORDERS = ("settlement", "refund")
_ORDERS = ("order_header", "order_item", *_TOLD_OF_ORDERS)


@dataclass(frozen=True, slots=True)
class LoadFailed(Exception):
    """Why the rows of a file could not be typed; nothing of the file was merged."""

    error: DuoshouError


def load_entry(session: Session, entry: Entry, result: FileResult) -> None:
    """Merge an admitted entry into the session's copy and fill `result`.

    Raises:
        LoadFailed: If the engine cannot read the rows; the copy is then as before.
    """
    staged = _stage_all(session, entry, result.problems)
    for rows in staged:
        _remember_orders(session, rows)
        _merge(session, rows)
    _drop_cells(session.connection, len(staged))
    result.tables = sorted((rows.counts for rows in staged), key=lambda counts: -counts.rows_read)
    ledger.record(session.connection, entry, result.tables)
    session.changed = True


def _stage_all(session: Session, entry: Entry, problems: Problems) -> list[Staged]:
    assert session.interpreter is not None
    connection, parquet = session.connection, session.parquet(entry)
    try:
        selects = session.interpreter.selects(entry, parquet)
    except DuoshouError as error:
        raise LoadFailed(error) from error
    staged: list[Staged] = []
    # Damaged rows are told by the reader, which knows better what is wrong with them.
    told: set[tuple[str | None, str]] = {(None, "row_shape")} if problems.totals else set()
    try:
        cells = _kept_cells(connection, selects)
        for number, select in sorted(enumerate(selects), key=lambda pair: pair[1].grouped):
            # A table of the snapshot can take the place of an empty one.
            temporary = not is_empty(connection, select.table)
            kept = cells.get(select.rows)
            staged.append(stage(connection, entry, select, f"stage_{number}", temporary=temporary, cells=kept))
            collect_problems(connection, staged[-1], problems, told)
            drop_unusable(connection, staged[-1])
            repeated_problems(connection, staged[-1], problems)
    except duckdb.Error as error:
        for number in range(len(selects)):
            connection.execute(f"DROP TABLE IF EXISTS stage_{number}")
            connection.execute(f"DROP TABLE IF EXISTS stage_{number}_bounds")
        _drop_cells(connection, len(selects))
        raise LoadFailed(unloadable(Place(entry.file, entry.sheet), error)) from error
    return staged


def _kept_cells(connection: duckdb.DuckDBPyConnection, selects: Sequence[TypedSelect]) -> dict[str, str]:
    """Keep the typed rows that are needed more than once, and return the working table of each query."""
    needed = Counter(select.rows for select in selects for _ in range(2 if is_lines(select) else 1))
    cells: dict[str, str] = {}
    for rows in (rows for rows, times in needed.items() if times > 1):
        cells[rows] = f"cells_{len(cells)}"
        connection.execute(f"CREATE TEMP TABLE {cells[rows]} AS {rows}")
    return cells


def _drop_cells(connection: duckdb.DuckDBPyConnection, most: int) -> None:
    for number in range(most):
        connection.execute(f"DROP TABLE IF EXISTS cells_{number}")


def unloadable(place: Place, error: duckdb.Error) -> WarehouseError:
    """Return the error for a table at which the engine fails."""
    reason = str(error).splitlines()[0][:200]
    return WarehouseError(
        "unloadable",
        Text(f"无法载入：{reason}", f"cannot be loaded: {reason}"),
        hint=Text("检查所用的版式或映射", "check the layout or mapping that was used"),
        place=place,
    )


def _merge(session: Session, staged: Staged) -> None:
    connection, target = session.connection, staged.table.name
    if target == "order_item":
        merge_items(connection, staged)
    elif is_empty(connection, target):
        take_place(connection, staged, target)
    else:
        late = 0 if _is_latest(connection, staged) else late_keys(connection, staged, target)
        merge_in_order(connection, staged, target)
        if late:
            new, updated, unchanged = refold(session, target, "late_keys")
            staged.counts.new += new
            staged.counts.updated += updated
            staged.counts.unchanged += unchanged


def _is_latest(connection: duckdb.DuckDBPyConnection, staged: Staged) -> bool:
    """Return whether no file that feeds the table was exported later."""
    last = connection.execute(
        "SELECT exported_at, source_hash FROM import_file WHERE table_name = ? "
        "ORDER BY exported_at DESC, source_hash DESC LIMIT 1",
        [staged.table.name],
    ).fetchone()
    return last is None or (staged.entry.exported_at, staged.entry.content_hash) > last


def _remember_orders(session: Session, staged: Staged) -> None:
    """Add the orders of the staged rows to those whose lines are derived at the end."""
    if staged.table.name not in _ORDERS or session.derive_all:
        return
    connection = session.connection
    if is_empty(connection, "order_line"):
        session.derive_all = True
        return
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS touched_orders (shop VARCHAR, order_id VARCHAR)")
    connection.execute(f"INSERT INTO touched_orders SELECT DISTINCT shop, order_id FROM {quoted(staged.name)}")
    if staged.table.name in _TOLD_OF_ORDERS:
        # A booking or case may be told of another order than before: what it was told of is touched too.
        connection.execute(
            f"INSERT INTO touched_orders SELECT DISTINCT s.shop, s.order_id FROM {quoted(staged.table.name)} s "
            f"SEMI JOIN {quoted(staged.name)} USING ({column_list(staged.table.key)})"
        )
    session.derive_some = True


def finish(session: Session, settings: Settings) -> None:
    """Bring what follows from the loaded files up to date: headers of cut orders, order lines, batches."""
    connection = session.connection
    if session.derive_some and not session.derive_all:
        connection.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT shop, order_id FROM touched_orders")
    if session.derive_all or session.derive_some:
        _refold_cut_headers(session)
        derive(connection, None if session.derive_all else "touched")
    keep_up(connection, cost_basis(settings), None if session.derive_all else "touched" if session.derive_some else "")
    ledger.refresh_batches(connection)


def _refold_cut_headers(session: Session) -> None:
    """Fold the headers of touched orders that have several lists at the edges of files again.

    Only for layouts that sum headers up from lines: a piece of an order has only a piece of the sum.
    """
    connection = session.connection
    touched = "" if session.derive_all else "SEMI JOIN touched USING (shop, order_id)"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE many_lists AS SELECT shop, order_id, source_hash, part "
        f"FROM (SELECT DISTINCT shop, order_id, source_hash, part FROM order_fragment {touched}) "
        "QUALIFY count(*) OVER (PARTITION BY shop, order_id) > 1"
    )
    pieces = set(connection.execute("SELECT DISTINCT source_hash, part FROM many_lists").fetchall())
    grouped = _entries_with_summed_headers(session, pieces)
    if grouped:
        chosen = " OR ".join(f"(source_hash = {literal(hash_)} AND part = {literal(part)})" for hash_, part in grouped)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE cut_orders AS SELECT DISTINCT shop, order_id FROM many_lists WHERE {chosen}"
        )
        refold(session, "order_header", "cut_orders")


def _entries_with_summed_headers(session: Session, pieces: set[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    assert session.interpreter is not None
    found = []
    for entry in session.entries() if pieces else []:
        if (entry.content_hash, entry.part) in pieces:
            selects = session.interpreter.selects(entry, session.parquet(entry))
            if any(select.grouped and select.table == "order_header" for select in selects):
                found.append((entry.content_hash, entry.part))
    return found


def unchanged_result(session: Session, entry: Entry, result: FileResult) -> None:
    """Fill `result` for `entry`, which the warehouse holds already."""
    with session.reading() as connection:
        result.tables = ledger.recorded_counts(connection, entry.name) or [TableCounts("")]
    result.already_imported = True
    result.batch_id = entry.batch_id
