"""Taking an import back, and making the warehouse again: what a person asks for by name."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from duoshou.engine.duckdb import connect_reader
from duoshou.warehouse import ledger
from duoshou.warehouse.contribution import cost_basis, is_outdated
from duoshou.warehouse.errors import UnknownBatch
from duoshou.warehouse.lock import Waiting
from duoshou.warehouse.pending import Pending
from duoshou.warehouse.replay import Progress, replay
from duoshou.warehouse.store import Store


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What was replayed.

    Attributes:
        files: Archive entries read.
        rows: Their rows.
        snapshot: The new snapshot.
    """

    files: int
    rows: int
    snapshot: Path


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What was taken back.

    Attributes:
        batch_id: The import.
        files: Names of its files.
        way: Whether the former snapshot served again or the archive was replayed.
    """

    batch_id: str
    files: tuple[str, ...]
    way: Literal["snapshot", "replay"]


def rebuild(store: Store, *, progress: Progress | None = None, waiting: Waiting | None = None) -> RebuildReport:
    """Make a new snapshot from the archive alone and return what was read.

    Raises:
        WarehouseLocked: If another process writes.
        DamagedArchive: If an entry cannot be read; the current snapshot stays.
    """
    with store.locked("rebuild", waiting) as batch_id:
        entries = store.archive.entries()
        with store.session(batch_id, from_nothing=True) as session:
            rows = replay(session, entries, progress)
        return RebuildReport(len(entries), rows, store.snapshot())


def undo(
    store: Store, batch: str | None = None, *, progress: Progress | None = None, waiting: Waiting | None = None
) -> UndoReport:
    """Take back the import `batch`, or the last one; its entries move to `archive/undone/`.

    Raises:
        UnknownBatch: If there is no such import.
        WarehouseLocked: If another process writes.
    """
    with store.locked("undo", waiting) as batch_id:
        entries = store.archive.entries()
        chosen = batch or max((entry.batch_id for entry in entries), default=None)
        gone = [entry for entry in entries if entry.batch_id == chosen]
        if chosen is None or not gone:
            raise UnknownBatch(batch)
        names = tuple(entry.name for entry in gone)
        rest = [entry for entry in entries if entry.batch_id != chosen]
        former = _snapshot_of(store, {entry.name for entry in rest})
        if former is None:
            with store.session(batch_id, from_nothing=True, undoing=(chosen, names)) as session:
                replay(session, rest, progress)
        else:
            Pending(store.snapshots.folder).begin_undo(chosen, names)
            store.snapshots.point_to(former)
        for name in names:
            store.archive.take_out(name)
        Pending(store.snapshots.folder).done()
        return UndoReport(chosen, tuple(entry.file for entry in gone), "replay" if former is None else "snapshot")


def _snapshot_of(store: Store, names: set[str]) -> Path | None:
    """Return a kept snapshot that holds exactly the entries `names` and rests on today's cost settings."""
    for path in store.snapshots.kept():
        with contextlib.suppress(duckdb.Error), contextlib.closing(connect_reader(path)) as connection:
            held = ledger.is_current_schema(connection) and ledger.entry_names(connection) == names
            if held and not is_outdated(connection, cost_basis(store.settings)):
                return path
    return None
