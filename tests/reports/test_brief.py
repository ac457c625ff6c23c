"""The brief as a document: all of it is there, in both languages, and it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from duoshou.loop.brief import Brief, Picture, Point
from duoshou.model import Language
from duoshou.reports.brief import WORDS, brief_document_bytes, write_brief_document
from duoshou.reports.errors import ReportError

BRIEF = Brief(
    title="羽绒服：换主图",
    goal="访客 +10%\n转化不掉",
    deadline=date(2026, 11, 10),
    audience=(Point("新买家 71%", "近 30 天的订单"),),
    points=(Point("很暖和", "42 条好评提到"), Point("顶级白鸭绒")),
    now=(Point("旧图：点击率 3.5%", "880,210 次展现"),),
    do=("一张图一个卖点", "讲清尺码"),
    dont=("不拼图",),
    pictures=(Picture("主图", "800 × 800", "3 MB 以内"),),
    unknown=("买家抱怨什么：没有评价",),
    notes="周三拍",
)


def words_of(content: bytes) -> str:
    """Return all text of a document, tables included."""
    page = docx.Document(BytesIO(content))
    cells = [cell.text for table in page.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in page.paragraphs), *cells])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_of_a_brief_is_in_the_document(language: Language) -> None:
    """Title, number, shop, deadline, each statement with its evidence, sizes, and the words to be replaced."""
    text = words_of(brief_document_bytes(BRIEF, shop="主店", number=12, language=language))
    parts = [BRIEF.title, "#12", "主店", "2026-11-10", "访客 +10%", "转化不掉", "周三拍", *BRIEF.unknown]
    parts += [one for point in (*BRIEF.audience, *BRIEF.points, *BRIEF.now) for one in (point.text, point.evidence)]
    parts += ["✓ 一张图一个卖点", "✓ 讲清尺码", "✗ 不拼图", "主图", "800 × 800", "3 MB 以内"]
    parts += [WORDS[key].in_language(language) for key in ("goal", "points", "do", "dont", "pictures", "forbidden")]
    assert [one for one in parts if one not in text] == []


def test_what_is_not_there_is_said() -> None:
    """Without selling points the document says that there are no data; without forbidden words it does not warn."""
    text = words_of(brief_document_bytes(replace(BRIEF, points=()), shop="主店", number=1))
    assert "没有数据" in text
    assert WORDS["forbidden"].zh not in text


def test_chinese_has_a_chinese_font() -> None:
    """Every style names a font for Chinese, so that no reader falls back to another."""
    page = docx.Document(BytesIO(brief_document_bytes(BRIEF, shop="主店", number=1)))
    for name in ("Normal", "Title", "Heading 2"):
        fonts = page.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_it_is_written_where_asked(tmp_path: Path) -> None:
    """Folders are made; a place that cannot be written is an error with the place."""
    path = tmp_path / "reports" / "brief.docx"
    assert write_brief_document(BRIEF, path, shop="主店", number=1) == path
    assert docx.Document(str(path)).core_properties.title == BRIEF.title
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReportError):
        write_brief_document(BRIEF, tmp_path / "file" / "brief.docx", shop="主店", number=1)
