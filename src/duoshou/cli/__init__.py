"""The command line: parses, calls `duoshou.app`, prints. Loading this package loads nothing heavy."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duoshou.cli.session import Session

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""How many threads the libraries of linear algebra take."""


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Run a command line and return its exit code; see `duoshou.cli.entry.run`."""
    _one_thread_each()
    try:
        # Loaded here, so that Ctrl-C while the program is still starting is as quiet as later.
        from duoshou.cli.entry import run
    except KeyboardInterrupt:
        return 130
    return run(arguments, session)


def _one_thread_each() -> None:
    """Let linear algebra use one thread, unless somebody has said how many; it reads that when it is loaded.

    A shop's matrices are small and many: threads spend twenty times longer waiting for each other than the work takes.
    What is large is the engine's, which has its own threads (`engine.threads`).
    """
    if "OMP_NUM_THREADS" not in os.environ:
        for name in THREADS:
            os.environ.setdefault(name, "1")


__all__ = ["main"]
