"""The tools that change something: only with the right, signed, and without holding readers up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import anyio
import anyio.to_thread
import pytest
from mcp import Client
from tests.app.conftest import LAST, shop_file
from tests.assistant.conftest import Place, Said, asked, asking, said

from duoshou.access import JobOutcome, Right, job_runs
from duoshou.app import ImportReport, Workbench
from duoshou.assistant.caller import Caller
from duoshou.assistant.refusal import InputRefused
from duoshou.assistant.server import AssistantServer
from duoshou.assistant.stdio import caller_here
from duoshou.assistant.tools import offers
from duoshou.gate import House
from duoshou.model import DuoshouError, Text
from duoshou.state import Action, audit_log, story


def test_a_decision_is_noted_signed_and_taken_back(place: Place) -> None:
    """After the daily job a finding is declined with a reason and reopened; the log says who, and that it was so."""
    house = House(place.directory, 2)
    owner = asking(house, caller_here(house, place.owner))
    ran = owner("run_day", shop="tb").shape
    assert ran["reports"] == [f"daily-{LAST.isoformat()}-tb.xlsx"]
    hole = next(one for one in ran["findings"] if one["kind"] == "data.missing_day")

    decider = asking(house, caller_here(house, place.decider))
    assert (
        decider("decline_finding", finding_id=hole["id"], reason=" ", shop="tb").error["code"]
        == "decline_without_reason"
    )
    declined = decider("decline_finding", finding_id=hole["id"], reason="系统升级，没有数据", shop="tb").shape
    assert (declined["status"], declined["from_day"]) == ("declined", LAST.isoformat())
    until = (LAST + timedelta(days=3)).isoformat()
    assert decider("watch_finding", finding_id=hole["id"], until=until, shop="tb").shape["status"] == "watched"
    assert decider("reopen_finding", finding_id=hole["id"], shop="tb").shape["status"] in {"new", "open"}

    told = story(house.state, "tb", hole["id"])
    assert [one.action for one in told.decisions] == [Action.DECLINE, Action.WATCH, Action.REOPEN]
    assert {one.by for one in told.decisions} == {f"小赵 (zhao) #{place.number} (mcp)"}
    assert f"小赵 (zhao) #{place.number} (mcp)" in {one.actor for one in audit_log(house.state)}
    whole = decider("finding", finding_id=hole["id"]).shape
    assert [one["action"] for one in whole["decisions"]] == ["decline", "watch", "reopen"]
    assert (whole["shop"], whole["days_found"]) == ("tb", 1)
    house.close()


def test_the_inbox_is_imported_while_others_read(place: Place) -> None:
    """A dry run writes nothing; the import is seen by the next question of the same server."""
    house = House(place.directory, 2)
    owner = asking(house, caller_here(house, place.owner))
    inbox = house.workspace.inbox
    inbox.mkdir(exist_ok=True)
    after = LAST + timedelta(days=1)
    (inbox / "next.csv").write_text(shop_file(1, after, after), encoding="utf-8-sig")
    question = {"metrics": ["visitors"], "start": after.isoformat(), "end": after.isoformat(), "shop": "tm"}
    assert owner("import_inbox", dry_run=True, shop="tm").shape["files"][0]["new"] == 1
    assert job_runs(house.state) == ()
    assert (inbox / "next.csv").exists()
    assert [row["values"]["visitors"]["value"] for row in owner("query", **question).shape["rows"]] in ([], [None])
    done = owner("import_inbox", shop="tm").shape
    assert [(one["new"], one["rejected"]) for one in done["files"]] == [(1, 0)]
    assert not (inbox / "next.csv").exists()
    (job,) = job_runs(house.state)
    assert (job.kind, job.shop, job.outcome) == ("import", "tm", JobOutcome.DONE)
    assert job.started_by.endswith("(mcp)")
    assert "新增 1" in job.lines[0].zh
    assert owner("query", **question).shape["rows"][0]["values"]["visitors"]["value"] == after.day * 10
    house.close()


def test_a_job_tells_its_progress_and_lets_no_second_one_begin(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one runs, questions are answered, another job is refused, and the client hears how far it is."""
    house = House(place.directory, 2)
    caller = caller_here(house, place.owner)
    begun, goes_on = threading.Event(), threading.Event()
    really = Workbench.import_files

    def slowly(bench: Workbench, *, progress: Callable[[str, float], None], **rest: Any) -> ImportReport:
        progress("next.csv", 0.5)
        begun.set()
        assert goes_on.wait(30)
        return really(bench, progress=progress, **rest)

    monkeypatch.setattr(Workbench, "import_files", slowly)
    heard: list[tuple[float, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, message))

    async def talk(client: Client) -> list[Said]:
        found: list[Said] = []

        async def first() -> None:
            found.append(said(await client.call_tool("import_inbox", {}, progress_callback=hear)))

        async with anyio.create_task_group() as group:
            group.start_soon(first)
            await anyio.to_thread.run_sync(begun.wait, 30)
            found.append(said(await client.call_tool("run_day", {})))
            found.append(said(await client.call_tool("query", {"metrics": ["pay_amount"], "last": "1d"})))
            goes_on.set()
        return found

    refused, answered, imported = asked(AssistantServer(house, lambda: caller), talk)
    assert refused.error["code"] == "job_running"
    assert (answered.failed, imported.failed) == (False, False)
    assert heard[0] == (0.5, "next.csv")
    house.close()


def test_a_job_that_fails_is_in_the_log_and_the_next_one_begins(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of the error are kept; an unknown shop begins no job."""
    house = House(place.directory, 2)
    owner = asking(house, caller_here(house, place.owner))
    assert owner("run_day", shop="nowhere").error["code"] == "unknown_shop"
    assert job_runs(house.state) == ()

    def failing(*_: object, **__: object) -> None:
        raise DuoshouError("disk_full", Text("磁盘满了", "the disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(Workbench, "import_files", failing)
        assert owner("import_inbox").error["code"] == "disk_full"
    (job,) = job_runs(house.state)
    assert (job.outcome, job.lines) == (JobOutcome.FAILED, (Text("磁盘满了", "the disk is full"),))
    assert not owner("import_inbox").failed
    house.close()


@pytest.mark.parametrize(
    ("right", "tools"),
    [
        (Right.DECIDE, {"decline_finding", "watch_finding", "reopen_finding"}),
        (Right.PLAN, {"task_of_finding", "new_task", "confirm_change", "reject_change"}),
        (Right.ACT, {"accept_task", "finish_task", "decline_task", "record_change", "acknowledge_notice"}),
        (Right.IMPORT, {"import_inbox"}),
        (Right.RUN_DAY, {"run_day"}),
        (Right.PEOPLE, set()),
    ],
)
def test_a_right_opens_its_tools_and_no_others(shared_house: House, right: Right, tools: set[str]) -> None:
    """What somebody may not do is not even offered, and what changes something says so."""
    caller = Caller("x", frozenset({Right.READ, right}))
    listed = asked(AssistantServer(shared_house, lambda: caller), lambda client: client.list_tools()).tools
    writing = {tool.name for tool in listed if tool.annotations and not tool.annotations.read_only_hint}
    assert writing == tools
    every = {offer.name for offer in offers(shared_house) if offer.writes}
    for tool in every - tools:
        assert asking(shared_house, caller)(tool).error["code"] == "right_missing"


def test_a_token_adds_rights_at_this_machine_and_a_wrong_one_is_refused(
    shared_house: House, shared_place: Place
) -> None:
    """Whoever can open the folder reads anyway; a token that nobody holds is no silent reader."""
    assert Right.DECIDE in caller_here(shared_house, shared_place.decider).rights
    assert Right.EXPORT in caller_here(shared_house, shared_place.reader).rights
    assert Right.IMPORT not in caller_here(shared_house, shared_place.decider).rights
    with pytest.raises(InputRefused) as refused:
        caller_here(shared_house, "ds_nonsense")
    assert "nonsense" not in str(refused.value)
