"""What was pushed to whom, remembered in the workspace, so that nobody is told twice."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import filelock

from duoshou.model import Place, Text
from duoshou.reports.push import PushError
from duoshou.warehouse.durable import replace_with

MEMORY_FILE = ".pushed.json"
LOCK_FILE = ".pushed.lock"
LOCK_SECONDS = 300.0
KEPT = timedelta(days=400)


class Told:
    """Remembers in the workspace what was pushed to whom, so that nobody is told twice; one process at a time."""

    def __init__(self, directory: Path, now: datetime) -> None:
        """Remember in the folder of a workspace; `now` has its zone."""
        self._path, self._lock = directory / MEMORY_FILE, directory / LOCK_FILE
        self._now = now
        self._known: dict[str, str] = {}

    @contextlib.contextmanager
    def opened(self) -> Iterator[Told]:
        """Read what is known, and keep other processes from pushing meanwhile.

        Raises:
            PushError: If another process keeps pushing.
        """
        try:
            with filelock.FileLock(self._lock, timeout=LOCK_SECONDS):
                self._known = self._read()
                yield self
        except filelock.Timeout:
            raise PushError(
                "push_busy",
                Text("另一个进程正在推送", "another process is pushing"),
                hint=Text("稍后再试", "try again later"),
            ) from None

    def knows(self, *parts: str) -> bool:
        """Return whether this was told."""
        return _key(parts) in self._known

    def remember(self, *parts: str) -> None:
        """Note that this was told, at once and for good."""
        self._known[_key(parts)] = self._now.isoformat(timespec="seconds")
        oldest = (self._now - KEPT).isoformat(timespec="seconds")
        self._known = {key: moment for key, moment in self._known.items() if moment >= oldest}
        content = json.dumps(self._known, ensure_ascii=False, indent=0, sort_keys=True).encode()
        try:
            replace_with(self._path, content)
        except OSError as error:
            raise PushError(
                "push_memory",
                Text(f"消息已推送，但记不下来：{error.strerror}", f"pushed, but it cannot be noted: {error.strerror}"),
                hint=Text(
                    "否则下次会重复推送；请检查磁盘和权限", "or it is pushed again; check the disk and its rights"
                ),
                place=Place(file=str(self._path)),
            ) from error

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            # Without it somebody is told once more, which is better than never.
            return {}
        return {str(key): str(moment) for key, moment in content.items()} if isinstance(content, dict) else {}


def _key(parts: Sequence[str]) -> str:
    return json.dumps(list(parts), ensure_ascii=False)
