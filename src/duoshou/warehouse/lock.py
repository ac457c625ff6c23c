"""One writer at a time: a file lock, and a note beside it that says who holds it."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import msgspec

from duoshou.warehouse.durable import remove, replace_with
from duoshou.warehouse.errors import WarehouseLocked

Waiting = Callable[[dict[str, Any]], None]


@contextlib.contextmanager
def writer_lock(folder: Path, command: str, *, wait_seconds: float, waiting: Waiting | None = None) -> Iterator[None]:
    """Hold the lock of the warehouse in `folder`; the system frees it when the process dies.

    Args:
        folder: The folder of the warehouse.
        command: What the holder does, told to whoever has to wait.
        wait_seconds: How long to wait for another writer.
        waiting: Called once, with what is known of the holder, before waiting begins.

    Raises:
        WarehouseLocked: If another process still holds the lock after `wait_seconds`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "lock.json"
    lock = filelock.FileLock(folder / "lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        if waiting is not None:
            waiting(holder(note))
        try:
            lock.acquire(timeout=wait_seconds, poll_interval=0.1)
        except filelock.Timeout:
            raise WarehouseLocked(holder(note)) from None
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        description = {"pid": os.getpid(), "host": socket.gethostname(), "command": command, "since": since}
        replace_with(note, msgspec.json.encode(description))
        yield
    finally:
        remove(note)
        lock.release()


def holder(note: Path) -> dict[str, Any]:
    """Return what the note says of the holder; nothing when it is just being written."""
    try:
        known: dict[str, Any] = msgspec.json.decode(note.read_bytes(), type=dict)
    except (OSError, msgspec.DecodeError):
        return {}
    return known
