"""The invoice list as a spreadsheet, with the headers of both editions of the data set."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from duoshou.app import create_workspace, open_workbench

FIRST = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
SECOND = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]
LINES: list[list[Any]] = [
    [536365, "85123A", "WHITE HANGING HEART", 6, datetime(2010, 12, 1, 8, 26), 2.55, 17850.0, "United Kingdom"],
    [536365, "85123A", "WHITE HANGING HEART", 6, datetime(2010, 12, 1, 8, 26), 2.55, 17850.0, "United Kingdom"],
    [536365, 22752, "=cmd|' /C calc'!A0", 2, datetime(2010, 12, 1, 8, 26), 7.65, 17850.0, "United Kingdom"],
    ["C536379", "D", "Discount", -1, datetime(2010, 12, 1, 9, 41), 27.5, 14527.0, "United Kingdom"],
    [536370, 22728, None, 24, datetime(2010, 12, 1, 8, 45), 0.001, None, "France"],
]


@pytest.mark.parametrize("header", [FIRST, SECOND], ids=["first edition", "second edition"])
def test_cells_of_a_workbook_are_read_as_what_they_are(tmp_path: Path, header: list[str]) -> None:
    """Numbers, dates and mixed ids of a workbook become the ids, times and amounts that they stand for."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(header)
    for line in LINES:
        book.active.append(line)
    book.save(tmp_path / "Online Retail.xlsx")
    create_workspace(tmp_path / "shop", name="shop", currency="GBP", timezone="Europe/London", language="en")
    workbench = open_workbench(tmp_path / "shop")
    report = workbench.import_files([tmp_path / "Online Retail.xlsx"])
    assert [(result.layout, result.main.new, result.main.rejected) for result in report.files] == [
        ("uci_online_retail", 5, 0)
    ]
    rows = workbench.sql(
        """SELECT order_id, line_no, sku, quantity, paid_amount, refund_amount, buyer_key IS NULL, created_at,
            source_row FROM order_line ORDER BY source_row"""
    ).to_pylist()
    morning = datetime(2010, 12, 1, 8, 26)
    assert [tuple(row.values()) for row in rows] == [
        ("536365", 1, "85123A", 6, Decimal("15.30"), Decimal("0.00"), False, morning, 2),
        ("536365", 2, "85123A", 6, Decimal("15.30"), Decimal("0.00"), False, morning, 3),
        ("536365", 3, "22752", 2, Decimal("15.30"), Decimal("0.00"), False, morning, 4),
        ("C536379", 1, "D", -1, Decimal("0.00"), Decimal("27.50"), False, datetime(2010, 12, 1, 9, 41), 5),
        ("536370", 1, "22728", 24, Decimal("0.02"), Decimal("0.00"), True, datetime(2010, 12, 1, 8, 45), 6),
    ]
