"""Lines of orders get `line_no`, the position within their order, while they are staged."""

from __future__ import annotations

import duckdb

from duoshou.warehouse.schema import Table, quoted

_COUNTED = "row_number() OVER (PARTITION BY s.shop, s.order_id ORDER BY s.source_row)"


def numbered(connection: duckdb.DuckDBPyConnection, table: Table, rows: str, bounds: str) -> str:
    """Return the query of the lines in the query `rows` with their numbers.

    Lines that follow one another are numbered by their row; only where other orders lie between are they counted.

    Args:
        connection: The snapshot that is being written.
        table: Where the lines belong.
        rows: The lines, with any `line_no`.
        bounds: Working table that is made here: first and last row of each order.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(bounds)} AS SELECT shop, order_id, min(source_row) AS first_row, "
        "max(source_row) AS last_row, last_row - first_row + 1 <> count(*) AS scattered "
        f"FROM ({rows}) GROUP BY ALL"
    )
    parts = [_part(table, rows, bounds, "s.source_row - b.first_row + 1", "NOT b.scattered")]
    if connection.execute(f"SELECT 1 FROM {quoted(bounds)} WHERE scattered LIMIT 1").fetchone():
        parts.append(_part(table, rows, bounds, _COUNTED, "b.scattered"))
    return " UNION ALL ".join(parts)


def _part(table: Table, rows: str, bounds: str, number: str, where: str) -> str:
    columns = ", ".join(
        f"CAST({number} AS BIGINT) AS line_no" if name == "line_no" else f"s.{quoted(name)}" for name in table.physical
    )
    return (
        f"SELECT {columns} FROM ({rows}) s JOIN {quoted(bounds)} b "
        f"ON s.shop = b.shop AND s.order_id = b.order_id WHERE {where}"
    )
