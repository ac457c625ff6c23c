"""Who saw which finding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.state.conftest import day, finding

from duoshou.state import State, audit_log, record_day, write_file
from duoshou.state.database import open_file
from duoshou.state.models import FindingSeen, PersonRow
from duoshou.state.seen import EXACTNESS, mark_seen, seen_by

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
A, B = finding("A"), finding("B")


@pytest.fixture
def people(state: State) -> list[int]:
    """Two people, and two findings of a day."""
    record_day(state, "main", day(0), [A, B])
    with state.writing("test", "/people") as session:
        rows = [
            PersonRow(login=name, name=name, role="viewer", disabled=False, created_at=NOW) for name in ("小王", "小李")
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def test_it_is_known_who_saw_a_finding(state: State, people: list[int]) -> None:
    """By name, who saw it first first; of another shop, or of what was never found, nobody saw anything."""
    mark_seen(state, "main", [A.id], people[1], by="小李", now=NOW)
    mark_seen(state, "main", [A.id, B.id, "never found"], people[0], by="小王", now=NOW + timedelta(hours=1))
    assert seen_by(state, "main", [A.id, B.id, "never found"]) == {A.id: ["小李", "小王"], B.id: ["小王"]}
    assert seen_by(state, "main", [B.id]) == {B.id: ["小王"]}
    mark_seen(state, "other", [A.id], people[0], by="小王", now=NOW)
    assert seen_by(state, "other", [A.id]) == {}
    assert seen_by(state, "main", []) == {}


def test_another_look_moves_the_last_moment_only(state: State, people: list[int]) -> None:
    """To some minutes, so that a page that is read is seldom a write; the log tells of the first look alone."""

    def moments() -> tuple[datetime, datetime]:
        with state.reading() as session:
            row = session.scalars(select(FindingSeen)).one()
            return row.first_at, row.last_at

    for later, last in ((timedelta(0), NOW), (EXACTNESS / 2, NOW), (EXACTNESS, NOW + EXACTNESS)):
        mark_seen(state, "main", [A.id], people[0], by="小王", now=NOW + later)
        assert moments() == (NOW, last)
    (entry,) = audit_log(state, entity="finding_seen")
    assert (entry.actor, entry.action) == ("小王", "insert")


def test_a_copy_knows_it_too(state: State, people: list[int], tmp_path: Path) -> None:
    """Who saw what goes along when the state is copied."""
    mark_seen(state, "main", [A.id], people[0], by="小王", now=NOW)
    path = tmp_path / "copy.sqlite"
    write_file(state, path)
    with open_file(path) as copy:
        assert seen_by(copy, "main", [A.id]) == {A.id: ["小王"]}
