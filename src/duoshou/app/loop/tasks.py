"""Tasks as people write and finish them: metrics by any of their names, and the change that a task makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from duoshou.loop.changes import NewChange
from duoshou.loop.propagation import rules_of
from duoshou.loop.task import OPEN, NewTask, Task
from duoshou.loop.tasks import WantedTasks, finish, list_tasks, propose, task_story
from duoshou.model import Role, TaskState

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def today_of(workbench: Workbench) -> date:
    """Return the day that it is where the shop is."""
    return datetime.now(ZoneInfo(workbench.settings.timezone)).date()


def write_task(workbench: Workbench, shop: str, new: NewTask, *, by: str) -> Task:
    """Write a task down; its metrics may be given by any of their names.

    Raises:
        MetricError: If there is no such metric.
        TaskRefused: If something mandatory is missing or cannot be meant.
    """
    metric = workbench.catalogue.metric(new.expected.metric).key
    guards = tuple(workbench.catalogue.metric(one).key for one in new.guards)
    return propose(
        workbench.state, shop, replace(new, expected=replace(new.expected, metric=metric), guards=guards), by=by
    )


def finish_task(
    workbench: Workbench,
    shop: str,
    task: int,
    *,
    on: date,
    by: str,
    note: str = "",
    kind: str | None = None,
    before: str = "",
    after: str = "",
) -> Task:
    """Say that a task is done, and record the change that it made by the workspace's rules of propagation.

    Args:
        workbench: The workspace.
        shop: Key of the shop.
        task: Its number.
        on: First day in the new state, in the shop's time.
        by: Who did it.
        note: What they say with it.
        kind: Kind of change that was made; None: the one that the task names, if any.
        before: What it was.
        after: What it is; empty: the note.

    Raises:
        UnknownTask: If the shop has no such task.
        TaskRefused: If nobody has taken it on, or it is over.
        ChangeRefused: If the change cannot be meant.
    """
    what = task_story(workbench.state, shop, task)[0].what
    made = kind or what.change_kind
    change = None
    if made is not None:
        change = NewChange(made, on, (what.subject,), before, after or note, note=what.title)
    rules = rules_of(workbench.workspace.directory)
    return finish(workbench.state, shop, task, on=on, by=by, note=note, change=change, rules=rules)


def due_tasks(workbench: Workbench, shop: str, until: date, *, limit: int = 200) -> tuple[tuple[Task, ...], int]:
    """Return the open tasks of a shop that are due by a day, what is due first first, and how many there are."""
    return list_tasks(workbench.state, shop, WantedTasks(OPEN, due_until=until), limit=limit)


def wanted_tasks(
    workbench: Workbench,
    *,
    states: tuple[TaskState, ...] = (),
    role: Role | None = None,
    login: str | None = None,
    overdue: bool = False,
) -> WantedTasks:
    """Return the wish for tasks as people put it.

    Args:
        workbench: The workspace.
        states: Where they stand; empty: anywhere.
        role: For whom they are.
        login: Whoever has them.
        overdue: Only what should have been done before today and is not; `states` are then open ones.

    Raises:
        UnknownPerson: If there is nobody with this login.
    """
    from duoshou.access import find_account

    owner = None if login is None else find_account(workbench.state, login).id
    if not overdue:
        return WantedTasks(states, role, owner)
    return WantedTasks(states or OPEN, role, owner, due_until=today_of(workbench) - timedelta(days=1))
