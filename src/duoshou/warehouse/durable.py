"""Writing files so that a kill or a power cut leaves the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def sync_file(path: Path) -> None:
    """Make the content of the file at `path` durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    """Make the names in the folder `path` durable, where the system can (not on Windows)."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_with(path: Path, content: bytes) -> None:
    """Write `content` to `path` in one step: readers see all of it or what was there before; who may read it stays."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(path, temporary)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_directory(path.parent)


def remove(path: Path) -> bool:
    """Delete the file at `path` and return whether it is gone; an open file on Windows stays for a later try."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
