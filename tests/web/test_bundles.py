"""商品 → 搭配: what the page and its JSON twin tell, and to whom."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from tests.cockpit import HOSTILE, Cockpit, running_cockpit

from duoshou.app import open_workbench

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A cockpit over a shop in which bread and butter are bought together; butter's name is hostile."""
    folder = tmp_path_factory.mktemp("bundles")
    butter = HOSTILE.replace(",", " ").replace('"', "'")
    with running_cockpit(folder) as served:
        lines = [HEAD]
        for number in range(240):
            others = {f"OTHER {number * 7 % 11}", f"OTHER {number * 5 % 13}"}
            pair = {"BREAD", butter}
            bought = {0: pair, 1: pair, 2: {"BREAD", *others}, 3: {butter, *others}}.get(number % 12, others)
            when = date(2026, 11, 1) + timedelta(days=number % 18)
            lines += [
                f"{536000 + number},{one[:8].strip('<')},{one},1,{when:%m/%d/%Y} 8:26,10.00,{17000 + number % 9},France"
                for one in sorted(bought)
            ]
        file = folder / "invoices.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with open_workbench(served.directory) as workbench:
            workbench.import_files([file])
        yield served


def test_the_page_tells_the_pair_and_titles_are_text(shop: Cockpit) -> None:
    """The pair that is bought together stands on the page as in the API; no name becomes markup."""
    told = shop.token("operator").get("/api/v1/products/bundles").json()
    page = shop.signed_in().get("/products/bundles").text
    assert told["pairs"]
    assert "BREAD" in page
    assert "一起买" in page
    assert HOSTILE not in page
    assert "Bought together" in shop.signed_in().get("/products/bundles?lang=en").text


def test_who_may_not_see_costs_sees_no_bundle(shop: Cockpit) -> None:
    """Pairs are for every reader, what a bundle would leave is not."""
    told = shop.token("viewer").get("/api/v1/products/bundles?margin=0.5").json()
    assert told["pairs"]
    assert (told["bundles"], told["findings"], told["costs_shown"]) == ([], [], False)
    assert "套餐前价格" not in shop.signed_in("viewer").get("/products/bundles").text
    assert shop.token("operator").get("/api/v1/products/bundles?margin=0.5").json()["bundles"]


@pytest.mark.parametrize("query", ["least=0", "within=0", "discount=1", "margin=2", "basket=x", "from=x"])
def test_a_bad_question_is_refused_by_the_api(shop: Cockpit, query: str) -> None:
    """What cannot be meant is refused; days in the wrong order too."""
    assert shop.token("operator").get(f"/api/v1/products/bundles?{query}").status_code == 422


@pytest.mark.parametrize("query", ["days=0", "days=x", "discount=91", "date=x"])
def test_a_bad_question_is_refused_by_the_page(shop: Cockpit, query: str) -> None:
    """The page refuses it as well."""
    assert shop.signed_in().get(f"/products/bundles?{query}").status_code == 422


def test_days_without_orders_say_so(shop: Cockpit) -> None:
    """An empty period is an answer."""
    told = shop.token("operator").get("/api/v1/products/bundles?from=2020-01-01&to=2020-01-31").json()
    assert told["pairs"] == []
    assert told["caveats"]


def listed(shop: Cockpit, role: str) -> list[dict[str, str]]:
    """Return the rows of the list that a role may download."""
    sent = shop.signed_in(role).get("/products/bundles/list.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(sent.splitlines()))


def test_the_list_holds_what_the_page_shows_and_money_only_for_those_who_see_costs(shop: Cockpit) -> None:
    """Titles lead to their products, and the discount is asked for on the page."""
    page = shop.signed_in("operator").get("/products/bundles?discount=25").text
    assert 'name="discount" min="0" max="90" value="25"' in page
    assert 'href="/products/BREAD"' in page
    told = shop.token("operator").get("/api/v1/products/bundles").json()
    rows = listed(shop, "operator")
    assert len(rows) == len(told["pairs"]) + len(told["following"]) + len(told["substitutes"])
    assert {rows[0]["product"], rows[0]["product_2"]} == {told["pairs"][0][side]["id"] for side in ("left", "right")}
    assert any(row["price"] for row in rows)
    bare = listed(shop, "promotion")
    assert [row["lift"] for row in bare] == [row["lift"] for row in rows]
    assert not any(row["price"] or row["verdict"] for row in bare)
    assert shop.signed_in("viewer").get("/products/bundles/list.csv").status_code == 403
