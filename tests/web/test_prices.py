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
        return PricesPage(replace(found.study, products=(one,)), costs=True)

    monkeypatch.setattr(pricing, "prices_page", page)
    client = shop.signed_in()
    link = re.search(r'href="([^"]*/tests\?[^"]*)"', client.get("/products/prices").text)
    assert link is not None
    form = client.get(html.unescape(link[1])).text
    assert '<option value="week" selected>' in form
    assert 'name="arms" value="现价 20.60、新价 22.00"' in form
    assert 'name="metric" list="metric-names" value="contribution"' in form
    assert 'name="days" value="56"' in form


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
