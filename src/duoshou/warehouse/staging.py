"""One file's rows for one table, checked and in the table's own columns, before they are merged."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from duoshou.model import Text
from duoshou.sources import Fault, TypedSelect
from duoshou.warehouse.archive import Entry
from duoshou.warehouse.batches import batch_time
from duoshou.warehouse.numbering import numbered
from duoshou.warehouse.results import MOST_PROBLEMS, Problem, Problems, TableCounts
from duoshou.warehouse.schema import LINEAGE, Column, Table, column_list, literal, load_tables, quoted

_SENTINELS = {"text": "'-'", "integer": "0", "day": "DATE '0001-01-01'"}


@dataclass(slots=True)
class Staged:
    """Rows of one entry for one table, in the working table `name`.

    Attributes:
        table: Where they belong.
        name: The working table: the physical columns of `table` without rejected rows, one row a key.
        entry: Where they come from.
        select: The query that gave them.
        counts: Rows read, rejected and repeated; the rest is filled by the merge.
        rows: Rows in the working table.
        found: Bits of all faults among the rows read.
    """

    table: Table
    name: str
    entry: Entry
    select: TypedSelect
    counts: TableCounts
    rows: int = 0
    found: int = 0

    @property
    def bounds(self) -> str:
        """Working table beside staged lines of orders: where each order begins and ends in the file."""
        return f"{self.name}_bounds"


def stage(
    connection: duckdb.DuckDBPyConnection,
    entry: Entry,
    select: TypedSelect,
    name: str,
    *,
    keys: str | None = None,
    temporary: bool = True,
    cells: str | None = None,
) -> Staged:
    """Fill the working table `name` with the usable rows of `select`.

    Args:
        connection: The snapshot that is being written.
        entry: Where the rows come from.
        select: The typed query.
        name: Name of the working table, which is made here.
        keys: A table of (shop, order_id) or of full keys, when only those rows are wanted.
        temporary: False to make it a table of the snapshot, so that it can take the place of an empty one.
        cells: A table with the typed rows of the file; without it, they are read here.
    """
    table = load_tables()[select.table]
    staged = Staged(table, name, entry, select, TableCounts(table.name))
    rows = _normalised(connection, staged, keys, cells)
    create = f"CREATE {'TEMP TABLE' if temporary else 'TABLE'} {quoted(name)} AS"
    if is_lines(select):
        _count(connection, staged, f"({rows})")
        usable = f"SELECT * FROM ({rows}) WHERE NOT {_rejected(select)}"
        connection.execute(f"{create} {numbered(connection, table, usable, staged.bounds)}")
    else:
        connection.execute(f"{create} {rows}")
        _count(connection, staged, quoted(name))
    return staged


def is_lines(select: TypedSelect) -> bool:
    """Return whether the rows are lines of orders: these are numbered while they are staged."""
    return select.table == "order_item"


def _count(connection: duckdb.DuckDBPyConnection, staged: Staged, rows: str) -> None:
    staged.counts.rows_read, staged.counts.rejected, staged.found = _one(
        connection,
        f"SELECT count(*), count(*) FILTER ({_rejected(staged.select)}), coalesce(bit_or(fault_mask), 0) FROM {rows}",
    )
    staged.rows = staged.counts.rows_read - staged.counts.rejected


def drop_unusable(connection: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    """Delete the rejected rows and, where a key comes twice, all but its last row; drop the mask.

    Lines of orders are staged without rejected rows, and their numbers make their keys.
    """
    name = quoted(staged.name)
    if is_lines(staged.select):
        return
    if staged.counts.rejected:
        connection.execute(f"DELETE FROM {name} WHERE {_rejected(staged.select)}")
    connection.execute(f"ALTER TABLE {name} DROP COLUMN fault_mask")
    if staged.select.grouped:
        return
    key = column_list(staged.table.key)
    (distinct,) = _one(connection, f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM {name})")
    staged.counts.repeated = staged.rows - distinct
    if staged.counts.repeated:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE last_rows AS SELECT {key}, max(source_row) AS source_row "
            f"FROM {name} GROUP BY ALL"
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE repeated_rows AS SELECT {key}, source_row FROM {name} "
            f"ANTI JOIN last_rows USING ({key}, source_row)"
        )
        connection.execute(f"DELETE FROM {name} USING repeated_rows r WHERE {_same(staged.table.key, name, 'r')}")
        staged.rows = distinct


def _same(key: tuple[str, ...], left: str, right: str) -> str:
    columns = (*key, "source_row")
    return " AND ".join(f"{left}.{quoted(column)} = {right}.{quoted(column)}" for column in columns)


def _normalised(connection: duckdb.DuckDBPyConnection, staged: Staged, keys: str | None, cells: str | None) -> str:
    entry, select, table = staged.entry, staged.select, staged.table
    given, source = select.columns, select.sql if cells is None else select.over(quoted(cells))
    columns = [
        f"{_expression(table, name, type_, given, entry)} AS {quoted(name)}" for name, type_ in table.facts.items()
    ]
    lineage = (
        f"{literal(entry.file)} AS source_file, {literal(entry.content_hash)} AS source_hash, "
        f"CAST(source_row AS BIGINT) AS source_row, TIMESTAMP '{entry.exported_at}' AS exported_at, "
        f"{literal(entry.batch_id)} AS batch_id, TIMESTAMP '{batch_time(entry.batch_id)}' AS loaded_at"
    )
    sql = f"SELECT {', '.join(columns)}, {lineage}, CAST(fault_mask AS UBIGINT) AS fault_mask FROM ({source})"
    if keys is None:
        return sql
    on = [row[0] for row in connection.execute(f"DESCRIBE {quoted(keys)}").fetchall()]
    return f"SELECT * FROM ({sql}) SEMI JOIN {quoted(keys)} USING ({column_list(on)})"


def _expression(table: Table, name: str, type_: str, given: tuple[str, ...], entry: Entry) -> str:
    column = table.column(name)
    value = f"CAST({quoted(name)} AS {type_})" if name in given else f"CAST(NULL AS {type_})"
    defaults = {"shop": entry.shop, "platform": entry.platform, "currency": entry.currency}
    if name in defaults:
        value = f"coalesce({value}, {literal(defaults[name])})" if name in given else literal(defaults[name])
    if column is not None and column.merge == "first_nonzero":
        return _first_nonzero(column, value, given, type_)
    if column is not None and name in table.key:
        return f"coalesce({value}, {_SENTINELS.get(column.type, 'NULL')})"
    return value


def _first_nonzero(column: Column, value: str, given: tuple[str, ...], type_: str) -> str:
    source = column.of or column.name
    fallback = f"nullif(CAST({quoted(source)} AS {type_}), 0)" if source in given else "NULL"
    return f"CAST(coalesce(nullif({value}, 0), {fallback}) AS {type_})"


def _rejected(select: TypedSelect) -> str:
    return f"(fault_mask & {select.reject_mask}::UBIGINT) <> 0"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = connection.execute(sql).fetchone()
    assert row is not None  # an aggregate without GROUP BY gives exactly one row
    return row


def collect_problems(
    connection: duckdb.DuckDBPyConnection, staged: Staged, problems: Problems, told: set[tuple[str | None, str]]
) -> None:
    """Add what is wrong with cells of the file.

    Args:
        connection: The snapshot that is being written.
        staged: The rows, the rejected ones among them.
        problems: Where they are added.
        told: Columns and codes that another table of the same file, or the reader, has told already; completed here.
    """
    faults = staged.select.faults
    fresh = [
        bit for bit, fault in enumerate(faults) if staged.found >> bit & 1 and (fault.column, fault.code) not in told
    ]
    if not fresh:
        return
    told.update((faults[bit].column, faults[bit].code) for bit in fresh)
    cells = f"SELECT * FROM ({staged.select.problem_sql}) WHERE fault IN ({', '.join(map(str, fresh))})"
    for bit, count in connection.execute(f"SELECT fault, count(*) FROM ({cells}) GROUP BY 1").fetchall():
        problems.totals[faults[bit].code] += count
    sample = f"SELECT source_row, fault, left(value, 100) FROM ({cells}) ORDER BY 1, 2 LIMIT {MOST_PROBLEMS}"
    for row, bit, value in connection.execute(sample).fetchall():
        problems.keep(_cell_problem(faults[bit], staged.entry.sheet, row, value))


def _cell_problem(fault: Fault, sheet: str | None, row: int, value: str | None) -> Problem:
    outcome = (
        Text("；该行未导入", "; the row was not imported")
        if fault.rejects
        else Text("；按未知处理", "; taken as unknown")
    )
    message = Text(fault.message.zh + outcome.zh, fault.message.en + outcome.en)
    return Problem(fault.code, message, sheet, row, fault.column, value)


def repeated_problems(connection: duckdb.DuckDBPyConnection, staged: Staged, problems: Problems) -> None:
    """Add the rows whose key comes again further down in the same file."""
    if not staged.counts.repeated:
        return
    key = staged.table.key
    problems.totals["repeated_key"] += staged.counts.repeated
    rows = connection.execute(f"SELECT * FROM repeated_rows ORDER BY source_row LIMIT {MOST_PROBLEMS}").fetchall()
    for *values, row in rows:
        shown = " / ".join(str(value) for name, value in zip(key, values, strict=True) if name != "shop")
        message = Text(
            f"与后面的行重复（{shown}），以最后一行为准",
            f"the same key comes again further down ({shown}); the last row counts",
        )
        problems.keep(Problem("repeated_key", message, staged.entry.sheet, row, None, shown))


__all__ = ["LINEAGE", "Staged", "collect_problems", "drop_unusable", "repeated_problems", "stage"]
