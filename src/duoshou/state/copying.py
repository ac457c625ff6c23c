"""Rows of one state into another, whichever databases they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, insert, select, text

from duoshou.state.base import Base
from duoshou.state.migrating import Scripts

if TYPE_CHECKING:
    from duoshou.state.database import State

ROWS_AT_ONCE = 500


def copy_rows(source: Connection, target: Connection) -> int:
    """Copy every row with its number, the audit log too, and return how many there were.

    Who is signed in stays behind: people sign in again where the copy is used.

    Args:
        source: A state of this version.
        target: Another one without rows, in a transaction.
    """
    copied = 0
    for table in Base.metadata.sorted_tables:
        if table.info.get("passing"):
            continue
        rows = source.execute(select(table).order_by(*table.primary_key)).mappings()
        for part in rows.partitions(ROWS_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in part])
            copied += len(part)
        if target.dialect.name == "postgresql":
            _number_on(target, table)
    return copied


def _number_on(target: Connection, table: Table) -> None:
    """Let the next row of a PostgreSQL table that numbers its rows be numbered after the copied ones."""
    column = table.autoincrement_column
    if column is not None:
        query = (
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), max({column.name})) "
            f"FROM {table.name} HAVING max({column.name}) IS NOT NULL"
        )
        target.execute(text(query))


def fill_from_file(target: Connection, path: Path, scripts: Scripts) -> int:
    """Copy the rows of a SQLite state, migrated first where it is older, and return how many there were."""
    from duoshou.state.database import open_file

    with open_file(path, scripts=scripts) as source, source.engine.connect() as connection:
        return copy_rows(connection, target)


def write_file(state: State, path: Path) -> int:
    """Write a state, as it is at one moment, into a new SQLite file and return how many rows there were.

    Raises:
        StateError: If the state cannot be read or the file not be written.
    """
    from duoshou.state.database import open_file

    with (
        state.reading() as session,
        open_file(path) as target,
        target.engine.execution_options(writes=True).begin() as connection,
    ):
        return copy_rows(session.connection(), connection)
