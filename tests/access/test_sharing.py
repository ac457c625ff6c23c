"""Several processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.access.conftest import SECRET
from tests.state.conftest import Place

from duoshou.access import create_first_owner, create_person, people
from duoshou.access.attempts import LOGIN_LIMIT
from duoshou.model import Role
from duoshou.state import audit_log

REPOSITORY = Path(__file__).resolve().parents[2]
# Each waits until all are there.
HEAD = """
import sys
from pathlib import Path
from duoshou.access import *
from duoshou.access import passwords
from duoshou.model import Role
from duoshou.settings import Workspace, load_settings
from duoshou.state import open_state
from tests.access.conftest import SECRET, Counted
counted = Counted()
passwords.standard = lambda: counted
workspace = Workspace.at(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
with open_state(workspace, load_settings(workspace)) as state:
"""
FIRST = """
    try:
        create_first_owner(state, sys.argv[2], "店主", SECRET)
        print("made")
    except PersonRefused as refused:
        print(refused.code)
"""
LEAVE = """
    try:
        disable(state, sys.argv[2], by=sys.argv[2])
        print("left")
    except LastOwner:
        print("stayed")
"""
GUESS = """
    told = []
    for number in range(6):
        try:
            sign_in(state, "wang", f"wrong {number}", client=sys.argv[2])
        except AccessError as refused:
            told.append(refused.code)
    print(*told)
"""


def at_once(program: str, place: Place, words: list[str]) -> list[str]:
    """Run a program once for each word, all at the same time, and return what they printed."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", HEAD + program, str(place.workspace.directory), word],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])},
        )
        for word in words
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n", one.communicate()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    printed = []
    for one in running:
        out, errors = one.communicate()
        assert one.returncode == 0, errors
        printed.append(out.strip())
    return printed


def test_one_of_many_becomes_the_first_owner(place: Place) -> None:
    """Three processes make the database and the first owner at once: one succeeds, and there is one person."""
    printed = at_once(FIRST, place, ["wang", "li", "zhao"])
    assert sorted(printed) == ["made", "not_first", "not_first"]
    with place.open() as state:
        (made,) = people(state)
        assert (made.login, made.role) == (["wang", "li", "zhao"][printed.index("made")], Role.OWNER)
        assert [(one.entity, one.action) for one in audit_log(state)] == [("person", "insert")]


def test_two_owners_who_leave_at_once_leave_one(place: Place) -> None:
    """Neither sees the other go, were they not to follow one another."""
    with place.open() as state:
        create_first_owner(state, "wang", "小王", SECRET)
        create_person(state, "li", "小李", Role.OWNER, SECRET, by="小王")
    assert sorted(at_once(LEAVE, place, ["wang", "li"])) == ["left", "stayed"]
    with place.open() as state:
        assert sorted(one.disabled for one in people(state)) == [False, True]


@pytest.mark.parametrize("clients", [["192.0.2.1", "192.0.2.2", "192.0.2.3"]])
def test_processes_count_attempts_together(place: Place, clients: list[str]) -> None:
    """Eighteen guesses by three processes: as many are looked at as the limit says, not one more."""
    with place.open() as state:
        create_first_owner(state, "wang", "小王", SECRET)
    told = " ".join(at_once(GUESS, place, clients)).split()
    assert told.count("sign_in_refused") == LOGIN_LIMIT
    assert told.count("too_many_attempts") == 18 - LOGIN_LIMIT
