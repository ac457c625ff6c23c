"""The jobs that ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from duoshou.model import Text
from duoshou.state import State, audit_log
from duoshou.state.jobs import close_lost_jobs, finish_job, job_runs, start_job
from duoshou.state.models import JobOutcome, JobTrigger

NOW = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
LINES = (Text("导入 3 个文件", "3 files imported"), Text("2 行被拒", "2 rows rejected\0"))


def test_a_job_is_seen_while_it_runs_and_afterwards(state: State) -> None:
    """What started it and when, then how it ended and what it told."""
    number = start_job(state, "day", JobTrigger.SCHEDULE, by="duoshou serve", shop="main", now=NOW)
    (runs,) = job_runs(state)
    assert (runs.id, runs.kind, runs.trigger, runs.shop, runs.started_by) == (
        number,
        "day",
        JobTrigger.SCHEDULE,
        "main",
        "duoshou serve",
    )
    assert (runs.started_at, runs.finished_at, runs.outcome, runs.lines) == (NOW, None, None, ())
    finish_job(state, number, JobOutcome.NEEDS_PERSON, LINES, now=NOW + timedelta(minutes=2))
    (ended,) = job_runs(state)
    assert (ended.finished_at, ended.outcome) == (NOW + timedelta(minutes=2), JobOutcome.NEEDS_PERSON)
    assert ended.lines == (LINES[0], Text("2 行被拒", "2 rows rejected"))


def test_a_job_ends_once(state: State) -> None:
    """What was noted stays; a job that never began cannot end."""
    number = start_job(state, "import", JobTrigger.INBOX, by="duoshou serve", now=NOW)
    finish_job(state, number, JobOutcome.FAILED, now=NOW)
    finish_job(state, number, JobOutcome.DONE, LINES, now=NOW)
    assert [(one.outcome, one.lines) for one in job_runs(state)] == [(JobOutcome.FAILED, ())]
    with pytest.raises(KeyError):
        finish_job(state, number + 1, JobOutcome.DONE)


def test_jobs_of_a_server_that_is_gone(state: State) -> None:
    """They are said to be lost, not to run for ever; those that ended stay as they are."""
    assert close_lost_jobs(state, by="duoshou serve") == 0
    done, lost = (start_job(state, "day", JobTrigger.PERSON, by="小王", now=NOW) for _ in range(2))
    finish_job(state, done, JobOutcome.DONE, now=NOW)
    assert close_lost_jobs(state, by="duoshou serve", now=NOW) == 1
    assert [(one.id, one.outcome) for one in job_runs(state)] == [(lost, JobOutcome.LOST), (done, JobOutcome.DONE)]


def test_jobs_are_read_in_pages(state: State) -> None:
    """The latest first, of one kind where asked."""
    numbers = [start_job(state, kind, JobTrigger.PERSON, by="小王", now=NOW) for kind in ("day", "import", "day")]
    assert [one.id for one in job_runs(state, 2)] == numbers[:0:-1]
    assert [one.id for one in job_runs(state, 2, before=numbers[1])] == numbers[:1]
    assert [one.id for one in job_runs(state, kind="day")] == [numbers[2], numbers[0]]


def test_the_log_names_who_started_a_job(state: State) -> None:
    """Begin and end are writes as any other; what the job told is in the table, and in the log as a digest."""
    finish_job(state, start_job(state, "day", JobTrigger.PERSON, by="小王", now=NOW), JobOutcome.DONE, LINES, now=NOW)
    ended, begun = audit_log(state, entity="job_run")
    assert (begun.action, begun.actor, ended.action, ended.actor) == ("insert", "小王", "update", "小王")
    assert ended.after is not None
    assert ended.after["outcome"] == "done"
    assert ended.after["lines"].startswith("sha256:")
