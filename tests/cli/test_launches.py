"""`duoshou launches` in both languages, as JSON and as CSV."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from tests.cli.conftest import Command, export

from duoshou.cli import main


@pytest.fixture(scope="module")
def drapery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with twenty weeks of invoices of ten products, of which one comes every second week."""
    folder = tmp_path_factory.mktemp("launches") / "shop"
    lines = ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"]
    for day in range(140):
        when = date(2011, 1, 3) + timedelta(days=day)
        for product in range(10):
            if day >= 14 * product:
                number = 536000 + day * 10 + product
                lines.append(
                    f"{number},P{product},CLOTH {product},{3 + product},{when:%m/%d/%Y} 8:26,2.00,17000,France"
                )
    assert main(["init", str(folder), "--currency", "GBP", "--timezone", "Europe/London"]) == 0
    assert main(["import", "--workspace", str(folder), str(export(folder.parent, "\n".join(lines) + "\n"))]) == 0
    return folder


def test_launches_are_told_in_both_languages(drapery: Path, duoshou: Command) -> None:
    """Cadence and what cannot be told for want of visitors."""
    chinese, english = (duoshou("launches", "--workspace", drapery, "--lang", one) for one in ("zh", "en"))
    assert (chinese.code, english.code) == (0, 0)
    assert "上新 8 个" in chinese.out
    assert "没有按商品的访客数" in chinese.out
    assert "等更多上新" not in chinese.out
    assert "8 launches in 139 days" in english.out
    assert "visitors by product are not known" in english.out


def test_json_and_csv_hold_every_new_product(drapery: Path, duoshou: Command, tmp_path: Path) -> None:
    """The same in both; without visitors there is no verdict."""
    file = tmp_path / "launches.csv"
    done = duoshou("launches", "--json", "--csv", file, "--workspace", drapery)
    assert done.code == 0
    told = json.loads(done.out)
    assert (told["schema_version"], told["launches"], told["findings"]) == (1, 8, [])
    assert {one["verdict"] for one in told["candidates"]} == {"not_enough_data"}
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["product"] for row in rows] == [one["id"] for one in told["candidates"]]
    assert [row["next_check_day"] for row in rows] == [str(one["next_check"] or "") for one in told["candidates"]]
    assert len(rows) == 4


def test_the_workbook_says_when_a_product_is_judged_next(drapery: Path, duoshou: Command, tmp_path: Path) -> None:
    """The days of the next checks stand beside the verdicts, as the command and the page say them."""
    file = tmp_path / "studies.xlsx"
    assert duoshou("report", "studies", "-o", file, "--workspace", drapery).code == 0
    told = json.loads(duoshou("launches", "--json", "--workspace", drapery).out)["candidates"]
    cells = list(openpyxl.load_workbook(file)["测款"].iter_rows(values_only=True))
    (heads,) = [row for row in cells if row[0] == "新品"]
    place = heads.index("再判（上新第几天）")
    stood = {row[0]: row[place] for row in cells if row[0] in {one["title"] for one in told}}
    assert stood == {one["title"]: one["next_check"] for one in told}
    assert any(stood.values())
