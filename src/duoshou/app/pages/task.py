"""One task: what is to be done and why, what was done, what that changed and brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from duoshou.app.discreet import discreet_finding
from duoshou.app.discreet_loop import discreet_effect, discreet_task
from duoshou.app.loop.advice import playbook_of
from duoshou.app.loop.tasks import today_of
from duoshou.app.pages.board import metric_title, task_shape
from duoshou.app.pages.notices import notice_shape
from duoshou.loop.changes import Change, WantedChanges, list_changes
from duoshou.loop.effects import Measured, effect_of
from duoshou.loop.notices import Notice, list_notices
from duoshou.loop.playbook import Entry
from duoshou.loop.task import Step, Task
from duoshou.loop.tasks import task_story
from duoshou.model import Finding, Source, Text, plain
from duoshou.state import story

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


@dataclass(frozen=True, slots=True)
class MadeChange:
    """A change that a task made, and who was told of it."""

    change: Change
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One task.

    Attributes:
        task: The task as it stands.
        steps: What happened to it, the first first.
        today: The day that it is where the shop is.
        now: The moment by which lateness is told.
        metrics: Name of the metric that should move and of those that must not fall.
        finding: The finding it comes from; None where a person thought of it.
        entry: The playbook's entry that it follows; None where there is none.
        made: The changes that it made.
        effect: What it brought; None where that is not measured yet.
    """

    task: Task
    steps: tuple[Step, ...]
    today: date
    now: datetime
    metrics: Mapping[str, Text]
    finding: Finding | None
    entry: Entry | None
    made: tuple[MadeChange, ...]
    effect: Measured | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        finding = None
        if self.finding is not None:
            finding = {"id": self.finding.id, "headline": plain(self.finding.headline)}
        return {
            "task": task_shape(self.task, self.today),
            "steps": plain(self.steps),
            "finding": finding,
            "action": None if self.entry is None else {"key": self.entry.key, "title": plain(self.entry.title)},
            "changes": [
                {**one.change.to_dict(), "notices": [notice_shape(notice, self.now) for notice in one.notices]}
                for one in self.made
            ],
            "effect": None if self.effect is None else _without_days(self.effect),
        }


def task_page(workbench: Workbench, number: int, shop: str | None, *, costs: bool) -> TaskPage:
    """Return one task with what it rests on and what it led to.

    Args:
        workbench: The workspace.
        number: Its number.
        shop: Key of the shop; None where there is only one.
        costs: Whether whoever asks may see costs.

    Raises:
        UnknownTask: If the shop has no such task.
    """
    key, state = workbench.shop_key(shop), workbench.state
    task, steps = task_story(state, key, number)
    what = task.what
    names = (what.expected.metric, *what.guards)
    made, _ = list_changes(state, key, WantedChanges(task=number))
    finding = None if what.finding_id is None else story(state, key, what.finding_id).past.finding
    effect = effect_of(state, key, Source.TASK, str(number))
    if not costs:
        task, finding = discreet_task(task), finding and discreet_finding(finding)
        effect = effect and discreet_effect(effect, workbench.catalogue)
    return TaskPage(
        task,
        steps,
        today_of(workbench),
        datetime.now(UTC),
        {name: metric_title(workbench, name) for name in names},
        finding,
        playbook_of(workbench).entries.get(what.action) if what.action else None,
        tuple(MadeChange(one, list_notices(state, key, change=one.id)[0]) for one in reversed(made)),
        effect,
    )


def _without_days(effect: Measured) -> dict[str, Any]:
    """Return an effect without its days, margin and guards, which `/effects` tells by right."""
    return {name: value for name, value in effect.to_dict().items() if name != "content"}
