"""DuckDB as the analytical engine: a published snapshot, opened for reading only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import ibis

from duoshou.engine.backend import Backend
from duoshou.engine.duckdb import connect_reader
from duoshou.engine.errors import EngineError
from duoshou.model import Place, Text

if TYPE_CHECKING:
    import pyarrow as pa

    from duoshou.settings import EngineSettings


class DuckDBBackend(Backend):
    """A connection to one snapshot."""

    kind = "duckdb"
    in_process = True

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__(ibis.duckdb.from_connection(connection))
        self._connection: duckdb.DuckDBPyConnection | None = connection
        self._names: frozenset[str] | None = None

    @classmethod
    def open(cls, snapshot: Path, settings: EngineSettings) -> DuckDBBackend:
        """Return a backend that reads the snapshot file.

        Raises:
            EngineError: If the file is missing or is no DuckDB file.
        """
        try:
            return cls(connect_reader(snapshot, memory_limit=settings.memory_limit, threads=settings.threads))
        except duckdb.Error as error:
            raise EngineError(
                "snapshot_unreadable",
                Text(
                    f"打不开数据仓库快照：{_first_line(error)}",
                    f"the warehouse snapshot cannot be opened: {_first_line(error)}",
                ),
                hint=Text(
                    "请用 duoshou rebuild 从存档重建仓库", "rebuild the warehouse from the archive: duoshou rebuild"
                ),
                place=Place(file=str(snapshot)),
            ) from error

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection."""
        if self._connection is None:
            raise EngineError(
                "engine_closed", Text("数据仓库连接已关闭", "the connection to the warehouse has been closed")
            )
        return self._connection

    def table_names(self) -> frozenset[str]:
        """Return the names of tables and views of the snapshot."""
        if self._names is None:
            rows = self.connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
            )
            self._names = frozenset(name for (name,) in rows.fetchall())
        return self._names

    def run(self, statement: str) -> pa.Table:
        """Return the rows of one SELECT."""
        return self.connection.sql(statement).to_arrow_table()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
