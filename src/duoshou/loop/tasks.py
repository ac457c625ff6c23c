"""What happens to a task: proposed, taken on, done, declined; of two who want it at once one gets it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from duoshou.loop.changes import NewChange, record_in
from duoshou.loop.checks import check_new_task, refused_step
from duoshou.loop.errors import TaskRefused, TaskTaken, UnknownTask
from duoshou.loop.propagation import Rule, shipped_rules
from duoshou.loop.task import NEXT, NewTask, Step, Task, step_of, task_of
from duoshou.model import Role, Subject, TaskState, Text
from duoshou.state import State, UnknownFinding
from duoshou.state.audit import MOMENT, AuditedSession
from duoshou.state.content import clean
from duoshou.state.loop_models import TaskRow, TaskStep
from duoshou.state.models import FindingRow, PersonRow

MOST_LISTED = 1000


@dataclass(frozen=True, slots=True)
class WantedTasks:
    """Which tasks of a shop are wanted; None and empty mean all.

    Attributes:
        states: Where they stand.
        role: For whom they are.
        owner: Number of the person who has them.
        finding_id: The finding they come from.
        due_until: Only those due by this day.
        subject: Only those that concern this type and id.
    """

    states: tuple[TaskState, ...] = ()
    role: Role | None = None
    owner: int | None = None
    finding_id: str | None = None
    due_until: date | None = None
    subject: tuple[str, str] | None = None


def propose(state: State, shop: str, new: NewTask, *, by: str) -> Task:
    """Write a task down and return it.

    Raises:
        TaskRefused: If something mandatory is missing or cannot be meant.
        UnknownFinding: If it names a finding that the shop does not have.
    """
    check_new_task(new)
    with state.writing(by, shop) as session:
        if new.finding_id is not None and session.get(FindingRow, (shop, new.finding_id)) is None:
            raise UnknownFinding(shop, new.finding_id)
        if new.owner is not None and session.get(PersonRow, new.owner) is None:
            raise TaskRefused(
                "unknown_owner",
                Text(f"没有编号为 {new.owner} 的人", f"there is nobody with number {new.owner}"),
                hint=Text("人员见 duoshou user list", "duoshou user list names the people"),
            )
        row = _row(session, shop, new, by)
        session.add(row)
        session.flush()
        _step(session, row, TaskState.PROPOSED, by, "")
        return _read(session, row)


def accept(state: State, shop: str, task: int, *, by: str, owner: int | None = None, note: str = "") -> Task:
    """Take a task on; of two people who try at once one gets it and the other is told who did.

    Args:
        state: Where it stands.
        shop: Key of the shop.
        task: Its number.
        by: Who takes it on.
        owner: Their number; None on a machine where nobody signs in.
        note: What they say with it.

    Raises:
        UnknownTask: If the shop has no such task.
        TaskTaken: If somebody has it already.
        TaskRefused: If it is done or declined.
    """
    with state.writing(by, shop) as session:
        row = _get(session, shop, task)
        if row.state in {TaskState.ACCEPTED, TaskState.DOING}:
            last = session.scalars(
                select(TaskStep)
                .filter_by(task=task, state=TaskState.ACCEPTED.value)
                .order_by(TaskStep.number.desc())
                .limit(1)
            ).one()
            if (last.by, row.owner) == (by.strip(), owner):
                return _read(session, row)
            raise TaskTaken(task, last.by, f"{last.at:%Y-%m-%d %H:%M} UTC")
        _move(session, row, TaskState.ACCEPTED, by, note)
        row.owner = owner
        return _read(session, row)


def begin(state: State, shop: str, task: int, *, by: str, note: str = "") -> Task:
    """Say that a task is being done, or that it is not done after all.

    Raises:
        UnknownTask: If the shop has no such task.
        TaskRefused: If nobody has taken it on, or it is over.
    """
    with state.writing(by, shop) as session:
        row = _get(session, shop, task)
        if row.state != TaskState.DOING:
            _move(session, row, TaskState.DOING, by, note)
            row.done_on = None
        return _read(session, row)


def finish(
    state: State,
    shop: str,
    task: int,
    *,
    on: date,
    by: str,
    note: str = "",
    change: NewChange | None = None,
    rules: tuple[Rule, ...] | None = None,
) -> Task:
    """Say that a task is done, and record the change that it made.

    Args:
        state: Where it stands.
        shop: Key of the shop.
        task: Its number.
        on: First day in the new state, in the shop's time.
        by: Who did it.
        note: What they say with it.
        change: What was changed; None: where the task says that it makes a change, just that one.
        rules: Rules of propagation; None: those of the product.

    Raises:
        UnknownTask: If the shop has no such task.
        TaskRefused: If nobody has taken it on, or it is over.
        ChangeRefused: If the change cannot be meant.
    """
    with state.writing(by, shop) as session:
        row = _get(session, shop, task)
        if row.state == TaskState.DONE:
            return _read(session, row)
        _move(session, row, TaskState.DONE, by, note)
        row.done_on = on
        made = change or _own_change(row, on, note)
        if made is not None:
            record_in(session, shop, made, rules=shipped_rules() if rules is None else rules, task=task, by=by)
        return _read(session, row)


def decline_task(state: State, shop: str, task: int, *, reason: str, by: str) -> Task:
    """Decline a task for a reason.

    Raises:
        UnknownTask: If the shop has no such task.
        TaskRefused: If there is no reason, or the task is done or declined already.
    """
    words = clean(reason).strip()
    if not words:
        raise TaskRefused(
            "decline_without_reason",
            Text("不做一个任务要写明原因", "a task is declined with a reason"),
            hint=Text("例如：下周统一换季，不单独改", "such as: all images change next week anyway"),
        )
    with state.writing(by, shop) as session:
        row = _get(session, shop, task)
        _move(session, row, TaskState.DECLINED, by, words)
        row.reason = words
        return _read(session, row)


def propose_again(state: State, shop: str, task: int, *, by: str, note: str = "") -> Task:
    """Take back that a task was declined.

    Raises:
        UnknownTask: If the shop has no such task.
        TaskRefused: If it was not declined.
    """
    with state.writing(by, shop) as session:
        row = _get(session, shop, task)
        _move(session, row, TaskState.PROPOSED, by, note)
        row.reason = row.owner = None
        return _read(session, row)


def task_story(state: State, shop: str, task: int) -> tuple[Task, tuple[Step, ...]]:
    """Return a task and its steps, the first first.

    Raises:
        UnknownTask: If the shop has no such task.
    """
    with state.reading() as session:
        row = _get(session, shop, task)
        steps = session.scalars(select(TaskStep).filter_by(task=task).order_by(TaskStep.number))
        return _read(session, row), tuple(map(step_of, steps))


def task_titles(state: State, shop: str, tasks: Collection[int]) -> dict[int, str]:
    """Return the titles of those of the tasks that the shop has."""
    query = select(TaskRow.id, TaskRow.title).where(TaskRow.shop == shop, TaskRow.id.in_(tasks))
    with state.reading() as session:
        return {row.id: row.title for row in session.execute(query)}


def list_tasks(
    state: State, shop: str, wanted: WantedTasks, *, latest_first: bool = False, limit: int = 200, offset: int = 0
) -> tuple[tuple[Task, ...], int]:
    """Return a page of the tasks of a shop, what is due first (or last) first, and how many there are in all."""
    tests = [TaskRow.shop == shop]
    if wanted.states:
        tests.append(TaskRow.state.in_([one.value for one in wanted.states]))
    if wanted.role is not None:
        tests.append(TaskRow.owner_role == wanted.role.value)
    if wanted.owner is not None:
        tests.append(TaskRow.owner == wanted.owner)
    if wanted.finding_id is not None:
        tests.append(TaskRow.finding_id == wanted.finding_id)
    if wanted.due_until is not None:
        tests.append(TaskRow.due_on <= wanted.due_until)
    if wanted.subject is not None:
        tests += [TaskRow.subject_type == wanted.subject[0], TaskRow.subject_id == wanted.subject[1]]
    query = (
        select(TaskRow, PersonRow.name)
        .outerjoin(PersonRow, TaskRow.owner == PersonRow.id)
        .where(*tests)
        .order_by(*((TaskRow.due_on.desc(), TaskRow.id.desc()) if latest_first else (TaskRow.due_on, TaskRow.id)))
        .limit(min(limit, MOST_LISTED))
        .offset(offset)
    )
    with state.reading() as session:
        total = session.scalar(select(func.count()).select_from(TaskRow).where(*tests)) or 0
        return tuple(task_of(row, name) for row, name in session.execute(query)), total


def mark_evaluated(session: AuditedSession, shop: str, task: int, *, by: str, note: str = "") -> None:
    """Note in a session that writes that the effect of a task was measured; one that is not done stays as it is."""
    row = _get(session, shop, task)
    if row.state == TaskState.DONE:
        _move(session, row, TaskState.EVALUATED, by, note)


def _row(session: AuditedSession, shop: str, new: NewTask, by: str) -> TaskRow:
    return TaskRow(
        shop=shop,
        finding_id=new.finding_id,
        cause=new.cause,
        action=new.action,
        change_kind=new.change_kind,
        title=clean(new.title).strip(),
        detail=clean(new.detail).strip(),
        subject_type=new.subject.type,
        subject_id=clean(new.subject.id),
        subject_name=clean(new.subject.name),
        owner_role=new.owner_role.value,
        owner=new.owner,
        due_on=new.due_on,
        state=TaskState.PROPOSED.value,
        metric=new.expected.metric,
        expected_change=new.expected.change,
        expected_amount=new.expected.amount,
        expected_by=new.expected.by,
        guards=list(new.guards),
        effort=new.effort,
        done_on=None,
        reason=None,
        created_by=by.strip(),
        created_at=session.info[MOMENT],
    )


def _own_change(row: TaskRow, on: date, note: str) -> NewChange | None:
    if row.change_kind is None:
        return None
    subject = Subject(row.subject_type, row.subject_id, row.subject_name)
    return NewChange(row.change_kind, on, (subject,), after=note, note=row.title)


def _get(session: Session, shop: str, task: int) -> TaskRow:
    row = session.get(TaskRow, task)
    if row is None or row.shop != shop:
        raise UnknownTask(shop, task)
    return row


def _move(session: AuditedSession, row: TaskRow, to: TaskState, by: str, note: str) -> None:
    now = TaskState(row.state)
    if to not in NEXT[now]:
        raise refused_step(row.id, now, to)
    row.state = to.value
    _step(session, row, to, by, note)


def _step(session: AuditedSession, row: TaskRow, to: TaskState, by: str, note: str) -> None:
    made = session.scalar(select(func.count()).select_from(TaskStep).filter_by(task=row.id)) or 0
    step = TaskStep(
        task=row.id,
        number=made + 1,
        state=to.value,
        at=session.info[MOMENT],
        by=by.strip(),
        note=clean(note).strip(),
    )
    session.add(step)
    session.flush()


def _read(session: Session, row: TaskRow) -> Task:
    session.flush()
    name = None if row.owner is None else session.get_one(PersonRow, row.owner).name
    return task_of(row, name)
