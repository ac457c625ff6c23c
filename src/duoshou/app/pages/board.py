"""协同: the tasks of a shop by where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.access import Account, Right, people, rights_of
from duoshou.app.discreet_loop import discreet_task
from duoshou.app.loop.tasks import today_of, wanted_tasks
from duoshou.loop.task import OPEN, Task
from duoshou.loop.tasks import list_tasks
from duoshou.model import Role, TaskState, Text, plain
from duoshou.state import State

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

COLUMNS = (TaskState.PROPOSED, TaskState.ACCEPTED, TaskState.DOING, TaskState.DONE)
"""States that stand beside one another; the others are over."""
MOST_IN_COLUMN = 20
TASKS_A_PAGE = 50
DOERS = tuple(role for role in Role if Right.ACT in rights_of(role))
"""Roles that may be given tasks."""


@dataclass(frozen=True, slots=True)
class BoardAsked:
    """Which tasks are wanted; None means all.

    Attributes:
        state: Only those that stand here, in one list; None: the board.
        role: For whom they are.
        login: Who has them.
        overdue: Only what should have been done and is not.
        page: Number of the page of the list, from 1.
    """

    state: TaskState | None = None
    role: Role | None = None
    login: str | None = None
    overdue: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """Tasks that stand at one place.

    Attributes:
        state: Where they stand.
        tasks: The first of them: what is due first, or of what is over what was due last.
        total: How many there are in all.
    """

    state: TaskState
    tasks: tuple[Task, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a shop, or one of its columns in full.

    Attributes:
        shop: Key of the shop.
        asked: What was asked for.
        today: The day that it is where the shop is.
        columns: The tasks.
        pages: How many pages the list has; 1 for the board.
        people: Who may have tasks.
        metrics: Name of each metric that a task should move.
    """

    shop: str
    asked: BoardAsked
    today: date
    columns: tuple[Column, ...]
    pages: int
    people: tuple[Account, ...]
    metrics: Mapping[str, Text]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "shop": self.shop,
            "asked": plain(self.asked),
            "date": self.today.isoformat(),
            "tasks": [task_shape(task, self.today) for column in self.columns for task in column.tasks],
            "totals": {column.state.value: column.total for column in self.columns},
            "page": self.asked.page,
            "pages": self.pages,
        }


def board(workbench: Workbench, asked: BoardAsked, shop: str | None, *, costs: bool) -> Board:
    """Return the board of a shop.

    Args:
        workbench: The workspace.
        asked: What is wanted.
        shop: Key of the shop; None where there is only one.
        costs: Whether whoever asks may see costs.

    Raises:
        UnknownPerson: If there is nobody with the login.
    """
    key, today = workbench.shop_key(shop), today_of(workbench)
    states: tuple[TaskState, ...] = COLUMNS if asked.state is None else (asked.state,)
    if asked.overdue:
        states = tuple(state for state in states if state in OPEN)
    columns = tuple(_column(workbench, key, asked, state, costs=costs) for state in states)
    total = columns[0].total if asked.state is not None and columns else 0
    return Board(
        key,
        asked,
        today,
        columns,
        max(1, -(-total // TASKS_A_PAGE)),
        who_may_act(workbench.state),
        metric_titles(workbench, (task for column in columns for task in column.tasks)),
    )


def _column(workbench: Workbench, shop: str, asked: BoardAsked, state: TaskState, *, costs: bool) -> Column:
    wanted = wanted_tasks(workbench, states=(state,), role=asked.role, login=asked.login, overdue=asked.overdue)
    is_list = asked.state is not None
    found, total = list_tasks(
        workbench.state,
        shop,
        wanted,
        latest_first=state not in OPEN,
        limit=TASKS_A_PAGE if is_list else MOST_IN_COLUMN,
        offset=(asked.page - 1) * TASKS_A_PAGE if is_list else 0,
    )
    return Column(state, found if costs else tuple(map(discreet_task, found)), total)


def task_shape(task: Task, today: date) -> dict[str, Any]:
    """Return the JSON shape of a task, and whether it is overdue."""
    return {**task.to_dict(), "overdue": task.is_overdue(today)}


def metric_titles(workbench: Workbench, tasks: Iterable[Task]) -> dict[str, Text]:
    """Return the name of each metric that tasks should move."""
    return {key: metric_title(workbench, key) for key in dict.fromkeys(task.what.expected.metric for task in tasks)}


def metric_title(workbench: Workbench, key: str) -> Text:
    """Return the name of a metric; its key where the catalogue does not have it any more."""
    metric = workbench.catalogue.metrics.get(key)
    return Text(key, key) if metric is None else metric.title


def who_may_act(state: State) -> tuple[Account, ...]:
    """Return those who may be given tasks, in the order of their names."""
    able = (one for one in people(state) if one.role in DOERS and not one.disabled)
    return tuple(sorted(able, key=lambda one: one.name))
