"""协同: the board, a new task, one task and its steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, TIMEZONE, Cockpit, keep_day, running_cockpit

from duoshou.access import find_account
from duoshou.loop.changes import NewChange, record
from duoshou.loop.propagation import shipped_rules
from duoshou.loop.task import Expected, NewTask
from duoshou.loop.tasks import accept, propose, task_story
from duoshou.model import Role, Subject, TaskState

TODAY = datetime.now(ZoneInfo(TIMEZONE)).date()
NEW = NewTask(
    title=f"换主图 {HOSTILE}",
    subject=Subject("product", "1001", f"羽绒服 {HOSTILE}"),
    owner_role=Role.DESIGNER,
    due_on=TODAY + timedelta(days=2),
    expected=Expected("visitors", 0.1, TODAY + timedelta(days=20)),
    detail=f"点击率掉了\n{HOSTILE}",
    guards=("pay_conversion_rate",),
    change_kind="main_image",
)
TYPED = {
    "title": "改标题",
    "role": "operator",
    "due": (TODAY + timedelta(days=3)).isoformat(),
    "by": (TODAY + timedelta(days=21)).isoformat(),
    "metric": "访客数",
    "change": "+8",
    "subject_type": "product",
    "subject_id": "1001",
    "effort": "hours",
    "guards": "支付转化率、refund_rate",
}


@pytest.fixture(autouse=True)
def _stays_today(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_day(monkeypatch, TODAY)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A shop whose tasks these tests move."""
    with running_cockpit(tmp_path_factory.mktemp("board")) as served:
        yield served


def written(shop: Cockpit, **changes: object) -> int:
    """Write a task down and return its number."""
    return propose(shop.app.state.house.state, "main", replace(NEW, **changes), by="owner").id  # type: ignore[arg-type]


def send(shop: Cockpit, client: TestClient, path: str, **fields: str) -> int:
    """Send a form and return the status of the answer."""
    return client.post(path, data={"csrf": shop.csrf(client), **fields}).status_code


def state_of(shop: Cockpit, number: int) -> TaskState:
    """Return where a task stands."""
    return task_story(shop.app.state.house.state, "main", number)[0].state


def test_the_board_shows_columns_and_leaves_what_is_asked_for(shop: Cockpit) -> None:
    """Each task stands in the column of its state; role, person and lateness leave their own; names are no markup."""
    late = written(shop, title="逾期的活", due_on=TODAY - timedelta(days=3), owner_role=Role.SERVICE)
    number = written(shop)
    accept(shop.app.state.house.state, "main", number, by="designer", owner=None)
    client = shop.signed_in()
    page = client.get("/board").text
    assert page.index('id="state-proposed"') < page.index("逾期的活") < page.index('id="state-accepted"')
    assert page.index('id="state-accepted"') < page.index("换主图") < page.index('id="state-doing"')
    assert "逾期 3 天" in page
    assert "<script>alert" not in page
    assert "换主图" not in client.get("/board?role=service").text
    overdue = client.get("/board?overdue=yes").text
    assert "逾期的活" in overdue
    assert "换主图" not in overdue
    assert "逾期的活" not in client.get("/board?person=designer").text
    assert f"/board/tasks/{late}" in client.get("/board?state=proposed").text
    for wrong in ("state=gone", "role=king", "page=0", "person=nobody-there"):
        assert client.get(f"/board?{wrong}").status_code == 422


def test_a_task_is_written_by_hand(shop: Cockpit) -> None:
    """The form's words become the task: a metric by its name, per cent, guards, subject."""
    client = shop.signed_in("operator")
    assert "新任务" in client.get("/board/new").text
    answer = client.post("/board/new", data={"csrf": shop.csrf(client), "owner": "designer", **TYPED})
    assert answer.status_code == 303
    number = int(re.search(r"/board/tasks/(\d+)", answer.headers["location"])[1])  # type: ignore[index]
    what = task_story(shop.app.state.house.state, "main", number)[0].what
    assert (what.expected.metric, what.expected.change) == ("visitors", 0.08)
    assert what.guards == ("pay_conversion_rate", "refund_rate")
    assert (what.subject.type, what.subject.id) == ("product", "1001")
    page = client.get(f"/board/tasks/{number}").text
    assert "访客" in page
    assert "+8%" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("metric", ""),
        ("metric", "没有这个指标"),
        ("change", ""),
        ("change", "0"),
        ("change", "many"),
        ("due", ""),
        ("due", "soon"),
        ("by", "2020-01-01"),
        ("by", "9999-12-31"),
        ("role", "viewer"),
        ("owner", "nobody-there"),
        ("subject_type", "planet"),
        ("subject_id", ""),
        ("guards", "没有这个"),
        ("effort", "years"),
        ("change_kind", "colour"),
        ("amount", "much"),
    ],
)
def test_a_task_that_cannot_be_meant_is_refused_and_what_was_typed_stays(shop: Cockpit, field: str, value: str) -> None:
    """Nothing is written; the form says why and keeps the rest."""
    client = shop.signed_in("operator")
    count = client.get("/api/v1/tasks").json()["totals"]["proposed"]
    typed = {"title": "留着的标题", "amount": ""} | TYPED | {"csrf": shop.csrf(client), field: value}
    answer = client.post("/board/new", data=typed)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    if field != "title":
        assert 'value="改标题"' in answer.text
    assert client.get("/api/v1/tasks").json()["totals"]["proposed"] == count


def test_a_finding_becomes_a_task(shop: Cockpit) -> None:
    """The form is filled from the playbook's advice; the task leads back to the finding, and keeps cause and action."""
    client, finding = shop.signed_in("operator"), shop.findings[0]
    page = client.get(f"/board/new?finding={finding.id}&advice=0").text
    assert "访客下降 30%" in page
    fields = dict(re.findall(r'name="(\w+)" (?:list="[\w-]+" )?value="([^"]*)"', page))
    fields |= {"title": "先查排名", "csrf": shop.csrf(client), "role": "operator", "effort": "hours"}
    answer = client.post(f"/board/new?finding={finding.id}&advice=0", data=fields)
    assert answer.status_code == 303, re.findall(r'role="alert">(.*?)</div>', answer.text)
    number = int(re.search(r"/board/tasks/(\d+)", answer.headers["location"])[1])  # type: ignore[index]
    what = task_story(shop.app.state.house.state, "main", number)[0].what
    assert (what.finding_id, what.title) == (finding.id, "先查排名")
    assert what.cause == "traffic_down"
    assert what.action
    page = client.get(f"/board/tasks/{number}").text
    assert f"/findings/{finding.id}" in page
    assert "1,200 元" in page
    assert client.get(f"/board/new?finding={finding.id}&advice=99").status_code == 422
    assert client.get("/board/new?finding=gone").status_code == 404


def test_a_task_goes_from_hand_to_hand(shop: Cockpit) -> None:
    """Taken on, begun, done with the change that it makes, and not done after all: each step stands with its words."""
    number, client = written(shop), shop.signed_in("designer")
    path = f"/board/tasks/{number}"
    assert "接下" in client.get(path).text
    assert send(shop, client, f"{path}/accept") == 303
    assert send(shop, client, f"{path}/begin", note="先拍照") == 303
    fields = {
        "on": TODAY.isoformat(),
        "kind": "main_image",
        "before": "旧图",
        "after": f"白底 {HOSTILE}",
        "note": "好了",
    }
    assert send(shop, client, f"{path}/done", **fields) == 303
    assert state_of(shop, number) is TaskState.DONE
    page = client.get(path).text
    for told in ("先拍照", "好了", "旧图 → 白底", "话术", "数据够了会自动测", "designer"):
        assert told in page, told
    assert "<script>alert" not in page
    assert send(shop, client, f"{path}/begin", note="漏了一张") == 303
    assert state_of(shop, number) is TaskState.DOING
    assert send(shop, client, f"{path}/decline", reason="换季统一改") == 303
    assert "换季统一改" in client.get("/board?state=declined").text
    assert send(shop, client, f"{path}/reopen") == 403
    assert send(shop, shop.signed_in("operator"), f"{path}/reopen") == 303
    assert state_of(shop, number) is TaskState.PROPOSED


def test_of_two_who_take_a_task_on_the_other_is_told_who_has_it(shop: Cockpit) -> None:
    """The first has it; the second reads the name, and the task stands as it was."""
    number = written(shop)
    path = f"/board/tasks/{number}/accept"
    assert send(shop, shop.signed_in("designer"), path) == 303
    other = shop.signed_in("service")
    answer = other.post(path, data={"csrf": shop.csrf(other)})
    assert answer.status_code == 409
    assert "已由 designer 于" in answer.text
    assert task_story(shop.app.state.house.state, "main", number)[0].owner_name == "designer"


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("begin", {}),
        ("done", {"on": "2026-11-01"}),
        ("decline", {"reason": "  "}),
        ("decline", {}),
    ],
)
def test_a_step_that_cannot_be_is_refused(shop: Cockpit, step: str, fields: dict[str, str]) -> None:
    """The task stays, and the page says why."""
    number, client = written(shop), shop.signed_in("designer")
    assert send(shop, client, f"/board/tasks/{number}/{step}", **fields) == 422
    assert state_of(shop, number) is TaskState.PROPOSED


@pytest.mark.parametrize("on", ["soon", "9999-12-31"])
def test_a_day_that_no_shop_has_is_no_day_of_a_task(shop: Cockpit, on: str) -> None:
    """It is not done on it."""
    number, client = written(shop), shop.signed_in("designer")
    send(shop, client, f"/board/tasks/{number}/accept")
    assert send(shop, client, f"/board/tasks/{number}/done", on=on) == 422
    assert state_of(shop, number) is TaskState.ACCEPTED


def test_a_viewer_only_looks(shop: Cockpit) -> None:
    """A viewer meets no form, and is refused when they send one; only who plans writes tasks."""
    number, viewer = written(shop), shop.signed_in("viewer")
    page = viewer.get(f"/board/tasks/{number}").text
    assert "/accept" not in page
    assert "/decline" not in page
    for step in ("accept", "begin", "done", "decline", "reopen"):
        assert send(shop, viewer, f"/board/tasks/{number}/{step}", reason="x") == 403
    for login in ("viewer", "designer", "service", "promotion", "warehouse"):
        client = shop.signed_in(login)
        assert client.get("/board/new").status_code == 403
        assert send(shop, client, "/board/new", **TYPED) == 403
        assert "/board/new" not in client.get("/board").text
    assert state_of(shop, number) is TaskState.PROPOSED


def test_a_task_of_nowhere_is_not_found(shop: Cockpit) -> None:
    """Its page and its steps say so."""
    client = shop.signed_in()
    assert client.get("/board/tasks/999999").status_code == 404
    assert send(shop, client, "/board/tasks/999999/accept") == 404
    assert client.get("/board/tasks/zero").status_code == 422


def test_a_finding_gives_out_its_advice_and_lists_its_tasks(shop: Cockpit) -> None:
    """Who plans meets a button beside each piece of advice, which says how often it was tried here; others do not."""
    finding = shop.findings[1]
    client, lesser = shop.signed_in("operator"), shop.signed_in("designer")
    page = client.get(f"/findings/{finding.id}").text
    assert f"/board/new?finding={finding.id}&amp;advice=0" in page
    assert "在本店还没试过" in page
    assert "检查搜索排名" in page
    assert "/board/new" not in lesser.get(f"/findings/{finding.id}").text
    number = written(shop, title="从发现来的活", finding_id=finding.id)
    assert f"/board/tasks/{number}" in lesser.get(f"/findings/{finding.id}").text


def test_the_first_screen_begins_with_what_waits(shop: Cockpit) -> None:
    """For who is given tasks: their notices, their tasks, what their role may take on; for who plans: how many."""
    state = shop.app.state.house.state
    mine = written(shop, title="我接下的活", owner_role=Role.WAREHOUSE, due_on=TODAY)
    accept(state, "main", mine, by="warehouse", owner=find_account(state, "warehouse").id)
    offered = written(shop, title="等仓储接的活", owner_role=Role.WAREHOUSE)
    change = NewChange("promotion", TODAY, (NEW.subject,), after=f"满减 {HOSTILE}")
    record(state, "main", change, rules=shipped_rules(), by="owner")
    written(shop, title="没人接的旧活", due_on=TODAY - timedelta(days=2), owner_role=Role.SERVICE)
    page = shop.signed_in("warehouse").get("/today").text
    assert page.index("备货") < page.index("我接下的活") < page.index("等仓储接的活") < page.index('class="figures"')
    assert "今天到期" in page
    assert f"/board/tasks/{offered}" in page
    assert "/ack" in page
    assert "<script>alert" not in page
    planned = shop.signed_in("operator").get("/today").text
    assert "/ack" not in planned
    assert "别人的任务逾期" in planned
    for login in ("viewer", "service"):
        assert "我接下的活" not in shop.signed_in(login).get("/today").text
