"""客户: what the page, its JSON twin and the list tell, and to whom."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

from duoshou.analysts.customers.traffic import Change, Fit, Source
from duoshou.app.pages.customers import CustomersPage, customers_page
from duoshou.web.pages import customers


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A cockpit over a shop whose buyers come back day after day; tests only read it."""
    with running_cockpit(tmp_path_factory.mktemp("customers") / "shop") as made:
        yield made


@pytest.fixture(scope="module")
def told(shop: Cockpit) -> dict[str, Any]:
    """What the API tells those who may see costs."""
    found: dict[str, Any] = shop.token("operator").get("/api/v1/customers?days=14").json()
    return found


def test_the_page_and_its_twin_tell_the_same(shop: Cockpit, told: dict[str, Any]) -> None:
    """The page shows the eight segments, with the customers of the API, and titles are text whatever they hold."""
    page = shop.signed_in().get("/customers?days=14").text
    assert all(one["title"]["zh"] in page for one in told["segments"])
    assert f"{told['known']['customers']} 位客户" in page
    assert HOSTILE not in page
    english = shop.signed_in().get("/customers?days=14&lang=en").text
    assert "champions" in english


def test_only_those_who_may_see_costs_see_what_cohorts_left(shop: Cockpit) -> None:
    """Without the right the column and the numbers are gone, the rest stays."""
    assert "累计贡献毛利" in shop.signed_in("operator").get("/customers").text
    assert "累计贡献毛利" not in shop.signed_in("viewer").get("/customers").text
    found = shop.token("viewer").get("/api/v1/customers").json()
    assert found["segments"]
    assert all(each["contribution"] is None for one in found["cohorts"] for each in one["months"])


def test_the_list_is_for_those_who_may_export(shop: Cockpit, told: dict[str, Any]) -> None:
    """Who may export receives a row for each customer, by hashed key; who may not is refused, and sees no link."""
    answer = shop.signed_in("operator").get("/customers/list.csv")
    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    assert len(rows) == told["known"]["customers"]
    assert not any(row["buyer_key"].startswith("buyer") for row in rows)
    by_token = shop.token("operator").get("/api/v1/customers/list?days=14")
    assert by_token.content.splitlines()[:1] == answer.content.splitlines()[:1]
    assert len(by_token.content.splitlines()) == len(answer.content.splitlines())
    assert shop.token("viewer").get("/api/v1/customers/list").status_code == 403
    viewer = shop.signed_in("viewer")
    assert viewer.get("/customers/list.csv").status_code == 403
    assert "list.csv" not in viewer.get("/customers").text


def test_channels_that_do_not_fit_stand_on_the_page(shop: Cockpit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes with their intervals, a dash for what cannot be told, in both languages."""
    more, less = Change(0.5, 0.3, 0.7), Change(-0.34, -0.45, -0.2)
    misfit = Source("recommendation", Fit.MISFIT, 1050.0, 700.0, 0.02, 0.03, more, less, 12)
    new = Source("search", Fit.CANNOT_TELL, 9.0, 0.0, None, None, None, None, 2)

    def page(*asked: Any, **others: Any) -> CustomersPage:
        found = customers_page(*asked, **others)
        return replace(found, study=replace(found.study, sources=(misfit, new)))

    monkeypatch.setattr(customers, "customers_page", page)
    client = shop.signed_in()
    told = client.get("/customers").text
    assert "人来得多、买得少，不合店" in told
    assert "不能判断（周数或买家太少）" in told
    assert "-34%" in told
    assert "-45% – -20%" in told
    english = client.get("/customers?lang=en").text
    assert "more come, fewer buy: does not fit" in english
    assert "Channels whose traffic does not fit the shop" in english


@pytest.mark.parametrize("query", ["days=0", "days=x", "days=100000", "date=x", "date=9999-99-99"])
def test_a_bad_question_is_refused(shop: Cockpit, query: str) -> None:
    """A day or a length that cannot be is refused by the page and by the API."""
    assert shop.signed_in().get(f"/customers?{query}").status_code == 422
    assert shop.token("viewer").get(f"/api/v1/customers?{query}").status_code == 422


def test_nobody_reads_it_without_a_session(shop: Cockpit) -> None:
    """The API refuses who has no token."""
    assert shop.guest().get("/api/v1/customers").status_code == 401
