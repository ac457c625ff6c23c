"""The findings about the business in the daily book, read back."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests import business

from duoshou.analysts.diagnosis.watched import watched_subjects
from duoshou.model import Evidence, EvidenceType, Finding, Text
from duoshou.reports.business import change_text, move_of
from duoshou.reports.styles import MISSING
from duoshou.reports.words import Words

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
Written = Callable[..., Any]


@pytest.fixture
def book(platform_shop: Any, tmp_path: Path) -> Written:
    """Return a daily book of the shop with made-up findings beside those of its data."""

    def written(found: Sequence[Finding], language: str = "zh", *, data: bool = True, **changes: Any) -> Any:
        path = tmp_path / "daily.xlsx"
        kept = platform_shop.findings() if data else []
        platform_shop.write(path, language, findings=[*kept, *found], **changes)
        return openpyxl.load_workbook(path)

    return written


def _texts(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def _row(sheet: Any, start: str, column: int = 2) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, column).value).startswith(start))


def test_findings_stand_by_their_money(book: Written) -> None:
    """The list goes from the dearest to the cheapest, gains by their size, what has no money last."""
    sheet = book(business.one_of_each())["发现"]
    first = _row(sheet, "羊绒围巾：")
    amounts = [sheet.cell(row, 5).value for row in range(first, first + 7)]
    assert amounts == [11997.33, 5200.0, -1555.0, 820.0, 640.0, 310.5, "算不出"]
    assert [sheet.cell(row, 1).value for row in range(first, first + 7)] == [1, 2, 3, 4, 5, 6, 7]
    assert sheet.freeze_panes == f"A{first}"
    assert not sheet.print_title_rows


def test_a_finding_says_what_why_how_much_and_who(book: Written) -> None:
    """One row holds money with interval, loss so far, causes with weights, action, role, effort and confidence."""
    sheet = book([business.finding()])["发现"]
    row = _row(sheet, "羊绒围巾：")
    cells = [sheet.cell(row, column).value for column in (5, 6, 7, 13, 14, 15)]
    assert cells == [11997.33, "8,120 至 15,871", 3856.28, "运营", "几小时", "很可能"]
    assert sheet.cell(row, 8).value.splitlines()[0] == "成交变难（常见于竞品降价）（82%）"
    assert sheet.cell(row, 10).value == business.finding().recommendations[0].action.zh
    texts = _texts(sheet)
    for text in (business.finding().impact.basis.zh, business.COINCIDES.zh, "恢复正常后每天约多赚 428"):  # type: ignore[union-attr]
        assert text in texts


def test_what_is_worth_doing_stands_below_the_troubles(book: Written) -> None:
    """Advice has a list of its own, numbered on, with money and what to do; without troubles it stands alone."""
    advice = replace(
        business.finding(), kind="advertising.waste", headline=Text("14 个关键词不划算", "14 keywords"), id=""
    )
    sheet = book([business.finding(), advice])["发现"]
    trouble, heading = _row(sheet, "羊绒围巾："), _row(sheet, "值得做的", column=1)
    row = _row(sheet, "14 个关键词")
    assert trouble < heading < row
    assert [sheet.cell(trouble, 1).value, sheet.cell(row, 1).value] == [1, 2]
    assert sheet.cell(row, 5).value == 11997.33
    alone = book([advice])["发现"]
    assert alone.cell(_row(alone, "14 个关键词"), 1).value == 1
    assert "值得做的" not in _texts(book([business.finding()])["发现"])


def test_money_that_was_kept_as_text_is_a_number_again(book: Written) -> None:
    """What comes back from the history as text stands to the right and can be added up."""
    rows = (("外套", "1234.50", 3), ("2024.1", "-7.00", 4))
    table = Evidence("spent", EvidenceType.TABLE, Text("花费", "spent"), ("target", "ad_cost", "clicks"), rows)
    sheet = book([replace(business.finding(), evidence=(table,))])["发现"]
    row = _row(sheet, "外套", column=3)
    assert [sheet.cell(row, column).value for column in (3, 4, 5)] == ["外套", 1234.5, 3]
    assert [sheet.cell(row + 1, column).value for column in (3, 4)] == ["2024.1", -7]


def test_a_gain_reads_as_a_gain(book: Written) -> None:
    """Money gained stays negative as a number, its format says so, and its interval is turned with it."""
    sheet = book([business.gain()])["发现"]
    row = _row(sheet, "计划一")
    assert sheet.cell(row, 5).value == -1555
    assert "多赚" in sheet.cell(row, 5).number_format
    assert sheet.cell(row, 6).value == "800 至 2,300"
    assert "2026-07-24  换了新主图" in _texts(sheet)


def test_moves_are_percentages(book: Written) -> None:
    """A logarithm becomes exp(move) − 1, a difference of shares percentage points, NaN a dash."""
    sheet = book([business.finding(), business.shop_trouble()])["发现"]
    row = _row(sheet, "无线端成交率", 3)
    assert sheet.cell(row, 5).value == pytest.approx(-0.32, abs=0.0005)
    assert "%" in sheet.cell(row, 5).number_format
    assert sheet.cell(row, 6).value == -6.2
    points = _row(sheet, "缺货天数占比", 3)
    assert sheet.cell(points, 5).value == 50
    assert "pp" in sheet.cell(points, 5).number_format
    assert sheet.cell(_row(sheet, "全店访客", 3), 5).value == MISSING


def test_a_watched_share_is_told_in_points() -> None:
    """A feature that the diagnosis watches by its difference is told in points without being marked."""
    feature = next(one for each in watched_subjects() for one in each.feature if one.absolute)
    row = {"feature_zh": feature.title.zh, "feature_en": feature.title.en, "move": 0.25, "score": 4.0}
    assert change_text(move_of(row, Words("en"))) == "+25 pp"
    assert change_text(move_of({**row, "feature_zh": "访客"}, Words("en"))) == "+28%"


def test_keys_are_names(book: Written) -> None:
    """Other signals come with their kind and readable name, never with the key of a cause."""
    sheet = book(
        [business.shop_trouble()], names=lambda kind, keys: dict.fromkeys(keys, "羊绒围巾") if kind == "product" else {}
    )["发现"]
    texts = _texts(sheet)
    assert {"地区", "浙江省", "商品", "羊绒围巾"} <= set(texts)
    assert not any("slow_logistics" in text or "stock_out" in text for text in texts)
    assert "不像任何一种已知的原因（70%）" in texts


def test_a_score_has_its_tables_and_no_money(book: Written) -> None:
    """A score tells what worsened with it, the changes and the last days of the series."""
    sheet = book([business.score()])["发现"]
    texts = _texts(sheet)
    assert "以前的好评滚出评分窗口（40%）；质量、描述类退款增多" in texts
    assert "评分走势（只列最近 14 天）" in texts
    assert "2026-07-30" in texts
    assert "2026-07-16" not in texts
    assert sheet.cell(_row(sheet, "描述相符", 3), 4).value == 4.86


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_speaks_one_language(book: Written, language: str) -> None:
    """The English sheet has no Chinese but names and notes of the shop, the Chinese one none of the English texts."""
    sheet = book(business.one_of_each(), language)["发现" if language == "zh" else "Findings"]
    texts = _texts(sheet)
    if language == "zh":
        assert not any("orders per visitor" in text or "harder to sell" in text for text in texts)
        return
    for text in texts:
        for own in ("示范店", "羊绒围巾女", "羊绒围巾", "计划一", "小美", "浙江省", "换了新主图"):
            text = text.replace(own, "")  # noqa: PLW2901
        assert not [char for char in text if "CJK" in unicodedata.name(char, "")], text


def test_hostile_names_are_text(book: Written) -> None:
    """Names that begin like formulas are written as text, an endless one is cut, and no row is too high."""
    written = book(business.hostile())
    sheet = written["发现"]
    cells = [cell for each in written.worksheets for row in each.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert set(business.HOSTILE) <= set(_texts(sheet))
    assert max(size.height or 0 for size in sheet.row_dimensions.values()) <= 409


def test_data_findings_stay_on_their_own_sheet(book: Written, platform_shop: Any) -> None:
    """No data finding is on 发现, and no business finding on 数据检查."""
    written = book([business.finding()])
    data = platform_shop.findings()
    assert data
    assert not {one.headline.zh for one in data} & set(_texts(written["发现"]))
    assert not any(text.startswith("羊绒围巾：") for text in _texts(written["数据检查"]))


def test_overview_shows_the_three_dearest(book: Written) -> None:
    """Headline, money and action of three findings are on the overview, which says how many more there are."""
    sheet = book(business.one_of_each())["概览"]
    row = _row(sheet, "今天要看的事", 1)
    assert [sheet.cell(row + line, 5).value for line in (2, 3, 4)] == [11997.33, 5200.0, -1555.0]
    assert sheet.cell(row + 5, 1).value == "另有 4 件，见“发现”"
    assert sheet.cell(row + 5, 1).hyperlink.location == "'发现'!A1"


def test_a_quiet_day_says_so_and_what_was_not_judged(book: Written) -> None:
    """Without findings: one sentence on both sheets, and the data that could not be judged."""
    written = book([], unjudged=[Text("客服：历史不足", "agents: too little history")])
    texts = _texts(written["发现"])
    assert "没有发现异常。" in texts
    assert "没有发现异常。" in _texts(written["概览"])
    assert "客服：历史不足" in texts
    assert not any("没有数据，相关的变化看不到" in text for text in texts)
    assert any("数据检查有" in text for text in texts)


def test_a_short_history_is_not_called_quiet(platform_shop: Any, tmp_path: Path) -> None:
    """Below eight weeks of data nothing is judged, and the sheet says that instead of calling the day quiet."""
    material = platform_shop.material()
    firsts = [replace(one, first=platform_shop.day if one.last else None) for one in material.sources]
    platform_shop.write(tmp_path / "short.xlsx", sources=firsts, findings=[])
    texts = _texts(openpyxl.load_workbook(tmp_path / "short.xlsx")["发现"])
    assert "历史只有 1 天，不足八周，还不能判断。" in texts
    assert "没有发现异常。" not in texts


def test_no_data_is_not_called_quiet(books: Callable[..., Path]) -> None:
    """A workspace without a row cannot be judged."""
    assert "还没有数据，不能判断。" in _texts(openpyxl.load_workbook(books("empty"))["发现"])


def test_definitions_explain_findings_and_their_money(book: Written) -> None:
    """Whoever sees findings finds what they are, and what their money is."""
    texts = "\n".join(_texts(book([business.finding()])["口径说明"]))
    assert "发现：" in texts
    assert "金额口径：" in texts
