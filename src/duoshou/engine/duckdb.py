"""Opening DuckDB files: for writing by the one writer, for reading by everybody else."""

from __future__ import annotations

from pathlib import Path

import duckdb

DEFAULT_MEMORY = "1536MB"


def connect_writer(
    path: Path, *, memory_limit: str = DEFAULT_MEMORY, threads: int | None = None, temp_directory: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a connection that may change the file at `path`, made when it is missing.

    Order of insertion is not kept (nothing relies on it), which lets large loads stream; what does not fit into
    `memory_limit` spills into `temp_directory` (default: a folder beside the file).

    Args:
        path: The DuckDB file; no other process may have it open.
        memory_limit: Most memory for tables and queries, such as `1536MB`.
        threads: Number of threads; None for one per processor.
        temp_directory: Folder for spilled data, made by DuckDB when needed.

    Raises:
        duckdb.Error: If the file is open elsewhere or is no DuckDB file.
    """
    spill = temp_directory or path.with_name(path.name + ".spill")
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(spill),
        "preserve_insertion_order": False,
        # The file is private until it is published, and a kill throws it away: a write-ahead log has no reader.
        "checkpoint_threshold": "1TB",
    }
    if threads is not None:
        config["threads"] = threads
    return duckdb.connect(str(path), config=config)


def connect_reader(
    path: Path, *, memory_limit: str = DEFAULT_MEMORY, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the file at `path`; any number of processes may hold one.

    Raises:
        duckdb.Error: If the file is missing, is open for writing elsewhere, or is no DuckDB file.
    """
    # Limits are set after connecting: connections of one process to one file must have been opened alike, and an
    # analyst's own are opened without any.
    connection = duckdb.connect(str(path), read_only=True)
    connection.execute("SET memory_limit = ?", [memory_limit])
    if threads is not None:
        connection.execute("SET threads = ?", [threads])
    return connection
