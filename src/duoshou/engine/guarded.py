"""SQL that a person typed: read only, one statement, no way out of the snapshot, and an end in time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from duoshou.engine.errors import StatementRefused
from duoshou.model import Text

if TYPE_CHECKING:
    import pyarrow as pa

DEFAULT_SECONDS = 30.0
DEFAULT_ROWS = 10_000
CONFIGURATION: dict[str, str | bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "temp_directory": "",
}
LOCKS = (
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
ONLY_READS = Text(
    "只能运行一条查询（SELECT、WITH、FROM、DESCRIBE、SHOW TABLES、SUMMARIZE）",
    "only one query can be run (SELECT, WITH, FROM, DESCRIBE, SHOW TABLES, SUMMARIZE)",
)


def run_sql(
    snapshot: Path,
    text: str,
    timeout: float = DEFAULT_SECONDS,
    limit: int | None = DEFAULT_ROWS,
    memory_limit: str = "1GB",
    threads: int | None = None,
) -> pa.Table:
    """Return the rows of one read-only statement over the snapshot.

    The statement runs in a database of its own in memory, to which the snapshot is attached read-only before external
    access is switched off and the configuration locked: files, network, extensions and Python variables are out of
    reach, whatever the text says.

    Args:
        snapshot: DuckDB file of the warehouse.
        text: One SELECT-like statement.
        timeout: Seconds after which the statement is interrupted.
        limit: Most rows that are returned; None returns all.
        memory_limit: Most memory that the statement may take; nothing is spilled to disk.
        threads: Number of threads, or as many as the machine has.

    Raises:
        StatementRefused: If the text is not one read, does not work, or ran into a limit.
    """
    configuration: dict[str, str | bool | int | float | list[str]] = {**CONFIGURATION, "memory_limit": memory_limit}
    if threads is not None:
        configuration["threads"] = str(threads)
    with duckdb.connect(":memory:", config=configuration) as connection:
        _confine(connection, snapshot)
        _require_one_read(connection, text)
        return _run_in_time(connection, text, timeout, limit)


def _confine(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    path = str(snapshot).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{path}' AS warehouse (READ_ONLY)")
    except duckdb.Error as error:
        raise _failed("snapshot_unreadable", error) from error
    connection.execute("USE warehouse")
    for statement in LOCKS:
        connection.execute(statement)


def _require_one_read(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    try:
        statements = connection.extract_statements(text)
    except duckdb.Error as error:
        raise _failed("statement_faulty", error) from error
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        kinds = ", ".join(statement.type.name for statement in statements) or "–"
        raise StatementRefused(
            "statement_refused",
            Text(f"这不是一条只读查询：{kinds}", f"this is not one read-only query: {kinds}"),
            hint=ONLY_READS,
        )


def _run_in_time(connection: duckdb.DuckDBPyConnection, text: str, timeout: float, limit: int | None) -> pa.Table:
    timer = threading.Timer(timeout, connection.interrupt)
    timer.start()
    try:
        relation = connection.sql(text)
        return (relation if limit is None else relation.limit(limit)).to_arrow_table()
    except duckdb.InterruptException as error:
        raise StatementRefused(
            "statement_too_long",
            Text(f"查询超过 {timeout:g} 秒，已中断", f"the query ran longer than {timeout:g} s and was stopped"),
            hint=Text("请缩小日期范围，或先汇总再连接", "narrow the days, or aggregate before joining"),
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise StatementRefused(
            "statement_too_large",
            Text("查询超出内存上限，已停止", "the query needed more memory than allowed and was stopped"),
            hint=Text("请减少分组或返回的行", "group or return less"),
        ) from error
    except duckdb.Error as error:
        raise _failed("statement_faulty", error) from error
    finally:
        timer.cancel()


def _failed(code: str, error: duckdb.Error) -> StatementRefused:
    line = str(error).split("\n\n", 1)[0].strip()
    return StatementRefused(code, Text(f"查询出错：{line}", f"the query failed: {line}"), hint=ONLY_READS)
