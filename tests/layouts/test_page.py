"""The page that explains how to add a layout is true, and needs no Python."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.layouts.files import delimited, put

from duoshou.app import Workbench, create_workspace, open_workbench

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-layout.md"
ROWS = [
    ["店铺名称", "订单号", "买家", "收货人", "金额", "结算时间"],
    ["我的店", '="6001"', "wang88", "王五", "¥1,280.50", "2026-08-01"],
    ["我的店", '="6002"', "li66", "李四", "19.50", "2026-08-02"],
    ["我的店", '="6001"', "wang88", "王五", "1280.50", "2026-08-03"],
    ["我的店", "", "", "", "5.00", "2026-08-03"],
    ["合计", "合计", "", "", "1,305.00", ""],
]


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """Return the workspace of a shop that followed the page."""
    create_workspace(tmp_path / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    example = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[0]
    put(tmp_path / "shop" / "layouts", "my_report.toml", example.encode())
    return open_workbench(tmp_path / "shop")


def test_the_example_of_the_page_reads_its_file(workbench: Workbench, tmp_path: Path) -> None:
    """The report of the page is recognised, its orders are paid, its buyers hashed, its total row compared."""
    path = put(tmp_path, "报表_20260804_093000.csv", delimited(ROWS, encoding="gb18030"))
    (result,) = workbench.import_files([path]).files
    assert (result.layout, result.error) == ("my_report", None)
    assert result.main.rejected == 1
    assert result.totals_check is not None
    assert not result.totals_check.agrees, "an order stands twice, so the total of the file is not the sum of its rows"
    rows = workbench.sql(
        "SELECT order_id, paid_amount, length(buyer_key) AS key, exported_at FROM order_header ORDER BY ALL"
    )
    exported = datetime(2026, 8, 4, 1, 30)
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("6001", Decimal("1280.50"), 64, exported),
        ("6002", Decimal("19.50"), 64, exported),
    ]


def test_what_is_wrong_with_it_is_said_with_its_file(workbench: Workbench) -> None:
    """A slip in the file names the file and the field."""
    path = workbench.workspace.directory / "layouts" / "my_report.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('type = "money"', 'type = "many"'), encoding="utf-8")
    with pytest.raises(Exception, match="many") as told:
        _ = open_workbench(workbench.workspace.directory).layouts
    assert "my_report.toml" in str(told.value) or "my_report.toml" in str(getattr(told.value, "place", ""))
