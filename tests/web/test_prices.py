"""商品 → 价格: what the page and its JSON twin tell, and to whom."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

from duoshou.analysts.margin import MarginBasis
from duoshou.analysts.pricing.advice import Verdict
from duoshou.analysts.pricing.study import Proposal
from duoshou.app import open_workbench
from duoshou.app.pages.pricing import PricesPage, prices_page
from duoshou.model import DuoshouError
from duoshou.web.pages import pricing

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A cockpit over a shop of six products whose prices fall for a week now and then; one name is hostile."""
    folder = tmp_path_factory.mktemp("prices")
    title = HOSTILE.replace(",", " ").replace('"', "'")
    with running_cockpit(folder) as served:
        lines = [HEAD]
        for day in range(200):
            when = date(2026, 5, 1) + timedelta(days=day)
            for product in range(6):
                is_cheap = product and (day // 7 + 2 * product) % 6 == 0
                price, pieces = (8.5, 30) if is_cheap else (10.0 + product, 18)
                name = title if product == 0 else f"CLOTH {product}"
                number = 536000 + day * 6 + product
                sold = pieces + (day * 7 + product * 3) % 5
                lines.append(
                    f"{number},P{product},{name},{sold},{when:%m/%d/%Y} 8:26,{price},{17000 + day % 30},France"
                )
        (folder / "invoices.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with open_workbench(served.directory) as workbench:
            # The orders of the model shop are in another currency: they are taken back.
            with contextlib.suppress(DuoshouError):
                while True:
                    workbench.undo()
            workbench.import_files([folder / "invoices.csv"])
        yield served


def test_the_page_and_the_api_tell_the_same(shop: Cockpit) -> None:
    """Every product, bands and why a price cannot be told; no name becomes markup."""
    told = shop.token("operator").get("/api/v1/pricing").json()
    page = shop.signed_in().get("/products/prices").text
    assert len(told["products"]) == 6
    assert told["bands"]
    assert told["costs_shown"]
    assert "价格几乎没动过" in page
    assert "CLOTH 5" in page
    assert HOSTILE not in page
    english = shop.signed_in().get("/products/prices?lang=en").text
    assert "the price hardly moved" in english
    assert "Price bands" in english


def test_who_may_not_see_costs_sees_no_floor(shop: Cockpit) -> None:
    """A viewer has elasticities and bands, and neither floors nor advice."""
    told = shop.token("viewer").get("/api/v1/pricing").json()
    assert not told["costs_shown"]
    assert all(one["floor"] is None and one["best"] is None for one in told["products"])
    assert told["findings"] == []
    assert "保本价" not in shop.signed_in("viewer").get("/products/prices").text


def test_a_test_of_a_price_fills_its_form(shop: Cockpit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form holds both prices, the unit that is planned, and the metric that the floor rests on."""

    def page(*asked: Any, **more: Any) -> PricesPage:
        found = prices_page(*asked, **more)
        best = Proposal(Decimal("22.00"), 0.07, Decimal(90), Decimal(-5), Decimal(200), 0.8)
        one = replace(found.study.products[0], title="CLOTH", price=Decimal("20.60"), verdict=Verdict.TEST, reason=None)
        one = replace(one, best=best, test_days=56, test_unit="week", floor_basis=MarginBasis.CONTRIBUTION)
        return replace(found, rows=(one,))

    monkeypatch.setattr(pricing, "prices_page", page)
    client = shop.signed_in()
    link = re.search(r'href="([^"]*/tests\?[^"]*)"', client.get("/products/prices").text)
    assert link is not None
    form = client.get(html.unescape(link[1])).text
    assert '<option value="week" selected>' in form
    assert 'name="arms" value="现价 20.60、新价 22.00"' in form
    assert 'name="metric" list="metric-names" value="contribution"' in form
    assert 'name="days" value="56"' in form


def test_pages_sort_search_and_filter(shop: Cockpit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages hold every product once, in the browser and by the API; what is unknown comes last."""
    monkeypatch.setattr("duoshou.app.pages.pricing.PRODUCTS_A_PAGE", 4)
    api, client = shop.token("operator"), shop.signed_in()
    whole = api.get("/api/v1/pricing").json()
    pages = [api.get(f"/api/v1/pricing?page={number}").json() for number in (1, 2)]
    assert [one["id"] for page in pages for one in page["products"]] == [one["id"] for one in whole["products"]]
    assert [(page["page"], page["pages"], page["total"]) for page in pages] == [(1, 2, 6), (2, 2, 6)]
    assert "第 1 页，共 2 页" in client.get("/products/prices").text
    by_price = api.get("/api/v1/pricing?sort=price&order=asc").json()["products"]
    told = [float(one["price"]) for one in by_price]
    assert told == sorted(told)
    shown = client.get("/products/prices?sort=price").text
    assert 'aria-sort="descending"' in shown
    assert shown.index("CLOTH 5") < shown.index("CLOTH 4")
    found = api.get("/api/v1/pricing?q=cloth%203").json()
    assert [one["title"] for one in found["products"]] == ["CLOTH 3"]
    assert "CLOTH 4" not in client.get("/products/prices?q=cloth%203").text.split("<table")[1]
    assert "没有这样的商品" in client.get("/products/prices?q=zzz").text
    for verdict, number in whole["verdicts"].items():
        some = api.get(f"/api/v1/pricing?verdict={verdict}").json()
        assert [one["verdict"] for one in some["products"]] == [verdict] * number
    elasticities = [one["elasticity"] for one in api.get("/api/v1/pricing?sort=elasticity").json()["products"]]
    known = [one["value"] for one in elasticities if one]
    assert known == sorted(known, reverse=True)
    assert all(one is None for one in elasticities[len(known) :])


@pytest.mark.parametrize("asked", ["verdict=x", "sort=x", "page=0", "page=x"])
def test_what_cannot_be_asked_is_refused(shop: Cockpit, asked: str) -> None:
    """By the page and by the API."""
    assert shop.token("operator").get(f"/api/v1/pricing?{asked}").status_code == 422
    assert shop.signed_in().get(f"/products/prices?{asked}").status_code == 422


def test_who_may_not_see_costs_learns_nothing_by_sorting(shop: Cockpit) -> None:
    """A viewer who sorts by gain, or filters by advice, sees what a viewer without does."""
    api = shop.token("viewer")
    plain = api.get("/api/v1/pricing").json()
    assert api.get("/api/v1/pricing?sort=gain").json()["products"] == plain["products"]
    assert set(plain["verdicts"]) == {"cannot_tell"}
    assert api.get("/api/v1/pricing?verdict=test").json()["products"] == []


def test_the_list_is_for_those_who_may_take_it(shop: Cockpit) -> None:
    """The CSV holds every product; a viewer has none."""
    assert shop.signed_in().get("/products/prices/list.csv").text.count("CLOTH") == 5
    assert shop.signed_in("viewer").get("/products/prices/list.csv").status_code == 403


def test_a_bad_day_is_refused(shop: Cockpit) -> None:
    """A day that is none is refused by both."""
    assert shop.token("operator").get("/api/v1/pricing?date=x").status_code == 422
    assert shop.signed_in().get("/products/prices?date=x").status_code == 422


def test_a_day_before_everything_says_so(shop: Cockpit) -> None:
    """An empty study is an answer."""
    told = shop.token("operator").get("/api/v1/pricing?date=2020-01-01").json()
    assert told["products"] == []
    assert told["caveats"]
    assert shop.signed_in().get("/products/prices?date=2020-01-01").status_code == 200
