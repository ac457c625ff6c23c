"""Files that would give a wrong number without a word: money that would be lost, and days that cannot be known."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.layouts.files import delimited, put

from duoshou.app import Workbench, create_workspace, open_workbench

_AMAZON = ["Date", "Country", "Campaign Name", "Ad Group Name", "Targeting", "Match Type", "Customer Search Term"]
_AMAZON_SUMS = ["Impressions", "Clicks", "Spend", "7 Day Total Sales", "7 Day Total Orders (#)"]


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """Return an empty workspace."""
    create_workspace(tmp_path / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    return open_workbench(tmp_path / "shop")


def test_products_of_a_campaign_add_up_without_their_ids(workbench: Workbench, tmp_path: Path) -> None:
    """Without the column of products, the rows of a campaign and day are one; no money gets lost."""
    header = [
        "商家UID",
        "日期",
        "计划ID",
        "计划名称",
        "消耗(元)",
        "曝光(次)",
        "引导支付金额(元)",
        "智能补贴券金额(元)",
        "直接商详访问数(次)",
    ]
    rows = [
        ["9", "08-11", "1", "春季", "10.50", "100", "30.00", "0", "5"],
        ["9", "08-11", "1", "春季", "4.50", "50", "20.00", "1", "6"],
    ]
    path = put(tmp_path, "得物推_2026-08-12.csv", delimited([header, *rows]))
    (result,) = workbench.import_files([path]).files
    assert (result.layout, result.error, dict(result.problems.totals)) == ("dewu_promo", None, {})
    with workbench.reader() as connection:
        query = "SELECT target, cost, impressions, sales_amount FROM ad_period"
        assert connection.execute(query).fetchall() == [("-", Decimal("15.00"), 150, Decimal("50.00"))]


@pytest.mark.parametrize("currency", [[], ["Currency"]], ids=["untold", "told"])
def test_a_day_and_month_of_an_unknown_order_is_refused(
    workbench: Workbench, tmp_path: Path, currency: list[str]
) -> None:
    """`07/08/2026` is a day only where the currency tells the marketplace; equal rows then add up."""
    row = ["07/08/2026", "US", "C", "A", "mug", "BROAD", "blue mug", "10", "2", "1.50", "20.00", "1"]
    header = [*_AMAZON, *_AMAZON_SUMS, "7 Day Advertised SKU Sales", *currency]
    rows = [[*row, "20.00", *(["USD"] * len(currency))]] * 2
    path = put(tmp_path, "search.csv", delimited([header, *rows]))
    (result,) = workbench.import_files([path]).files
    assert (result.layout, result.error) == ("amazon_sp_search", None)
    with workbench.reader() as connection:
        found = connection.execute("SELECT day::VARCHAR, cost, clicks FROM ad_period").fetchall()
    if currency:
        assert (found, result.main.rejected) == ([("2026-07-08", Decimal("3.00"), 4)], 0)
    else:
        assert (found, dict(result.problems.totals)) == ([], {"date_order_unknown": 2})


@pytest.mark.parametrize(
    "header",
    [
        ["统计日期", "终端", "访客数", "浏览量", "支付金额"],
        ["统计日期", "时段", "访客数", "浏览量", "支付金额"],
        ["统计日期", "入店搜索词", "访客数", "浏览量", "支付金额"],
        ["订单编号", "订单状态", "订单创建时间", "买家实际支付金额", "买家应付货款", "购买数量", "商品标题"],
    ],
    ids=["terminal", "hour", "term", "suborder"],
)
def test_a_part_is_not_taken_for_the_whole(workbench: Workbench, tmp_path: Path, header: list[str]) -> None:
    """Rows of an hour, a terminal or a term are not the shop's day, and lines of an order are not the order."""
    rows = [header, *([["2026-08-11", "甲", "2026-08-11 10:00:00", "5", "8.00", "1", "乙"][: len(header)]] * 2)]
    path = put(tmp_path, "自助取数_2026-08-11_2026-08-11.csv", delimited(rows))
    (result,) = workbench.import_files([path]).files
    assert result.error is not None
    assert result.error.code == "unknown_layout"


def test_figures_of_several_days_are_of_no_day(workbench: Workbench, tmp_path: Path) -> None:
    """A stock without a column of days, under a notice of a week, is refused: it is of no day of it."""
    rows = [["统计时间：2026-08-03~2026-08-09", "", ""], ["商家编码", "可售库存", "在途"], ["MUG-B", "7", "3"]]
    (result,) = workbench.import_files([put(tmp_path, "库存.csv", delimited(rows))]).files
    assert (result.layout, dict(result.problems.totals)) == ("shop_stock", {"day_unknown": 1})


@pytest.mark.parametrize("word", ["合计", "总计：", "Total"])
def test_a_sum_that_a_person_added_is_no_order(workbench: Workbench, tmp_path: Path, word: str) -> None:
    """A last row that someone summed in a spreadsheet adds no order and no money, though the platform writes none."""
    header = [
        "订单编号",
        "买家会员名",
        "总金额",
        "买家实际支付金额",
        "订单状态",
        "订单创建时间",
        "订单付款时间",
        "退款金额",
    ]
    order = [
        "1930000000000001",
        "wang88",
        "8.00",
        "8.00",
        "交易成功",
        "2026-08-11 10:00:00",
        "2026-08-11 10:01:00",
        "0",
    ]
    rows = [header, order, [word, "", "8.00", "8.00", "", "", "", "0"]]
    (result,) = workbench.import_files([put(tmp_path, "ExportOrderList.csv", delimited(rows))]).files
    assert (result.layout, result.error) == ("qianniu_orders_2019", None)
    with workbench.reader() as connection:
        assert connection.execute("SELECT count(*), sum(paid_amount) FROM order_header").fetchall() == [
            (1, Decimal("8.00"))
        ]


def test_a_percentage_that_is_not_told_is_no_fault(workbench: Workbench, tmp_path: Path) -> None:
    """`--%` says that there is nothing, as `--` does."""
    rows = [["统计日期", "访客数", "浏览量", "支付金额", "跳失率"], ["2026-08-11", "5", "9", "8.00", "--%"]]
    (result,) = workbench.import_files([put(tmp_path, "自助取数.csv", delimited(rows))]).files
    assert (result.layout, result.error, dict(result.problems.totals)) == ("sycm_shop_day", None, {})
