"""What a writer has begun, so that the next one can mend it should the first be killed."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import duckdb
import msgspec

from duoshou.engine.duckdb import connect_reader
from duoshou.warehouse import ledger
from duoshou.warehouse.archive import Archive
from duoshou.warehouse.durable import remove, replace_with
from duoshou.warehouse.errors import UnreadableSnapshot
from duoshou.warehouse.snapshots import Snapshots


class Intent(msgspec.Struct, frozen=True):
    """What is being done.

    Attributes:
        batch_id: The import that is written, or that is taken back.
        undo: Whether it is taken back.
        entries: For taking back, the names of its entries.
    """

    batch_id: str
    undo: bool = False
    entries: tuple[str, ...] = ()


class Pending:
    """The note `warehouse/pending.json`, which is there while a writer works."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pending.json"

    def begin_import(self, batch_id: str) -> None:
        """Note that `batch_id` is being written: its archive entries count only when it is published."""
        self._write(Intent(batch_id))

    def begin_undo(self, batch_id: str, entries: tuple[str, ...]) -> None:
        """Note that `batch_id` is being taken back: its entries leave the archive once that is published."""
        self._write(Intent(batch_id, undo=True, entries=entries))

    def _write(self, intent: Intent) -> None:
        replace_with(self.path, msgspec.json.encode(intent))

    def read(self) -> Intent | None:
        """Return what was begun and not done."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Intent)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def done(self) -> None:
        """Forget the note."""
        remove(self.path)


def recover(archive: Archive, snapshots: Snapshots) -> None:
    """Mend what a killed writer left; the caller holds the lock.

    Unfinished files go. Archive entries of an import that was never published go too: nobody was told that it was
    done, and the original still lies where it lay. An undo that was published is completed, any other forgotten.
    """
    snapshots.clean()
    for folder in snapshots.folder.glob("staging-*"):
        shutil.rmtree(folder, ignore_errors=True)
    pending = Pending(snapshots.folder)
    intent = pending.read()
    if intent is None:
        pending.done()
        return
    published = _published_batches(snapshots)
    if intent.undo and intent.batch_id not in published:
        for name in intent.entries:
            archive.take_out(name)
    elif not intent.undo and intent.batch_id not in published:
        archive.remove_batch(intent.batch_id)
    archive.clean()
    pending.done()


def _published_batches(snapshots: Snapshots) -> set[str]:
    with contextlib.suppress(UnreadableSnapshot, duckdb.Error):
        current = snapshots.current()
        if current is not None:
            with contextlib.closing(connect_reader(current)) as connection:
                return set(ledger.batch_of_entries(connection).values())
    return set()
