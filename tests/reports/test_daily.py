"""The daily sheet, read back."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell

from duoshou.model import Comparison, Grain, Period
from duoshou.reports import ReportError
from duoshou.reports.styles import MISSING

SHEETS = ["概览", "发现", "趋势", "商品", "推广", "退款", "数据检查", "口径说明", "导出清单"]
Books = Callable[..., Path]
NAMES = ("platform", "invoice", "empty")

# openpyxl knows no sparklines and no data bars, and says so at every opening.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


def _open(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def _cells(book: Any) -> Iterator[tuple[str, Cell]]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell) for cell in row if cell.value is not None)


def _find(sheet: Any, text: str, column: int = 1) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_book_has_its_sheets_ready_to_print(books: Books, name: str, language: str) -> None:
    """Every shop gets the same sheets, A4 landscape and one page wide."""
    book = _open(books(name, language))
    assert len(book.sheetnames) == len(SHEETS)
    if language == "zh":
        assert book.sheetnames == SHEETS
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_a_formula(books: Books, name: str) -> None:
    """Not one formula in the book, whatever the titles, names and files are called."""
    path = books(name)
    assert [cell.coordinate for _, cell in _cells(_open(path)) if cell.data_type == "f"] == []
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            if member.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(member)


def test_hostile_titles_are_shown_as_they_are(books: Books) -> None:
    """A title that looks like a formula is text, and no title becomes a link or a number."""
    sheet = _open(books("platform"))["商品"]
    titles = {cell.value: cell for row in sheet.iter_rows(min_col=3, max_col=3) for cell in row if cell.value}
    for title in ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "http://example.com", "00123"):
        assert titles[title].data_type == "s"
        assert titles[title].hyperlink is None


def test_numbers_are_numbers_with_their_formats(books: Books) -> None:
    """Money has thousands and cents, counts are whole, rates are percents, changes of rates percentage points."""
    sheet = _open(books("platform"))["概览"]
    formats = {"支付金额": "#,##0.00", "支付订单数": "#,##0", "支付转化率": "0.00%", "投产比": "#,##0.00"}
    for title, number in formats.items():
        row = _find(sheet, title)
        assert isinstance(sheet.cell(row, 2).value, int | float)
        assert sheet.cell(row, 2).number_format.startswith(number)
    assert "pp" in sheet.cell(_find(sheet, "支付转化率"), 5).number_format
    assert "%" in sheet.cell(_find(sheet, "支付金额"), 5).number_format


def test_overview_shows_what_the_metrics_layer_says(books: Books, platform_shop: Any) -> None:
    """Value, compared values and changes of a KPI equal the answers of the metrics layer."""
    sheet = _open(books("platform"))["概览"]
    row = _find(sheet, "支付金额")
    for column, comparison in ((4, Comparison.PREVIOUS), (6, Comparison.WEEK)):
        asked = platform_shop.ask(["pay_amount"], period=Period.of_day(platform_shop.day), compare=comparison)
        value = asked.rows[0].values["pay_amount"]
        assert sheet.cell(row, 2).value == pytest.approx(float(value.value))
        assert sheet.cell(row, column).value == pytest.approx(float(value.compare))
        assert sheet.cell(row, column + 1).value == pytest.approx(value.change)


def test_unknown_is_a_dash_and_never_zero(books: Books) -> None:
    """A shop of sixty days has no last year: dashes, as text, to the right."""
    sheet = _open(books("platform"))["概览"]
    cell = sheet.cell(_find(sheet, "支付金额"), 8)
    assert cell.value == MISSING
    assert cell.alignment.horizontal == "right"


def test_missing_day_is_a_gap_and_the_others_keep_their_source(books: Books, platform_shop: Any) -> None:
    """A lost shop day shows a dash in the trend; the other days still come from the platform's shop figures."""
    sheet = _open(books("platform"))["趋势"]
    header = next(row for row in range(1, 10) if sheet.cell(row, 1).value == "日期")
    heads = [sheet.cell(header, column).value for column in range(1, 15)]
    visitors = heads.index("访客数") + 1
    values = {sheet.cell(row, 1).value: sheet.cell(row, visitors).value for row in range(header + 1, header + 36)}
    dashes = [day for day, value in values.items() if value == MISSING]
    assert [(platform_shop.day - day.date()).days for day in dashes] == [5]
    last = max(day for day in values if isinstance(day, datetime))
    asked = platform_shop.ask(["visitors"], period=Period.of_day(last.date()))
    assert values[last] == asked.rows[0].values["visitors"].value


def test_trend_has_native_charts_over_numbers(books: Books) -> None:
    """The charts point at cells that hold numbers or nothing, never at a dash."""
    book = _open(books("platform"))
    sheet = book["趋势"]
    assert len(sheet._charts) >= 2
    with zipfile.ZipFile(books("platform")) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    ranges = [found for chart in charts for found in re.findall(r"<c:val><c:numRef><c:f>([^<]+)</c:f>", chart)]
    assert ranges
    for found in ranges:
        name, cells = found.rsplit("!", 1)
        for (cell,) in book[name.strip("'")][cells.replace("$", "")]:
            assert cell.value is None or isinstance(cell.value, int | float)


def test_provisional_cells_are_marked(books: Books) -> None:
    """Net amounts of the last days are italic and hatched, those of a month ago are not."""
    sheet = _open(books("platform"))["趋势"]
    header = next(row for row in range(1, 10) if sheet.cell(row, 1).value == "日期")
    net = [sheet.cell(header, column).value for column in range(1, 15)].index("净支付金额") + 1
    young, old = sheet.cell(header + 35, net), sheet.cell(header + 1, net)
    assert young.font.italic
    assert young.fill.fill_type == "lightUp"
    assert not old.font.italic


@pytest.mark.parametrize("name", ["platform", "invoice"])
def test_every_link_leads_to_the_line_of_its_metric(books: Books, name: str) -> None:
    """A KPI's name leads to the line on 口径说明 that begins with the same name."""
    book = _open(books(name))
    links = [(cell, cell.hyperlink.location) for _, cell in _cells(book) if cell.hyperlink is not None]
    assert len(links) > 10
    for cell, location in links:
        assert location is not None
        sheet, place = location.rsplit("!", 1)
        target = book[sheet.strip("'")][place]
        assert target.value == cell.value or sheet == "'数据检查'"


@pytest.mark.parametrize("name", ["platform", "invoice"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_metric_of_the_book_is_defined_in_it(books: Books, platform_shop: Any, name: str, language: str) -> None:
    """Each heading that names a metric, on whatever sheet, has its line with formula and source."""
    book = _open(books(name, language))
    titles = {metric.title.in_language(language): metric for metric in platform_shop.catalogue.metrics.values()}
    sheet = book["口径说明" if language == "zh" else "Definitions"]
    defined = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=5)}
    shown = {cell.value for _, cell in _cells(book) if cell.value in titles}
    assert {"支付金额", "Amount paid"} & shown
    for title in shown:
        line = defined[title]
        assert line[1] == titles[title].formula.in_language(language)
        assert line[2]


def test_definitions_name_the_source_that_answered(books: Books) -> None:
    """Visitors come from the platform's shop figures and from products, orders from order lines: by table name."""
    sheet = _open(books("platform"))["口径说明"]
    sources = {row[0].value: str(row[2].value) for row in sheet.iter_rows(min_row=5)}
    assert "shop_period" in sources["访客数"]
    assert "ad_period" in sources["推广花费"]


def test_invoice_shop_says_what_to_export(books: Books) -> None:
    """A shop with nothing but orders has its sheet, and is told how to get the rest."""
    book = _open(books("invoice"))
    assert "万相台" in book["推广"]["A4"].value
    texts = [cell.value for name, cell in _cells(book) if name == "概览" and isinstance(cell.value, str)]
    assert any("访客数" in text and "还没有来源" in text for text in texts)
    assert isinstance(book["概览"].cell(_find(book["概览"], "支付金额"), 2).value, int | float)


def test_empty_workspace_gets_a_book_without_numbers(books: Books) -> None:
    """No data: a book that opens and says so."""
    book = _open(books("empty"))
    assert "还没有数据" in book["概览"]["A4"].value


def test_findings_come_with_their_rows(books: Books, platform_shop: Any) -> None:
    """Every finding is on 数据检查 with headline, action and evidence; the sure ones are on the overview too."""
    book = _open(books("platform"))
    findings = platform_shop.findings()
    assert findings
    texts = {cell.value for name, cell in _cells(book) if name == "数据检查"}
    overview = "\n".join(str(cell.value) for name, cell in _cells(book) if name == "概览")
    for finding in findings:
        assert finding.headline.zh in texts
        assert finding.recommendations[0].action.zh in texts
        assert finding.headline.zh in overview


def test_english_book_has_no_chinese_of_its_own(books: Books) -> None:
    """Chinese in the English book comes from the shop's own data only: its name and its titles."""
    own = re.compile(r"示范店|商品 \d+|计划 \d+")
    for name, cell in _cells(_open(books("platform", "en"))):
        text = own.sub("", str(cell.value))
        chinese = [char for char in text if "CJK" in unicodedata.name(char, "")]
        assert not chinese, (name, cell.coordinate, cell.value)


def test_equal_input_gives_equal_bytes(platform_shop: Any, tmp_path: Path) -> None:
    """The book of a day is the same whenever it is written."""
    first, second = (platform_shop.write(tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert first.read_bytes() == second.read_bytes()


def test_properties_and_font(books: Books) -> None:
    """The file says what it is, and uses a font that Chinese Windows and Office have."""
    book = _open(books("platform"))
    assert "示范店" in book.properties.title
    assert book["概览"]["A1"].font.name == "Microsoft YaHei"


def test_panes_are_frozen_under_the_headings(books: Books) -> None:
    """Sheets with a table keep its heading in sight and repeat it on paper."""
    book = _open(books("platform"))
    for name in ("概览", "趋势", "商品", "推广", "数据检查", "口径说明"):
        assert book[name].freeze_panes is not None
        assert book[name].print_title_rows


def test_shares_of_products_add_up(books: Books) -> None:
    """The cumulative share ends at one."""
    sheet = _open(books("platform"))["商品"]
    shares = [row[6].value for row in sheet.iter_rows(min_row=5) if isinstance(row[6].value, float | int)]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def test_unwritable_place_is_a_clear_error(empty_shop: Any, tmp_path: Path) -> None:
    """A folder in the way gives an error of the reports, and leaves no half-written file."""
    (tmp_path / "taken.xlsx").mkdir()
    with pytest.raises(ReportError) as caught:
        empty_shop.write(tmp_path / "taken.xlsx")
    assert caught.value.code == "report_unwritable"
    assert [path.name for path in tmp_path.iterdir()] == ["taken.xlsx"]


@pytest.mark.libreoffice
def test_libreoffice_reads_the_same_values(books: Books, tmp_path: Path) -> None:
    """LibreOffice opens the book and writes it again with the same values in every cell."""
    source = books("platform")
    soffice = shutil.which("soffice")
    assert soffice is not None
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "again"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    first, second = _open(source), _open(tmp_path / "again" / source.name)
    assert first.sheetnames == second.sheetnames
    for name, cell in _cells(first):
        other = second[name][cell.coordinate].value
        if isinstance(cell.value, int | float):
            assert other == pytest.approx(cell.value), (name, cell.coordinate)
        elif isinstance(cell.value, datetime):
            assert other == cell.value
        else:
            assert str(other).split() == str(cell.value).split(), (name, cell.coordinate)


def test_weeks_of_refunds_are_by_payment(books: Books, platform_shop: Any) -> None:
    """The cohort table shows the refund rate of each week of payment, the young ones hatched."""
    sheet = _open(books("platform"))["退款"]
    start = Grain.WEEK.start(platform_shop.day)
    row = _find(sheet, Grain.WEEK.label(start))
    header = next(one for one in range(row, 0, -1) if sheet.cell(one, 1).value == "付款周")
    column = [sheet.cell(header, each).value for each in range(1, 9)].index("退款率（按支付时间）") + 1
    asked = platform_shop.ask(["refund_rate"], period=Period(start, platform_shop.day))
    assert sheet.cell(row, column).value == pytest.approx(asked.rows[0].values["refund_rate"].value)
    assert sheet.cell(row, column).fill.fill_type == "lightUp"
