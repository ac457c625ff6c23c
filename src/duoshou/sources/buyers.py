"""Keys of buyers who occur often: hashed once each and looked up, since hashing every row would cost more than reading
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from duoshou.sources.personal import buyer_key_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SAMPLE = 20_000
_MOST = 200_000
_TYPE, _KEYS, _NAMES = "duoshou_buyer", "duoshou_buyer_keys", "duoshou_buyer_names"


@contextmanager
def buyer_keys(connection: DuckDBPyConnection, relation: str, cell: str | None) -> Iterator[str]:
    """Yield SQL for the buyer's key of a row; needs `secret_pads` around it.

    Where buyers repeat, their distinct names become a temporary enumeration, in memory only, and the key is found by
    its code. A
    join would do the same but lose the order of rows, on which their numbers rest.
    """
    if cell is None:
        yield "CAST(NULL AS VARCHAR)"
        return
    pairs = _repeated(connection, relation, cell)
    if pairs is None:
        yield buyer_key_sql(cell)
        return
    connection.execute(f"SET VARIABLE {_NAMES} = $1::VARCHAR[]", [[name for name, _ in pairs]])
    connection.execute(f"SET VARIABLE {_KEYS} = $1::VARCHAR[]", [[key for _, key in pairs]])
    try:
        connection.execute(f"CREATE TEMP TYPE {_TYPE} AS ENUM (SELECT unnest(getvariable('{_NAMES}')))")
        yield f"list_extract(getvariable('{_KEYS}'), enum_code(TRY_CAST({cell} AS {_TYPE})) + 1)"
    finally:
        connection.execute(f"DROP TYPE IF EXISTS temp.{_TYPE}")
        connection.execute(f"RESET VARIABLE {_NAMES}")
        connection.execute(f"RESET VARIABLE {_KEYS}")


def _repeated(connection: DuckDBPyConnection, relation: str, cell: str) -> list[tuple[str, str | None]] | None:
    """Return the distinct names and their keys when a sample says that names repeat, else None."""
    import duckdb

    sample = f"SELECT count(name), count(DISTINCT name) FROM (SELECT {cell} AS name FROM {relation} LIMIT {_SAMPLE})"
    distinct = f"SELECT DISTINCT {cell} AS name FROM {relation} WHERE {cell} <> '' LIMIT {_MOST + 1}"
    try:
        named, names = connection.execute(sample).fetchall()[0]
        if named < 1000 or names * 3 > named:
            return None
        pairs = connection.execute(f"SELECT name, {buyer_key_sql('name')} FROM ({distinct})").fetchall()
    except duckdb.Error:
        return None  # the reader will say what is wrong when it reads the whole
    return pairs if len(pairs) <= _MOST else None
