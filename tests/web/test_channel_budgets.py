"""渠道: what the page, its JSON twin and the list tell, and to whom."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from tests.cockpit import HOSTILE, Cockpit, running_cockpit


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A cockpit over a shop; tests only read it."""
    with running_cockpit(tmp_path_factory.mktemp("channels") / "shop") as made:
        yield made


def test_the_page_and_its_twin_tell_the_same(shop: Cockpit) -> None:
    """The page shows the channels of the API in both languages, and says what cannot be told."""
    told = shop.token("operator").get("/api/v1/channel-budgets").json()
    page = shop.signed_in().get("/channels").text
    assert all(one["title"]["zh"] in page for one in told["table"]["rows"])
    assert all(one["zh"] in page for one in told["caveats"])
    assert HOSTILE not in page
    assert "Channels" in shop.signed_in().get("/channels?lang=en").text


def test_only_those_who_may_see_costs_see_returns(shop: Cockpit) -> None:
    """Without the right there is no margin, no return and no plan, and a line says why."""
    told = shop.token("viewer").get("/api/v1/channel-budgets").json()
    assert told["margin"] is None
    assert told["returns"] == []
    assert told["plan"] is None
    assert "你的角色看不到" in shop.signed_in("viewer").get("/channels").text


def test_the_list_is_for_those_who_may_export(shop: Cockpit) -> None:
    """Who may export receives the list; who may not is refused."""
    answer = shop.signed_in("operator").get("/channels/budgets.csv")
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert rows[0][:3] == ["channel", "name", "verdict"]
    assert shop.signed_in("viewer").get("/channels/budgets.csv").status_code == 403


BAD = [
    *("budget=-1", "budget=x", "budget=nan", "budget=inf", "budget=1e6", "budget=1000000000000", "budget=100000001"),
    *("month=-1", "month=x", "month=nan", "month=inf", "month=1000000000000", "step=0", "step=101", "date=x"),
]


@pytest.mark.parametrize("query", BAD)
def test_a_bad_question_is_refused(shop: Cockpit, query: str) -> None:
    """A budget, a step or a day that cannot be is refused by the page, the list and the API, which say what may be."""
    page = shop.signed_in().get(f"/channels?{query}")
    assert page.status_code == shop.signed_in().get(f"/channels/budgets.csv?{query}").status_code == 422
    answer = shop.token("owner").get(f"/api/v1/channel-budgets?{query.replace('month', 'month_budget')}")
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
    if query.startswith(("budget", "month")):
        assert "0 到 100000000 的整数" in page.text


@pytest.mark.parametrize("budget", [0, 1, 7, 100_000_000])
def test_a_budget_at_the_ends_is_answered(shop: Cockpit, budget: int) -> None:
    """The least and the greatest that may be asked."""
    for path in ("/channels", "/channels/budgets.csv"):
        assert shop.signed_in().get(f"{path}?budget={budget}&month={budget}").status_code == 200
    told = shop.token("owner").get(f"/api/v1/channel-budgets?budget={budget}&month_budget={budget}")
    assert told.status_code == 200


def test_a_proposed_test_fills_in_the_form(shop: Cockpit) -> None:
    """The form of 测试 opens with what the address says, and with no more."""
    page = (
        shop.signed_in().get(f"/tests?subject_type=channel&subject_id=ads_search&lift=2.5&days=28&name={HOSTILE}").text
    )
    assert '<option value="channel" selected>' in page
    assert 'value="ads_search"' in page
    assert HOSTILE not in page
    assert "<details open>" in page
    assert "<details open>" not in shop.signed_in().get("/tests").text


def test_a_months_budget_is_paced_on_the_page(shop: Cockpit) -> None:
    """The field of the month's budget fills the table of the days left, as in the API, for viewers too."""
    told = shop.token("viewer").get("/api/v1/channel-budgets?month_budget=90000").json()["pace"]
    page = shop.signed_in("viewer").get("/channels?month=90000").text
    assert told["budget"] == 90_000
    assert all(one["title"]["zh"] in page and one["period"]["from"] in page for one in told["runs"])
    assert "填了全月预算" in shop.signed_in("viewer").get("/channels").text
    assert shop.signed_in().get("/channels?month=-1").status_code == 422
