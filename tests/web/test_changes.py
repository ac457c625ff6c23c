"""协同 → 改动, 日历 and 通知: what was changed, what the data show, and who has acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Self, cast

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

from duoshou.loop.changes import Detected, NewChange, WantedChanges, list_changes, propose_detected
from duoshou.loop.notices import list_notices
from duoshou.model import ChangeStanding, Role, Subject
from duoshou.state import State

ON = date(2026, 11, 10)
SUBJECT = Subject("product", "1001", f"羽绒服 {HOSTILE}")
TYPED = {
    "kind": "main_image",
    "on": ON.isoformat(),
    "subject_type": "product",
    "subject_id": "1001",
    "before": "旧图",
    "after": f"白底 {HOSTILE}",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A shop in which the data show three changes of the price."""
    with running_cockpit(tmp_path_factory.mktemp("changes")) as served:
        found = [
            Detected(f"price-{number}", NewChange("price", ON, (SUBJECT,), "99", f"{number}", note=HOSTILE))
            for number in (89, 79, 69)
        ]
        propose_detected(state_of(served), "main", found, by="job")
        yield served


def state_of(shop: Cockpit) -> State:
    """Return the state behind a cockpit."""
    found: State = shop.app.state.house.state
    return found


def send(shop: Cockpit, client: TestClient, path: str, **fields: str) -> int:
    """Send a form and return the status of the answer."""
    return client.post(path, data={"csrf": shop.csrf(client), **fields}).status_code


def open_notice(shop: Cockpit, role: Role) -> int:
    """Record a change of the main image and return the number of the notice that a role has of it."""
    client = shop.signed_in("designer")
    assert send(shop, client, "/board/changes", **TYPED) == 303
    found, _ = list_notices(state_of(shop), "main", role=role, open_only=True)
    return max(one.id for one in found)


def test_a_change_is_recorded_and_whoever_must_react_is_told(shop: Cockpit) -> None:
    """It stands in the list with before and after; the service desk has its notice."""
    client = shop.signed_in("designer")
    answer = client.post("/board/changes", data={"csrf": shop.csrf(client), **TYPED})
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "相关岗位会收到通知" in page
    assert "旧图 → 白底" in page
    assert "<script>alert" not in page
    told = shop.signed_in("service").get("/board/notices").text
    assert "按新图的卖点改话术" in told
    assert "<script>alert" not in told


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", ""),
        ("kind", "colour"),
        ("on", "soon"),
        ("on", "9999-12-31"),
        ("until", "2026-11-01"),
        ("subject_type", "planet"),
        ("subject_id", " "),
        ("after", "x" * 3000),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(shop: Cockpit, field: str, value: str) -> None:
    """Nothing is recorded, and the form says why."""
    client = shop.signed_in("designer")
    before = list_changes(state_of(shop), "main", WantedChanges())[1]
    answer = client.post("/board/changes", data={**TYPED, "csrf": shop.csrf(client), field: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert list_changes(state_of(shop), "main", WantedChanges())[1] == before


def test_what_the_data_show_is_confirmed_or_rejected_by_who_plans(shop: Cockpit) -> None:
    """A lesser role sees it without buttons; once settled it is proposed no more, and cannot be settled otherwise."""
    proposed, _ = list_changes(state_of(shop), "main", WantedChanges(standing=ChangeStanding.PROPOSED))
    one, two = proposed[0].id, proposed[1].id
    lesser, client = shop.signed_in("designer"), shop.signed_in("operator")
    settle = "/board/changes/settle"
    assert settle not in lesser.get("/board/changes").text
    assert send(shop, lesser, settle, action="confirm", **{f"change.{one}": "yes"}) == 403
    assert f'name="change.{one}"' in client.get("/board/changes").text
    assert send(shop, client, settle, action="confirm", **{f"change.{one}": "yes"}) == 303
    assert send(shop, client, settle, action="reject", **{f"change.{two}": "yes"}) == 303
    assert send(shop, client, settle, action="confirm", **{f"change.{two}": "yes"}) == 422
    assert send(shop, client, settle, action="confirm", **{"change.999999": "yes"}) == 404
    assert send(shop, client, settle, action="forget", **{f"change.{two}": "yes"}) == 422
    page = client.get("/board/changes?kind=price").text
    assert f'name="change.{one}"' not in page
    assert "99 → " in page
    assert "已否认" in client.get("/board/changes?standing=rejected").text
    assert list_notices(state_of(shop), "main", change=one)[1] > 0
    assert list_notices(state_of(shop), "main", change=two)[1] == 0


def test_the_list_filters_by_kind_and_day(shop: Cockpit) -> None:
    """Only what was asked for; a kind, a standing or a day that there is not is refused."""
    client = shop.signed_in()
    send(shop, client, "/board/changes", **{**TYPED, "kind": "title", "after": "新标题在此"})
    assert "新标题在此" in client.get("/board/changes?kind=title").text
    assert "新标题在此" not in client.get("/board/changes?kind=staff").text
    assert "新标题在此" not in client.get("/board/changes?to=2026-01-01").text
    for wrong in ("kind=colour", "standing=perhaps", "from=soon", "page=0"):
        assert client.get(f"/board/changes?{wrong}").status_code == 422, wrong


def test_the_calendar_shows_changes_over_festivals(shop: Cockpit) -> None:
    """A month holds its changes, what lasts, and its festivals; a month that no shop has is refused."""
    client = shop.signed_in()
    lasting = {**TYPED, "kind": "promotion", "until": (ON + timedelta(days=2)).isoformat(), "after": "满减"}
    assert send(shop, client, "/board/changes", **lasting) == 303
    page = client.get("/board/calendar?month=2026-11").text
    assert "促销活动" in page
    assert "…" in page
    assert "双11" in page
    assert "换主图" in page
    assert "<script>alert" not in page
    assert "month=2026-10" in page
    assert "month=2026-12" in page
    assert "换主图" not in client.get("/board/calendar?month=2025-03").text
    assert client.get("/board/calendar").status_code == 200
    for wrong in ("2026-13", "9999-12", "soon"):
        assert client.get(f"/board/calendar?month={wrong}").status_code == 422, wrong


def test_a_notice_is_acknowledged_with_one_tap(shop: Cockpit) -> None:
    """Whoever is first stands, and the page says who it was and after how long; from 今日 one is led back there."""
    number, client = open_notice(shop, Role.SERVICE), shop.signed_in("service")
    assert f"/board/notices/{number}/ack" in client.get("/board/notices").text
    answer = client.post(f"/board/notices/{number}/ack", data={"csrf": shop.csrf(client), "place": "today"})
    assert answer.headers["location"] == "/today"
    assert send(shop, shop.signed_in(), f"/board/notices/{number}/ack") == 303
    page = client.get("/board/notices").text
    assert f"/board/notices/{number}/ack" not in page
    assert "service 在" in page
    assert "各岗位多久确认" in page


def test_a_notice_is_for_its_role(shop: Cockpit) -> None:
    """Another role sees who has not acknowledged, and cannot do it for them; who plans can."""
    number, other = open_notice(shop, Role.WAREHOUSE), shop.signed_in("designer")
    page = other.get("/board/notices").text
    assert "仓储" in page
    assert f"/board/notices/{number}/ack" not in page
    assert send(shop, other, f"/board/notices/{number}/ack") == 403
    assert send(shop, shop.signed_in("viewer"), f"/board/notices/{number}/ack") == 403
    assert send(shop, shop.signed_in("operator"), f"/board/notices/{number}/ack") == 303
    assert send(shop, shop.signed_in("warehouse"), "/board/notices/999999/ack") == 404


def test_a_late_notice_is_told_as_late(shop: Cockpit, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time has passed it says since when it waits, until somebody acknowledges."""
    open_notice(shop, Role.PROMOTION)

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cast("Self", datetime.now(tz) + timedelta(days=3))

    monkeypatch.setattr("duoshou.app.pages.notices.datetime", Later)
    page = shop.signed_in("promotion").get("/board/notices").text
    assert "已过 3 天" in page
