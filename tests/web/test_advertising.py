"""推广: what the page, its JSON twin and the list tell, and to whom."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import Any

import pytest
from tests.app.test_bid_sheets import plan
from tests.cockpit import HOSTILE, Cockpit

from duoshou.analysts.advertising import AdStudy
from duoshou.app.advertising import advertising_of


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


def test_without_keywords_the_sheet_has_only_heads(cockpit: Cockpit) -> None:
    """The shop of the cockpit reports plans alone."""
    assert len(cockpit.signed_in("owner").get("/advertising/bids.csv").text.splitlines()) == 1


@pytest.mark.parametrize("query", ["level=x", "verdict=x", "page=0", "date=x"])
def test_a_bad_question_is_refused(cockpit: Cockpit, query: str) -> None:
    """What cannot be meant is refused with what could be."""
    assert cockpit.signed_in().get(f"/advertising?{query}").status_code == 422
