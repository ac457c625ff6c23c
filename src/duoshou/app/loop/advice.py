"""What to do about a finding, and the task that one call makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from duoshou.app.discreet import discreet_finding
from duoshou.app.loop.subjects import SHOP, named_subject
from duoshou.app.loop.tasks import today_of, write_task
from duoshou.loop.errors import TaskRefused
from duoshou.loop.from_finding import causes_of, draft_task
from duoshou.loop.playbook import Advice, Book, EntryStanding, advice_on, load_playbook, standing
from duoshou.loop.task import NewTask, Task
from duoshou.model import Finding, Text
from duoshou.state import story

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def playbook_of(workbench: Workbench) -> Book:
    """Return the playbook that holds in the workspace.

    Raises:
        LoopDataError: If the workspace's `playbook.toml` cannot be used.
    """
    return load_playbook(workbench.workspace.directory, workbench.catalogue.metrics.keys())


def playbook_standing(workbench: Workbench, shop: str) -> tuple[EntryStanding, ...]:
    """Return how every entry of the playbook stands in a shop.

    Raises:
        LoopDataError: If the workspace's `playbook.toml` cannot be used.
    """
    return standing(playbook_of(workbench), workbench.state, shop)


def advise(workbench: Workbench, finding_id: str, shop: str, *, costs: bool) -> tuple[Advice, ...]:
    """Return what to do about a finding, what brings most money for an hour of work first.

    Args:
        workbench: The workspace.
        finding_id: Id of the finding.
        shop: Key of the shop.
        costs: Whether whoever asks may see costs.

    Raises:
        UnknownFinding: If it was never recorded for the shop.
        LoopDataError: If the workspace's `playbook.toml` cannot be used.
    """
    found = story(workbench.state, shop, finding_id).past.finding
    return advise_on(workbench, found if costs else discreet_finding(found), shop)


def advise_on(workbench: Workbench, found: Finding, shop: str) -> tuple[Advice, ...]:
    """Return what to do about a finding that is at hand; see `advise`.

    Raises:
        LoopDataError: If the workspace's `playbook.toml` cannot be used.
    """
    return advice_on(playbook_of(workbench), workbench.state, shop, causes_of(found), found.impact)


def draft_from_finding(
    workbench: Workbench, finding_id: str, shop: str, *, owner: int | None = None, recommendation: int = 0
) -> NewTask:
    """Return the task that a finding and one piece of advice make, not yet written down, so that it can be changed.

    Args:
        workbench: The workspace.
        finding_id: Id of the finding.
        shop: Key of the shop.
        owner: Number of the person it is given to.
        recommendation: Place of the advice in `advise`, from 0.

    Raises:
        UnknownFinding: If the finding was never recorded for the shop.
        TaskRefused: If there is no such advice.
        LoopDataError: If the workspace's `playbook.toml` cannot be used.
    """
    found = story(workbench.state, shop, finding_id).past.finding
    advised = advise_on(workbench, found, shop)
    if not 0 <= recommendation < len(advised):
        raise TaskRefused(
            "no_such_advice",
            Text(
                f"发现 {finding_id} 有 {len(advised)} 条建议，没有第 {recommendation + 1} 条",
                f"there are {len(advised)} pieces of advice on finding {finding_id}, and none with number "
                f"{recommendation + 1}",
            ),
            hint=Text("手写一个任务：duoshou task new", "write the task by hand: duoshou task new"),
        )
    calendar = workbench.calendar
    return draft_task(
        found,
        advised[recommendation],
        today=today_of(workbench),
        is_workday=lambda day: calendar.day(day).is_workday,
        horizon=workbench.settings.diagnosis.horizon_days,
        shop=named_subject(workbench, shop, SHOP, ""),
        owner=owner,
        language=workbench.settings.language,
    )


def task_from_finding(
    workbench: Workbench,
    finding_id: str,
    shop: str,
    *,
    by: str,
    owner: int | None = None,
    recommendation: int = 0,
    **changes: Any,
) -> Task:
    """Make a task of a finding and write it down.

    Args:
        workbench: The workspace.
        finding_id: Id of the finding.
        shop: Key of the shop.
        by: Who gives it out.
        owner: Number of the person it is given to.
        recommendation: Place of the advice in `advise`, from 0.
        changes: Fields of `NewTask` that are to be otherwise than drafted.

    Raises:
        UnknownFinding: If the finding was never recorded for the shop.
        TaskRefused: If there is no such advice, or the task cannot be meant.
        LoopDataError: If the workspace's `playbook.toml` cannot be used.
    """
    drafted = draft_from_finding(workbench, finding_id, shop, owner=owner, recommendation=recommendation)
    return write_task(workbench, shop, replace(drafted, **changes), by=by)
