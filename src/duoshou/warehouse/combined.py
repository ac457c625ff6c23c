"""Headers that a layout sums up from lines, for orders that were cut: summed up again over all pieces."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import msgspec

from duoshou.warehouse.archive import Entry
from duoshou.warehouse.schema import LINEAGE, column_list, create_statement, literal, load_tables, quoted
from duoshou.warehouse.session import Session
from duoshou.warehouse.staging import Staged, drop_unusable, stage

_SAME_ORDER = "{0}.shop = {1}.shop AND {0}.order_id = {1}.order_id"


def combine_cut_headers(session: Session, keys: str) -> bool:
    """Fill `combined_headers` with the headers of the cut orders in `keys`; return whether there are any.

    The raw cells of all pieces of an order are put into one file, which is then read as any other.
    """
    connection = session.connection
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cut_lines AS SELECT f.* FROM order_fragment f JOIN order_cut c "
        f"ON {_SAME_ORDER.format('f', 'c')} AND f.source_hash = c.source_hash AND f.part = c.part "
        f"SEMI JOIN {quoted(keys)} k ON {_SAME_ORDER.format('f', 'k')}"
    )
    pieces = connection.execute("SELECT DISTINCT source_hash, part FROM cut_lines").fetchall()
    if not pieces:
        return False
    connection.execute(
        create_statement(load_tables()["order_header"], "combined_headers").replace(
            "CREATE", "CREATE OR REPLACE TEMP", 1
        )
    )
    known = {(entry.content_hash, entry.part): entry for entry in session.entries()}
    groups: dict[tuple[str, str | None, str], list[Entry]] = {}
    for piece in pieces:
        entry = known[piece]
        groups.setdefault((entry.layout, entry.mapping, entry.shop), []).append(entry)
    for entries in groups.values():
        _combine(session, sorted(entries, key=lambda entry: entry.position))
    _take_lineage_of_last_piece(connection)
    return True


def _combine(session: Session, entries: Sequence[Entry]) -> None:
    connection, last = session.connection, entries[-1]
    assert session.interpreter is not None
    session.staging.mkdir(parents=True, exist_ok=True)
    path = session.staging / "combined.parquet"
    queries = []
    for entry in entries:
        rows = (
            f"SELECT source_row - {entry.first_row} FROM cut_lines WHERE source_hash = {literal(entry.content_hash)} "
            f"AND part = {literal(entry.part)}"
        )
        queries.append(
            f"SELECT * EXCLUDE (file_row_number) FROM read_parquet({literal(str(session.parquet(entry)))}, "
            f"file_row_number = true) WHERE file_row_number IN ({rows})"
        )
    connection.execute(f"COPY ({' UNION ALL BY NAME '.join(queries)}) TO {literal(str(path))} (FORMAT parquet)")
    headers = tuple(dict.fromkeys(header for entry in entries for header in entry.headers))
    pseudo = msgspec.structs.replace(last, headers=headers)
    for select in session.interpreter.selects(pseudo, path):
        if select.table == "order_header" and select.grouped:
            staged = stage(connection, pseudo, select, "combined_stage")
            drop_unusable(connection, staged)
            connection.execute(
                f"INSERT INTO combined_headers SELECT {column_list(staged.table.physical)} FROM combined_stage"
            )
            connection.execute("DROP TABLE combined_stage")


def _take_lineage_of_last_piece(connection: duckdb.DuckDBPyConnection) -> None:
    chosen = ", ".join(
        f"arg_max({name}, (exported_at, source_hash, part, -source_row)) AS {name}" for name in (*LINEAGE, "part")
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE last_piece AS SELECT shop, order_id, {chosen} FROM cut_lines GROUP BY ALL"
    )
    facts = column_list(tuple(load_tables()["order_header"].facts), "h.")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE combined_headers AS SELECT {facts}, {column_list(tuple(LINEAGE), 'l.')}, l.part "
        f"FROM combined_headers h JOIN last_piece l ON {_SAME_ORDER.format('h', 'l')}"
    )


def replace_cut_headers(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Put the combined headers in the place of those of a piece: at the last piece of each order."""
    entry, name = staged.entry, quoted(staged.name)
    of_entry = f"source_hash = {literal(entry.content_hash)} AND part = {literal(entry.part)}"
    connection.execute(
        f"DELETE FROM {name} s USING (SELECT * FROM order_cut WHERE {of_entry}) c WHERE {_SAME_ORDER.format('s', 'c')}"
    )
    connection.execute(
        f"INSERT INTO {name} SELECT {column_list(staged.table.physical)} FROM combined_headers WHERE {of_entry}"
    )
