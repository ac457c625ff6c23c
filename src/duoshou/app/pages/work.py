"""What waits for one person: tasks they have, tasks that their role may take on, notices to acknowledge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from duoshou.access import Person, Right
from duoshou.app.discreet_loop import discreet_task
from duoshou.app.loop.tasks import today_of
from duoshou.app.pages.board import metric_titles, task_shape
from duoshou.app.pages.notices import MOST_OPEN, is_for, notice_shape, roles_of
from duoshou.loop.changes import WantedChanges, list_changes
from duoshou.loop.notices import Notice, list_notices
from duoshou.loop.task import OPEN, Task
from duoshou.loop.tasks import WantedTasks, list_tasks
from duoshou.model import ChangeStanding, Role, TaskState, Text

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

MOST_TASKS = 20
MOST_NOTICES = 20


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for one person.

    Attributes:
        role: Their role.
        today: The day that it is where the shop is.
        now: The moment by which lateness is told.
        mine: Open tasks that they have, what is due first first.
        mine_total: How many there are in all.
        offered: Tasks for their role that nobody has taken on.
        offered_total: How many there are in all.
        notices: What nobody of their role has acknowledged.
        notices_total: How many there are in all.
        late: For who plans: notices of others that nobody acknowledged in time, at most 200.
        overdue: For who plans: tasks of others that are overdue.
        proposed: For who plans: changes that the data show and nobody has settled.
        metrics: Name of each metric that a task should move.
    """

    role: Role
    today: date
    now: datetime
    mine: tuple[Task, ...]
    mine_total: int
    offered: tuple[Task, ...]
    offered_total: int
    notices: tuple[Notice, ...]
    notices_total: int
    late: int
    overdue: int
    proposed: int
    metrics: Mapping[str, Text]

    @property
    def is_any(self) -> bool:
        """Whether anything waits."""
        return bool(self.mine or self.offered or self.notices or self.late or self.overdue or self.proposed)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "date": self.today.isoformat(),
            "mine": [task_shape(one, self.today) for one in self.mine],
            "offered": [task_shape(one, self.today) for one in self.offered],
            "notices": [notice_shape(one, self.now) for one in self.notices],
            "totals": {"mine": self.mine_total, "offered": self.offered_total, "notices": self.notices_total},
            "of_others": {"late": self.late, "overdue": self.overdue, "proposed": self.proposed},
        }


def work_of(workbench: Workbench, person: Person, shop: str | None) -> Work | None:
    """Return what waits for a person; None for whoever takes no part.

    Args:
        workbench: The workspace.
        person: Who asks.
        shop: Key of the shop; None where there is only one.
    """
    if Right.ACT not in person.rights:
        return None
    key, state, today, now = workbench.shop_key(shop), workbench.state, today_of(workbench), datetime.now(UTC)
    mine, mine_total = list_tasks(state, key, WantedTasks(OPEN, owner=person.id), limit=MOST_TASKS)
    wanted = WantedTasks((TaskState.PROPOSED,), role=person.role)
    proposed, offered_total = list_tasks(state, key, wanted, limit=MOST_TASKS)
    offered = tuple(one for one in proposed if one.what.owner != person.id)
    discreet = Right.COSTS not in person.rights
    waiting = [list_notices(state, key, role=role, open_only=True, limit=MOST_NOTICES) for role in roles_of(person)]
    notices = tuple(sorted(chain.from_iterable(found for found, _ in waiting), key=lambda one: (one.due_at, one.id)))
    late, overdue, changes = (
        _of_others(workbench, key, person, today, now) if Right.PLAN in person.rights else (0, 0, 0)
    )
    return Work(
        person.role,
        today,
        now,
        tuple(map(discreet_task, mine)) if discreet else mine,
        mine_total,
        tuple(map(discreet_task, offered)) if discreet else offered,
        offered_total - (len(proposed) - len(offered)),
        notices[:MOST_NOTICES],
        sum(total for _, total in waiting),
        late,
        overdue,
        changes,
        metric_titles(workbench, chain(mine, offered)),
    )


def _of_others(workbench: Workbench, shop: str, person: Person, today: date, now: datetime) -> tuple[int, int, int]:
    """Return how many notices of others are late, how many of their tasks are overdue, and what is to be confirmed."""
    state, yesterday = workbench.state, today - timedelta(days=1)
    waiting, _ = list_notices(state, shop, open_only=True, limit=MOST_OPEN)
    late = sum(one.is_late(now) and not is_for(one, person) for one in waiting)
    _, overdue = list_tasks(state, shop, WantedTasks(OPEN, due_until=yesterday), limit=0)
    _, own = list_tasks(state, shop, WantedTasks(OPEN, owner=person.id, due_until=yesterday), limit=0)
    _, proposed = list_changes(state, shop, WantedChanges(standing=ChangeStanding.PROPOSED), limit=0)
    return late, overdue - own, proposed
