"""推广: what the page, its JSON twin and the list tell, and to whom."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.app.test_bid_sheets import plan
from tests.cockpit import HOSTILE, Cockpit

from duoshou.analysts.advertising import AdStudy, BidWish
from duoshou.analysts.advertising.bid_plan import Amount
from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.splits import Coefficient
from duoshou.analysts.advertising.wear import State, Wear
from duoshou.app.advertising import advertising_of

WRONG = (
    "budget=0",
    "budget=-5",
    "budget=nan",
    "budget=inf",
    "budget=1e12",
    "step=0",
    "step=nan",
    "step=",
    "goal=a%3Dnan",
)


def test_the_page_and_its_twin_tell_the_same(cockpit: Cockpit) -> None:
    """Each target of the API stands on the page; a plan's name is text whatever it holds."""
    told = cockpit.token("operator").get("/api/v1/advertising").json()
    (level,) = told["levels"]
    assert level["level"] == "campaign"
    page = cockpit.signed_in().get("/advertising").text
    assert "保本投产比" in page
    assert HOSTILE not in page
    assert f"{told['margin']['break_even_roas']:.2f}" in page
    assert "Break-even" in cockpit.signed_in().get("/advertising?lang=en").text
    assert told["total"] == sum(told["verdicts"].values()) == len(level["targets"])
    assert told["known_levels"] == ["campaign"]


def test_the_twin_has_a_page_of_targets(cockpit: Cockpit) -> None:
    """A page beyond the last is empty, a level without a report has nothing, a level that there is not is refused."""
    ask = cockpit.token("operator").get
    beyond = ask("/api/v1/advertising?page=9").json()
    assert (beyond["page"], beyond["levels"][0]["targets"]) == (9, [])
    assert ask("/api/v1/advertising?level=keyword").json()["levels"] == []
    (level,) = ask("/api/v1/advertising?verdict=wastes").json()["levels"]
    assert {one["verdict"] for one in level["targets"]} <= {"wastes"}
    assert ask("/api/v1/advertising?level=shop").status_code == 422


def test_only_those_who_may_see_costs_see_a_judgement(cockpit: Cockpit) -> None:
    """Without the right there are costs of clicks and ROAS, but no margin, no profit, no verdict and no list."""
    viewer = cockpit.signed_in("viewer")
    page = viewer.get("/advertising").text
    assert "花费" in page
    assert "保本" not in page
    told = cockpit.token("viewer").get("/api/v1/advertising").json()
    assert told["margin"] is None
    assert {one["verdict"] for level in told["levels"] for one in level["targets"]} == {"cannot_tell"}
    assert viewer.get("/advertising/list.csv").status_code == 403
    answer = cockpit.signed_in("owner").get("/advertising/list.csv")
    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    assert len(rows) == sum(len(level["targets"]) for level in told["levels"])


def test_bids_are_shown_with_the_auction_and_sent_as_a_sheet(cockpit: Cockpit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who may see costs see the next step and how the auction answers; others see neither."""

    def with_bids(*given: Any, **named: Any) -> AdStudy:
        return replace(advertising_of(*given, **named), bids=plan())

    monkeypatch.setattr("duoshou.app.pages.advertising.advertising_of", with_bids)
    monkeypatch.setattr("duoshou.web.pages.advertising.advertising_of", with_bids)
    owner = cockpit.signed_in("owner")
    page = owner.get("/advertising").text
    assert "下一步出价" in page
    assert "red shoe" in page
    assert "竞价模型" in page
    assert "blue shoe" not in page
    assert "Bids of the next step" in owner.get("/advertising?lang=en").text
    rows = list(csv.DictReader(owner.get("/advertising/bids.csv").content.decode("utf-8-sig").splitlines()))
    assert {row["keyword"]: row["new_bid"] for row in rows} == {"red shoe": "1.25", "blue shoe": "1.00"}
    viewer = cockpit.signed_in("viewer")
    assert "red shoe" not in viewer.get("/advertising").text
    assert viewer.get("/advertising/bids.csv").status_code == 403
    assert cockpit.token("viewer").get("/api/v1/advertising").json()["bids"] is None


def test_what_is_wanted_of_the_bids_stands_in_the_address(cockpit: Cockpit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Budget, step and goals of the form come back in it, and the sheet and the JSON twin are asked with them."""
    asked: list[BidWish] = []

    def seen(*given: Any, wish: BidWish, **named: Any) -> AdStudy:
        asked.append(wish)
        return replace(advertising_of(*given, **named), bids=plan())

    monkeypatch.setattr("duoshou.app.pages.advertising.advertising_of", seen)
    monkeypatch.setattr("duoshou.web.pages.advertising.advertising_of", seen)
    owner = cockpit.signed_in("owner")
    query = "budget=300&step=10&goal=launch%3D0.5&goal="
    page = owner.get(f"/advertising?{query}").text
    assert 'name="budget" min="1" max="1000000000" step="1" value="300"' in page
    assert '<option value="10" selected>' in page
    assert 'value="launch=0.5"' in page
    assert "/advertising/bids.csv?budget=300&amp;step=10&amp;goal=launch%3D0.5" in page
    assert owner.get(f"/advertising/bids.csv?{query}").status_code == 200
    assert cockpit.token("owner").get(f"/api/v1/advertising?{query}").status_code == 200
    assert asked == [BidWish(300.0, 0.1, (("launch", 0.5),))] * 3


def test_a_platforms_sheet_comes_back_filled(cockpit: Cockpit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The changed rows, in the platform's own columns; a sheet without bids is refused with what it needs."""

    def with_bids(*given: Any, **named: Any) -> AdStudy:
        assert named.pop("wish").current == (("launch", "red shoe", 1.0),)
        return replace(advertising_of(*given, **named), bids=plan())

    monkeypatch.setattr("duoshou.web.pages.advertising.advertising_of", with_bids)
    owner = cockpit.signed_in("owner")
    form = {"csrf": cockpit.csrf(owner)}
    sheet = b"Campaign,Keyword,Max CPC\nlaunch,red shoe,1.00\n"
    answer = owner.post("/advertising/bids?step=25", data=form, files=[("files", ("../bids.csv", sheet))])
    assert answer.content.decode("utf-8-sig").split() == ["Campaign,Keyword,Max", "CPC", "launch,red", "shoe,1.25"]
    refused = owner.post("/advertising/bids", data=form, files=[("files", ("bids.csv", b"a,b\n1,2\n"))])
    assert (refused.status_code, "Campaign Name, Keyword Text, Bid" in refused.text or "关键词" in refused.text) == (
        422,
        True,
    )
    for name in ("..", "../../x/" + "词" * 200 + ".csv", "批量 表.csv"):
        assert owner.post("/advertising/bids", data=form, files=[("files", (name, sheet))]).status_code == 200
    assert owner.post("/advertising/bids", files=[("files", ("a.csv", sheet))]).status_code == 403


def test_worn_creatives_and_coefficients_are_on_the_page(cockpit: Cockpit, monkeypatch: pytest.MonkeyPatch) -> None:
    """With their money for those who may see it; a name is text whatever it holds."""
    cost = Amount(Decimal("123.00"), Decimal("50.00"), Decimal("200.00"))
    worn = Wear("c", "plan", "7", HOSTILE, date(2026, 6, 1), 9000, 0.03, 0.02, 0.31, 0.2, 0.4, State.WORN, cost)
    night = Coefficient(Level.HOUR, "c", "plan", "03", 900, 0.6, 0.5, 0.7, 0.7, cost)

    def with_parts(*given: Any, **named: Any) -> AdStudy:
        return replace(advertising_of(*given, **named), creatives=(worn,), splits=(night,))

    monkeypatch.setattr("duoshou.app.pages.advertising.advertising_of", with_parts)
    page = cockpit.signed_in("owner").get("/advertising").text
    assert HOSTILE not in page
    assert "看腻了" in page
    assert "31%" in page
    assert "时段 03" in page
    assert page.count("123 元") == 2
    bare = cockpit.signed_in("viewer").get("/advertising?lang=zh").text
    assert "看腻了" in bare
    assert "123 元" not in bare


def test_without_keywords_the_sheet_has_only_heads(cockpit: Cockpit) -> None:
    """The shop of the cockpit reports plans alone."""
    assert len(cockpit.signed_in("owner").get("/advertising/bids.csv").text.splitlines()) == 1


@pytest.mark.parametrize(
    "query", ["level=x", "verdict=x", "page=0", "date=x", "budget=x", "step=99", "goal=launch", *WRONG]
)
def test_a_bad_question_is_refused(cockpit: Cockpit, query: str) -> None:
    """What cannot be meant is refused with what could be."""
    if query != "step=":
        assert cockpit.signed_in().get(f"/advertising?{query}").status_code == 422
        assert cockpit.signed_in("owner").get(f"/advertising/bids.csv?{query}").status_code in {200, 422}
    answer = cockpit.token("operator").get(f"/api/v1/advertising?{query}")
    assert answer.status_code == 422
    assert answer.json()["error"]["message"]
