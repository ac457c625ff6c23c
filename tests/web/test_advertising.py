"""推广: what the page, its JSON twin and the list tell, and to whom."""

from __future__ import annotations

import csv

import pytest
from tests.cockpit import HOSTILE, Cockpit


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


@pytest.mark.parametrize("query", ["level=x", "verdict=x", "page=0", "date=x"])
def test_a_bad_question_is_refused(cockpit: Cockpit, query: str) -> None:
    """What cannot be meant is refused with what could be."""
    assert cockpit.signed_in().get(f"/advertising?{query}").status_code == 422
