"""The audit log."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.state.conftest import day, finding

from duoshou.state import State, Write, audit_log, decline, note, record_day
from duoshou.state.audit import AuditedSession
from duoshou.state.models import Audit, DayRun, FindingRow

A = finding("A")


def entries(state: State, entity: str) -> list[Write]:
    """Return what the log tells of a table, the first entry first."""
    return audit_log(state, entity=entity)[::-1]


def test_every_write_says_who_when_what_before_and_after(state: State) -> None:
    """Insert, update and delete of each table, only what changed, signed and timed."""
    start = datetime.now(UTC)
    record_day(state, "main", day(0), [A])
    record_day(state, "main", day(1), [A], by="夜班")
    decline(state, "main", A.id, on=day(1), by="小王", reason="清仓")
    first, second, third = entries(state, "finding")
    assert (first.action, first.actor, first.before, first.key) == (
        "insert",
        "duoshou run",
        None,
        {"shop": "main", "id": A.id},
    )
    assert first.after is not None
    assert (first.after["impact_amount"], first.after["first_seen"]) == ("120.50", day(0).isoformat())
    assert (second.action, second.actor, second.before, second.after) == (
        "update",
        "夜班",
        {"last_seen": day(0).isoformat(), "status": "new"},
        {"last_seen": day(1).isoformat(), "status": "open"},
    )
    assert (third.actor, third.before, third.after) == ("小王", {"status": "open"}, {"status": "declined"})
    (decision,) = entries(state, "finding_decision")
    assert decision.after is not None
    assert decision.after["reason"] == "清仓"
    moments = [one.at for one in audit_log(state)][::-1]
    assert moments == sorted(moments)
    assert start - timedelta(seconds=1) <= moments[0] <= moments[-1] <= datetime.now(UTC)


def test_what_is_overwritten_stays_readable(state: State) -> None:
    """The words of a day that is recorded anew or taken back are whole in the log; the present ones as a digest."""
    record_day(state, "main", day(0), [A])
    record_day(state, "main", day(0), [finding("A", "7")])
    record_day(state, "main", day(0), [])
    made, changed, gone = entries(state, "finding_day")
    assert made.after is not None
    assert made.after["content"].startswith("sha256:")
    assert changed.before is not None
    assert changed.after is not None
    assert changed.before["content"]["impact"]["amount"] == "120.50"
    assert changed.after["content"] != made.after["content"]
    assert gone.after is None
    assert gone.before is not None
    assert gone.before["content"]["impact"]["amount"] == "7"


COLUMNS = "at, actor, action, entity, key, before, after"
FORGED = COLUMNS.replace("actor", "'x'")
FORGERIES = {
    "any": ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "UPDATE audit SET id = id + 1000"],
    "sqlite": [
        f"INSERT OR REPLACE INTO audit (id, {COLUMNS}) SELECT id, {FORGED} FROM audit",
        f"REPLACE INTO audit (id, {COLUMNS}) VALUES (1, '2026-01-01', 'x', 'x', 'x', '{{}}', NULL, NULL)",
    ],
    "postgresql": [
        "TRUNCATE audit",
        f"INSERT INTO audit (id, {COLUMNS}) SELECT id, {COLUMNS} FROM audit ON CONFLICT (id) DO UPDATE SET actor = 'x'",
        "MERGE INTO audit USING (SELECT 1 AS id) AS s ON audit.id = s.id WHEN MATCHED THEN UPDATE SET actor = 'x'",
    ],
}


def test_the_database_itself_refuses_to_change_the_log(state: State) -> None:
    """No statement changes or deletes an entry, whoever sends it."""
    record_day(state, "main", day(0), [A])
    before = audit_log(state)
    assert before
    for statement in FORGERIES["any"] + FORGERIES[state.engine.dialect.name]:
        with (
            pytest.raises(DBAPIError, match="append-only"),
            state.engine.execution_options(writes=True).begin() as connection,
        ):
            connection.exec_driver_sql(statement)
        assert audit_log(state) == before, statement


def test_nothing_is_written_past_the_log(state: State) -> None:
    """A session that only reads, a statement over many rows, and the log itself as an object are refused."""
    record_day(state, "main", day(0), [A])
    before = audit_log(state)
    run = DayRun(shop="main", day=day(5), declared_over=[], unjudged=[])
    with state.reading() as session:
        session.add(run)
        with pytest.raises(RuntimeError, match="reads"):
            session.flush()
    for statement in (update(FindingRow).values(status="solved"), delete(FindingRow), insert(DayRun)):
        with pytest.raises(RuntimeError, match="audit log"), state.writing("u", "main") as session:
            session.execute(statement)
    with pytest.raises(RuntimeError, match="itself"), state.writing("u", "main") as session:
        session.add(Audit(at=datetime.now(UTC), actor="x", action="insert", entity="x", key={}))
    assert audit_log(state) == before


def test_a_write_that_fails_leaves_no_entry(state: State) -> None:
    """The log and what it tells are one transaction."""
    record_day(state, "main", day(0), [A])
    before = audit_log(state)
    twice = [DayRun(shop="main", day=day(number), declared_over=[], unjudged=[]) for number in (5, 0)]
    with state.writing("u", "main") as session:
        session.add(twice[0])
        session.flush()
        session.add(twice[1])
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
    assert audit_log(state) == before


def test_the_log_is_read_in_pages(state: State) -> None:
    """Each page goes on where the one before ended."""
    record_day(state, "main", day(0), [A, finding("B")])
    whole = audit_log(state)
    first = audit_log(state, limit=2)
    assert [*first, *audit_log(state, before=first[-1].number)] == whole
    assert len(whole) == 5


def test_a_write_to_a_file_is_noted_with_its_actor(state: State) -> None:
    """It stands among the others; a transaction that fails leaves no entry, and a session that reads cannot note."""

    def write(session: AuditedSession) -> None:
        key, before, after = {"setting": "name"}, {"name": "旧"}, {"name": "新"}
        note(session, "duoshou.toml", action="update", key=key, before=before, after=after)

    with state.writing("店主", "/settings") as session:
        write(session)
    with contextlib.suppress(ZeroDivisionError), state.writing("店主", "/settings") as session:
        write(session)
        raise ZeroDivisionError
    (entry,) = entries(state, "duoshou.toml")
    assert (entry.actor, entry.action, entry.key) == ("店主", "update", {"setting": "name"})
    assert (entry.before, entry.after) == ({"name": "旧"}, {"name": "新"})
    with state.reading() as session, pytest.raises(RuntimeError):
        write(session)
