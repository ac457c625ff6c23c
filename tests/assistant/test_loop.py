"""The closed loop through an assistant: read by everybody, acted on with the rights of a token."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.assistant.conftest import Place, asking
from tests.loop.test_effects import measured

from duoshou.access import Right, find_account
from duoshou.assistant.caller import Caller
from duoshou.assistant.stdio import caller_here
from duoshou.gate import House
from duoshou.loop.changes import Detected, NewChange, propose_detected
from duoshou.loop.effects import record_effects
from duoshou.model import Subject

NEW: dict[str, Any] = {
    "title": "换回上一版主图",
    "subject_type": "product",
    "subject_id": "1001",
    "role": "designer",
    "due": "2026-11-25",
    "metric": "visitors",
    "change": 0.1,
    "by": "2026-12-10",
    "guards": ["pay_conversion_rate"],
    "shop": "tb",
}


def test_a_task_is_written_taken_on_and_done(place: Place) -> None:
    """Whoever holds the token has the task and signs each step; what it changed is told to others."""
    house = House(place.directory, 2)
    owner = asking(house, caller_here(house, place.owner))
    number = owner("new_task", **NEW).shape["task"]["id"]
    taken = owner("accept_task", number=number, shop="tb").shape
    assert taken["task"]["owner"] == find_account(house.state, "wang").id
    assert (
        owner("finish_task", number=number, after="新图", on="2026-11-20", shop="tb").shape["task"]["state"] == "done"
    )
    steps = owner("task", number=number, shop="tb").shape["steps"]
    assert [one["state"] for one in steps] == ["proposed", "accepted", "done"]
    assert all("(mcp)" in one["by"] for one in steps)
    assert owner("tasks", shop="tb", state="done").shape["page"]["total"] == 1
    house.close()


def test_changes_are_recorded_confirmed_and_acknowledged(place: Place) -> None:
    """What the data show waits for a person; notices are acknowledged in their name."""
    house = House(place.directory, 2)
    owner = asking(house, caller_here(house, place.owner))
    seen = NewChange("price", date(2026, 11, 6), (Subject("product", "2002", "围巾"),), "59.00", "49.00")
    propose_detected(house.state, "tb", [Detected("k", seen)], by="test")
    (waiting,) = owner("changes", standing="proposed", shop="tb").shape["rows"]
    assert owner("confirm_change", number=waiting["id"], shop="tb").shape["rows"][0]["standing"] == "confirmed"
    recorded = owner("record_change", kind="title", subject_type="product", subject_id="9", after="新", shop="tb")
    assert recorded.shape["rows"][0]["kind"] == "title"
    notices = owner("notices", open_only=True, shop="tb").shape["rows"]
    told = owner("acknowledge_notice", number=notices[0]["id"], note="已改", shop="tb").shape["rows"][0]
    assert told["acknowledged_by"].endswith("(mcp)")
    assert owner("notices", open_only=True, shop="tb").shape["page"]["total"] == len(notices) - 1
    house.close()


def test_effects_come_with_what_limits_them(place: Place) -> None:
    """A verdict is told with its interval, what its caveats mean, and the total of all."""
    house = House(place.directory, 2)
    reader = asking(house, Caller("小李", frozenset({Right.READ})))
    record_effects(house.state, "tb", [measured(caveats=("few_donors",))], by="test")
    answer = reader("effects", shop="tb").shape
    assert "content" not in answer["effects"][0]
    assert answer["caveat_meanings"]["few_donors"]["zh"]
    assert answer["totals"]["verdicts"]
    assert reader("playbook", shop="tb", limit=3).shape["page"]["returned"] == 3
    house.close()


def test_what_cannot_be_meant_is_refused(place: Place) -> None:
    """A task without an expectation, and one that does not exist, are refused with their codes."""
    house = House(place.directory, 2)
    owner = asking(house, caller_here(house, place.owner))
    assert owner("new_task", **(NEW | {"change": 0})).error["code"] == "task_without_expectation"
    assert owner("accept_task", number=99).error["code"] == "unknown_task"
    assert owner("task_of_finding", finding_id="none").error["code"] == "unknown_finding"
    house.close()
