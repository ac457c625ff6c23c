"""The workbook of studies: a sheet for each, and nothing of costs for those who may not see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.discreet import DiscreetWorkbench

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
SHEETS = ["货盘", "搭配", "测款", "价格", "客户", "推广", "渠道"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workspace with twelve weeks of invoices of ten products; one title looks like a formula."""
    folder = tmp_path_factory.mktemp("studies")
    lines = [HEAD]
    for day in range(84):
        when = date(2011, 1, 3) + timedelta(days=day)
        for product in range(10):
            title = "=1+1" if product == 0 else f"CLOTH {product}"
            order, buyer = 536000 + day * 5 + product // 2, 17000 + day % 20
            lines.append(f"{order},P{product},{title},{3 + product},{when:%m/%d/%Y} 8:26,2.00,{buyer},France")
    (folder / "invoices.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    create_workspace(folder / "shop", "shop", "GBP", "Europe/London", "zh")
    with open_workbench(folder / "shop") as workbench:
        workbench.import_files([folder / "invoices.csv"])
        yield workbench


def written(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the cells of each sheet."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_each_study_has_its_sheet(shop: Workbench, tmp_path: Path) -> None:
    """Ten products, their pairs and eight segments; what has no data says so; a title is text."""
    cells = written(shop.report("studies", output=tmp_path / "a.xlsx"))
    assert list(cells) == SHEETS
    titles = [row[0] for row in cells["货盘"]]
    assert {"=1+1", "CLOTH 9"} <= set(titles)
    assert any("成本" in str(row[0]) for row in cells["货盘"])
    (heads,) = [row for row in cells["货盘"] if row[0] == "商品"]
    (cloth,) = [row for row in cells["货盘"] if row[0] == "CLOTH 9"]
    low, high = (cloth[heads.index("28 天需求") + step] for step in (1, 2))
    assert low <= 28 * 12 <= high  # type: ignore[operator]
    assert cloth[heads.index("要订件数")] in {None, "—"}
    assert any(row[0] == "CLOTH 1" or row[1] == "CLOTH 1" for row in cells["搭配"])
    assert sum(isinstance(row[1], int | float) for row in cells["客户"]) == 8
    assert any("没有已结算的推广报表" in str(row[0]) for row in cells["推广"])


def test_equal_input_gives_equal_bytes(shop: Workbench, tmp_path: Path) -> None:
    """Two workbooks of the same day are the same file."""
    first, second = (shop.report("studies", output=tmp_path / f"{name}.xlsx") for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_who_may_not_see_costs_gets_no_column_of_them(shop: Workbench, tmp_path: Path) -> None:
    """Neither money by margin nor roles, break-even or verdicts."""
    with DiscreetWorkbench.of(shop) as discreet:
        cells = written(discreet.report("studies", output=tmp_path / "c.xlsx"))
    words = {str(cell) for rows in cells.values() for row in rows for cell in row}
    assert list(cells) == SHEETS
    assert not {"角色", "套餐优惠后毛利", "保本点击价", "赚或亏", "保本线"} & words
