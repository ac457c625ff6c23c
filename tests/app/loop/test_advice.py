"""From a finding of a real workspace to a task, by one call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.app.conftest import make_workbench
from tests.state.conftest import FIRST, finding

from duoshou.app import Workbench
from duoshou.app.loop.advice import advise, draft_from_finding, playbook_of, playbook_standing, task_from_finding
from duoshou.app.loop.tasks import today_of
from duoshou.loop.entries import OWN_FILE
from duoshou.loop.errors import LoopDataError, TaskRefused
from duoshou.loop.tasks import WantedTasks, list_tasks
from duoshou.model import Cause, Role, Subject
from duoshou.state import UnknownFinding, record_day

ONE = finding(kind="diagnosis.product", causes=(Cause("image_worse", Subject("product", "A", "A"), None, 0.9),))


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """A workspace with one finding about a product, and one of a kind that nothing is known of."""
    with make_workbench(tmp_path) as made:
        record_day(made.state, "main", FIRST, [ONE, finding("B", kind="data.gap")])
        yield made


def test_a_finding_becomes_a_task_by_one_call(workbench: Workbench) -> None:
    """The task is written down, due on a workday of the shop's calendar, and found again by its finding."""
    task = task_from_finding(workbench, ONE.id, "main", by="小王")
    (listed,), _ = list_tasks(workbench.state, "main", WantedTasks(finding_id=ONE.id))
    assert listed == task
    assert (task.what.action, task.what.cause, task.created_by) == ("image_back", "image_worse", "小王")
    assert task.what.due_on > today_of(workbench)
    assert workbench.calendar.day(task.what.due_on).is_workday


def test_what_is_drafted_can_be_changed(workbench: Workbench) -> None:
    """Fields are given otherwise than drafted, metrics by any of their names; what cannot be meant is refused."""
    drafted = draft_from_finding(workbench, ONE.id, "main")
    expected = replace(drafted.expected, metric="访客数", change=0.2)
    task = task_from_finding(
        workbench, ONE.id, "main", by="小王", recommendation=1, expected=expected, owner_role=Role.OPERATOR
    )
    assert (task.what.action, task.what.owner_role) == ("image_new", Role.OPERATOR)
    assert (task.what.expected.metric, task.what.expected.change) == ("visitors", 0.2)
    early = replace(drafted.expected, by=drafted.due_on - timedelta(days=9))
    with pytest.raises(TaskRefused):
        task_from_finding(workbench, ONE.id, "main", by="小王", expected=early)


def test_where_nothing_is_known_it_is_said(workbench: Workbench) -> None:
    """A finding without advice, an unknown number or an unknown finding makes no task."""
    other = finding("B", kind="data.gap").id
    assert advise(workbench, other, "main", costs=True) == ()
    with pytest.raises(TaskRefused, match="0 条建议"):
        task_from_finding(workbench, other, "main", by="小王")
    with pytest.raises(TaskRefused, match="没有第 3 条"):
        task_from_finding(workbench, ONE.id, "main", by="小王", recommendation=2)
    with pytest.raises(UnknownFinding):
        advise(workbench, "nothing", "main", costs=True)


def test_the_workspaces_own_playbook_holds(workbench: Workbench) -> None:
    """An own entry is advised; one whose metric is not in the catalogue is refused with its key."""
    own = workbench.workspace.directory / OWN_FILE
    text = '[entry.mine]\ncauses = ["image_worse"]\nzh = "重拍"\nmetric = "{}"\nprior = {{ mean = 0.1, sd = 0.1 }}\n'
    own.write_text(text.format("visitors"))
    assert {one.entry.key for one in advise(workbench, ONE.id, "main", costs=True)} == {
        "image_back",
        "image_new",
        "mine",
    }
    assert [one.entry.key for one in playbook_standing(workbench, "main")][-1] == "mine"
    own.write_text(text.format("visitor"))
    with pytest.raises(LoopDataError, match=r"entry\.mine\.metric"):
        playbook_of(workbench)
