"""Files that arrive in the inbox: taken when they have stopped growing, and not again until they change."""

from __future__ import annotations

from pathlib import Path

from duoshou.app.imports import waiting_files

SETTLE_SECONDS = 10.0

Seen = tuple[str, int, int]
"""A file as it was seen: path, length in bytes, time of its last change in nanoseconds."""


class InboxWatch:
    """Looks at the inbox again and again.

    A browser or a network copies a file for a while. It is whole when neither its length nor its time has changed for
    some seconds. What could not be imported stays in the inbox: it is not tried again until it changes.
    """

    def __init__(self, inbox: Path, settle_seconds: float = SETTLE_SECONDS) -> None:
        self._inbox = inbox
        self._settle_seconds = settle_seconds
        self._since: dict[Seen, float] = {}
        self._taken: frozenset[Seen] = frozenset()

    def look(self, moment: float) -> None:
        """Note which files are there at a moment, in seconds of a clock that never goes back."""
        self._since = {one: self._since.get(one, moment) for one in self._files()}
        self._taken &= self._since.keys()

    def is_ready(self, moment: float) -> bool:
        """Return whether there is a file to take and every file has stopped growing, as of the last look.

        The import takes all files of the inbox, so none of them may still be growing.
        """
        settled = all(moment - since >= self._settle_seconds for since in self._since.values())
        return settled and any(one not in self._taken for one in self._since)

    def take(self) -> None:
        """Note that the files of the last look are being imported."""
        self._taken = frozenset(self._since)

    def _files(self) -> list[Seen]:
        found = []
        for path in waiting_files(self._inbox):
            try:
                now = path.stat()
            except OSError:
                # Moved away since it was listed.
                continue
            found.append((str(path), now.st_size, now.st_mtime_ns))
        return found
