"""Merging staged rows into a keyed table: for each key and column the latest known value wins."""

from __future__ import annotations

import duckdb

from duoshou.warehouse.schema import LINEAGE, Table, column_list, literal, quoted
from duoshou.warehouse.staging import Staged

_STAGES = {"created": 1, "paid": 2, "shipped": 3, "finished": 4, "closed": 4}


def rank(status: str) -> str:
    """Return the SQL of how far along the lattice `status` is; 0 when it is unknown."""
    whens = " ".join(f"WHEN '{word}' THEN {number}" for word, number in _STAGES.items())
    return f"CASE {status} {whens} ELSE 0 END"


def is_empty(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Return whether `table` has no row."""
    return connection.execute(f"SELECT 1 FROM {quoted(table)} LIMIT 1").fetchone() is None


def take_place(connection: duckdb.DuckDBPyConnection, staged: Staged, target: str) -> None:
    """Put the staged rows into the empty table `target`: all are new."""
    if _is_temporary(connection, staged.name):
        connection.execute(
            f"INSERT INTO {quoted(target)} SELECT {column_list(staged.table.physical)} FROM {quoted(staged.name)}"
        )
        connection.execute(f"DROP TABLE {quoted(staged.name)}")
    else:
        connection.execute(f"DROP TABLE {quoted(target)}")
        connection.execute(f"ALTER TABLE {quoted(staged.name)} RENAME TO {quoted(target)}")
    staged.counts.new += staged.rows


def _is_temporary(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    row = connection.execute("SELECT temporary FROM duckdb_tables() WHERE table_name = ?", [name]).fetchone()
    return row is not None and bool(row[0])


def late_keys(connection: duckdb.DuckDBPyConnection, staged: Staged, target: str) -> int:
    """Move keys that a later export already filled into the working table `late_keys`, and return how many."""
    entry, key = staged.entry, column_list(staged.table.key)
    place = f"(TIMESTAMP '{entry.exported_at}', {literal(entry.content_hash)})"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE late_keys AS SELECT {column_list(staged.table.key, 't.')} "
        f"FROM {quoted(target)} t SEMI JOIN {quoted(staged.name)} s USING ({key}) "
        f"WHERE (t.exported_at, t.source_hash) > {place} OR (t.exported_at, t.source_hash) = {place} "
        f"AND t.batch_id <> {literal(entry.batch_id)}"
    )
    row = connection.execute("SELECT count(*) FROM late_keys").fetchone()
    late = int(row[0]) if row else 0
    if late:
        connection.execute(
            f"DELETE FROM {quoted(staged.name)} USING late_keys k WHERE {_match(staged.table, staged.name, 'k')}"
        )
    return late


def merge_in_order(connection: duckdb.DuckDBPyConnection, staged: Staged, target: str) -> None:
    """Merge rows of an export that is later than all that `target` holds for the same keys; drop the stage."""
    table, key = staged.table, column_list(staged.table.key)
    values = ", ".join(f"{_merged(table, name)} AS {quoted(name)}" for name in table.facts)
    lineage = column_list(tuple(LINEAGE), "s.")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE merged AS SELECT t.rowid AS old_row, {values}, {lineage} "
        f"FROM {quoted(staged.name)} s JOIN {quoted(target)} t USING ({key})"
    )
    updated, matched = changed_rows(connection, table, "merged", target)
    staged.counts.updated += updated
    staged.counts.unchanged += matched - updated
    remaining = _count(connection, staged.name)
    if remaining > matched:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT {column_list(table.physical)} FROM {quoted(staged.name)} "
            f"ANTI JOIN {quoted(target)} USING ({key})"
        )
        connection.execute(f"INSERT INTO {quoted(target)} SELECT * FROM fresh")
        connection.execute("DROP TABLE fresh")
        staged.counts.new += remaining - matched
    if matched:
        connection.execute(f"DELETE FROM {quoted(target)} WHERE rowid IN (SELECT old_row FROM merged)")
        connection.execute(f"INSERT INTO {quoted(target)} SELECT {column_list(table.physical)} FROM merged")
    connection.execute("DROP TABLE merged")
    connection.execute(f"DROP TABLE {quoted(staged.name)}")


def changed_rows(connection: duckdb.DuckDBPyConnection, table: Table, new: str, old: str) -> tuple[int, int]:
    """Return how many rows of `new` (with `old_row`) differ from `old` in a fact, and how many there are."""
    facts = [name for name in table.facts if name not in table.key]
    differs = " OR ".join(f"n.{quoted(name)} IS DISTINCT FROM o.{quoted(name)}" for name in facts) or "false"
    row = connection.execute(
        f"SELECT count(*) FILTER ({differs}), count(*) FROM {quoted(new)} n JOIN {quoted(old)} o ON o.rowid = n.old_row"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()
    return int(row[0]) if row else 0


def _match(table: Table, left: str, right: str) -> str:
    return " AND ".join(f"{quoted(left)}.{quoted(name)} = {right}.{quoted(name)}" for name in table.key)


def _merged(table: Table, name: str) -> str:
    new, old = f"s.{quoted(name)}", f"t.{quoted(name)}"
    column = table.column(name)
    if name in table.key:
        return new
    if column is not None and column.merge == "first_nonzero":
        return f"coalesce({old}, {new})"
    if column is not None and column.merge == "lattice":
        return f"CASE WHEN {new} IS NULL OR {rank(new)} < {rank(old)} THEN {old} ELSE {new} END"
    return f"coalesce({new}, {old})"
