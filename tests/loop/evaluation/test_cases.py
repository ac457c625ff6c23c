"""What is to be evaluated, on each database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.loop.conftest import COAT, DAY, new_change, new_task
from tests.loop.test_effects import measured
from tests.state.conftest import finding

from duoshou.loop.changes import Detected, NewChange, confirm, propose_detected, record
from duoshou.loop.effects import record_effects
from duoshou.loop.evaluation.case import Case
from duoshou.loop.evaluation.cases import changes_since, open_cases
from duoshou.loop.tasks import accept, begin, finish, propose
from duoshou.model import Source, Subject
from duoshou.state import State, record_day

LATER = DAY + timedelta(days=40)


def do(state: State, **other: Any) -> int:
    """Propose a task, take it on, finish it and return its number."""
    task = propose(state, "main", new_task(**other), by="小王").id
    accept(state, "main", task, by="小李")
    finish(state, "main", task, on=DAY + timedelta(days=1), by="小李")
    return task


def cases(state: State) -> list[Case]:
    """Return the open cases."""
    return list(open_cases(state, "main", LATER))


def test_a_task_that_is_done_is_a_case_with_all_that_it_said(state: State) -> None:
    """Metric, expectation and guards are the task's; its own change is no case of its own."""
    record_day(state, "main", DAY, [finding()])
    told = finding()
    task = do(state, change_kind="main_image", finding_id=told.id, cause="click_rate", action="new_image")
    (one,) = cases(state)
    assert (one.source, one.source_id, one.subject, one.metric) == (Source.TASK, str(task), COAT, "visitors")
    assert (one.start, one.kind, one.expected, one.guards) == (
        DAY + timedelta(days=1),
        "main_image",
        0.1,
        ("pay_conversion_rate",),
    )
    assert (one.cause, one.action, one.selected) == ("click_rate", "new_image", told.period)
    assert [each.id for each in changes_since(state, "main", DAY)] == list(one.own)


def test_only_what_counts_is_a_case(state: State) -> None:
    """A task that is not done, a change that nobody confirmed, and what lies after the last day are none."""
    task = do(state)
    begin(state, "main", task, by="小李")
    assert cases(state) == []
    propose_detected(state, "main", [Detected("price-1001", new_change("price"))], by="data")
    assert cases(state) == []
    confirm(state, "main", 1, rules=(), by="小王")
    record(state, "main", new_change("title", LATER + timedelta(days=1)), rules=(), by="小王")
    assert [(one.source, one.source_id, one.metric) for one in cases(state)] == [(Source.CHANGE, "1", "pay_amount")]
    assert open_cases(state, "other", LATER) == ()


def test_what_is_final_is_closed_and_what_is_not_says_when_it_was_measured(state: State) -> None:
    """An effect that later data may change is measured again; a final one never."""
    record(state, "main", new_change(), rules=(), by="小王")
    record_effects(state, "main", [measured(1)], by="daily")
    assert [one.measured_on for one in cases(state)] == [measured(1).measured_on]
    record_effects(state, "main", [replace(measured(1), is_final=True)], by="daily")
    assert cases(state) == []


def test_a_change_of_several_products_is_one_case_of_all(state: State) -> None:
    """Their sum is measured; changes that concern any of them stand in its way."""
    hat = Subject("product", "2002", "帽子")
    record(state, "main", NewChange("promotion", DAY, (COAT, hat), until=LATER), rules=(), by="小王")
    record(state, "main", NewChange("price", DAY, (hat,)), rules=(), by="小王")
    one = next(each for each in cases(state) if each.kind == "promotion")
    assert (one.ids, one.ended) == (("1001", "2002"), LATER)
    assert [one.is_touched_by(each) for each in changes_since(state, "main", DAY)] == [True, True]
    assert [each.id for each in changes_since(state, "main", DAY + timedelta(days=1))] == [1]
