"""The brief of a designer as a document that can be handed over and edited."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.loop.brief import Brief, Point
from duoshou.model import Language, Text
from duoshou.reports.errors import ReportError

if TYPE_CHECKING:
    from docx.document import Document as Page
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

FONT, WESTERN = "Microsoft YaHei", "Calibri"
INK, GREY, RED, LINE = "1F2A37", "6B7280", "B42318", "E8EDF3"
WORDS = {
    "brief": Text("需求单", "Brief"),
    "task": Text("任务", "Task"),
    "shop": Text("店铺", "Shop"),
    "deadline": Text("截止", "Deadline"),
    "goal": Text("目标", "Goal"),
    "audience": Text("谁在买", "Who buys"),
    "points": Text("卖点和依据", "Selling points and what they rest on"),
    "now": Text("现在和以前的图", "The present and former images"),
    "do": Text("要做", "Do"),
    "dont": Text("不要做", "Do not"),
    "pictures": Text("尺寸", "Sizes"),
    "what": Text("图", "Picture"),
    "pixels": Text("像素", "Pixels"),
    "note": Text("要求", "What holds"),
    "unknown": Text("还不知道的", "Not known"),
    "notes": Text("补充", "Notes"),
    "forbidden": Text("请改掉这些词", "Please replace these words"),
    "none": Text("没有数据", "no data"),
    "check": Text(
        "尺寸和平台规则以上传时后台的提示为准", "sizes and rules: what the console says at the time of upload counts"
    ),
}


def write_brief_document(brief: Brief, path: Path, *, shop: str, number: int, language: Language = "zh") -> Path:
    """Write a brief as a `.docx` and return its path.

    Args:
        brief: The brief.
        path: Where to write it; what is there is replaced.
        shop: Name of the shop.
        number: Number of the task.
        language: Language of the headings.

    Raises:
        ReportError: If the file cannot be written.
    """
    content = brief_document_bytes(brief, shop=shop, number=number, language=language)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise ReportError.unwritable(path, error) from None
    return path


def brief_document_bytes(brief: Brief, *, shop: str, number: int, language: Language = "zh") -> bytes:
    """Return a brief as the bytes of a `.docx`, for a face that hands it out without a file."""
    writing = _Writing(language)
    writing.head(brief, shop, number)
    writing.text("goal", brief.goal)
    writing.forbidden(brief)
    writing.points("points", brief.points)
    writing.points("now", brief.now)
    writing.points("audience", brief.audience)
    writing.both(brief.do, brief.dont)
    writing.pictures(brief)
    if brief.notes:
        writing.text("notes", brief.notes)
    if brief.unknown:
        writing.list("unknown", brief.unknown)
    stream = BytesIO()
    writing.page.save(stream)
    return stream.getvalue()


class _Writing:
    def __init__(self, language: Language) -> None:
        from docx import Document
        from docx.shared import Cm, Pt, RGBColor

        self.language = language
        self.page: Page = Document()
        section = self.page.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.8)
        for name, size in (("Normal", 10.5), ("Title", 20), ("Heading 2", 12.5)):
            style = self.page.styles[name]
            style.font.size, style.font.name = Pt(size), WESTERN
            style.font.color.rgb = RGBColor.from_string(INK)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme"):
                fonts.attrib.pop(_qualified(key), None)
            fonts.set(_qualified("w:eastAsia"), FONT)

    def word(self, key: str) -> str:
        return WORDS[key].in_language(self.language)

    def head(self, brief: Brief, shop: str, number: int) -> None:
        from docx.shared import Pt

        self.page.core_properties.title = brief.title
        title = self.page.add_paragraph(style="Title")
        title.add_run(brief.title)
        title.paragraph_format.space_after = Pt(4)
        facts = [("task", f"#{number}"), ("shop", shop), ("deadline", brief.deadline.isoformat())]
        line = self.page.add_paragraph()
        _grey(line, "   ".join(f"{self.word(key)} {value}" for key, value in facts))

    def text(self, key: str, text: str) -> None:
        self.page.add_heading(self.word(key), 2)
        for line in text.splitlines():
            self.page.add_paragraph(line)

    def list(self, key: str, lines: Sequence[str]) -> None:
        self.page.add_heading(self.word(key), 2)
        for line in lines:
            self._bullet(line)

    def points(self, key: str, points: Sequence[Point]) -> None:
        self.page.add_heading(self.word(key), 2)
        if not points:
            _grey(self.page.add_paragraph(), self.word("none"))
        for one in points:
            made = self._bullet(one.text)
            if one.evidence:
                _grey(made, f"　{one.evidence}")

    def forbidden(self, brief: Brief) -> None:
        if not brief.forbidden:
            return
        self.page.add_heading(self.word("forbidden"), 2)
        for word, why in brief.forbidden:
            made = self._bullet("")
            _coloured(made, word, RED)
            _grey(made, f"　{why.in_language(self.language)}")

    def both(self, do: Sequence[str], dont: Sequence[str]) -> None:
        from docx.shared import Pt

        self.page.add_paragraph().paragraph_format.space_after = Pt(0)
        table = self._table(("do", "dont"), (8.5, 8.5))
        marked = ("\n".join(f"✓ {one}" for one in do), "\n".join(f"✗ {one}" for one in dont))
        _fill(_next_row(table), [one or self.word("none") for one in marked])

    def pictures(self, brief: Brief) -> None:
        self.page.add_heading(self.word("pictures"), 2)
        table = self._table(("what", "pixels", "note"), (4, 3, 10))
        for one in brief.pictures:
            _fill(_next_row(table), (one.name, one.pixels, one.note))
        _grey(self.page.add_paragraph(), self.word("check"))

    def _table(self, heads: Sequence[str], widths: Sequence[float]) -> Table:
        """Return a table with a shaded head and columns of so many centimetres."""
        from docx.shared import Cm

        table: Table = self.page.add_table(rows=1, cols=len(heads))
        table.style, table.autofit = "Table Grid", False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        _fill(table.rows[0].cells, [self.word(key) for key in heads])
        for cell in table.rows[0].cells:
            _shade(cell)
            cell.paragraphs[0].runs[0].bold = True
        return table

    def _bullet(self, text: str) -> Paragraph:
        made = self.page.add_paragraph(style="List Bullet")
        made.add_run(text)
        return made


def _next_row(table: Table) -> Sequence[_Cell]:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row.cells


def _fill(cells: Sequence[_Cell], texts: Sequence[str]) -> None:
    """Write texts into cells, each line a paragraph with air around it."""
    from docx.shared import Pt

    for cell, text in zip(cells, texts, strict=True):
        for number, line in enumerate(text.split("\n")):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.add_run(line)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)


def _grey(paragraph: Paragraph, text: str) -> None:
    from docx.shared import Pt

    run = _coloured(paragraph, text, GREY)
    run.font.size = Pt(9.5)


def _coloured(paragraph: Paragraph, text: str, colour: str) -> Run:
    from docx.shared import RGBColor

    run = paragraph.add_run(text)
    run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _shade(cell: _Cell) -> None:
    from docx.oxml import OxmlElement

    shade = OxmlElement("w:shd")
    for key, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", LINE)):
        shade.set(_qualified(key), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - the library has no other way to shade a cell


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(name)
