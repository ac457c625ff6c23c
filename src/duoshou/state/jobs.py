"""The jobs that ran: what started each, how it ended, and what it told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from duoshou.model import Text
from duoshou.state.content import clean
from duoshou.state.database import State
from duoshou.state.models import JobOutcome, JobRun, JobTrigger

JOBS = "/jobs"


@dataclass(frozen=True, slots=True)
class Job:
    """A job.

    Attributes:
        id: Its number.
        kind: What it does, such as `day` or `import`.
        trigger: What started it.
        shop: Key of the shop; None where it concerned all.
        started_by: Who started it.
        started_at: When.
        finished_at: When it ended; None while it runs.
        outcome: How; None while it runs.
        lines: What it told.
    """

    id: int
    kind: str
    trigger: JobTrigger
    shop: str | None
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    outcome: JobOutcome | None
    lines: tuple[Text, ...]


def start_job(
    state: State,
    kind: str,
    trigger: JobTrigger,
    *,
    by: str,
    shop: str | None = None,
    now: datetime | None = None,
) -> int:
    """Note that a job begins, and return its number."""
    with state.writing(by, JOBS) as session:
        row = JobRun(
            kind=kind,
            trigger=JobTrigger(trigger).value,
            shop=shop,
            started_by=by.strip(),
            started_at=now or datetime.now(UTC),
            finished_at=None,
            outcome=None,
            lines=[],
        )
        session.add(row)
        session.flush()
        return row.id


def finish_job(
    state: State, number: int, outcome: JobOutcome, lines: Sequence[Text] = (), *, now: datetime | None = None
) -> None:
    """Note how a job ended and what it told; of one that has ended already nothing changes.

    Raises:
        KeyError: If no such job was started.
    """
    with state.reading() as reading:
        started = reading.get(JobRun, number)
        if started is None:
            raise KeyError(number)
        by = started.started_by
    with state.writing(by, JOBS) as session:
        row = session.get_one(JobRun, number)
        if row.finished_at is None:
            row.finished_at, row.outcome = now or datetime.now(UTC), JobOutcome(outcome).value
            row.lines = [{"zh": clean(line.zh), "en": clean(line.en)} for line in lines]


def close_lost_jobs(state: State, *, by: str, now: datetime | None = None) -> int:
    """Note that the jobs that are said to run do so no more, and return how many these were.

    For whoever starts a server and knows that no other one runs.
    """
    query = select(JobRun).where(JobRun.finished_at.is_(None))
    with state.reading() as reading:
        if not reading.scalars(query).first():
            return 0
    with state.writing(by, JOBS) as session:
        rows = session.scalars(query).all()
        for row in rows:
            row.finished_at, row.outcome = now or datetime.now(UTC), JobOutcome.LOST.value
        return len(rows)


def job_runs(state: State, limit: int = 50, *, kind: str | None = None, before: int | None = None) -> tuple[Job, ...]:
    """Return the jobs, those that began last first.

    Args:
        state: Where they are noted.
        limit: At most so many.
        kind: Only this kind.
        before: Only those with a lower number, for the next page.
    """
    query = select(JobRun).order_by(JobRun.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(JobRun.kind == kind)
    if before is not None:
        query = query.where(JobRun.id < before)
    with state.reading() as session:
        return tuple(_job(row) for row in session.scalars(query))


def _job(row: JobRun) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        trigger=JobTrigger(row.trigger),
        shop=row.shop,
        started_by=row.started_by,
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=None if row.outcome is None else JobOutcome(row.outcome),
        lines=tuple(Text(one["zh"], one["en"]) for one in row.lines),
    )
