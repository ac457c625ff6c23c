"""One writer at work: a private copy of the warehouse, and the archive entries that it adds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from duoshou.engine.duckdb import connect_reader, connect_writer
from duoshou.warehouse import ledger
from duoshou.warehouse.archive import Archive, Entry
from duoshou.warehouse.interpret import Interpreter
from duoshou.warehouse.snapshots import Snapshots


class Session:
    """What a writer holds between taking the lock and publishing.

    Attributes:
        batch_id: Id of this import.
        archive: Where entries lie.
        snapshots: Where snapshots lie.
        staging: Folder for files on their way; removed at the end.
        dry_run: Whether nothing is to stay.
        interpreter: Gives the typed queries of an entry; set by whoever loads.
        changed: Whether there is something to publish.
        derive_all: Whether the lines of every order must be derived.
        derive_some: Whether those of the orders in `touched_orders` must.
        added: Names of the entries that this session brought.
    """

    def __init__(
        self,
        batch_id: str,
        archive: Archive,
        snapshots: Snapshots,
        staging: Path,
        *,
        memory_limit: str,
        threads: int | None,
        dry_run: bool = False,
        from_nothing: bool = False,
    ) -> None:
        self.batch_id = batch_id
        self.archive = archive
        self.snapshots = snapshots
        self.staging = staging
        self.dry_run = dry_run
        self.interpreter: Interpreter | None = None
        self.changed = False
        self.derive_all = False
        self.derive_some = False
        self.added: list[str] = []
        self.target = snapshots.unfinished(batch_id)
        self._from_nothing = from_nothing
        self._memory_limit = memory_limit
        self._threads = threads
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._scratch: duckdb.DuckDBPyConnection | None = None
        self._entries: dict[str, Entry] | None = None
        self._staged: dict[str, Path] = {}

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The private copy of the current snapshot, made at the first use."""
        if self._connection is None:
            if not self._from_nothing:
                self.snapshots.copy_current(self.target)
            fresh = not self.target.exists()
            self._connection = connect_writer(self.target, memory_limit=self._memory_limit, threads=self._threads)
            if fresh:
                # Nothing was ever deleted in a new file, so there is nothing to reclaim when it is closed.
                self._connection.execute("SET max_vacuum_tasks = 0")
                ledger.create_tables(self._connection)
        return self._connection

    @property
    def scratch(self) -> duckdb.DuckDBPyConnection:
        """A database in memory for reading files before anything is known of them."""
        if self._scratch is None:
            self.staging.mkdir(parents=True, exist_ok=True)
            config: dict[str, str | bool | int | float | list[str]] = {
                "memory_limit": self._memory_limit,
                "temp_directory": str(self.staging / "spill"),
            }
            if self._threads is not None:
                config["threads"] = self._threads
            self._scratch = duckdb.connect(config=config)
        return self._scratch

    @contextlib.contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection for looking something up, without making the private copy for that alone."""
        current = None if self._connection is not None or self._from_nothing else self.snapshots.current()
        if current is None:
            yield self.connection
            return
        connection = connect_reader(current, memory_limit=self._memory_limit)
        try:
            yield connection
        finally:
            connection.close()

    def entries(self) -> list[Entry]:
        """Return every entry that the private copy holds or is to hold, in the order of the fold."""
        if self._entries is None:
            self._entries = {} if self._from_nothing else {entry.name: entry for entry in self.archive.entries()}
        return sorted(self._entries.values(), key=lambda entry: entry.position)

    def holds(self, name: str) -> bool:
        """Return whether the entry called `name` is known already."""
        return name in self._staged or self.archive.find(name) is not None

    def held(self, entry: Entry) -> Entry:
        """Return the known entry of the same name as `entry`, or `entry` itself."""
        return (self._entries or {}).get(entry.name) or self.archive.find(entry.name) or entry

    def admit(self, entry: Entry, raw: Path) -> Path:
        """Put `entry` with its raw cells into the archive (on a dry run: beside it) and return where they lie."""
        self.entries()
        assert self._entries is not None
        self._entries[entry.name] = entry
        if self.dry_run:
            self._staged[entry.name] = raw
            return raw
        self.added.append(entry.name)
        self.archive.add(entry, raw)
        return self.archive.parquet(entry)

    def dismiss(self, entry: Entry) -> None:
        """Take back an entry that could not be loaded."""
        assert self._entries is not None
        self._entries.pop(entry.name, None)
        if entry.name in self.added:
            self.added.remove(entry.name)
            self.archive.remove(entry.name)
        self._staged.pop(entry.name, None)

    def replay(self, entry: Entry) -> None:
        """Count an entry that is in the archive already among those of this copy."""
        self.entries()
        assert self._entries is not None
        self._entries[entry.name] = entry

    def parquet(self, entry: Entry) -> Path:
        """Return where the raw cells of `entry` lie."""
        return self._staged.get(entry.name) or self.archive.parquet(entry)

    def close(self) -> None:
        """Close both databases; the copy is complete on disk afterwards."""
        if self._connection is not None:
            self._connection.execute("CHECKPOINT")
        self.abandon()

    def abandon(self) -> None:
        """Close both databases as they are."""
        for connection in (self._connection, self._scratch):
            if connection is not None:
                connection.close()
        self._connection = self._scratch = None
