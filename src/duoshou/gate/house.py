"""What one server process keeps open: the workspace, its state, and a few workbenches that threads take turns with."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from duoshou.app import Workbench, open_workbench
from duoshou.app.jobs import Jobs
from duoshou.app.memory import AnswerMemory
from duoshou.gate.errors import Refused
from duoshou.gate.shapes import prepare_shapes
from duoshou.model import Text
from duoshou.settings import Settings, SettingsError, Workspace
from duoshou.settings.calendar import CALENDAR_FILE
from duoshou.state import State

BENCHES = 4
PATIENCE_SECONDS = 60
JOB_SECONDS = 20


class House:
    """An opened workspace for many requests at once.

    A workbench and its engine serve one request at a time. All of them read the same snapshot file in one process, so
    a second one costs little memory. When `duoshou.toml` or `calendar.toml` changes, they are opened again.

    Attributes:
        workspace: Where everything lies.
        memory: Answers about the current snapshot by the current settings.
        state: Findings, decisions, people and the audit log; threads may share it.
        jobs: Imports and daily jobs, one at a time.
    """

    def __init__(self, directory: Path | None = None, benches: int = BENCHES) -> None:
        prepare_shapes()
        first = open_workbench(directory)
        self.workspace: Workspace = first.workspace
        self.memory = AnswerMemory()
        self.state: State = first.state
        self._lock = threading.Lock()
        self._stamp = _stamp(self.workspace)
        self._newest = first.share(self.memory, self.state)
        self._version = 0
        self._free: SimpleQueue[tuple[int, Workbench]] = SimpleQueue()
        for bench in [first, *(self._open() for _ in range(benches - 1))]:
            self._free.put((0, bench))
        self.jobs = Jobs(self._open, self.state)

    @property
    def settings(self) -> Settings:
        """The settings as they stand in `duoshou.toml`; those before while it cannot be read."""
        return self._current()[1].settings

    def _current(self) -> tuple[int, Workbench]:
        """Return the newest workbench and the number of the version of the settings that it has."""
        stamp = _stamp(self.workspace)
        with self._lock:
            if stamp != self._stamp:
                with contextlib.suppress(SettingsError):
                    # Who still answers by the settings before goes on filling the memory before.
                    memory = AnswerMemory()
                    self._newest = self._opened(memory)
                    self.memory = memory
                    self._version += 1
                self._stamp = stamp
            return self._version, self._newest

    @contextmanager
    def bench(self) -> Iterator[Workbench]:
        """Lend a workbench.

        Raises:
            Refused: If all are taken for longer than a minute.
        """
        try:
            version, bench = self._free.get(timeout=PATIENCE_SECONDS)
        except Empty:
            raise Refused(
                "busy",
                Text("服务器正忙，请稍后再试", "the server is busy, please try again"),
                status=503,
                headers={"Retry-After": "10"},
            ) from None
        try:
            current = self._current()[0]
            if version != current:
                bench.close()
                bench, version = self._open(), current
            yield bench
        finally:
            self._free.put((version, bench))

    def close(self) -> None:
        """Wait a little for the job that runs, then close every workbench that is free, and the state."""
        self.jobs.wait(JOB_SECONDS)
        while True:
            try:
                self._free.get_nowait()[1].close()
            except Empty:
                break
        self.state.close()

    def _open(self) -> Workbench:
        # The memory is taken before the settings are read: a later one must not get answers by earlier settings.
        return self._opened(self.memory)

    def _opened(self, memory: AnswerMemory) -> Workbench:
        return open_workbench(self.workspace.directory).share(memory, self.state)


def _stamp(workspace: Workspace) -> tuple[tuple[int, int], ...]:
    """Return what tells one version of the settings and of the shop's own festivals from the next."""
    return tuple(_file_stamp(path) for path in (workspace.settings_file, workspace.directory / CALENDAR_FILE))


def _file_stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
