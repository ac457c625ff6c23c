"""`duoshou assortment` in both languages, as JSON and as CSV."""

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
    """A workspace with twenty weeks of invoices of ten products, one of which sells no more for ten weeks."""
    folder = tmp_path_factory.mktemp("assortment") / "shop"
    lines = ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"]
    for day in range(140):
        when = date(2011, 1, 3) + timedelta(days=day)
        for product in range(10):
            if product < 9 or day < 70:
                number = 536000 + day * 10 + product
                lines.append(
                    f"{number},P{product},CLOTH {product},{3 + product},{when:%m/%d/%Y} 8:26,2.00,17000,France"
                )
    assert main(["init", str(folder), "--currency", "GBP", "--timezone", "Europe/London"]) == 0
    assert main(["import", "--workspace", str(folder), str(export(folder.parent, "\n".join(lines) + "\n"))]) == 0
    return folder


def test_the_range_is_told_in_both_languages(drapery: Path, duoshou: Command) -> None:
    """Lives, classes and what cannot be told for want of costs and stock."""
    chinese, english = (duoshou("assortment", "--workspace", drapery, "--lang", one) for one in ("zh", "en"))
    assert (chinese.code, english.code) == (0, 0)
    assert "已停滞 1" in chinese.out
    assert "没有成本" in chinese.out
    assert "dead 1" in english.out
    assert "no stock file" in english.out


def test_json_and_csv_hold_every_product(drapery: Path, duoshou: Command, tmp_path: Path) -> None:
    """The same ten products in both."""
    file = tmp_path / "range.csv"
    done = duoshou("assortment", "--json", "--csv", file, "--workspace", drapery)
    assert done.code == 0
    told = json.loads(done.out)
    assert (told["schema_version"], len(told["products"]), told["basis"]) == (1, 10, "pay_amount")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert {row["product"] for row in rows} == {one["id"] for one in told["products"]}
    ahead = {one["id"]: one["demand"]["ahead"] for one in told["products"]}
    for row in rows:
        spans = {each["days"]: each for each in ahead[row["product"]]}
        assert (row["demand_28_days_high"] == "") == (not spans)
        assert not spans or float(row["demand_7_days"]) == spans[7]["units"]
        assert (row["order_units"], row["runs_out"]) == ("", "")
