"""商品 → 测款: what the page, its JSON twin and the list tell, and to whom."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

from duoshou.app import open_workbench
from duoshou.model import DuoshouError

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A cockpit over a shop with a new product every tenth day; the last one's name is hostile."""
    folder = tmp_path_factory.mktemp("launches")
    with running_cockpit(folder) as served:
        lines = [HEAD]
        for day in range(110):
            when = date(2026, 8, 1) + timedelta(days=day)
            for product in range(11):
                if day >= 10 * product:
                    title = HOSTILE.replace(",", " ").replace('"', "'") if product == 10 else f"CLOTH {product}"
                    number = 536000 + day * 11 + product
                    lines.append(f"{number},P{product},{title},{3 + product},{when:%m/%d/%Y} 8:26,2.00,17000,France")
        file = folder / "invoices.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with open_workbench(served.directory) as workbench:
            # The orders of the model shop name no product: they are taken back.
            with contextlib.suppress(DuoshouError):
                while True:
                    workbench.undo()
            workbench.import_files([file])
        yield served


def test_the_page_and_its_twin_tell_the_same(shop: Cockpit) -> None:
    """Every new product of the API stands on the page, and titles are text whatever they hold."""
    told = shop.token("operator").get("/api/v1/products/launches").json()
    client = shop.signed_in()
    page = client.get("/products/launches").text
    assert told["candidates"]
    assert all(f"/products/{one['id']}" in page for one in told["candidates"])
    assert HOSTILE not in page
    assert "上新节奏" in page
    assert "How launches come" in client.get("/products/launches?lang=en").text
    assert 'href="/products/launches"' in client.get("/products").text


def test_the_list_holds_every_new_product(shop: Cockpit) -> None:
    """For those who may take lists out."""
    told = shop.token("operator").get("/api/v1/products/launches").json()
    sent = shop.signed_in().get("/products/launches/list.csv")
    rows = list(csv.DictReader(sent.content.decode("utf-8-sig").splitlines()))
    assert [row["product"] for row in rows] == [one["id"] for one in told["candidates"]]
    assert shop.signed_in("viewer").get("/products/launches/list.csv").status_code == 403


def test_days_before_any_launch_say_so(shop: Cockpit) -> None:
    """An early day has no launch, and a bad one is refused."""
    told = shop.token("viewer").get("/api/v1/products/launches?date=2020-01-31").json()
    assert (told["candidates"], told["findings"]) == ([], [])
    assert told["caveats"]
    assert shop.signed_in().get("/products/launches?date=x").status_code == 422
    assert shop.token("operator").get("/api/v1/products/launches?date=x").status_code == 422
