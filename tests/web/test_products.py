"""商品: what the pages, their JSON twins and the list tell, and to whom."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from tests.business import finding
from tests.cockpit import HOSTILE, LAST, Cockpit, running_cockpit

from duoshou.app import open_workbench
from duoshou.loop.changes import NewChange, record
from duoshou.loop.effects import Measured, record_effects
from duoshou.model import DuoshouError, Period, Source, Subject, Verdict
from duoshou.state import record_day

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A cockpit over a shop with twelve weeks of ten products, one of which has a hostile name."""
    folder = tmp_path_factory.mktemp("products")
    with running_cockpit(folder) as served:
        lines = [HEAD]
        for day in range(84):
            when = date(2026, 8, 27) + timedelta(days=day)
            for product in range(10):
                title = HOSTILE.replace(",", " ").replace('"', "'") if product == 0 else f"CLOTH {product}"
                code = "P 1/2?x#" if product == 1 else f"P{product}"
                number = 536000 + day * 10 + product
                lines.append(f"{number},{code},{title},{3 + product},{when:%m/%d/%Y} 8:26,2.00,17000,France")
        file = folder / "invoices.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        stock = folder / "库存.csv"
        stock.write_text(
            "日期,商家编码,商品ID,可售库存,在途\n2026-11-17,P5,P5,20,0\n2026-11-17,P2,P2,900,0\n", encoding="utf-8"
        )
        with open_workbench(served.directory) as workbench:
            # The orders of the model shop name no product: they are taken back.
            with contextlib.suppress(DuoshouError):
                while True:
                    workbench.undo()
            workbench.import_files([file, stock])
        yield served


def test_the_page_and_its_twin_tell_the_same(shop: Cockpit) -> None:
    """Every product of the API stands on the page with a link to its own, and titles are text whatever they hold."""
    told = shop.token("operator").get("/api/v1/products").json()
    client = shop.signed_in()
    page = client.get("/products").text
    assert told["products"]
    assert f"{len(told['products'])} 个商品" in page
    assert all(f"/products/{quote(one['id'])}" in page for one in told["products"])
    assert HOSTILE not in page
    one = client.get(f"/products/{told['products'][0]['id']}")
    assert one.status_code == 200
    assert HOSTILE not in one.text
    last = told["products"][0]["demand"]["ahead"][-1]
    assert (last["days"], f"{last['low']} – {last['high']}" in one.text) == (28, True)
    assert "补货不能判断" in one.text
    odd = client.get("/products/P%201/2%3Fx%23")
    assert (odd.status_code, "P 1/2?x#" in odd.text) == (200, True)
    assert "/products/P%201/2%3Fx%23" in page
    assert "Change a week" in client.get("/products?lang=en").text


def test_what_to_order_stands_on_the_pages(shop: Cockpit) -> None:
    """A product with stock for two days: when it is gone, the pieces, the money; one with plenty orders none."""
    api, client = shop.token("operator"), shop.signed_in()
    first = api.get("/api/v1/products?sort=reorder").json()["products"][0]
    placed = first["demand"]["reorder"]
    assert (first["id"], placed["units"]) == ("P5", 20)
    assert placed["pieces"] == placed["up_to"] - 20
    assert f"约 {placed['runs_out']} 卖完" in client.get("/products?sort=reorder").text
    page = client.get("/products/P5").text
    assert all(one in page for one in ("急补线", "不订预计少卖", placed["runs_out"], f"补到 {placed['up_to']}"))
    assert "Urgent below" in client.get("/products/P5?lang=en").text
    assert api.get("/api/v1/products/range/P2").json()["demand"]["reorder"]["pieces"] == 0
    assert "P5" not in client.get("/products/P2").text
    kinds = [one["kind"] for one in api.get("/api/v1/products").json()["findings"]]
    assert "assortment.reorder" in kinds


def test_products_are_filtered_and_sorted_by_the_address(shop: Cockpit) -> None:
    """Class and stage narrow the list, the order turns it."""
    api = shop.token("operator")
    every = api.get("/api/v1/products").json()
    found = api.get("/api/v1/products?class=A").json()
    assert {one["letter"] for one in found["products"]} == {"A"}
    assert sum(every["stages"].values()) == every["total"]
    rising = [float(one["amount"]) for one in api.get("/api/v1/products?sort=sales&order=asc").json()["products"]]
    assert rising == sorted(rising)
    wanted = api.get("/api/v1/products?sort=demand").json()["products"]
    units = [one["demand"]["ahead"][-1]["units"] for one in wanted]
    assert units == sorted(units, reverse=True)


def test_only_those_who_may_see_costs_see_money(shop: Cockpit) -> None:
    """Without the right there is no money, no role, no finding; the list is for those who may export."""
    assert "13 周金额" in shop.signed_in("operator").get("/products").text
    viewer = shop.signed_in("viewer")
    assert "13 周金额" not in viewer.get("/products").text
    found = shop.token("viewer").get("/api/v1/products").json()
    assert {one["money"] for one in found["products"]} == {"0"}
    assert (found["findings"], found["failure"], found["spread"]) == ([], None, None)
    assert viewer.get("/products/list.csv").status_code == 403
    rows = list(csv.DictReader(shop.signed_in("operator").get("/products/list.csv").text.lstrip("\ufeff").splitlines()))
    assert len(rows) == len(found["products"])


@pytest.mark.parametrize("query", ["stage=x", "class=D", "role=x", "sort=x", "page=0", "page=x", "date=x"])
def test_a_bad_question_is_refused(shop: Cockpit, query: str) -> None:
    """What cannot be meant is refused by the page and by the API; a product that is not there is not found."""
    assert shop.signed_in().get(f"/products?{query}").status_code == 422
    assert shop.token("operator").get(f"/api/v1/products?{query}").status_code == 422


def test_a_product_that_is_not_there_is_not_found(shop: Cockpit) -> None:
    """By the page and by the API."""
    assert shop.signed_in().get("/products/none").status_code == 404
    assert shop.token("operator").get("/api/v1/products/range/none").status_code == 404


def test_a_product_tells_what_was_found_done_and_measured(shop: Cockpit) -> None:
    """The latest first, each with the page that tells more; what concerns others is not told."""
    state = shop.app.state.house.state
    one, other = Subject("product", "P2", HOSTILE), Subject("product", "P3", "CLOTH 3")
    record_day(state, "main", LAST, [finding(subject=one), finding(subject=other)])
    changed = record(state, "main", NewChange("price", LAST, (one,), "2.00", "1.80"), rules=(), by="owner")
    record(state, "main", NewChange("title", LAST, (other,)), rules=(), by="owner")
    window = Period(LAST - timedelta(days=6), LAST - timedelta(days=1))
    brought = Measured(
        source=Source.CHANGE,
        source_id=str(changed.id),
        subject=one,
        metric="visitors",
        window=window,
        method="synthetic_did",
        verdict=Verdict.WORKED,
        currency="CNY",
        measured_on=LAST,
        is_final=True,
        amount=Decimal(120),
        low=Decimal(40),
        high=Decimal(200),
    )
    record_effects(state, "main", [brought], by="job")
    owner = shop.signed_in("owner")
    form = owner.get("/board/new?product=P2").text
    assert 'name="subject_id" value="P2"' in form
    sent = {"title": "换主图", "subject_type": "product", "subject_id": "P2", "role": "designer", "effort": "hours"}
    sent |= {"due": str(LAST + timedelta(days=9)), "by": str(LAST + timedelta(days=30))}
    sent |= {"metric": "visitors", "change": "+10", "csrf": shop.csrf(owner)}
    assert owner.post("/board/new", data=sent, follow_redirects=False).status_code == 303
    story = shop.token("operator").get("/api/v1/products/range/P2").json()["story"]
    assert sorted(one["deed"] for one in story) == ["change", "effect", "finding", "task"]
    assert [one["day"] for one in story] == sorted((one["day"] for one in story), reverse=True)
    effect = next(one for one in story if one["deed"] == "effect")
    assert (effect["amount"], effect["low"], effect["high"]) == ("120.00", "40.00", "200.00")
    page = owner.get("/products/P2").text
    assert HOSTILE not in page
    for step in story:
        assert step["address"].split("?")[0] in page
        assert owner.get(step["address"]).status_code == 200
    assert "换主图" in page
    assert "2.00 → 1.80" in page
    assert "/board/new" not in shop.signed_in("designer").get("/products/P2").text
