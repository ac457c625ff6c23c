"""Folding chosen keys again from the archive: for exports that arrive after later ones, and for cut orders."""

from __future__ import annotations

import duckdb

from duoshou.warehouse.combined import combine_cut_headers, replace_cut_headers
from duoshou.warehouse.merge import changed_rows, rank
from duoshou.warehouse.schema import LINEAGE, Table, column_list, create_statement, load_tables, quoted
from duoshou.warehouse.session import Session
from duoshou.warehouse.staging import drop_unusable, stage


def refold(session: Session, table_name: str, keys: str) -> tuple[int, int, int]:
    """Fold the keys in the table `keys` again from every archived file; return how many are new, updated, unchanged.

    The result is what replaying the whole archive would give for these keys.
    """
    connection, table = session.connection, load_tables()[table_name]
    _collect(session, table, keys)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE refolded AS {_fold(table)}")
    counts = _put_in_place(connection, table)
    for name in ("refolded", "contributions"):
        connection.execute(f"DROP TABLE {name}")
    return counts


def _collect(session: Session, table: Table, keys: str) -> None:
    """Fill `contributions` with what each archived file says of the keys, with the file's place in the fold."""
    connection = session.connection
    assert session.interpreter is not None
    create = create_statement(table, "contributions").replace("CREATE TABLE", "CREATE OR REPLACE TEMP TABLE", 1)
    connection.execute(create)
    connection.execute("ALTER TABLE contributions ADD COLUMN place BIGINT")
    combined = table.name == "order_header" and combine_cut_headers(session, keys)
    place = 0
    for entry in session.entries():
        for select in session.interpreter.selects(entry, session.parquet(entry)):
            if select.table != table.name:
                continue
            place += 1
            staged = stage(connection, entry, select, "refold_stage", keys=keys)
            drop_unusable(connection, staged)
            if combined and select.grouped:
                replace_cut_headers(connection, staged)
            connection.execute(
                f"INSERT INTO contributions SELECT {column_list(table.physical)}, {place} FROM refold_stage"
            )
            connection.execute("DROP TABLE refold_stage")


def _fold(table: Table) -> str:
    """Return the query that folds `contributions`: the same rules as merging them one after the other."""
    key = column_list(table.key)
    values = ", ".join(f"{_folded(table, name)} AS {quoted(name)}" for name in table.facts if name not in table.key)
    last = ", ".join(f"arg_max_null({name}, place) AS {name}" for name in LINEAGE)
    folded = f"SELECT {key}, {values}, {last} FROM contributions GROUP BY {key}"
    return f"SELECT {column_list(table.physical)} FROM ({folded})"


def _folded(table: Table, name: str) -> str:
    column = table.column(name)
    if column is not None and column.merge == "first_nonzero":
        return f"arg_min({quoted(name)}, place)"
    if column is not None and column.merge == "lattice":
        return f"arg_max({quoted(name)}, ({rank(quoted(name))}, place))"
    return f"arg_max({quoted(name)}, place)"


def _put_in_place(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[int, int, int]:
    name, key = quoted(table.name), column_list(table.key)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE merged AS SELECT t.rowid AS old_row, r.* "
        f"FROM refolded r JOIN {name} t USING ({key})"
    )
    updated, matched = changed_rows(connection, table, "merged", table.name)
    row = connection.execute("SELECT count(*) FROM refolded").fetchone()
    total = int(row[0]) if row else 0
    connection.execute(f"DELETE FROM {name} WHERE rowid IN (SELECT old_row FROM merged)")
    connection.execute(f"INSERT INTO {name} SELECT {column_list(table.physical)} FROM refolded")
    connection.execute("DROP TABLE merged")
    return total - matched, updated, matched - updated
