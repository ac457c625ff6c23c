"""The schedule lives as long as the server does."""

from __future__ import annotations

import threading
from pathlib import Path

import filelock
import pytest
from fastapi.testclient import TestClient

from duoshou.app import create_workspace
from duoshou.app.schedule.scheduler import LOCK_FILE
from duoshou.server.assembly import JOBS_VARIABLE, create_app
from duoshou.settings import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace whose daily job is due at the end of the day."""
    made = create_workspace(tmp_path / "shop", "shop")
    text = made.settings_file.read_text(encoding="utf-8")
    made.settings_file.write_text(text.replace('daily_at = "08:30"', 'daily_at = "23:59"'), encoding="utf-8")
    return made


def threads() -> list[str]:
    """Return the names of the threads that run."""
    return [thread.name for thread in threading.enumerate()]


@pytest.mark.parametrize(("wanted", "expected"), [("1", True), ("0", False)])
def test_a_server_begins_and_ends_its_schedule(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, wanted: str, expected: bool
) -> None:
    """While it runs, one thread looks what is due, unless nobody wants it; afterwards another server may."""
    monkeypatch.setenv(JOBS_VARIABLE, wanted)
    with TestClient(create_app(workspace.directory)):
        assert ("schedule" in threads()) is expected
    assert "schedule" not in threads()
    with filelock.FileLock(workspace.directory / LOCK_FILE, timeout=0):
        pass
