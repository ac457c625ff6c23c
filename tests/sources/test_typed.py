"""Typed rows: totals, statuses, periods, groups."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from duoshou.sources import Reading, totals, write_raw

from .conftest import SECRET, Import, csv_text, order, order_rows, workbook

PLAN = ["日期", "场景ID", "场景名字", "计划ID", "计划名字", "展现量", "点击量", "花费", "总成交金额"]


def test_total_rows_are_dropped_and_compared(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, read: Callable[..., Reading], rows_of: Import
) -> None:
    """A total row is no campaign; where it differs from the detail, both sums are told."""
    rows = [
        PLAN,
        ["2026-08-11", "1", "a", "7", "x", "10", "1", "1.50", "3"],
        ["2026-08-11", "1", "a", "8", "y", "20", "2", "2.50", "4"],
        ["合计", "", "", "", "", "30", "3", "9.00", "7"],
    ]
    path = workbook(tmp_path / "x.xlsx", rows)
    reading = read(path)
    raw = write_raw(connection, reading, tmp_path / "t.parquet", secret=SECRET)
    check = totals(connection, reading, raw.path)
    assert check is not None
    assert check.rows == (4,)
    assert not check.agrees
    assert {
        line.column: (str(line.stated.normalize()), str(line.detail.normalize()))
        for line in check.lines
        if not line.agrees
    } == {"花费": ("9", "4")}
    assert [row["campaign"] for row in rows_of(path)] == ["7", "8"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("交易成功", "finished"),
        ("买家已付款,等待卖家发货", "paid"),
        (" 买家已付款，等待卖家发货 ", "paid"),
        ("交易关闭", "closed"),
        ("等待买家付款", "created"),
        ("新状态", None),
    ],
)
def test_statuses(tmp_path: Path, rows_of: Import, word: str, status: str | None) -> None:
    """A status is translated whatever the width of its comma; an unknown one is a fault of a required field."""
    path = tmp_path / "o.csv"
    path.write_bytes(csv_text(order_rows(order(1, 订单状态=word))).encode("gb18030"))
    [row] = rows_of(path)
    assert (row["status"], row["faults"]) == (status, [] if status else ["unknown_status"])


@pytest.mark.parametrize(
    ("cell", "grain", "faults"),
    [
        ("2026-08-11", "day", []),
        ("2026-08-10~2026-08-16", "week", []),
        ("2026-08-01~2026-08-31", "month", []),
        ("2026-08-05~2026-08-11", None, ["period_not_calendar"]),
        ("昨天", None, ["unreadable_date"]),
    ],
)
def test_periods(tmp_path: Path, rows_of: Import, cell: str, grain: str | None, faults: list[str]) -> None:
    """A week is stored as a week, a month as a month; seven days that are no week are rejected."""
    [row] = rows_of(workbook(tmp_path / "x.xlsx", [["统计日期", "访客数", "支付金额"], [cell, "5", "1"]]))
    assert (row["grain"], row["faults"]) == (grain, faults)


def test_shop_day_gives_scores(tmp_path: Path, rows_of: Import) -> None:
    """The three scores of a shop day are rows of their own, with the day."""
    path = workbook(
        tmp_path / "x.xlsx",
        [
            ["统计日期", "访客数", "描述相符评分", "服务态度评分", "平均停留时长"],
            ["2026-08-11", "5", "4.86", "-", "2分30秒"],
        ],
    )
    [row] = rows_of(path, table_index=1)
    assert (row["score"], str(row["day"]), row["value"]) == ("description", "2026-08-11", 4.86)
    assert rows_of(path, table_index=3) == []
    assert rows_of(path)[0]["dwell_seconds"] == 150.0


def test_both_spellings_of_uci(tmp_path: Path, rows_of: Import) -> None:
    """The two published spellings of the header give the same invoice, a cancellation counts as a refund."""
    first = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    first += "536365,A,LAMP,6,2010-12-01 08:26:00,2.55,17850,UK\n"
    first += "C536366,A,LAMP,-2,2010-12-02 08:26:00,2.55,17850,UK\n"
    second = (
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer "
        "ID,Country\n536365,A,LAMP,6,12/1/2010 8:26,2.55,17850.0,UK\nC536366,A,LAMP,-2,12/2/2010 8:26,2.55,17850.0,UK\n"
    )
    results = []
    for name, text in (("a.csv", first), ("b.csv", second)):
        (tmp_path / name).write_text(text, "utf-8")
        results.append(rows_of(tmp_path / name, timezone="Europe/London"))
    assert results[0] == results[1]
    sale, cancelled = results[0]
    assert (sale["order_id"], sale["status"], str(sale["paid_amount"]), str(sale["refund_amount"])) == (
        "536365",
        "finished",
        "15.30",
        "0.00",
    )
    assert (
        cancelled["status"],
        str(cancelled["paid_amount"]),
        str(cancelled["refund_amount"]),
        str(cancelled["refunded_at"]),
    ) == ("closed", "0.00", "5.10", "2010-12-02 08:26:00")


def test_rejected_rows_stay_out_of_groups(tmp_path: Path, rows_of: Import) -> None:
    """A faulty line does not change the sums of its invoice, and is shown apart with its row."""
    path = tmp_path / "a.csv"
    path.write_text(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "1,A,L,6,2010-12-01 08:26:00,2.5,1,UK\n1,A,L,six,2010-12-01 08:26:00,2.5,1,UK\n",
        "utf-8",
    )
    sound, faulty = rows_of(path)
    assert (str(sound["paid_amount"]), sound["faults"], sound["source_row"]) == ("15.00", [], 2)
    assert (faulty["faults"], faulty["source_row"]) == (["unreadable_number"], 3)
