"""Tasks, changes and notices as JSON: the same as the pages, by the same rights."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
TASK: dict[str, Any] = {
    "title": f"换主图 {HOSTILE}",
    "subject": {"type": "product", "id": "1001"},
    "owner_role": "designer",
    "due_on": (TODAY + timedelta(days=2)).isoformat(),
    "expected": {"metric": "访客数", "change": 0.1, "by": (TODAY + timedelta(days=20)).isoformat()},
    "guards": ["支付转化率"],
    "change_kind": "main_image",
}
CHANGE = {"kind": "main_image", "subjects": [{"type": "product", "id": "1001"}], "after": "白底"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A shop whose tasks these tests move."""
    with running_cockpit(tmp_path_factory.mktemp("loop")) as served:
        yield served


def written(shop: Cockpit, **changes: Any) -> int:
    """Write a task down and return its number."""
    answer = shop.token("operator").post("/api/v1/tasks", json=TASK | changes)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["task"]["id"]
    return number


def test_a_task_is_written_listed_and_told(shop: Cockpit) -> None:
    """What was sent is what is read, its metrics by their keys; the board holds it under its state."""
    number = written(shop, person="designer", effort="days")
    told = shop.token("viewer").get(f"/api/v1/tasks/{number}").json()
    task = told["task"]
    assert told["schema_version"] == 1
    assert (task["state"], task["title"]) == ("proposed", TASK["title"])
    assert (task["owner_name"], task["effort"]) == ("designer", "days")
    assert (task["expected"]["metric"], task["guards"]) == ("visitors", ["pay_conversion_rate"])
    assert (told["finding"], told["effect"], told["changes"]) == (None, None, [])
    board = shop.token("viewer").get("/api/v1/tasks", params={"role": "designer"}).json()
    assert number in [one["id"] for one in board["tasks"]]
    assert board["totals"]["proposed"] >= 1
    listed = shop.token("viewer").get("/api/v1/tasks", params={"state": "proposed", "person": "designer"}).json()
    assert [one["id"] for one in listed["tasks"]] == [number]


@pytest.mark.parametrize(
    "wrong",
    [
        {"expected": {"metric": "visitors", "change": 0, "by": "2026-12-31"}},
        {"expected": {"metric": "没有", "change": 0.1, "by": (TODAY + timedelta(days=9)).isoformat()}},
        {"expected": None},
        {"owner_role": "king"},
        {"effort": "years"},
        {"finding_id": "gone"},
        {"person": "nobody-there"},
        {"change_kind": "colour"},
        {"due_on": "9999-12-31"},
        {"surplus": 1},
    ],
)
def test_a_task_that_cannot_be_meant_is_refused(shop: Cockpit, wrong: dict[str, Any]) -> None:
    """Without an expectation, with unknown names, or with more than a task has, nothing is written."""
    client = shop.token("operator")
    before = client.get("/api/v1/tasks").json()["totals"]
    answer = client.post("/api/v1/tasks", json=TASK | wrong)
    assert answer.status_code in {404, 422}
    assert answer.json()["error"]["code"]
    assert client.get("/api/v1/tasks").json()["totals"] == before


def test_a_finding_becomes_a_task_by_its_advice(shop: Cockpit) -> None:
    """Advice tells how often it was tried here; one call makes the task with cause and action."""
    client, finding = shop.token("operator"), shop.findings[0].id
    advice = client.get(f"/api/v1/findings/{finding}/advice").json()["advice"]
    assert advice[0]["told"]["zh"] == "在本店还没试过"
    answer = client.post(f"/api/v1/findings/{finding}/task", json={"advice": 0})
    assert answer.status_code == 201
    told = answer.json()
    assert told["finding"]["id"] == finding
    assert told["action"]["key"] == advice[0]["entry"]["key"]
    assert client.post(f"/api/v1/findings/{finding}/task", json={"advice": 99}).status_code == 422
    assert client.post("/api/v1/findings/gone/task", json={}).status_code == 404


def test_the_steps_of_a_task(shop: Cockpit) -> None:
    """Accepted by one while the other is told who; done, its change recorded and its notices acknowledged."""
    number, designer, service = written(shop), shop.token("designer"), shop.token("service")
    assert designer.post(f"/api/v1/tasks/{number}/accept").json()["task"]["state"] == "accepted"
    lost = service.post(f"/api/v1/tasks/{number}/accept", json={"note": "我来"})
    assert lost.status_code == 409
    assert lost.json()["error"]["code"] == "task_taken"
    assert "designer" in lost.json()["error"]["message"]
    assert designer.post(f"/api/v1/tasks/{number}/begin", json={"note": "拍照"}).status_code == 200
    work = designer.get("/api/v1/work").json()
    assert number in [one["id"] for one in work["mine"]]
    done = designer.post(f"/api/v1/tasks/{number}/done", json={"after": "白底", "note": HOSTILE}).json()
    assert done["task"]["done_on"]
    (change,) = done["changes"]
    assert (change["kind"], change["after"]) == ("main_image", "白底")
    assert {one["role"] for one in change["notices"]} == {"service", "promotion", "warehouse"}
    (notice,) = [one for one in change["notices"] if one["role"] == "service"]
    assert notice["id"] in [one["id"] for one in service.get("/api/v1/work").json()["notices"]]
    assert designer.post(f"/api/v1/notices/{notice['id']}/ack").status_code == 403
    told = service.post(f"/api/v1/notices/{notice['id']}/ack", json={"note": "改好了"}).json()
    assert told["acknowledged_by"].startswith("service")
    assert told["delay_hours"] is not None
    page = service.get("/api/v1/notices", params={"change": change["id"]}).json()
    assert notice["id"] in [one["id"] for one in page["latest"]]
    assert page["open"] == 2
    assert [step["state"] for step in done["steps"]] == ["proposed", "accepted", "doing", "done"]


def test_a_task_is_declined_with_a_reason_and_proposed_again(shop: Cockpit) -> None:
    """No reason, no decline; only who plans proposes it again."""
    number, designer = written(shop), shop.token("designer")
    assert designer.post(f"/api/v1/tasks/{number}/decline", json={"reason": " "}).status_code == 422
    told = designer.post(f"/api/v1/tasks/{number}/decline", json={"reason": "换季"}).json()
    assert told["task"]["reason"] == "换季"
    assert designer.post(f"/api/v1/tasks/{number}/reopen").status_code == 403
    assert shop.token("operator").post(f"/api/v1/tasks/{number}/reopen").json()["task"]["state"] == "proposed"


def test_a_change_is_recorded_listed_and_on_the_calendar(shop: Cockpit) -> None:
    """It counts at once; the calendar of its month holds it; a kind that there is not is refused."""
    client = shop.token("service")
    told = client.post("/api/v1/changes", json=CHANGE | {"on": "2026-11-09", "until": "2026-11-12"})
    assert told.status_code == 201
    number = told.json()["id"]
    listed = client.get("/api/v1/changes", params={"from": "2026-11-10", "to": "2026-11-10"}).json()
    assert [one["id"] for one in listed["changes"]] == [number]
    days = {one["day"]: one for one in client.get("/api/v1/changes/calendar?month=2026-11-01").json()["days"]}
    assert [one["id"] for one in days["2026-11-09"]["changes"]] == [number]
    assert days["2026-11-10"]["lasting"] == [number]
    wrongs: tuple[dict[str, Any], ...] = (
        {"kind": "colour"},
        {"subjects": []},
        {"on": "2026-11-09", "until": "2026-11-01"},
    )
    for wrong in wrongs:
        assert client.post("/api/v1/changes", json=CHANGE | wrong).status_code == 422
    assert client.get("/api/v1/changes?kind=colour").status_code == 422
    operator = shop.token("operator")
    assert operator.post(f"/api/v1/changes/{number}/reject").status_code == 422
    assert operator.post(f"/api/v1/changes/{number}/confirm").json()["standing"] == "confirmed"
    assert operator.post("/api/v1/changes/999999/confirm").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "designer", "service", "promotion", "warehouse"])
def test_only_who_plans_gives_out_tasks_and_settles_changes(shop: Cockpit, role: str) -> None:
    """A lesser role is refused before anything is read; a viewer takes no part at all."""
    number, client = written(shop), shop.token(role)
    finding = shop.findings[0].id
    tries = [
        "/tasks",
        f"/findings/{finding}/task",
        f"/tasks/{number}/reopen",
        "/changes/1/confirm",
        "/changes/1/reject",
    ]
    if role == "viewer":
        tries += [f"/tasks/{number}/{step}" for step in ("accept", "begin", "done", "decline")]
        tries += ["/changes", "/notices/1/ack"]
        assert client.get("/api/v1/work").status_code == 403
    for path in tries:
        body = TASK if path == "/tasks" else CHANGE if path == "/changes" else {"reason": "x"}
        if "/decline" not in path and path not in {"/tasks", "/changes"}:
            body = {}
        answer = client.post(f"/api/v1{path}", json=body)
        assert (path, answer.status_code) == (path, 403)


def test_what_is_nowhere_is_not_found(shop: Cockpit) -> None:
    """Unknown numbers are 404 in the one shape of errors."""
    client = shop.token("owner")
    for path in ("/tasks/999999/accept", "/tasks/999999/done", "/notices/999999/ack"):
        answer = client.post(f"/api/v1{path}", json={})
        assert (path, answer.status_code) == (path, 404)
        assert answer.json()["error"]["message"]
    assert client.get("/api/v1/tasks/999999").status_code == 404
