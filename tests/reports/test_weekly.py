"""The weekly book and the monthly summary, read back."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
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
from duoshou.reports import FileToFetch, Projection, TargetProgress, verdict
from duoshou.reports.asking import Answers
from duoshou.reports.books import own_parts
from duoshou.reports.sheets.month import groups
from duoshou.reports.sheets.movers import moves_of
from duoshou.reports.sheets.sources import _as_tree
from duoshou.reports.sheets.week import SERVICE

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
        assert int(sheet.page_setup.paperSize) in {8, 9}
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


def test_last_year_is_aligned_by_festival(books: Books, platform_shop: Any) -> None:
    """The third comparison is what the calendar pairs, and a note below the table says which days those are."""
    from duoshou.settings.calendar import load_calendar

    sheet = _open(books("platform", "zh", "weekly"))["概览"]
    week = Period(platform_shop.day - timedelta(days=platform_shop.day.weekday()), platform_shop.day)
    heads = [cell.value for cell in sheet[_find(sheet, "指标")]]
    assert heads[5] == "去年同期\n（对齐节日）"
    text = "\n".join(str(sheet.cell(each, 1).value) for each in range(6, 60))
    for note in load_calendar(platform_shop.settings).align(week).notes():
        assert f"去年同期的取法：{note.zh}" in text


def _target(catalogue: Any, key: str, target: str, **facts: Any) -> TargetProgress:
    shown = {"value": Decimal(100_000), "flags": frozenset(), "reached": 0.25, "expected": 0.5, "basis": "weekday"}
    day = facts.pop("day")
    return TargetProgress("main", catalogue.metrics[key], Decimal(target), day, **{**shown, **facts})


def test_targets_show_how_far_the_month_is(platform_shop: Any, tmp_path: Path) -> None:
    """The section has target, value, shares, projection and verdict, or why it cannot be told; no other shop's."""
    catalogue, day = platform_shop.catalogue, platform_shop.day
    ends = Projection(200_000.0, 150_000.0, 250_000.0)
    why = Text("只有 3 天的数据", "three days only")
    targets = [
        _target(catalogue, "pay_amount", "400000", day=day, projection=ends, needed=10_000.4),
        _target(catalogue, "clicks", "1000000", day=day - timedelta(days=1), value=None, reached=None, why_not=why),
        replace(_target(catalogue, "visitors", "1", day=day), shop="other"),
    ]
    odd = [Text("没有叫“利闰”的指标", "no such metric")]
    for kind in ("daily", "weekly"):
        path = platform_shop.write(tmp_path / f"{kind}.xlsx", kind=kind, targets=targets, odd_targets=odd)
        sheet = _open(path)["概览"]
        first = _find(sheet, "目标进度")
        cells = [cell.value for cell in sheet[first + 2]]
        assert cells[:6] == ["支付金额", 400_000, 100_000, 0.25, 0.5, 200_000]
        assert cells[6] == "150,000 – 250,000"
        assert cells[8:10] == [pytest.approx(10_000.4), "很可能达不到"]
        assert sheet.cell(first + 3, 1).value == "点击量"
        assert sheet.cell(first + 3, 6).value == "不能判断：只有 3 天的数据"
        text = "\n".join(str(sheet.cell(each, 1).value) for each in range(first, first + 12))
        assert f"本月已过 {day.day} 天，共 31 天" in text
        assert f"数据只到 {day - timedelta(days=1)}" in text
        assert "没有叫“利闰”的指标" in text
    row = _find(sheet, "支付金额")
    assert [sheet.cell(row, column).value for column in (9, 10)] == [400_000, 0.25]
    assert sheet.cell(_find(sheet, "访客数"), 9).value is None


@pytest.mark.parametrize(
    ("reached", "low", "high", "expected"),
    [(1.0, 1, 2, "done"), (0.5, 100, 120, "likely"), (0.5, 90, 120, "open"), (0.5, 80, 99, "unlikely")],
)
def test_the_verdict_follows_the_interval(
    platform_shop: Any, reached: float, low: int, high: int, expected: str
) -> None:
    """Likely where the whole interval reaches the target, unlikely where none of it does, else open."""
    ends = Projection((low + high) / 2, low, high)
    one = _target(platform_shop.catalogue, "pay_amount", "100", day=date(2026, 8, 1), reached=reached, projection=ends)
    assert verdict(one) == expected
    assert verdict(replace(one, reached=0.5, projection=None)) == "open"


def test_no_sheet_asks_for_a_metric_that_is_not_there(
    platform_shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that the catalogue lost or renamed is found here; it would only drop out of the book."""
    asked: set[str] = set()

    def known(self: Answers, metrics: Sequence[str]) -> list[str]:
        asked.update(metrics)
        return [key for key in metrics if key in self.catalogue.metrics]

    monkeypatch.setattr(Answers, "known", known)
    for kind in ("daily", *KINDS):
        platform_shop.write(tmp_path / f"{kind}.xlsx", kind=kind)
    assert asked >= {*SERVICE, "pay_amount", "roas", "gross_margin"}
    assert asked - set(platform_shop.catalogue.metrics) == set()


def test_sources_stand_below_what_holds_them() -> None:
    """A tree by size: the bigger branch first, its parts below it, a part never before the whole."""
    sizes = {"a": 10, "b": 30, "b > x": 5, "b > y": 20, "a > z": 9}
    one = [MetricValue(size, None, None, None, "t", frozenset(), Unit.PEOPLE) for size in sizes.values()]
    rows = [QueryRow({"traffic_source": path}, {"visitors": v}) for path, v in zip(sizes, one, strict=True)]
    ordered = [row.dimensions["traffic_source"] for row in _as_tree(rows, "visitors")]
    assert ordered == ["b", "b > y", "b > x", "a", "a > z"]


def test_a_wide_summary_goes_on_a3(tmp_path: Path) -> None:
    """One page wide: A4 up to sixteen columns of numbers, A3 beyond."""
    from duoshou.reports.books import Opened
    from duoshou.reports.words import Words

    opened = Opened.of(Words("zh"), date(2026, 8, 1), "t", {"definitions": "d", "a": "a", "b": "b"})
    opened.sheets["a"].fit(16, tall=1)
    opened.sheets["b"].fit(17)
    book = _open(opened.save(tmp_path / "a.xlsx"))
    shown = {
        name: (int(book[name].page_setup.paperSize), int(book[name].page_setup.fitToWidth or 1)) for name in ("a", "b")
    }
    assert shown == {"a": (9, 1), "b": (8, 1)}


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


def test_every_column_of_the_summary_is_a_metric(platform_shop: Any) -> None:
    """Every key is in the catalogue; nothing is written twice."""
    keys = [key for group in groups() for key in group.metrics]
    assert len(keys) == len(set(keys))
    assert set(keys) <= set(platform_shop.catalogue.metrics)


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
