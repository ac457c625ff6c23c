"""Immutable DuckDB files and the pointer to the current one.

`warehouse/current` holds the name of a file beside it. The pointer is replaced in one step, after the file it names is
complete and durable, so a reader that follows it always finds a whole warehouse.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from duoshou.warehouse.durable import remove, replace_with, sync_directory, sync_file
from duoshou.warehouse.errors import UnreadableSnapshot

PREFIX, SUFFIX, UNFINISHED = "snapshot-", ".duckdb", ".unfinished"
# Sorts before every other snapshot.
EMPTY = f"{PREFIX}00000000T000000Z-0000{SUFFIX}"


class Snapshots:
    """The folder of snapshots.

    Attributes:
        folder: Where they lie.
        pointer: The file that names the current one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pointer = folder / "current"

    def current(self) -> Path | None:
        """Return the current snapshot, or None where none was ever published.

        Raises:
            UnreadableSnapshot: If the pointer names a file that is not there.
        """
        for _ in range(3):
            try:
                name = self.pointer.read_text(encoding="utf-8").strip()
            except FileNotFoundError:
                return None
            path = self.folder / Path(name).name
            if path.is_file():
                return path
        raise UnreadableSnapshot(path)

    def unfinished(self, batch_id: str) -> Path:
        """Return where the snapshot of `batch_id` is written until it is whole."""
        return self.folder / f"{PREFIX}{batch_id}{SUFFIX}{UNFINISHED}"

    def copy_current(self, target: Path) -> None:
        """Make `target` a copy of the current snapshot (without copying blocks where the file system shares them)."""
        current = self.current()
        if current is not None:
            shutil.copyfile(current, target)

    def publish(self, unfinished: Path) -> Path:
        """Make the closed file `unfinished` the current snapshot and return its final path."""
        final = unfinished.with_name(unfinished.name.removesuffix(UNFINISHED))
        sync_file(unfinished)
        unfinished.replace(final)
        sync_directory(self.folder)
        self.point_to(final)
        return final

    def make_empty(self, create: Callable[[Path], None]) -> None:
        """Publish an empty snapshot made by `create`, unless another process has published one meanwhile."""
        unfinished = self.folder / f"{PREFIX}empty-{os.getpid()}{SUFFIX}{UNFINISHED}"
        create(unfinished)
        unfinished.replace(self.folder / EMPTY)
        temporary = self.folder / f".current.{os.getpid()}.tmp"
        temporary.write_text(EMPTY + "\n", encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            _publish_once(temporary, self.pointer)
        remove(temporary)

    def point_to(self, snapshot: Path) -> None:
        """Make `snapshot` the current one."""
        replace_with(self.pointer, f"{snapshot.name}\n".encode())

    def kept(self) -> list[Path]:
        """Return all whole snapshots, newest first."""
        return sorted(self.folder.glob(f"{PREFIX}*{SUFFIX}"), key=lambda path: path.name, reverse=True)

    def batch_ids(self) -> list[str]:
        """Return the batch ids in the names of all files, the unfinished too."""
        return [path.name.removeprefix(PREFIX)[:21] for path in self.folder.glob(f"{PREFIX}*")]

    def prune(self, keep: int) -> None:
        """Delete all but the `keep` newest snapshots, never the current one.

        A reader that has a deleted file open goes on on POSIX; on Windows the deletion fails and is tried next time.
        """
        current = self.current()
        others = [path for path in self.kept() if path != current]
        for path in others[max(keep - 1, 0) :]:
            remove(path)

    def clean(self) -> None:
        """Delete what a killed writer left: unfinished files, spilled data and temporary files."""
        for pattern in (f"{PREFIX}*{UNFINISHED}*", ".current.*.tmp", f"{PREFIX}*{SUFFIX}.wal"):
            for path in self.folder.glob(pattern):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else remove(path)


def _publish_once(temporary: Path, pointer: Path) -> None:
    """Give the file `temporary` the name `pointer`; raise FileExistsError where there is one."""
    try:
        os.link(temporary, pointer)  # unlike a rename, a link never takes the place of another pointer
    except (PermissionError, NotImplementedError):  # a file system without links
        if not pointer.exists():
            temporary.replace(pointer)
