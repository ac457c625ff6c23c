"""The books of a workspace with several shops, made from imported files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.app.conftest import LAST, make_workbench, put, shop_file

from duoshou.app import Workbench, open_workbench
from duoshou.reports import ReportError
from duoshou.settings import Shop

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


def opened(path: Path) -> Any:
    """Return the book at a path."""
    return openpyxl.load_workbook(path)


def heads(sheet: Any, first: str) -> tuple[int, dict[str, int]]:
    """Return the row of the headings that begin with `first`, and heading → column."""
    row = next(row for row in range(1, 40) if sheet.cell(row, 1).value == first)
    return row, {cell.value: cell.column for cell in sheet[row] if cell.value}


def texts(sheet: Any) -> str:
    """Return all text of a sheet."""
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str))


@pytest.fixture(scope="module")
def summary(two_shops: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The summary of both shops."""
    return opened(two_shops.report("summary", day=LAST, output=tmp_path_factory.mktemp("summary") / "book.xlsx"))


def test_a_sheet_for_each_shop_and_one_over_them(summary: Any) -> None:
    """Names that a spreadsheet refuses are mended."""
    assert summary.sheetnames == ["全部店铺", "淘宝店", "天猫店 旗舰", "口径说明"]


def test_every_day_has_its_row_and_the_month_is_computed_anew(summary: Any) -> None:
    """Worked out by hand: on the n-th 30n visitors, 3n buyers for 300n; 18 days make 171 × 30, 3, 300."""
    sheet = summary["淘宝店"]
    row, column = heads(sheet, "日期")
    days = {sheet.cell(row + number, 1).value: row + number for number in range(1, 19)}
    assert list(days) == [datetime(2026, 11, number) for number in range(1, 19)]
    fifth = days[datetime(2026, 11, 5)]
    assert sheet.cell(fifth, 2).value == "周四"
    assert sheet.cell(fifth, column["访客数"]).value == 150
    assert sheet.cell(fifth, column["支付金额"]).value == 1500
    assert sheet.cell(fifth, column["支付转化率"]).value == pytest.approx(0.1)
    whole = row + 19
    assert sheet.cell(whole, 1).value == "本月"
    assert sheet.cell(whole, column["支付金额"]).value == 171 * 300
    visitors = sheet.cell(whole, column["访客数"])
    assert (visitors.value, visitors.number_format[:4]) == (171 * 30, '"≈ "')
    # 50 a day for 200: as Σ ÷ Σ, and the mean of the days would be the same; the cost share is not a mean of shares.
    assert sheet.cell(whole, column["投产比"]).value == pytest.approx(4)
    assert sheet.cell(whole, column["费比"]).value == pytest.approx(18 * 50 / (171 * 300))


def test_columns_without_data_are_left_out_with_where_to_export_them(summary: Any) -> None:
    """The other shop has no promotion: its columns are gone, and the foot says which report has them."""
    sheet = summary["天猫店 旗舰"]
    _, column = heads(sheet, "日期")
    assert "推广花费" not in column
    foot = texts(sheet)
    assert "没有数据而未列出：推广花费、推广成交金额、投产比、费比。导出 万相台" in foot
    assert "停留时长" in foot


def test_files_that_tell_only_together_are_named_together(summary: Any) -> None:
    """A margin needs orders and unit costs, so both files are named."""
    lines = [line for line in texts(summary["淘宝店"]).splitlines() if "毛利" in line]
    assert len(lines) == 1
    assert "千牛" in lines[0]
    assert " 和 自备表：商品成本" in lines[0]


def test_shops_are_added_only_where_that_is_true(summary: Any) -> None:
    """Amounts of both shops add up; visitors do not, because the same person may visit both."""
    sheet = summary["全部店铺"]
    row, column = heads(sheet, "店铺")
    values = {sheet.cell(row + number, 1).value: row + number for number in (1, 2, 3)}
    assert list(values) == ["淘宝店", "天猫店/旗舰", "合计"]
    amounts = [sheet.cell(each, column["支付金额"]).value for each in values.values()]
    assert amounts == [171 * 300, 171 * 100, 171 * 400]
    assert sheet.cell(values["合计"], column["访客数"]).value == "—"
    by_day, columns = heads(sheet, "日期")
    assert sheet.cell(by_day + 5, columns["支付金额"]).value == 2000


def test_one_shop_alone(two_shops: Workbench, tmp_path: Path) -> None:
    """Asked for one shop, the book has its sheet only, in the language asked for."""
    book = opened(two_shops.report("summary", day=LAST, output=tmp_path / "a.xlsx", language="en", shop="tm"))
    assert book.sheetnames == ["天猫店 旗舰", "Definitions"]
    assert book.worksheets[0]["A1"].value == "Monthly summary   2026-11"


def test_the_week_to_date_faces_the_same_days_of_the_week_before(two_shops: Workbench, tmp_path: Path) -> None:
    """Monday 16 to Wednesday 18 against 9 to 11: 51 × 300 against 30 × 300, which is 70 % more."""
    book = opened(two_shops.report("weekly", day=LAST, output=tmp_path / "a.xlsx", shop="tb"))
    sheet = book["概览"]
    assert "2026-11-16 至 2026-11-18" in sheet["A2"].value
    row = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "支付金额")
    assert [sheet.cell(row, column).value for column in (2, 4)] == [51 * 300, 30 * 300]
    assert sheet.cell(row, 5).value == pytest.approx(0.7)
    assert sheet.cell(row, 6).value == "—"
    assert sheet.cell(row, 8).value == 171 * 300
    assert "本周到目前 3 天" in sheet["A4"].value
    assert "不能判断" in texts(book["商品涨跌"])
    assert "生意参谋" in texts(book["导出清单"])


def test_books_of_one_shop_are_told_nothing_of_the_others(two_shops: Workbench, tmp_path: Path) -> None:
    """The default shop's sheet lists its own sources only."""
    sheet = opened(two_shops.report("daily", day=LAST, output=tmp_path / "a.xlsx"))["概览"]
    assert "tb.csv" in texts(sheet)
    assert "tm.csv" not in texts(sheet)


def test_the_daily_job_writes_a_sheet_for_each_shop(two_shops: Workbench) -> None:
    """With several shops every one that has files gets its own, named after it; one asked for gets the only one."""
    names = [path.name for path in two_shops.run_day(LAST).reports]
    assert names == [f"daily-{LAST}-tb.xlsx", f"daily-{LAST}-tm.xlsx"]
    assert [path.name for path in two_shops.run_day(LAST, shop="tm").reports] == [f"daily-{LAST}-tm.xlsx"]


def test_each_shop_is_reported_for_its_own_day(tmp_path: Path) -> None:
    """One shop's files end three days earlier, a third has none: each has its own last day, and that is said."""
    workbench = make_workbench(
        tmp_path, Shop(key="a", name="甲店"), Shop(key="b", name="乙店"), Shop(key="c", name="丙店")
    )
    early = LAST - timedelta(days=3)
    put(workbench, "a.csv", shop_file(3), "a", LAST + timedelta(days=1))
    put(workbench, "b.csv", shop_file(1, last=early), "b", early + timedelta(days=1))
    done = workbench.run_day()
    assert (done.day, [one.day for one in done.shops[:2]]) == (LAST, [LAST, early])
    assert [path.name for path in done.reports] == [f"daily-{LAST}-a.xlsx", f"daily-{early}-b.xlsx"]
    assert [(one.shop, one.has_data, one.report is None) for one in done.shops] == [
        ("a", True, False),
        ("b", True, False),
        ("c", False, True),
    ]
    assert workbench.last_complete_day("乙店") == early
    asked = workbench.run_day(LAST)
    assert [(one.day, one.has_data) for one in asked.shops] == [(LAST, True), (LAST, False), (LAST, False)]
    assert [one["date"] for one in asked.to_dict()["shops"]] == [LAST.isoformat()] * 3
    workbench.close()


OWN = """
[[sheet]]
title = "计划"
metrics = ["推广花费", "roas"]
by = ["campaign"]
last = "7d"

[[sheet]]
title = "按周"
metrics = ["pay_amount"]
grain = "week"
books = ["daily"]

[[column]]
metric = "order_value"
"""


@pytest.fixture
def own(two_shops: Workbench) -> Any:
    """Where the workspace's own sheets are written; gone after the test."""
    path = two_shops.workspace.directory / "sheets.toml"
    yield path
    path.unlink(missing_ok=True)


def test_a_workspace_adds_its_own_sheets_and_columns(two_shops: Workbench, own: Path, tmp_path: Path) -> None:
    """A sheet by campaign over seven days in the summary, one by week in the daily sheet, a column more."""
    own.write_text(OWN, encoding="utf-8")
    book = opened(two_shops.report("summary", day=LAST, output=tmp_path / "a.xlsx", shop="tb"))
    assert book.sheetnames == ["淘宝店", "计划", "口径说明"]
    row, column = heads(book["计划"], "推广计划")
    assert [book["计划"].cell(row + 1, each).value for each in (1, 2)] == ["77", "主推"]
    assert book["计划"].cell(row + 1, column["推广花费"]).value == 350
    row, column = heads(book["淘宝店"], "日期")
    assert book["淘宝店"].cell(row + 5, column["笔单价"]).value == pytest.approx(1500 / 16, abs=0.01)
    daily = opened(two_shops.report("daily", day=LAST, output=tmp_path / "b.xlsx", shop="tb"))
    assert daily.sheetnames[-4:] == ["按周", "数据检查", "口径说明", "导出清单"]
    row, column = heads(daily["按周"], "时间")
    # The window of the daily sheet is the last seven days: 12 to 15 of one week, 16 to 18 of the next.
    amounts = [daily["按周"].cell(row + number, 2).value for number in (1, 2)]
    assert amounts == [sum(range(12, 16)) * 300, sum(range(16, 19)) * 300]


def test_what_cannot_be_answered_says_so_on_its_sheet(two_shops: Workbench, own: Path, tmp_path: Path) -> None:
    """A split that no source carries spoils its own sheet only."""
    own.write_text('[[sheet]]\ntitle = "x"\nmetrics = ["visitors"]\nby = ["campaign"]\n', encoding="utf-8")
    book = opened(two_shops.report("summary", day=LAST, output=tmp_path / "a.xlsx", shop="tb"))
    assert "没有来源能按" in texts(book["x"])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[[sheet]]\ntitle = "a"\nmetrics = ["nosuch"]\n', 3, "nosuch"),
        ('[[sheet]]\ntitle = "a"\nmetrics = ["visitors"]\n\n[[sheet]]\ntitle = "b"\nmetrics = ["x"]\n', 7, "x"),
        ('[[sheet]]\ntitle = "a"\nmetrics = ["visitors"]\nby = ["nowhere"]\n', 4, "nowhere"),
        ('[[sheet]]\ntitle = "a"\nmetrics = ["visitors"]\nlast = "soon"\n', 4, "soon"),
        ('[[sheet]]\ntitle = "a"\nmetrics = ["visitors"]\ngrain = "hour"\n', 4, "hour"),
        ('[[sheet]]\ntitle = "a/b"\nmetrics = ["visitors"]\n', 2, "regex"),
        ('[[sheet]]\nmetrics = ["visitors"]\n', 1, "title"),
        ('[[sheet]]\ntitle = "a"\nmetrics = ["visitors"]\nrows = 0\n', 4, "rows"),
        ('[[sheet]]\ntitle = "a"\nmetrics = ["visitors"]\n[[sheet]]\ntitle = "a"\nmetrics = ["visitors"]\n', 5, "a"),
        ('[[column]]\nmetric = "visitors"\n[[column]]\nmetric = "nosuch"\n', 4, "nosuch"),
        ('[[sheet]]\ntitle = "a\n', 2, "TOML"),
    ],
)
def test_a_fault_in_the_own_sheets_is_named_with_its_line(
    two_shops: Workbench, own: Path, text: str, line: int, words: str
) -> None:
    """The error has file, line and what is wrong."""
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        two_shops.report("summary", day=LAST)
    assert caught.value.code == "own_sheets_invalid"
    assert (caught.value.place.file, caught.value.place.row) == ("sheets.toml", line)
    assert words in str(caught.value.message)
    assert caught.value.hint is not None


def test_a_month_without_data_says_so(two_shops: Workbench, tmp_path: Path) -> None:
    """A month before the first file gives a book that opens and says that there is nothing."""
    again = open_workbench(two_shops.workspace.directory)
    book = opened(again.report("summary", day=date(2025, 1, 15), output=tmp_path / "a.xlsx"))
    assert "这个月还没有数据" in texts(book["淘宝店"])
    assert "这个月还没有数据" in texts(book["全部店铺"])
