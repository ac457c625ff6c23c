"""What was pushed to whom, remembered in the workspace, so that nobody is told twice."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import filelock

from duoshou.model import Place, Text
from duoshou.reports.push import PushError
from duoshou.warehouse.durable import replace_with

MEMORY_FILE = ".pushed.json"
LOCK_FILE = ".pushed.lock"
LOCK_SECONDS = 300.0
KEPT = timedelta(days=400)
NEWS = timedelta(days=3)
OPEN = "open"


class Matter(NamedTuple):
    """Something that a target is to be told of a shop's day.

    Attributes:
        what: `digest` or `urgent`.
        target: Name of the target.
        shop: Key of the shop.
        day: The day, as an ISO date.
    """

    what: str
    target: str
    shop: str
    day: str


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
        self._write()

    def queue(self, matter: Matter) -> None:
        """Note that a matter is to be told later, unless that is noted already."""
        if not self.knows(OPEN, *matter):
            self.remember(OPEN, *matter)

    def settle(self, matter: Matter) -> None:
        """Note that a matter is to be told no more."""
        if self._known.pop(_key((OPEN, *matter)), None) is not None:
            self._write()

    @property
    def queued(self) -> list[Matter]:
        """The matters that are to be told later; one that is some days old is no news."""
        oldest = (self._now - NEWS).isoformat(timespec="seconds")
        open_ones = [json.loads(key) for key, moment in sorted(self._known.items()) if moment >= oldest]
        return [Matter(*parts[1:]) for parts in open_ones if parts[:1] == [OPEN] and len(parts) == 5]

    def _write(self) -> None:
        oldest = (self._now - KEPT).isoformat(timespec="seconds")
        self._known = {key: moment for key, moment in self._known.items() if moment >= oldest}
        content = json.dumps(self._known, ensure_ascii=False, indent=0, sort_keys=True).encode()
        try:
            replace_with(self._path, content)
        except OSError as error:
            raise PushError(
                "push_memory",
                Text(f"记不下推送了什么：{error.strerror}", f"what was pushed cannot be noted: {error.strerror}"),
                hint=Text("否则会重复推送；请检查磁盘和权限", "or it is pushed again; check the disk and its rights"),
                place=Place(file=str(self._path)),
            ) from error

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            # Without it somebody is told once more, which is better than never.
            return {}
        return content if isinstance(content, dict) and all(map(_is_entry, content.items())) else {}


def _is_entry(item: tuple[object, object]) -> bool:
    """Return whether a key and its value are as this module writes them."""
    try:
        return isinstance(json.loads(str(item[0])), list) and isinstance(item[1], str)
    except ValueError:
        return False


def _key(parts: Sequence[str]) -> str:
    return json.dumps(list(parts), ensure_ascii=False)
