"""The tables that say what a snapshot holds: files, batches, and the tables' version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from duoshou.warehouse.archive import Entry
from duoshou.warehouse.batches import batch_time
from duoshou.warehouse.results import TableCounts
from duoshou.warehouse.schema import create_statement, load_tables, schema_digest

_IMPORT_FILE = """CREATE TABLE import_file (
    entry VARCHAR, source_hash VARCHAR, part VARCHAR, source_file VARCHAR, sheet VARCHAR, layout VARCHAR, shop VARCHAR,
    platform VARCHAR, currency VARCHAR, table_name VARCHAR, table_no BIGINT, rows_read BIGINT, rejected BIGINT,
    repeated BIGINT, exported_at TIMESTAMP, batch_id VARCHAR, arrival BIGINT, arrived_at TIMESTAMP)"""
_IMPORT_BATCH = "CREATE TABLE import_batch (batch_id VARCHAR, loaded_at TIMESTAMP, files BIGINT, rows_read BIGINT)"


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make all tables of an empty snapshot, in one transaction: each would wait for the disk by itself."""
    connection.execute("BEGIN")
    for table in load_tables().values():
        connection.execute(create_statement(table))
    item = load_tables()["order_item"]
    columns = ", ".join(f'"{name}" {type_}' for name, type_ in item.physical.items())
    connection.execute(f"CREATE TABLE order_fragment (part VARCHAR, begins BOOLEAN, ends BOOLEAN, {columns})")
    connection.execute(
        "CREATE TABLE order_cut (shop VARCHAR, order_id VARCHAR, piece_no BIGINT, source_hash VARCHAR, part VARCHAR)"
    )
    connection.execute(_IMPORT_FILE)
    connection.execute(_IMPORT_BATCH)
    connection.execute("CREATE TABLE warehouse_version (schema_digest VARCHAR)")
    connection.execute("INSERT INTO warehouse_version VALUES (?)", [schema_digest()])
    connection.execute("COMMIT")


def is_current_schema(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the snapshot was made for the tables of this program."""
    try:
        row = connection.execute("SELECT schema_digest FROM warehouse_version").fetchone()
    except duckdb.CatalogException:
        return False
    return row == (schema_digest(),)


def record(connection: duckdb.DuckDBPyConnection, entry: Entry, counts: Sequence[TableCounts]) -> None:
    """Write one row for each table that `entry` feeds, the table with most rows first."""
    for number, count in enumerate(counts or [TableCounts("")]):
        connection.execute(
            "INSERT INTO import_file VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                *(entry.name, entry.content_hash, entry.part, entry.file, entry.sheet, entry.layout, entry.shop),
                *(entry.platform, entry.currency, count.table, number, count.rows_read, count.rejected, count.repeated),
                *(entry.exported_at, entry.batch_id, entry.arrival, entry.arrived_at),
            ],
        )


def refresh_batches(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `import_batch` again from `import_file`."""
    connection.execute("DELETE FROM import_batch")
    rows = connection.execute(
        "SELECT batch_id, count(DISTINCT entry), sum(rows_read) FILTER (table_no = 0) "
        "FROM import_file GROUP BY 1 ORDER BY 1"
    ).fetchall()
    for batch_id, files, read in rows:
        moment: datetime = batch_time(batch_id)
        connection.execute("INSERT INTO import_batch VALUES (?,?,?,?)", [batch_id, moment, files, read])


def entry_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the names of the archive entries that the snapshot holds."""
    return {name for (name,) in connection.execute("SELECT DISTINCT entry FROM import_file").fetchall()}


def batch_of_entries(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the batch of each entry that the snapshot holds."""
    return dict(connection.execute("SELECT DISTINCT entry, batch_id FROM import_file").fetchall())


def recorded_counts(connection: duckdb.DuckDBPyConnection, name: str) -> list[TableCounts]:
    """Return what the entry called `name` held for each table, as if it were imported again: all unchanged."""
    rows = connection.execute(
        "SELECT table_name, rows_read, rejected, repeated FROM import_file WHERE entry = ? ORDER BY table_no", [name]
    ).fetchall()
    return [
        TableCounts(table, read, unchanged=read - rejected - repeated, rejected=rejected, repeated=repeated)
        for table, read, rejected, repeated in rows
    ]
