"""Tables in web pages: cells as a workbook shows them, whatever the page's marks, encoding and size."""

from __future__ import annotations

import codecs
import gzip
import html
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.layouts.files import web_table, zipped

from duoshou.sources import Layouts, Reading, SourceError, recognise, write_raw
from duoshou.sources.webpage import _Reader, page_encoding, page_rows

from .conftest import SECRET, Import, csv_text, order, order_rows

NAME, PHONE = "王小明", "13800001234"


def rows_of_page(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows of a page."""
    return list(page_rows([text.encode()], "utf-8"))


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        ("<table><tr><td>a<td>b<tr><td>c</table>", [["a", "b"], ["c"]]),
        ("<TABLE><TR><TH>a</TH><TD>&lt;b&gt;&nbsp;&#20013;</TD></TR></TABLE>", [["a", "<b> 中"]]),
        ("<table><tr><td><b>x</b> y<br>z <font>1</font></td></tr></table>", [["x y z 1"]]),
        ("<table><tr><td>a</td><td></td><td>\n </td></tr></table>", [["a", "", ""]]),
        ("<table><tr><td colspan=3>a</td><td>b</td></tr></table>", [["a", "", "", "b"]]),
        ("<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>", [["a", "b"], ["", "c"]]),
        (
            "<table><tr><td>a<td rowspan=3 colspan=2>b<td>c<tr><td>d<td>e<tr><td>f<tr><td>g<td>h</table>",
            [["a", "b", "", "c"], ["d", "", "", "e"], ["f", "", ""], ["g", "h"]],
        ),
        ("<table><thead><tr><th>a</thead><tbody><tr><td>1</tbody></table>", [["a"], ["1"]]),
        ("<table><tr><td>a<script>if (x < 1) {y()}</script><style>td{}</style></td></tr></table>", [["a"]]),
        ('<table><tr><td title=\'a>b\' class="<">x</td></tr><tr><td title="1">y</td></tr></table>', [["x"], ["y"]]),
        ("<table><tr><td>a</td></tr><!-- <tr><td>no</td></tr> --><tr><td>b</td></tr></table>", [["a"], ["b"]]),
        (
            "<table><tr><td>a</td></tr><script>'<tr><td>no</td></tr>'</script><tr><td>b</td></tr></table>",
            [["a"], ["b"]],
        ),
        ("<table><!-- <tr><td>no</td></tr> --><tr><td>a</td></tr>", [["a"]]),
        ("<table><tr><td colspan=99999999>a</td><td colspan=x>b</td></tr></table>", [["a", "b"]]),
        (
            '<Workbook><Table><Row><Cell><Data>a</Data></Cell><Cell ss:Index="3"><Data>b</Data></Cell></Row></Table>',
            [["a", "", "b"]],
        ),
    ],
)
def test_cells_of_a_page(page: str, rows: list[list[str]]) -> None:
    """Tags are no text, entities are, merged cells are filled once as in a workbook."""
    assert [cells for _, cells in rows_of_page(page)] == rows


def test_tables_in_tables() -> None:
    """A nested table is a table of its own, and its cells are no text of the outer one."""
    page = "<table><tr><td>a<table><tr><td>1</td><td>2</td></tr></table>b</td><td>c</td></tr></table>"
    assert rows_of_page(page) == [(1, ["1", "2"]), (0, ["ab", "c"])]


class _Text(HTMLParser):
    """An independent reader of plain pages: the text of each cell, by position only."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=1, max_size=4)),
    st.integers(1, 40),
)
def test_any_cell_comes_back(rows: list[list[str]], size: int) -> None:
    """Whatever stands in cells and wherever the bytes are cut, a page gives back its cells with single spaces."""
    page = (
        "<table>"
        + "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        + "</table>"
    )
    data = page.encode()
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    assert [cells for _, cells in page_rows(chunks, "utf-8")] == [
        [" ".join(cell.split()) for cell in row] for row in rows
    ]
    reader = _Text()
    reader.feed(page)
    assert [[" ".join(cell.split()) for cell in row] for row in reader.rows] == [
        [" ".join(cell.split()) for cell in row] for row in rows
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<table>", "<tr>", "<td>", "</td>", "</table>", "<![x[", "<![if a]>", "<!--", "-->"])
        | st.text()
    )
)
def test_no_page_breaks_the_reader(pieces: list[str]) -> None:
    """Any page gives rows or none, never an error."""
    for number, cells in rows_of_page("".join(pieces).encode("utf-8", "replace").decode()):
        assert number >= 0
        assert all(cell == " ".join(cell.split()) for cell in cells)


_PIECES = [
    "<table>",
    "<tr>",
    "<td>",
    "<td rowspan=2>",
    "<th a='>'>",
    "x &lt; y",
    " ",
    "</td>",
    "</th>",
    "</tr>",
    "</table>",
]
_PIECES += [
    "<tr><td>1</td></tr>",
    "<TR class=a><TD b>2&amp;</TD>\n<td>3</td></TR >",
    "<!--",
    "-->",
    "<script>",
    "</script>",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=40), st.integers(1, 60))
def test_plain_rows_as_the_parser_reads_them(pieces: list[str], size: int) -> None:
    """Reading plain rows as a whole gives what the parser alone gives, wherever a page is cut."""
    page = f"<table>{''.join(pieces)}"
    alone = _Reader()
    alone.feed(page)
    alone.finish()
    data = page.encode()
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    assert list(page_rows(chunks, "utf-8")) == alone.rows
    assert list(page_rows([data], "utf-8")) == alone.rows


def test_memory_is_bounded() -> None:
    """A page without tags, or with a comment that never ends, does not pile up."""
    chunk = b"x" * (1 << 20)
    begun = [b"<table><tr><td>", *[chunk] * 20, b"</td></tr><tr><td>1</td></tr><!--", *[chunk] * 20]
    rows = [cells for _, cells in page_rows(begun, "utf-8")]
    assert rows[1:] == [["1"]]
    assert len(rows[0][0]) < 1 << 23


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312"><td>中文'.encode("gbk"), "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK"><td>中文'.encode("gbk"), "gb18030"),
        ('<meta charset="gbk"><td>中文'.encode(), "utf-8"),
        ('<meta charset="utf-8"><td>中文表格'.encode("gbk"), "gb18030"),
        ('<meta charset="shift_jis"><td>注文番号'.encode("cp932"), "cp932"),
        ("<table><td>中文".encode("gbk"), "gb18030"),
        (codecs.BOM_UTF8 + "<table><td>中文".encode(), "utf-8-sig"),
        ("<html><table><td>中文".encode("utf-16"), "utf-16"),
        ("<html><table><td>abc".encode("utf-16-le"), "utf-16-le"),
        (b'<meta charset="gbk"><td>abc', "gb18030"),
        (b'<meta charset="x-nothing"><td>abc', "utf-8"),
    ],
)
def test_encoding_of_a_page(head: bytes, encoding: str) -> None:
    """A page's own word counts unless its bytes contradict it."""
    assert page_encoding(head, complete=True) == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "gb2312", "utf-16"])
@pytest.mark.parametrize("pack", ["plain", "gzip", "zip"])
def test_page_equals_text(tmp_path: Path, rows_of: Import, encoding: str, pack: str) -> None:
    """Orders in a page called .xls give the same canonical rows as the same orders as text."""
    rows = order_rows(order(1), order(2, 订单状态="交易成功", 宝贝标题='a,"b"'))
    (tmp_path / "orders.csv").write_bytes(csv_text(rows).encode("utf-8"))
    data = web_table(rows, encoding=encoding)
    packed = {"plain": data, "gzip": gzip.compress(data), "zip": zipped({"订单.xls": data})}[pack]
    (tmp_path / "orders.xls").write_bytes(packed)
    found = rows_of(tmp_path / "orders.xls")
    assert len(found) == 2
    assert found == rows_of(tmp_path / "orders.csv")


def test_nobody_is_archived(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, read: Callable[..., Reading]
) -> None:
    """A page's people go the way of all people: neither the archive nor any file beside it names them."""
    path = tmp_path / "in" / "orders.xls"
    path.parent.mkdir()
    path.write_bytes(web_table(order_rows(order(1)), encoding="gb18030"))
    (tmp_path / "out").mkdir()
    write_raw(connection, read(path), tmp_path / "out" / "raw.parquet", secret=SECRET)
    [row] = connection.execute(f"SELECT * FROM '{tmp_path / 'out' / 'raw.parquet'}'").fetchall()
    told = " ".join(map(str, row))
    assert "浙江省" in told
    assert not [word for word in (NAME, PHONE, "文三路", "小明1") if word in told]
    assert [found.name for found in (tmp_path / "out").iterdir()] == ["raw.parquet"]


def test_the_table_that_matches(tmp_path: Path, read: Callable[..., Reading], rows_of: Import) -> None:
    """Of several tables in a page, the one with a known header is read, with its own name and rows."""
    known = web_table(order_rows(order(1))).decode()
    menu = "<table><tr><td>首页</td><td>订单</td></tr></table>"
    page = f"<html><body>{menu}<table><tr><td><div>{known}</div></td></tr></table></body></html>"
    path = tmp_path / "orders.xls"
    path.write_text(page, "utf-8")
    assert read(path).sheet == "table 3"
    assert [row["order_id"] for row in rows_of(path)] == ["1930000000000000001"]


def test_rows_wider_than_the_header(tmp_path: Path, rows_of: Import) -> None:
    """A row with more cells than the header is damaged; empty cells beyond it are not."""
    wide, padded = [*order_rows(order(1))[1], "extra"], [*order_rows(order(2))[1], "", ""]
    path = tmp_path / "orders.xls"
    path.write_bytes(web_table([order_rows()[0], wide, padded]))
    assert [row["faults"] for row in rows_of(path)] == [["row_shape"], []]


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><form>用户名<input name=user></form></body></html>",
        "<!DOCTYPE html><html><table><tr><td>登录</td></tr><tr><td><input></td></tr></table></html>",
        "<!-- x --><div>404</div>",
        "<html>",
    ],
)
def test_a_page_without_a_table(tmp_path: Path, layouts: Layouts, page: str) -> None:
    """A login page is told as such, with what to do."""
    (tmp_path / "a.xls").write_text(page, "utf-8")
    with pytest.raises(SourceError) as caught:
        recognise(tmp_path / "a.xls", layouts=layouts, timezone="Asia/Shanghai")
    assert caught.value.code == "web_page"
    assert caught.value.hint is not None


def test_a_page_beside_a_report(tmp_path: Path, read: Callable[..., Reading]) -> None:
    """A page of instructions in an archive does not keep the report in it from being read."""
    members = {"说明.html": "<html><p>说明</p></html>".encode(), "a.csv": csv_text(order_rows(order(1))).encode()}
    (tmp_path / "a.zip").write_bytes(zipped(members))
    assert read(tmp_path / "a.zip").sheet == "a.csv"
