"""A folder of pictures, each under the hash of what it was made from."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_MOST = 2_000
_EVERY = 100
_STARTS = {"svg": b"<svg", "png": b"\x89PNG"}
_ENDS = {"svg": b"</svg>", "png": b"IEND\xaeB`\x82"}


class Drawer:
    """Keeps pictures in a folder. It is a convenience: what cannot be read or written is as if it were not kept.

    Attributes:
        folder: The folder; made when the first picture comes.
        most: How many pictures are kept; the longest unused leave first.
    """

    def __init__(self, folder: Path, most: int = _MOST) -> None:
        self.folder = folder
        self.most = most
        self._written = 0

    def get(self, digest: str, kind: str) -> bytes | None:
        """Return a picture; None if it is not here, or not whole."""
        path = self._path(digest, kind)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        whole = content.startswith(_STARTS[kind]) and content.rstrip().endswith(_ENDS[kind])
        return content if whole else None

    def put(self, digest: str, kind: str, content: bytes) -> None:
        """Keep a picture; it appears whole or not at all."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self.folder, suffix=".new")
            with os.fdopen(number, "wb") as file:
                file.write(content)
            Path(name).replace(self._path(digest, kind))
            self._written += 1
            if self._written % _EVERY == 1:
                self._tidy()
        except OSError:
            return

    def _tidy(self) -> None:
        """Take the longest unused pictures away, above what is kept."""
        files = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(self.folder) if entry.is_file()]
        for _, path in sorted(files, reverse=True)[self.most :]:
            Path(path).unlink(missing_ok=True)

    def _path(self, digest: str, kind: str) -> Path:
        return self.folder / f"{digest}.{kind}"
