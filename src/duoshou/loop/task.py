"""A task as it is read: what is to be done, by whom, until when, and what it should bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from duoshou.model import Role, Subject, TaskState, plain
from duoshou.state.loop_models import TaskRow, TaskStep

NEXT: dict[TaskState, frozenset[TaskState]] = {
    TaskState.PROPOSED: frozenset({TaskState.ACCEPTED, TaskState.DECLINED}),
    TaskState.ACCEPTED: frozenset({TaskState.DOING, TaskState.DONE, TaskState.DECLINED}),
    TaskState.DOING: frozenset({TaskState.DONE, TaskState.DECLINED}),
    TaskState.DONE: frozenset({TaskState.DOING, TaskState.EVALUATED}),
    TaskState.EVALUATED: frozenset(),
    TaskState.DECLINED: frozenset({TaskState.PROPOSED}),
}
"""Where a task can go from each state; what is declined can be proposed again, what is done may turn out not to be."""
OPEN = (TaskState.PROPOSED, TaskState.ACCEPTED, TaskState.DOING)
"""States in which somebody still has to do something."""
EFFORTS = ("minutes", "hours", "days")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a task should bring: mandatory, or nobody could say afterwards whether it worked.

    Attributes:
        metric: Key of the metric that should move.
        change: By how much, relative to what would be without it: .1 is a tenth more.
        by: Day by which it should show.
        amount: What that is worth in money a month, where known.
    """

    metric: str
    change: float
    by: date
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be written down.

    Attributes:
        title: What is to be done, in one line.
        subject: What it concerns.
        owner_role: Who it is for.
        due_on: Day by which it should be done.
        expected: What it should bring.
        detail: The rest, in words.
        guards: Metrics that must not fall.
        effort: `minutes`, `hours` or `days`.
        owner: Number of the person it is given to.
        finding_id: The finding it comes from.
        cause: Kind of the cause that the finding named first.
        action: Key of the playbook's entry.
        change_kind: Kind of change that doing it makes.
    """

    title: str
    subject: Subject
    owner_role: Role
    due_on: date
    expected: Expected
    detail: str = ""
    guards: tuple[str, ...] = ()
    effort: str = "hours"
    owner: int | None = None
    finding_id: str | None = None
    cause: str | None = None
    action: str | None = None
    change_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands.

    Attributes:
        id: Its number.
        shop: Key of the shop.
        what: What was written down, with who has it now.
        state: Where it stands.
        owner_name: Name of the person who has it; None where nobody has.
        done_on: Day since which it is done.
        reason: Why it was declined.
        created_by: Who wrote it down.
        created_at: When.
    """

    id: int
    shop: str
    what: NewTask
    state: TaskState
    owner_name: str | None
    done_on: date | None
    reason: str | None
    created_by: str
    created_at: datetime

    def is_overdue(self, today: date) -> bool:
        """Return whether it should have been done before `today` and is not."""
        return self.state in OPEN and self.what.due_on < today

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape: dict[str, Any] = plain(self)
        return {**shape.pop("what"), **shape}


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a task."""

    state: TaskState
    at: datetime
    by: str
    note: str


def task_of(row: TaskRow, owner_name: str | None) -> Task:
    """Return the task that a row holds."""
    what = NewTask(
        title=row.title,
        subject=Subject(row.subject_type, row.subject_id, row.subject_name),
        owner_role=Role(row.owner_role),
        due_on=row.due_on,
        expected=Expected(row.metric, row.expected_change, row.expected_by, row.expected_amount),
        detail=row.detail,
        guards=tuple(row.guards),
        effort=row.effort,
        owner=row.owner,
        finding_id=row.finding_id,
        cause=row.cause,
        action=row.action,
        change_kind=row.change_kind,
    )
    return Task(
        row.id,
        row.shop,
        what,
        TaskState(row.state),
        owner_name,
        row.done_on,
        row.reason,
        row.created_by,
        row.created_at,
    )


def step_of(row: TaskStep) -> Step:
    """Return the step that a row holds."""
    return Step(TaskState(row.state), row.at, row.by, row.note)
