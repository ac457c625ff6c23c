"""效果 → 测试: planned, counted, read, ended, as pages and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, TIMEZONE, Cockpit, keep_day, running_cockpit
from tests.web.test_board import NEW

from duoshou.loop.tasks import propose

TODAY = datetime.now(ZoneInfo(TIMEZONE)).date()
SWITCHBACK = {
    "name": f"标题轮换 {HOSTILE}",
    "kind": "switchback",
    "arms": "旧标题、新标题",
    "subject_type": "shop",
    "metric": "访客数",
    "lift": "10",
    "days": "28",
    "unit": "day",
    "guards": "支付转化率",
    "change_kind": "title",
}
SPLIT = {
    "name": "主图分流",
    "kind": "ab",
    "arms": "旧图、新图",
    "subject_type": "product",
    "subject_id": "1001",
    "metric": "支付转化率",
    "lift": "20",
    "starts": TODAY.isoformat(),
    "baseline": "5",
    "per_day": "2000",
}


@pytest.fixture(autouse=True)
def _stays_today(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_day(monkeypatch, TODAY)


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A shop of one test alone: two tests of one subject would disturb one another."""
    with running_cockpit(tmp_path_factory.mktemp("trials")) as served:
        yield served


def planned(shop: Cockpit, client: TestClient, form: dict[str, str]) -> int:
    """Plan a test and return its number."""
    answer = client.post("/tests", data={"csrf": shop.csrf(client), **form})
    assert answer.status_code == 303, re.findall(r'role="alert">(.*?)</div>', answer.text)
    return int(answer.headers["location"].rpartition("/")[2])


def test_a_switchback_is_drawn_and_says_when_to_switch(shop: Cockpit) -> None:
    """Its schedule stands before the first day; it is read from the warehouse, takes no counts, can be cancelled."""
    client = shop.signed_in("operator")
    assert "没有测试" in client.get("/tests").text
    number = planned(shop, client, SWITCHBACK)
    page = client.get(f"/tests/{number}").text
    for told in ("旧标题、新标题", "哪天换成什么", "还没开始", "轮换"):
        assert told in page, told
    assert "<script>alert" not in page
    assert "标题轮换" in client.get("/tests").text
    told = shop.token("viewer").get(f"/api/v1/tests/{number}").json()
    assert len(told["test"]["switches"]) >= 2
    assert told["reading"]["decision"] == "cannot_tell_yet"
    path = f"/tests/{number}/counts"
    form = {"csrf": shop.csrf(client), "day": TODAY.isoformat(), "units.0": "1", "units.1": "1"}
    assert client.post(path, data=form).status_code == 422
    assert client.post(f"/tests/{number}/cancel", data={"csrf": shop.csrf(client)}).status_code == 303
    assert "已取消" in client.get(f"/tests/{number}").text
    assert client.post(f"/tests/{number}/cancel", data={"csrf": shop.csrf(client)}).status_code == 422


def test_a_split_test_is_counted_and_read(shop: Cockpit) -> None:
    """Counts go in by day, the reading says which arm is better, and its effect is kept when it ends."""
    client, promoter = shop.signed_in("operator"), shop.signed_in("promotion")
    number = planned(shop, client, SPLIT)
    form = {"day": TODAY.isoformat(), "units.0": "9000", "successes.0": "450", "units.1": "9010", "successes.1": "700"}
    answer = promoter.post(f"/tests/{number}/counts", data={"csrf": shop.csrf(promoter), **form})
    assert answer.status_code == 303, re.findall(r'role="alert">(.*?)</div>', answer.text)
    page = promoter.get(f"/tests/{number}").text
    assert "“新图”比“旧图”好" in page
    assert "9,010" in page
    assert "/end" not in page
    wrong = {**form, "successes.0": "99999"}
    assert promoter.post(f"/tests/{number}/counts", data={"csrf": shop.csrf(promoter), **wrong}).status_code == 422
    assert promoter.post(f"/tests/{number}/end", data={"csrf": shop.csrf(promoter)}).status_code == 403
    assert client.post(f"/tests/{number}/end", data={"csrf": shop.csrf(client)}).status_code == 303
    ended = client.get(f"/tests/{number}").text
    assert "已结束" in ended
    assert f"/effects/trial-{number}" in ended
    assert client.get(f"/effects/trial-{number}").status_code == 200


def test_a_test_that_cannot_be_meant_is_refused(shop: Cockpit) -> None:
    """The form says why, and keeps what was typed; nothing is planned."""
    client = shop.signed_in("operator")
    for field, value in (
        ("name", ""),
        ("metric", "没有这个"),
        ("arms", "一个"),
        ("lift", "much"),
        ("days", "1"),
        ("days", "400"),
        ("carry_over", "9"),
        ("starts", "soon"),
        ("starts", "9999-12-31"),
        ("subject_type", "planet"),
        ("change_kind", "colour"),
    ):
        form = {**SWITCHBACK, "csrf": shop.csrf(client), field: value}
        answer = client.post("/tests", data=form)
        assert (field, value, answer.status_code) == (field, value, 422)
        assert 'role="alert"' in answer.text
    assert shop.token("viewer").get("/api/v1/tests").json()["total"] == 0


def test_a_test_of_a_task_is_filled_from_it(shop: Cockpit) -> None:
    """The task's page leads to the form, whose test belongs to the task."""
    client = shop.signed_in("operator")
    number = propose(shop.app.state.house.state, "main", NEW, by="owner").id
    assert f"/tests?task={number}" in client.get(f"/board/tasks/{number}").text
    page = client.get(f"/tests?task={number}").text
    assert f'name="task" value="{number}"' in page
    form = {**SWITCHBACK, "task": str(number), "subject_type": "product", "subject_id": "1001", "guards": ""}
    test = planned(shop, client, form)
    assert shop.token("viewer").get(f"/api/v1/tests/{test}").json()["test"]["task"] == number
    assert client.get("/tests?task=999999").status_code == 404


def test_tests_over_the_api(shop: Cockpit) -> None:
    """Planned, counted and ended by who may; a lesser role and what cannot be meant are refused."""
    operator, viewer = shop.token("operator"), shop.token("viewer")
    body = {
        "name": "主图",
        "subject": {"type": "product", "id": "1001"},
        "metric": "pay_conversion_rate",
        "kind": "ab",
        "arms": ["旧图", "新图"],
        "starts_on": TODAY.isoformat(),
        "baseline": 0.05,
        "per_day": 2000,
    }
    told = operator.post("/api/v1/tests", json=body)
    assert told.status_code == 201, told.text
    number = told.json()["test"]["id"]
    counts = [
        {"day": TODAY.isoformat(), "arm": arm, "units": 1000, "successes": hits}
        for arm, hits in (("旧图", 50), ("新图", 51))
    ]
    read = operator.post(f"/api/v1/tests/{number}/counts", json={"counts": counts}).json()
    assert [row["units"] for row in read["counts"]] == [1000, 1000]
    assert read["reading"]["decision"] == "cannot_tell_yet"
    for wrong in ({"kind": "ab", "arms": ["A"]}, {"lift": 0}, {"metric": "没有"}, {"surplus": 1}):
        assert operator.post("/api/v1/tests", json={**body, **wrong}).status_code == 422
    late = [{**counts[0], "day": (TODAY + timedelta(days=30)).isoformat()}]
    assert operator.post(f"/api/v1/tests/{number}/counts", json={"counts": late}).status_code == 422
    for path, given in (
        ("/tests", body),
        (f"/tests/{number}/counts", {"counts": counts}),
        (f"/tests/{number}/end", {}),
    ):
        assert viewer.post(f"/api/v1{path}", json=given).status_code == 403
    assert operator.post(f"/api/v1/tests/{number}/cancel").json()["test"]["state"] == "cancelled"
    assert operator.get("/api/v1/tests/999999").status_code == 404
