"""Tables of a web page (HTML), which some platforms call .xls, and of the XML that old spreadsheets write, as rows of
text.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from duoshou.sources.text import CLOSE_ENCODINGS, decode, possible_encodings

MAX_COLUMNS = 16_384
_MOST_TEXT = 32_767
_MOST_NESTED = 64
_MOST_PENDING = 4 << 20
_HIDDEN = frozenset({"script", "style"})
_ROWS, _CELLS = frozenset({"tr", "row"}), frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_ATTRIBUTES = r"""(?:\s[^<>"']*(?:"[^"<>]*"[^<>"']*|'[^'<>]*'[^<>"']*)*)?"""
_PLAIN_CELL = re.compile(rf"<t[dh]({_ATTRIBUTES})>([^<]*)</t[dh]>", re.IGNORECASE)
_PLAIN_ROW = re.compile(rf"\s*<tr{_ATTRIBUTES}>(?:\s*<t[dh]{_ATTRIBUTES}>[^<]*</t[dh]>)*\s*</tr>", re.IGNORECASE)
_ROW_START = re.compile(r"<tr[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_.:-]+)""")


def page_encoding(head: bytes, *, complete: bool) -> str:
    """Return the encoding of a page: what it says itself, unless its bytes say otherwise."""
    likely = possible_encodings(head, complete=complete)
    said = _CHARSET.search(head[:4096])
    told = _known(said[1]) if said else None
    if told is None or len(likely) == 1:
        return likely[0]
    damage = {name: decode(head, name, complete=complete).count("\ufffd") for name in (told, *likely)}
    return min(damage, key=lambda name: damage[name])


def _known(name: bytes) -> str | None:
    try:
        found = codecs.lookup(name.decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    return CLOSE_ENCODINGS.get(found, found)


class _Table:
    """A table while it is read: its number, the row under way, and the cells that hang down into the next rows."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.length = 0
        self.span = (1, 1)
        self.hanging: dict[int, int] = {}


class _Reader(HTMLParser):
    """Collects finished rows as (number of the table, cells); a nested table is one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, list[str]]] = []
        self.open: list[_Table] = []
        self.count = 0
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "table":
            if len(self.open) < _MOST_NESTED:
                self.open.append(_Table(self.count))
                self.count += 1
        elif self.open and tag in _ROWS:
            self._end_row()
            self.open[-1].row = []
        elif self.open and tag in _CELLS:
            self._begin_cell(dict(attrs))
        elif tag in _BREAKS:
            self.handle_data(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag.rpartition(":")[2] in _CELLS | _ROWS | _HIDDEN | {"table"}:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif not self.open:
            return
        elif tag in _CELLS:
            self._end_cell()
        elif tag in _ROWS:
            self._end_row()
        elif tag == "table":
            self._end_row()
            self.open.pop()
        elif tag in _BREAKS:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        table = self.open[-1] if self.open and not self.hidden else None
        if table is not None and table.cell is not None and table.length < _MOST_TEXT:
            table.cell.append(data)
            table.length += len(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Skip a section of an unknown kind, at which the parser of the standard library would fail."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def take(self, text: str) -> None:
        """Read the next piece; of a text without any tag, which waits to be read, only the ends are kept.

        Rows of plain cells, of which nearly all tables consist, are read as a whole: the parser is ten times slower.
        """
        position = 0
        while position < len(text):
            if self._is_between_rows() and (row := _PLAIN_ROW.match(text, position)) and self._add_plain(row[0]):
                position = row.end()
                continue
            following = _ROW_START.search(text, position + 1)
            end = following.start() if following else len(text)
            self.feed(text[position:end])
            position = end
        if len(self.rawdata) > _MOST_PENDING:
            self.rawdata = self.rawdata[:_MOST_TEXT] + self.rawdata[-1024:]

    def _is_between_rows(self) -> bool:
        """Return whether the next thing may be a row of a table, over which no cell of a row above hangs."""
        waits = self.rawdata or self.hidden or self.cdata_elem
        return not waits and bool(self.open) and self.open[-1].row is None and not self.open[-1].hanging

    def _add_plain(self, row: str) -> bool:
        cells: list[tuple[str, str]] = _PLAIN_CELL.findall(row)
        if any("span" in attributes.lower() for attributes, _ in cells if attributes):
            return False
        texts = [" ".join((html.unescape(text) if "&" in text else text).split()) for _, text in cells]
        self.rows.append((self.open[-1].number, texts[:MAX_COLUMNS]))
        return True

    def finish(self) -> None:
        """End what the page leaves open."""
        self.close()
        while self.open:
            self._end_row()
            self.open.pop()

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        table = self.open[-1]
        self._end_cell()
        if table.row is None:
            table.row = []
        self._fill_hanging(table, table.row)
        index = _number(attributes.get("ss:index"), 0)
        table.row += [""] * (min(index, MAX_COLUMNS) - 1 - len(table.row))
        wide = max(_number(attributes.get("colspan"), 1), _number(attributes.get("ss:mergeacross"), 0) + 1)
        deep = max(_number(attributes.get("rowspan"), 1), _number(attributes.get("ss:mergedown"), 0) + 1)
        table.span, table.cell, table.length = (wide, deep), [], 0

    def _end_cell(self) -> None:
        table = self.open[-1]
        if table.cell is None or table.row is None:
            return
        wide, deep = table.span
        start = len(table.row)
        wide = max(1, min(wide, MAX_COLUMNS - start))
        if start < MAX_COLUMNS:
            table.row += [" ".join("".join(table.cell).split()), *[""] * (wide - 1)]
        if deep > 1:
            table.hanging.update(dict.fromkeys(range(start, start + wide), deep))
        table.cell = None

    def _end_row(self) -> None:
        table = self.open[-1]
        self._end_cell()
        if table.row is None:
            return
        self._fill_hanging(table, table.row)
        self.rows.append((table.number, table.row))
        table.hanging = {column: left - 1 for column, left in table.hanging.items() if left > 1}
        table.row = None

    @staticmethod
    def _fill_hanging(table: _Table, row: list[str]) -> None:
        """Leave the places empty over which a cell of a row above hangs, as a workbook shows merged cells."""
        while table.hanging.get(len(row), 0) >= 1 and len(row) < MAX_COLUMNS:
            row.append("")


def page_rows(chunks: Iterable[bytes], encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of each table as (number of the table, cells), in the order in which rows end."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    reader = _Reader()
    for chunk in chunks:
        reader.take(decoder.decode(chunk))
        yield from reader.rows
        reader.rows.clear()
    reader.take(decoder.decode(b"", final=True))
    reader.finish()
    yield from reader.rows


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
