"""The weekly book and the monthly summary, read back."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell
from tests.reports.conftest import _warehouse

from duoshou.metrics import Flag, MetricValue, QueryRow, Unit
from duoshou.model import Comparison, Period, Text
from duoshou.reports import FileToFetch, Target
from duoshou.reports.books import own_parts
from duoshou.reports.sheets.month import groups
from duoshou.reports.sheets.movers import moves_of

Books = Callable[..., Path]
KINDS = ("weekly", "summary")
SHEETS = {
    "weekly": ["概览", "趋势", "商品涨跌", "流量来源", "推广", "退款", "数据检查", "口径说明", "导出清单"],
    "summary": ["示范店", "口径说明"],
}

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


def _open(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def _cells(book: Any) -> Iterator[tuple[str, Cell]]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell) for cell in row if cell.value is not None)


def _find(sheet: Any, text: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == text)


@pytest.mark.parametrize("name", ["platform", "invoice", "empty"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_shop_gets_its_sheets_ready_to_print(books: Books, name: str, kind: str) -> None:
    """The same sheets whatever data there are, A4 landscape, without a formula."""
    book = _open(books(name, "zh", kind))
    assert book.sheetnames == SHEETS[kind]
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert [cell.coordinate for _, cell in _cells(book) if cell.data_type == "f"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_english_books_have_no_chinese_of_their_own(books: Books, kind: str) -> None:
    """Chinese in an English book comes from the shop's own data only."""
    own = re.compile(r"示范店|商品 \d+|计划 \d+")
    for name, cell in _cells(_open(books("platform", "en", kind))):
        text = own.sub("", str(cell.value))
        assert not [char for char in text if "CJK" in unicodedata.name(char, "")], (name, cell.coordinate, cell.value)


@pytest.mark.parametrize("kind", KINDS)
def test_equal_input_gives_equal_bytes(platform_shop: Any, tmp_path: Path, kind: str) -> None:
    """A book is the same whenever it is written."""
    first, second = (platform_shop.write(tmp_path / name, kind=kind) for name in ("a.xlsx", "b.xlsx"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_every_metric_is_defined_in_its_book(books: Books, platform_shop: Any, kind: str) -> None:
    """Each name of a metric, on whatever sheet, has its line with formula and source."""
    book = _open(books("platform", "zh", kind))
    titles = {metric.title.zh: metric for metric in platform_shop.catalogue.metrics.values()}
    defined = {row[0].value: row[1].value for row in book["口径说明"].iter_rows(min_row=5)}
    shown = {cell.value for name, cell in _cells(book) if name != "口径说明" and cell.value in titles}
    assert "支付金额" in shown
    assert {title: defined.get(title) for title in shown} == {title: titles[title].formula.zh for title in shown}


def test_the_week_is_what_the_metrics_layer_says(books: Books, platform_shop: Any) -> None:
    """Value, compared values and changes equal the answers for Monday to the day."""
    sheet = _open(books("platform", "zh", "weekly"))["概览"]
    week = Period(platform_shop.day - timedelta(days=platform_shop.day.weekday()), platform_shop.day)
    for title, key in (("支付金额", "pay_amount"), ("访客数", "visitors"), ("推广花费", "ad_cost")):
        row = _find(sheet, title)
        asked = platform_shop.ask([key], period=week, compare=Comparison.WEEK).rows[0].values[key]
        assert sheet.cell(row, 2).value == pytest.approx(float(asked.value))
        assert sheet.cell(row, 4).value == pytest.approx(float(asked.compare))
        assert sheet.cell(row, 5).value == pytest.approx(asked.change)


def test_targets_show_how_far_the_month_is(platform_shop: Any, tmp_path: Path) -> None:
    """Progress is the month to date over the target; the share of the days that are over stands below."""
    month = platform_shop.day.replace(day=1)
    targets = [
        Target("main", month, "pay_amount", Decimal(400_000)),
        Target("main", month - timedelta(days=1), "pay_orders", Decimal(1)),
        Target("other", month, "visitors", Decimal(1)),
        Target("main", month, "clicks", Decimal(1_000_000)),
    ]
    sheet = _open(platform_shop.write(tmp_path / "a.xlsx", kind="weekly", targets=targets))["概览"]
    row = _find(sheet, "支付金额")
    assert sheet.cell(row, 9).value == 400_000
    assert sheet.cell(row, 10).value == pytest.approx(sheet.cell(row, 8).value / 400_000)
    clicks = _find(sheet, "点击量")
    assert sheet.cell(clicks, 10).value == pytest.approx(sheet.cell(clicks, 8).value / 1_000_000)
    others = [sheet.cell(each, 10).value for each in range(6, 40) if each not in {row, clicks}]
    assert [value for value in others if isinstance(value, float)] == []
    assert f"本月已过 {platform_shop.day.day} 天，共 31 天" in "\n".join(
        str(sheet.cell(each, 1).value) for each in range(6, 40)
    )


def _row(product: str, value: object, compare: object, *flags: Flag) -> QueryRow:
    one = MetricValue(value, compare, None, None, "order_line", frozenset(flags), Unit.MONEY)  # type: ignore[arg-type]
    return QueryRow({"product": product}, {"pay_amount": one})


def test_movers_are_sorted_by_money() -> None:
    """A product absent in one week counts as 0 in it; the order is by gain, then by name."""
    rows = [
        _row("a", Decimal(10), Decimal(30)),
        _row("b", Decimal(50), None),
        _row("c", None, Decimal(5)),
        _row("d", Decimal(7), Decimal(7)),
    ]
    moves = moves_of(rows)
    assert moves is not None
    assert [(move.product, int(move.difference)) for move in moves] == [("b", 50), ("d", 0), ("c", -5), ("a", -20)]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [_row("a", Decimal(10), None), _row("b", Decimal(5), None)],
        [_row("a", None, Decimal(10))],
        [_row("a", Decimal(10), Decimal(10), Flag.MISSING_DAYS)],
    ],
)
def test_unknown_weeks_move_nothing(rows: list[QueryRow]) -> None:
    """Where one of the weeks is unknown or has gaps, no product rose or fell for sure."""
    assert moves_of(rows) is None


def test_movers_add_up_to_the_change_of_the_shop(books: Books, platform_shop: Any) -> None:
    """The total at the foot is the difference of the two weeks' sums over products, each asked for alone."""
    sheet = _open(books("platform", "zh", "weekly"))["商品涨跌"]
    week = Period(platform_shop.day - timedelta(days=platform_shop.day.weekday()), platform_shop.day)
    sums = []
    for days in (week, week.compared(Comparison.WEEK)):
        rows = platform_shop.ask(["pay_amount"], by=["product"], period=days).rows
        sums.append(sum(float(row.values["pay_amount"].value or 0) for row in rows))
    total = sheet.cell(_find(sheet, "全部商品变化合计"), 5).value
    assert total == pytest.approx(sums[0] - sums[1], abs=0.01)


def test_the_summary_has_a_day_a_row(books: Books, platform_shop: Any) -> None:
    """The days of the month up to the day of the book, and a dash for the day that is missing."""
    sheet = _open(books("platform", "zh", "summary"))["示范店"]
    row = _find(sheet, "日期")
    days = [sheet.cell(row + number, 1).value.date() for number in range(1, platform_shop.day.day + 1)]
    assert days == [date(2026, 8, number) for number in range(1, platform_shop.day.day + 1)]
    column = [cell.value for cell in sheet[row]].index("访客数") + 1
    dashes = [day for number, day in enumerate(days, start=1) if sheet.cell(row + number, column).value == "—"]
    assert dashes == [platform_shop.day - timedelta(days=5)]
    assert sheet.freeze_panes == "C6"
    assert [cell.value for cell in sheet[row - 1] if cell.value] == ["流量", "下单", "支付", "新老客", "退款", "推广"]


def test_every_column_of_the_summary_is_a_metric_or_to_come(platform_shop: Any) -> None:
    """Only margins may be missing from the catalogue of the shop; nothing is written twice."""
    keys = [key for group in groups() for key in group.metrics]
    assert len(keys) == len(set(keys))
    assert set(keys) - set(platform_shop.catalogue.metrics) <= {"gross_margin", "gross_margin_rate"}


@pytest.mark.parametrize(
    ("change", "shown"),
    [("currency", "元"), ("'USD'", "USD"), ("CASE WHEN day(period_start) < 3 THEN 'EUR' ELSE 'USD' END", "EUR / USD")],
)
def test_the_book_names_the_currency_of_the_sales(tmp_path: Path, change: str, shown: str) -> None:
    """A shop that sells in another currency than the workspace's is labelled with its own."""
    faults = [
        "DELETE FROM order_line", "DELETE FROM order_header", "DELETE FROM product_period", "DELETE FROM ad_period",
        f"UPDATE shop_period SET currency = {change}",
    ]  # fmt: skip
    shop = _warehouse(tmp_path / "shop.duckdb", faults, days=20, orders_a_day=3.0)
    sheet = _open(shop.write(tmp_path / "a.xlsx", kind="summary"))["示范店"]
    assert str(sheet["A2"].value).endswith(f"金额单位：{shown}")


def test_files_to_fetch_are_listed_with_their_menus(platform_shop: Any, tmp_path: Path) -> None:
    """What is late stands first and bold, with the days that are missing."""
    late = FileToFetch(
        "主店", Text("店铺日数据", "shop days"), Text("后台 → 店铺", "Console → Shop"), "stale",
        date(2026, 8, 20), date(2026, 8, 21), date(2026, 8, 29), Text("", ""),
    )  # fmt: skip
    other = FileToFetch("主店", Text("商品", "products"), None, "optional", None, None, None, Text("加购", "carts"))
    sheet = _open(platform_shop.write(tmp_path / "a.xlsx", fetch=[late, other]))["导出清单"]
    row = _find(sheet, "店铺")
    cells = [cell.value for cell in sheet[row + 1]]
    assert cells == ["主店", "店铺日数据", "要下载", "2026-08-20", "2026-08-21 – 2026-08-29", "后台 → 店铺", None]
    assert sheet.cell(row + 1, 2).font.bold
    assert not sheet.cell(row + 2, 2).font.bold
    assert sheet.cell(row + 2, 7).value == "加购"


def test_own_sheets_never_take_the_name_of_another(platform_shop: Any, tmp_path: Path) -> None:
    """Equal and forbidden names get a number and blanks."""
    from duoshou.reports.books import Opened
    from duoshou.reports.words import Words

    names = {"definitions": "口径说明", **own_parts(["口径说明", "a/b", "A b", "x" * 40, "x" * 31])}
    opened = Opened.of(Words("zh"), platform_shop.day, "t", names)
    found = [sheet.name for sheet in opened.sheets.values()]
    assert found == ["口径说明", "口径说明 (2)", "a b", "A b (2)", "x" * 31, "x" * 27 + " (2)"]


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", KINDS)
def test_libreoffice_opens_it(books: Books, tmp_path: Path, kind: str) -> None:
    """LibreOffice reads the same sheets and numbers."""
    source = books("platform", "zh", kind)
    soffice = shutil.which("soffice")
    assert soffice is not None
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "again"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    first, second = _open(source), _open(tmp_path / "again" / source.name)
    assert first.sheetnames == second.sheetnames
    for name, cell in _cells(first):
        if isinstance(cell.value, int | float):
            assert second[name][cell.coordinate].value == pytest.approx(cell.value), (name, cell.coordinate)
