"""Order lines as the platforms give them: the latest list of an order's lines replaces the earlier one.

`order_fragment` keeps what is needed to put cut orders together whatever order their files arrive in: every list that
lies at the edge of its file and, for the same orders, the latest list that does not.
"""

from __future__ import annotations

import duckdb

from duoshou.warehouse.cuts import OrderList, resolve
from duoshou.warehouse.merge import changed_rows, is_empty, take_place
from duoshou.warehouse.schema import column_list, literal, load_tables, quoted
from duoshou.warehouse.staging import Staged

_ORDER = "shop, order_id"
_SAME_ORDER = "{0}.shop = {1}.shop AND {0}.order_id = {1}.order_id"
_LATER = "({0}.exported_at, {0}.source_hash) > ({1}.exported_at, {1}.source_hash)"
# A line's own number where every line has one; else what was sold. Status and amounts may change between exports.
_IDENTITY = "coalesce(line_id, hash(product_id, sku, title, variant, quantity, unit_price)::VARCHAR)"


def merge_items(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Merge the staged lines into `order_item`."""
    _edges(connection, staged)
    if is_empty(connection, "order_item"):
        take_place(connection, staged, "order_item")
        _remember_fragments(connection, staged, "order_item")
    else:
        _remember_whole_lists(connection, staged)
        _remember_fragments(connection, staged, staged.name)
        _replace_lists(connection, staged)
        connection.execute(f"DROP TABLE {quoted(staged.name)}")
    connection.execute(f"DROP TABLE {quoted(staged.bounds)}")


def _edges(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Fill `delicate` with the orders that begin or end the file, and those for which lists are kept already.

    A file of mended rows has whole orders, at its edges too.
    """
    bounds, may_be_cut = quoted(staged.bounds), str(staged.entry.mends is None).upper()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE delicate AS SELECT shop, order_id, "
        f"{may_be_cut} AND first_row = (SELECT min(first_row) FROM {bounds}) AS begins, "
        f"{may_be_cut} AND last_row = (SELECT max(last_row) FROM {bounds}) AS ends "
        f"FROM {bounds} WHERE begins OR ends OR ({_ORDER}) IN (SELECT ({_ORDER}) FROM order_fragment)"
    )


def _remember_whole_lists(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Keep what `order_item` holds of orders that become delicate now: it is their latest whole list."""
    connection.execute(
        "INSERT INTO order_fragment BY NAME SELECT coalesce((SELECT any_value(part) FROM import_file f "
        "WHERE f.source_hash = i.source_hash), '') AS part, false AS begins, false AS ends, "
        f"{column_list(staged.table.physical)} "
        f"FROM order_item i SEMI JOIN delicate USING ({_ORDER}) ANTI JOIN order_fragment USING ({_ORDER})"
    )


def _remember_fragments(connection: duckdb.DuckDBPyConnection, staged: Staged, lines: str) -> None:
    """Keep the lists of this file that matter for cut orders; its lines are in the table `lines`."""
    connection.execute(
        f"INSERT INTO order_fragment BY NAME SELECT {literal(staged.entry.part)} AS part, begins, ends, "
        f"{column_list(staged.table.physical, 's.')} FROM {quoted(lines)} s "
        f"JOIN delicate d ON {_SAME_ORDER.format('s', 'd')}"
    )
    # Of the whole lists of an order only the latest matters.
    connection.execute(
        "DELETE FROM order_fragment f USING order_fragment g WHERE NOT (f.begins OR f.ends OR g.begins OR g.ends) AND "
        f"{_SAME_ORDER.format('f', 'g')} AND {_LATER.format('g', 'f')}"
    )


def _replace_lists(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Replace the lists of orders in `order_item` that this file knows better, and count what changed."""
    columns, entry = column_list(staged.table.physical), staged.entry
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE late_orders AS SELECT DISTINCT s.shop, s.order_id "
        f"FROM {quoted(staged.bounds)} s JOIN order_item t ON {_SAME_ORDER.format('s', 't')} "
        f"ANTI JOIN delicate d ON {_SAME_ORDER.format('s', 'd')} "
        f"WHERE (t.exported_at, t.source_hash) > (TIMESTAMP '{entry.exported_at}', {literal(entry.content_hash)})"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE wanted AS SELECT {columns} FROM {quoted(staged.name)} "
        f"ANTI JOIN delicate USING ({_ORDER}) ANTI JOIN late_orders USING ({_ORDER})"
    )
    _resolve_delicate(connection)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE merged AS SELECT t.rowid AS old_row, w.* FROM wanted w "
        "LEFT JOIN order_item t ON t.shop = w.shop AND t.order_id = w.order_id AND t.line_no = w.line_no"
    )
    _count_changes(connection, staged)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE wanted_orders AS SELECT DISTINCT {_ORDER} FROM wanted")
    connection.execute(f"DELETE FROM order_item t USING wanted_orders w WHERE {_SAME_ORDER.format('t', 'w')}")
    connection.execute(f"INSERT INTO order_item SELECT {columns} FROM wanted")
    for table in ("wanted", "merged", "wanted_orders", "late_orders"):
        connection.execute(f"DROP TABLE {table}")


def _count_changes(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Count what happens to the lines of this file; lines of other files' pieces are not its own."""
    table, entry = staged.table, staged.entry
    own = f"source_hash = {literal(entry.content_hash)}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE own AS SELECT * FROM merged WHERE {own} AND old_row IS NOT NULL")
    updated, _ = changed_rows(connection, table, "own", "order_item")
    row = connection.execute(f"SELECT count(*) FROM merged WHERE {own} AND old_row IS NULL").fetchone()
    new = int(row[0]) if row else 0
    staged.counts.new += new
    staged.counts.updated += updated
    staged.counts.unchanged += staged.rows - new - updated
    connection.execute("DROP TABLE own")


def _resolve_delicate(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the lines of the orders in `delicate` to `wanted`, put together from all lists; update `order_cut`."""
    chosen: list[tuple[str, str, int, str, str]] = []
    for (shop, order_id), lists in _lists(connection).items():
        for number, piece in enumerate(resolve(lists)):
            chosen.append((shop, order_id, number, piece.source_hash, piece.part))
    connection.execute(f"DELETE FROM order_cut c USING delicate d WHERE {_SAME_ORDER.format('c', 'd')}")
    connection.execute("CREATE OR REPLACE TEMP TABLE chosen AS SELECT * FROM order_cut LIMIT 0")
    if chosen:
        connection.executemany("INSERT INTO chosen VALUES (?, ?, ?, ?, ?)", chosen)
    connection.execute(f"INSERT INTO order_cut SELECT * FROM chosen QUALIFY count(*) OVER (PARTITION BY {_ORDER}) > 1")
    own = [column for column in load_tables()["order_item"].physical if column != "line_no"]
    connection.execute(
        f"INSERT INTO wanted BY NAME SELECT {column_list(own, 'f.')}, row_number() OVER "
        "(PARTITION BY f.shop, f.order_id ORDER BY c.piece_no, f.line_no) AS line_no "
        f"FROM order_fragment f JOIN chosen c ON {_SAME_ORDER.format('f', 'c')} "
        "AND f.source_hash = c.source_hash AND f.part = c.part"
    )
    connection.execute("DROP TABLE chosen")


def _lists(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[OrderList]]:
    rows = connection.execute(
        f"SELECT shop, order_id, any_value(exported_at), source_hash, part, any_value(source_file), any_value(begins), "
        f"any_value(ends), list({_IDENTITY}) FROM order_fragment SEMI JOIN delicate USING ({_ORDER}) "
        "GROUP BY shop, order_id, source_hash, part ORDER BY ALL"
    ).fetchall()
    lists: dict[tuple[str, str], list[OrderList]] = {}
    for shop, order_id, exported_at, source_hash, part, file, begins, ends, lines in rows:
        one = OrderList(exported_at, source_hash, part, file, begins, ends, tuple(lines))
        lists.setdefault((shop, order_id), []).append(one)
    return lists
