"""Notice Ctrl-C even where a library turns it into an error of its own, as DuckDB does in the middle of a query."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn


@dataclass
class Interruption:
    """Whether the user has pressed Ctrl-C."""

    happened: bool = False


@contextmanager
def noticed_interruption() -> Iterator[Interruption]:
    """Yield a note of whether Ctrl-C was pressed; it still raises `KeyboardInterrupt`."""
    note = Interruption()

    def handle(_signal: int, _frame: FrameType | None) -> NoReturn:
        note.happened = True
        raise KeyboardInterrupt

    # Elsewhere signals cannot be handled; a process that was started to ignore Ctrl-C goes on ignoring it.
    handled = threading.current_thread() is threading.main_thread()
    former = signal.getsignal(signal.SIGINT)
    if not handled or former is signal.SIG_IGN:
        yield note
        return
    signal.signal(signal.SIGINT, handle)
    try:
        yield note
    finally:
        signal.signal(signal.SIGINT, former)
