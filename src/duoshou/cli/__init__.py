"""The command line: parses, calls `duoshou.app`, prints. Loading this package loads nothing heavy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duoshou.cli.session import Session


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Run a command line and return its exit code; see `duoshou.cli.entry.run`."""
    try:
        # Loaded here, so that Ctrl-C while the program is still starting is as quiet as later.
        from duoshou.cli.entry import run
    except KeyboardInterrupt:
        return 130
    return run(arguments, session)


__all__ = ["main"]
