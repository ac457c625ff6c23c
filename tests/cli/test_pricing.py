"""`duoshou pricing` in both languages, as JSON and as CSV."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Command, export

from duoshou.cli import main


@pytest.fixture(scope="module")
def drapery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with half a year of invoices of six products, five of which have cheap weeks."""
    folder = tmp_path_factory.mktemp("pricing") / "shop"
    lines = ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"]
    for day in range(196):
        when = date(2011, 1, 3) + timedelta(days=day)
        for product in range(6):
            is_cheap = product and (day // 7 + 2 * product) % 6 == 0
            price, pieces = (8.5, 30) if is_cheap else (10.0, 18)
            number, sold = 536000 + day * 6 + product, pieces + (day * 7 + product * 3) % 5
            lines.append(f"{number},P{product},CLOTH {product},{sold},{when:%m/%d/%Y} 8:26,{price:.2f},17000,France")
    assert main(["init", str(folder), "--currency", "GBP", "--timezone", "Europe/London"]) == 0
    assert main(["import", "--workspace", str(folder), str(export(folder.parent, "\n".join(lines) + "\n"))]) == 0
    return folder


def test_prices_are_told_in_both_languages(drapery: Path, duoshou: Command) -> None:
    """Elasticities, and what cannot be told for want of moves and of costs."""
    chinese, english = (duoshou("pricing", "--workspace", drapery, "--lang", one) for one in ("zh", "en"))
    assert (chinese.code, english.code) == (0, 0)
    assert "价格几乎没动过" in chinese.out
    assert "没有成本" in chinese.out
    assert "the price hardly moved" in english.out
    assert "no costs are known" in english.out
    assert "elasticity" in english.out


def test_json_and_csv_hold_every_product(drapery: Path, duoshou: Command, tmp_path: Path) -> None:
    """The same six products in both; the five that moved have an elasticity below 0."""
    file = tmp_path / "prices.csv"
    done = duoshou("pricing", "--json", "--csv", file, "--workspace", drapery)
    assert done.code == 0
    told = json.loads(done.out)
    assert (told["schema_version"], len(told["products"]), told["days"]) == (1, 6, 195)
    moved = [one["elasticity"] for one in told["products"] if one["elasticity"] is not None]
    assert len(moved) == 5
    assert all(one["high"] < 0 for one in moved)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["product"] for row in rows} == {one["id"] for one in told["products"]}
