"""诊断: the list of findings, one finding, and what is decided about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from tests import business
from tests.cockpit import LAST, Cockpit, running_cockpit

from duoshou.model import Period, Text, Unjudged, Untold
from duoshou.state import record_day

DAYS = Period(LAST - timedelta(days=4), LAST - timedelta(days=1))
UNTOLD = Text("没有客服文件，客服不能判断", "no file of the service desk: cannot tell")
LESSER = ("designer", "service", "promotion", "warehouse", "viewer")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A shop of these tests alone, which decide about its findings."""
    with running_cockpit(tmp_path_factory.mktemp("findings")) as served:
        yield served


def decide(shop: Cockpit, client: TestClient, number: int, **fields: str) -> int:
    """Send the form of a decision and return the status of the answer."""
    data = {"csrf": shop.csrf(client), **fields}
    return client.post(f"/findings/{shop.findings[number].id}", data=data).status_code


def test_the_list_sorts_and_filters(shop: Cockpit) -> None:
    """The dearest first, or the other way round; a kind leaves its own; words of data are no markup."""
    client = shop.signed_in()
    page = client.get("/findings").text
    assert page.index("乙") < page.index("甲") < page.index("丙")
    assert "<script>alert" not in page
    turned = client.get("/findings?order=ascending").text
    assert turned.index("甲") < turned.index("乙")
    data = client.get("/findings?kind=data").text
    assert "丙 " in data
    assert "乙 " not in data
    assert "没有这样的发现" in client.get("/findings?status=watched&from=2020-01-01&to=2020-02-01").text
    assert "这一页没有发现" in client.get("/findings?page=99").text


def test_a_finding_tells_cause_action_numbers_and_days(shop: Cockpit) -> None:
    """What, since when, how much, why, where, what to do: each from the finding or from the numbers of its days."""
    page = shop.signed_in().get(f"/findings/{shop.findings[0].id}").text
    impact = shop.findings[0].impact
    assert impact is not None
    interval = f"{impact.low:,.0f} 元 – {impact.high:,.0f} 元"
    for told in ("1,200 元", interval, "未来 28 天", "检查搜索排名", "运营", "只有三天的数据", "很可能"):
        assert told in page, told
    # 16, 17 and 18 buyers for 150 each, against 9, 10 and 11 a week before.
    assert "7,650" in page
    assert "4,500" in page
    assert "<svg" in page
    assert "<script>alert" not in page
    assert "style=" not in page


def test_who_saw_a_finding_is_told_to_the_others(shop: Cockpit) -> None:
    """Opening a finding notes its reader; a token is no reader."""
    client, number = shop.signed_in("designer"), shop.findings[2].id
    shop.token("viewer").get(f"/api/v1/findings/{number}")
    client.get(f"/findings/{number}")
    seen = shop.token("owner").get(f"/api/v1/findings/{number}").json()["seen_by"]
    assert seen == ["designer"]
    assert "designer" in shop.signed_in().get("/findings").text


def test_a_decision_moves_a_finding_and_is_told(shop: Cockpit) -> None:
    """Watched it leaves the open ones, with day and words; reopened it is back."""
    client, number = shop.signed_in("operator"), shop.findings[1].id
    assert decide(shop, client, 1, action="watch", until="2026-12-01", reason="等大促 <b>") == 303
    assert "乙 " not in client.get("/findings").text
    assert "乙 " in client.get("/findings?status=watched").text
    page = client.get(f"/findings/{number}").text
    assert "2026-12-01" in page
    assert "等大促 &lt;b&gt;" in page
    assert decide(shop, client, 1, action="reopen") == 303
    assert "乙 " in client.get("/findings").text
    assert decide(shop, client, 1, action="decline", reason="计划内") == 303
    assert "乙 " in client.get("/findings?status=declined").text
    assert "乙" not in client.get(f"/today?date={LAST}").text
    assert decide(shop, client, 1, action="reopen") == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "decline"},
        {"action": "decline", "reason": "  "},
        {"action": "watch", "until": "2026-11-01"},
        {"action": "watch", "until": "soon"},
        {"action": "delete"},
        {"action": ""},
        {"action": "watch", "on": "2026-99-99"},
        {"action": "watch", "on": "9999-12-31"},
        {"action": "watch", "until": "9999-12-31"},
        {"action": "decline", "reason": "x" * 5000},
    ],
)
def test_a_decision_that_cannot_be_meant_is_refused(shop: Cockpit, fields: dict[str, str]) -> None:
    """Nothing is decided, and the answer says why."""
    client = shop.signed_in("operator")
    assert decide(shop, client, 0, **fields) == 422
    told = shop.token("owner").get(f"/api/v1/findings/{shop.findings[0].id}").json()
    assert told["decisions"] == []
    assert told["status"] == "new"


@pytest.mark.parametrize("login", LESSER)
def test_only_who_may_decide_decides(shop: Cockpit, login: str) -> None:
    """A lesser role reads, meets no form, and is refused when it sends one all the same."""
    client = shop.signed_in(login)
    page = client.get(f"/findings/{shop.findings[0].id}")
    assert page.status_code == 200
    assert 'value="decline"' not in page.text
    assert decide(shop, client, 0, action="decline", reason="x") == 403


def test_a_forged_form_decides_nothing(shop: Cockpit) -> None:
    """Without the token of the session a form is refused."""
    client = shop.signed_in("operator")
    answer = client.post(f"/findings/{shop.findings[0].id}", data={"action": "decline", "reason": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["nobody", "..%2f..%2fetc%2fpasswd", "' OR 1=1 --", "%00", "x" * 3000, "<script>"])
def test_a_finding_that_is_not_there_is_not_found(shop: Cockpit, name: str) -> None:
    """Any other id is a clean 404."""
    answer = shop.signed_in().get(f"/findings/{name}")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "status=nope", "sort=headline", "sort=1;drop", "page=0", "page=-1", "page=9999999999999", "page=x",
        "from=yesterday", "to=2026-02-30", "shop=nobody",
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_meant_is_refused(shop: Cockpit, query: str) -> None:
    """Hostile and mistaken values are told, not obeyed."""
    assert shop.signed_in().get(f"/findings?{query}").status_code == 422


def test_a_hostile_kind_finds_nothing(shop: Cockpit) -> None:
    """A kind is compared as text."""
    answer = shop.signed_in().get("/findings?status=all&kind=%27+OR+1%3D1+--")
    assert answer.status_code == 200
    assert "没有这样的发现" in answer.text


def test_every_kind_of_finding_has_its_page(shop: Cockpit) -> None:
    """Products, agents, scores, faults of data: each is told in both languages, known to the numbers or not."""
    found = [
        *(replace(business.finding(type_), period=DAYS, id="") for type_ in ("product", "agent", "region", "campaign")),
        replace(business.finding("keyword"), impact=None, period=DAYS, id=""),
        replace(business.score(), period=DAYS, id=""),
    ]
    state = shop.app.state.house.state
    record_day(state, "main", DAYS.end, found, untold=[Unjudged(("diagnosis.x",), Untold.NO_DATA, True, UNTOLD)])
    client = shop.signed_in()
    for one in found:
        for language in ("zh", "en"):
            answer = client.get(f"/findings/{one.id}?lang={language}")
            assert answer.status_code == 200, one.kind
            assert one.headline.in_language(language) in answer.text
            assert one.recommendations[0].action.in_language(language) in answer.text
    assert "描述相符" in client.get(f"/findings/{found[-1].id}").text


def test_what_could_not_be_judged_is_said(shop: Cockpit) -> None:
    """A list without a finding means nothing where nothing could be judged, and says so."""
    state = shop.app.state.house.state
    again = list(shop.findings)
    record_day(state, "main", LAST, again, untold=[Unjudged(("diagnosis.x",), Untold.NO_DATA, True, UNTOLD)])
    assert UNTOLD.zh in shop.signed_in().get("/findings").text
    assert UNTOLD.en in shop.signed_in().get("/findings?lang=en").text


def test_a_guest_is_led_to_the_door(shop: Cockpit) -> None:
    """Without a session no finding is shown."""
    for path in ("/findings", f"/findings/{shop.findings[0].id}"):
        answer = shop.guest().get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


def test_measured_evidence_leads_to_its_number(cockpit: Cockpit) -> None:
    """The visitors of a day in the evidence open the number of that day."""
    client = cockpit.signed_in()
    page = client.get(f"/findings/{cockpit.findings[0].id}").text
    address = f"/number?metric=visitors&from={LAST}&to={LAST}"
    assert f'<td class="number"><a href="{address.replace("&", "&amp;")}">100</a></td>' in page
    assert client.get(address).status_code == 200
