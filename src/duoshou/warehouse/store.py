"""The warehouse of a workspace: reading its current snapshot, and writing a new one."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from duoshou.engine.duckdb import connect_reader, connect_writer
from duoshou.settings import Settings, Workspace
from duoshou.sources import load_layouts
from duoshou.warehouse import ledger
from duoshou.warehouse.archive import Archive
from duoshou.warehouse.batches import next_batch_id
from duoshou.warehouse.contribution import cost_basis, is_outdated
from duoshou.warehouse.durable import remove
from duoshou.warehouse.errors import UnreadableSnapshot
from duoshou.warehouse.interpret import Interpreter, LayoutInterpreter
from duoshou.warehouse.load import finish
from duoshou.warehouse.lock import Waiting, writer_lock
from duoshou.warehouse.pending import Pending, recover
from duoshou.warehouse.replay import Progress, replay
from duoshou.warehouse.session import Session
from duoshou.warehouse.snapshots import Snapshots


class Store:
    """The warehouse of one workspace.

    Attributes:
        workspace: Where everything lies.
        settings: What the user set.
        interpreter: Gives the typed queries of archived entries; by default those of the shipped layouts.
        archive: The archive.
        snapshots: The snapshots.
    """

    def __init__(self, workspace: Workspace, settings: Settings, interpreter: Interpreter | None = None) -> None:
        self.workspace = workspace
        self.settings = settings
        self.interpreter = interpreter or LayoutInterpreter(load_layouts())
        self.archive = Archive(workspace.archive)
        self.snapshots = Snapshots(workspace.warehouse)

    def snapshot(self) -> Path:
        """Return the current snapshot; an empty one is made where none was ever published. Takes no lock.

        Raises:
            UnreadableSnapshot: If the pointer names a file that is not there.
        """
        current = self.snapshots.current()
        if current is not None:
            return current
        self.snapshots.folder.mkdir(parents=True, exist_ok=True)
        self.snapshots.make_empty(self._connect_empty)
        return self.snapshots.current() or self.snapshot()

    def _connect_empty(self, path: Path) -> None:
        with contextlib.closing(connect_writer(path)) as connection:
            ledger.create_tables(connection)

    @contextlib.contextmanager
    def writer(
        self,
        command: str,
        *,
        waiting: Waiting | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Iterator[Session]:
        """Take the lock, mend what a killed writer left, and give a session; publish it when the block ends well.

        Args:
            command: What is being done, told to whoever has to wait.
            waiting: Called once when another writer has to be waited for, with what is known of it.
            dry_run: True to do everything but publish and archive.
            progress: Told about a replay of the archive, should one be needed first.

        Raises:
            WarehouseLocked: If another process writes for longer than `import.lock_wait_seconds`.
        """
        with self.locked(command, waiting) as batch_id:
            outdated = self._is_outdated()
            with self.session(batch_id, from_nothing=outdated, dry_run=dry_run) as session:
                if outdated:
                    replay(session, self.archive.entries(), progress)
                elif self.costs_changed():
                    session.changed = True
                yield session

    def costs_changed(self) -> bool:
        """Return whether the current snapshot rests on other cost settings than today's."""
        try:
            current = self.snapshots.current()
            if current is None:
                return False
            with contextlib.closing(connect_reader(current)) as connection:
                return is_outdated(connection, cost_basis(self.settings))
        except (UnreadableSnapshot, duckdb.Error):
            return True

    @contextlib.contextmanager
    def locked(self, command: str, waiting: Waiting | None = None) -> Iterator[str]:
        """Hold the lock, mend what a killed writer left, and give the next batch id."""
        wait = self.settings.import_.lock_wait_seconds
        with writer_lock(self.snapshots.folder, command, wait_seconds=wait, waiting=waiting):
            recover(self.archive, self.snapshots)
            yield next_batch_id(datetime.now(UTC), {*self.snapshots.batch_ids(), *self.archive.batch_ids()})

    @contextlib.contextmanager
    def session(
        self,
        batch_id: str,
        *,
        from_nothing: bool = False,
        dry_run: bool = False,
        undoing: tuple[str, tuple[str, ...]] | None = None,
    ) -> Iterator[Session]:
        """Give a session under a lock that is held already; publish what it changed when the block ends well.

        Args:
            batch_id: Id of the session.
            from_nothing: Whether it begins with empty tables rather than a copy of the current snapshot.
            dry_run: Whether nothing is to stay.
            undoing: Batch that the session takes back, and its entries, which the caller moves afterwards.
        """
        staging = self.snapshots.folder / f"staging-{batch_id}"
        session = Session(
            batch_id,
            self.archive,
            self.snapshots,
            staging,
            memory_limit=self.settings.engine.memory_limit,
            threads=self.settings.engine.threads,
            dry_run=dry_run,
            from_nothing=from_nothing,
        )
        session.interpreter = self.interpreter
        pending = Pending(self.snapshots.folder)
        if undoing is None:
            pending.begin_import(batch_id)
        else:
            pending.begin_undo(*undoing)
        try:
            yield session
            if session.changed:
                finish(session, self.settings)
            self._publish(session)
        except BaseException:
            session.abandon()
            for name in session.added:
                self.archive.remove(name)
            raise
        finally:
            session.abandon()
            remove(session.target)
            shutil.rmtree(staging, ignore_errors=True)
            if undoing is None:
                pending.done()

    def _publish(self, session: Session) -> None:
        if not session.changed or session.dry_run:
            return
        session.close()
        self.snapshots.publish(session.target)
        self.snapshots.prune(self.settings.import_.kept_snapshots)

    def _is_outdated(self) -> bool:
        """Return whether the current snapshot does not hold what the archive holds, in today's tables."""
        try:
            current = self.snapshots.current()
        except UnreadableSnapshot:
            return True
        names = self.archive.names()
        if current is None:
            return bool(names)
        try:
            with contextlib.closing(connect_reader(current)) as connection:
                return not ledger.is_current_schema(connection) or ledger.entry_names(connection) != names
        except duckdb.Error:
            return True
