"""Several processes at once, and processes that die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.state.conftest import Place, day, finding, rows

from duoshou.state import audit_log, history, open_state, record_day
from duoshou.state.models import FindingRow

REPOSITORY = Path(__file__).resolve().parents[2]
HEAD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from duoshou.settings import Workspace, load_settings
from duoshou.state import open_state, record_day
from duoshou.state.audit import AuditedSession
from tests.state.conftest import day, finding
workspace = Workspace.at(Path(sys.argv[1]))
"""
# Each waits until all are there, so that they open and write the same new database at once.
WRITER = (
    HEAD
    + """
print("ready", flush=True)
sys.stdin.readline()
with open_state(workspace, load_settings(workspace)) as state:
    for number in eval(sys.argv[2]):
        record_day(state, "main", day(number), [finding("A", str(number)), finding("B")][: 1 + number % 2])
"""
)
VICTIM = (
    HEAD
    + """
with open_state(workspace, load_settings(workspace)) as state:
    left = [int(sys.argv[2])]
    @event.listens_for(AuditedSession, sys.argv[3])
    def die(*_):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    record_day(state, "main", day(1), [finding("A", "7"), finding("B")])
"""
)


def start(program: str, place: Place, *words: str) -> subprocess.Popen[str]:
    """Start a Python of its own on the workspace."""
    return subprocess.Popen(
        [sys.executable, "-c", program, str(place.workspace.directory), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])},
    )


def test_processes_may_open_and_record_at_once(place: Place) -> None:
    """Three processes make the database and record the same days in different orders: as if one had done it alone."""
    orders = ("range(8)", "reversed(range(8))", "[3, 1, 7, 5, 0, 2, 6, 4]")
    running = [start(WRITER, place, order) for order in orders]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n", one.communicate()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in running:
        _, errors = one.communicate()
        assert one.returncode == 0, errors
    with place.open() as state:
        for number in range(8):
            record_day(state, "alone", day(number), [finding("A", str(number)), finding("B")][: 1 + number % 2])
        assert rows(state, "main") == rows(state, "alone")
        # Nothing was written twice: each day of each shop has one insert.
        inserts = [json.dumps(one.key) for one in audit_log(state, limit=9999) if one.action == "insert"]
        assert len(inserts) == len(set(inserts)) == 2 * (8 + 12 + 2)


@pytest.mark.parametrize(("moment", "times"), [("after_flush", 1), ("after_flush", 2), ("before_commit", 1)])
def test_a_kill_leaves_the_day_before(place: Place, moment: str, times: int) -> None:
    """Killed with part of a day written, the state holds nothing of it, and the day can be recorded."""
    with place.open() as state:
        record_day(state, "main", day(0), [finding("A")])
        before = rows(state), audit_log(state)
        victim = start(VICTIM, place, str(times), moment)
        _, errors = victim.communicate()
        assert victim.returncode == -signal.SIGKILL, errors
        assert (rows(state), audit_log(state)) == before
    with open_state(place.workspace, place.settings) as state:
        assert len(record_day(state, "main", day(1), [finding("A", "7"), finding("B")]).shown) == 2
        assert len(history(state, "main")) == 2


def test_reading_goes_on_while_one_writes(place: Place) -> None:
    """A reader sees the last finished write, in one moment, and waits for nobody."""
    with place.open() as state, place.open() as other:
        record_day(state, "main", day(0), [finding("A")])
        with other.reading() as reader:
            count = select(func.count()).select_from(FindingRow)
            assert reader.scalar(count) == 1
            record_day(state, "main", day(0), [finding("A"), finding("B")])
            assert reader.scalar(count) == 1
        with state.writing("u", "main") as session:
            row = session.get_one(FindingRow, ("main", finding("A").id))
            row.subject_name = "half done"
            session.flush()
            assert {one.finding.subject.name for one in history(other, "main")} == {"商品A", "商品B"}
            session.rollback()
