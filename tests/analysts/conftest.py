"""Tables of a shop made by hand, opened as the engine opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from tests.metrics.canonical import DEFAULTS, create_tables

from duoshou.engine import Backend
from duoshou.engine.reader import DuckDBBackend

KEYS = {"shop": "main", "platform": "taobao", "currency": "CNY"}
Rows = Iterable[Mapping[str, Any]]
Opened = Callable[..., Backend]


def fill(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Rows]) -> None:
    """Create the canonical tables and put rows into some of them."""
    create_tables(connection)
    for name, rows in tables.items():
        given = pa.Table.from_pylist([{**DEFAULTS.get(name, KEYS), **row} for row in rows])
        if not given.num_columns:
            continue
        connection.register("given", given)
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM given")
        connection.unregister("given")


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Return what opens tables of rows, each under the table's name."""
    with ExitStack() as stack:

        def open_(**tables: Rows) -> Backend:
            connection = duckdb.connect()
            fill(connection, tables)
            return stack.enter_context(DuckDBBackend(connection))

        yield open_
