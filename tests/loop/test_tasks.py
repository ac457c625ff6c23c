"""Tasks: what is mandatory, which steps there are, and who gets one that two people want."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.loop.conftest import COAT, DAY, new_change, new_task, people
from tests.state.conftest import finding

from duoshou.loop.changes import WantedChanges, list_changes
from duoshou.loop.errors import ChangeRefused, LoopError, TaskRefused, TaskTaken, UnknownTask
from duoshou.loop.notices import list_notices
from duoshou.loop.task import NEXT, Expected, Task
from duoshou.loop.tasks import (
    WantedTasks,
    accept,
    begin,
    decline_task,
    finish,
    list_tasks,
    propose,
    propose_again,
    task_story,
    task_titles,
)
from duoshou.model import Role, TaskState
from duoshou.state import State, UnknownFinding, audit_log, record_day


def test_a_task_goes_from_proposed_to_done(state: State) -> None:
    """Each step is noted with who took it, and the change that the task makes is recorded and told to others."""
    designer, _ = people(state)
    task = propose(state, "main", new_task(change_kind="main_image"), by="小王")
    accept(state, "main", task.id, by="小李", owner=designer.id)
    begin(state, "main", task.id, by="小李")
    done = finish(state, "main", task.id, on=DAY + timedelta(days=2), by="小李", note="新图 v3")
    assert (done.state, done.done_on, done.owner_name) == (TaskState.DONE, DAY + timedelta(days=2), "小李")
    told, steps = task_story(state, "main", task.id)
    assert told == done
    assert [(one.state.value, one.by) for one in steps] == [
        ("proposed", "小王"),
        ("accepted", "小李"),
        ("doing", "小李"),
        ("done", "小李"),
    ]
    changes, _ = list_changes(state, "main", WantedChanges(task=task.id))
    assert [(one.what.kind, one.what.on, one.what.subjects, one.what.after) for one in changes] == [
        ("main_image", DAY + timedelta(days=2), (COAT,), "新图 v3")
    ]
    notices, count = list_notices(state, "main", change=changes[0].id)
    assert (count, {one.role for one in notices}) == (3, {Role.SERVICE, Role.PROMOTION, Role.WAREHOUSE})
    assert {one.entity for one in audit_log(state)} >= {"task", "task_step", "change", "change_subject", "notice"}


def test_titles_are_asked_for_at_once(state: State) -> None:
    """Of the tasks asked for those that the shop has, and no other shop's."""
    tasks = [propose(state, "main", new_task(), by="小王") for _ in range(3)]
    told = task_titles(state, "main", [one.id for one in tasks[:2]] + [999])
    assert told == {one.id: one.what.title for one in tasks[:2]}
    assert task_titles(state, "other", [one.id for one in tasks]) == {}
    assert task_titles(state, "main", ()) == {}


def test_of_two_who_take_a_task_on_at_once_one_wins_and_the_other_is_told(state: State) -> None:
    """One of many simultaneous acceptances succeeds; every other one says who was first."""
    first, second = people(state)
    task = propose(state, "main", new_task(), by="小王").id
    start, won, lost = threading.Barrier(6), [], []

    def take(number: int) -> None:
        who, owner = (("小李", first.id), ("小赵", second.id))[number % 2]
        start.wait()
        try:
            won.append(accept(state, "main", task, by=f"{who}{number}", owner=owner).owner_name)
        except TaskTaken as error:
            lost.append(error.by)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    told, steps = task_story(state, "main", task)
    assert (len(won), len(lost), set(lost)) == (1, 5, {steps[-1].by})
    assert (told.owner_name, len(steps)) == (won[0], 2)


def test_who_takes_a_task_on_twice_has_it_once(alone: State) -> None:
    """A second click is no second step."""
    designer, _ = people(alone)
    task = propose(alone, "main", new_task(), by="小王").id
    assert accept(alone, "main", task, by="小李", owner=designer.id) == accept(
        alone, "main", task, by="小李", owner=designer.id
    )
    assert len(task_story(alone, "main", task)[1]) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "图" * 201},
        {"detail": "图" * 4001},
        {"expected": Expected("", 0.1, DAY + timedelta(days=9))},
        {"expected": Expected("visitors", 0.0, DAY + timedelta(days=9))},
        {"expected": Expected("visitors", float("nan"), DAY + timedelta(days=9))},
        {"expected": Expected("visitors", 0.1, DAY)},
        {"effort": "weeks"},
        {"owner": 99},
    ],
)
def test_a_task_without_what_is_mandatory_is_refused(alone: State, wrong: dict[str, object]) -> None:
    """No title, no expectation, an impossible day, nobody's number: it is said how to mend it; nothing is kept."""
    with pytest.raises(TaskRefused) as refused:
        propose(alone, "main", replace(new_task(), **wrong), by="小王")  # type: ignore[arg-type]
    assert refused.value.hint is not None
    assert list_tasks(alone, "main", WantedTasks())[1] == 0


def test_a_task_of_another_shop_or_finding_is_unknown(alone: State) -> None:
    """A number alone opens nothing; a finding must be the shop's own."""
    task = propose(alone, "main", new_task(), by="小王").id
    with pytest.raises(UnknownTask):
        accept(alone, "other", task, by="小李")
    with pytest.raises(UnknownFinding):
        propose(alone, "main", new_task(finding_id="f" * 16), by="小王")
    with pytest.raises(ChangeRefused):
        propose(alone, "main", new_task(change_kind="colour"), by="小王")
    found = finding()
    record_day(alone, "main", DAY, [found])
    assert propose(alone, "main", new_task(finding_id=found.id), by="小王").what.finding_id == found.id
    with pytest.raises(UnknownFinding):
        propose(alone, "other", new_task(finding_id=found.id), by="小王")


def test_a_change_that_cannot_be_meant_leaves_the_task_undone(state: State) -> None:
    """The step and the change are kept together or not at all."""
    task = propose(state, "main", new_task(), by="小王").id
    accept(state, "main", task, by="小李")
    with pytest.raises(ChangeRefused):
        finish(state, "main", task, on=DAY, by="小李", change=new_change(until=DAY - timedelta(days=1)))
    assert task_story(state, "main", task)[0].state is TaskState.ACCEPTED


def test_a_task_is_declined_for_a_reason_and_can_be_proposed_again(alone: State) -> None:
    """Without a reason it stays; with one it is over until somebody takes that back."""
    task = propose(alone, "main", new_task(), by="小王").id
    with pytest.raises(TaskRefused):
        decline_task(alone, "main", task, reason=" ", by="小李")
    assert decline_task(alone, "main", task, reason="下周换季", by="小李").reason == "下周换季"
    again = propose_again(alone, "main", task, by="小王")
    assert (again.state, again.reason, again.owner_name) == (TaskState.PROPOSED, None, None)


STEPS: dict[str, tuple[TaskState, Callable[[State, int], Task]]] = {
    "accept": (TaskState.ACCEPTED, lambda state, task: accept(state, "main", task, by="甲")),
    "begin": (TaskState.DOING, lambda state, task: begin(state, "main", task, by="甲")),
    "finish": (TaskState.DONE, lambda state, task: finish(state, "main", task, on=DAY, by="甲")),
    "decline": (TaskState.DECLINED, lambda state, task: decline_task(state, "main", task, reason="不", by="甲")),
    "again": (TaskState.PROPOSED, lambda state, task: propose_again(state, "main", task, by="甲")),
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=8))
def test_whatever_people_try_a_task_takes_only_steps_that_there_are(alone: State, tried: list[str]) -> None:
    """A step is taken where it leads on from the present state, or changes nothing; every other one is refused."""
    task = propose(alone, "main", new_task(), by="小王").id
    now = TaskState.PROPOSED
    for name in tried:
        to, take = STEPS[name]
        try:
            after = take(alone, task).state
        except LoopError:
            after = now
            assert to not in NEXT[now]
        assert after == now or after in NEXT[now]
        now = after
    told, steps = task_story(alone, "main", task)
    assert (told.state, steps[-1].state) == (now, now)


def test_tasks_are_listed_by_when_they_are_due(state: State) -> None:
    """By state, role, person and day, the first due first; a page holds no more than asked for."""
    designer, _ = people(state)
    tasks = [propose(state, "main", new_task(due_on=DAY + timedelta(days=one)), by="小王") for one in (5, 1, 3)]
    propose(state, "main", new_task(owner_role=Role.SERVICE), by="小王")
    accept(state, "main", tasks[2].id, by="小李", owner=designer.id)
    listed, total = list_tasks(state, "main", WantedTasks(role=Role.DESIGNER), limit=2)
    assert ([one.id for one in listed], total) == ([tasks[1].id, tasks[2].id], 3)
    mine, _ = list_tasks(state, "main", WantedTasks(owner=designer.id))
    assert [(one.id, one.owner_name) for one in mine] == [(tasks[2].id, "小李")]
    late, _ = list_tasks(state, "main", WantedTasks((TaskState.PROPOSED,), due_until=DAY + timedelta(days=2)))
    assert [one.id for one in late] == [tasks[1].id]
    assert late[0].is_overdue(DAY + timedelta(days=2))
    assert not late[0].is_overdue(DAY + timedelta(days=1))
    assert list_tasks(state, "other", WantedTasks()) == ((), 0)
