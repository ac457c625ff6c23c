"""Old workbooks, archives and encodings: what a file is, its bytes say."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs
from tests.layouts.files import delimited, old_workbook, workbook, zipped

from duoshou.sources import Layouts, Reading, UnknownLayout, parse_layout, recognise
from duoshou.sources.reading import SheetSource
from duoshou.sources.workbook import load

from .conftest import Import, csv_text, order, order_rows

DAYS = [["统计日期", "访客数", "支付金额"], ["2026-08-11", "1,005", "12.50"], ["2026-08-12", "7", "1.2万"]]


def japanese(encodings: str) -> Layouts:
    """Return a layout of Japanese orders with a title in ASCII headers or not."""
    layout = parse_layout(
        f"""
key = "jp"
platform = "other"
title = {{ zh = "日", en = "jp" }}
[recognise]
required = ["注文番号"]
encodings = {encodings}
[[field]]
name = "number"
header = ["注文番号", "order"]
type = "id"
required = true
[[field]]
name = "title"
header = ["商品名", "title"]
[[table]]
name = "order_item"
[table.columns]
order_id = "number"
product_name = "title"
""",
        file="jp.toml",
    )
    return Layouts({layout.key: layout})


@pytest.mark.parametrize("name", ["days.xls", "days.xlsx", "days.csv"])
def test_old_workbook_under_any_name(tmp_path: Path, rows_of: Import, name: str) -> None:
    """A workbook in the old format is read whatever it is called, like the same rows as text."""
    (tmp_path / "text.csv").write_bytes(delimited(DAYS))
    (tmp_path / name).write_bytes(old_workbook({"Sheet1": DAYS}))
    found = rows_of(tmp_path / name)
    assert [(row["visitors"], str(row["paid_amount"])) for row in found] == [(1005, "12.50"), (7, "12000.00")]
    assert found == rows_of(tmp_path / "text.csv")


def test_numbers_of_an_old_workbook(tmp_path: Path, rows_of: Import) -> None:
    """Numbers, not texts, in an old workbook keep their value."""
    rows: list[list[object]] = [list(DAYS[0]), ["2026-08-11", 1005, 12.5], [46246, 7, 0.1]]
    (tmp_path / "days.xls").write_bytes(old_workbook({"a": rows}))
    found = rows_of(tmp_path / "days.xls")
    assert [(str(row["period_start"]), row["visitors"], str(row["paid_amount"])) for row in found] == [
        ("2026-08-11", 1005, "12.50"),
        ("2026-08-12", 7, "0.10"),
    ]


@pytest.mark.parametrize("make", [workbook, old_workbook])
def test_a_long_number_between_texts_has_lost_its_digits(
    tmp_path: Path, rows_of: Import, make: Callable[..., bytes]
) -> None:
    """An id of 19 digits is refused where the cell is a number, and read where it is a text, in one column."""
    rows: list[list[object]] = [
        ["注文番号", "商品名"],
        [1930000000000000123, "a"],
        ["1930000000000000123", "b"],
        ["007", "c"],
    ]
    (tmp_path / "ids.xls").write_bytes(make({"Sheet1": [*rows, [42, "d"], [None, "e"], ["合计", 5]]}))
    reading = recognise(tmp_path / "ids.xls", layouts=japanese('["utf-8"]'), timezone="Asia/Shanghai")[0]
    assert isinstance(reading.source, SheetSource)
    cells = load(reading.source.content, reading.source.sheet, reading.source.skip).column(0).to_pylist()
    assert cells == ["1.93000000000000e+18", "1930000000000000123", "007", "42", None, "合计"]


@pytest.mark.libreoffice
def test_old_workbook_of_libreoffice(tmp_path: Path, rows_of: Import) -> None:
    """So is one that another program wrote, with cells that are days and numbers."""
    days: list[list[object]] = [list(DAYS[0]), [date(2026, 8, 11), 1005, 12.5], [date(2026, 8, 12), 7, 0.1]]
    (tmp_path / "days.xlsx").write_bytes(workbook({"a": days}))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xls:MS Excel 97", "--outdir", str(tmp_path / "old")]
    subprocess.run([*command, str(tmp_path / "days.xlsx")], check=True, capture_output=True, timeout=240)
    assert (tmp_path / "old" / "days.xls").read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    found = rows_of(tmp_path / "old" / "days.xls")
    assert found == rows_of(tmp_path / "days.xlsx")
    assert [(str(row["period_start"]), row["visitors"], str(row["paid_amount"])) for row in found] == [
        ("2026-08-11", 1005, "12.50"),
        ("2026-08-12", 7, "0.10"),
    ]


@pytest.mark.parametrize("make", [workbook, old_workbook])
def test_the_sheet_with_the_days(tmp_path: Path, rows_of: Import, make: Callable[..., bytes]) -> None:
    """Sheets that match nothing, or hold a header only, do not keep another one from being read."""
    sheets = {"封面": [["报告"], ["说明"]], "空表": DAYS[:1], "按天": [["统计日期范围"], *DAYS]}
    (tmp_path / "days.xls").write_bytes(make(sheets))
    assert [(row["visitors"], row["source_row"]) for row in rows_of(tmp_path / "days.xls")] == [(1005, 3), (7, 4)]


def test_archive_of_several(tmp_path: Path, layouts: Layouts) -> None:
    """Each member is recognised by itself: text, old and new workbooks; a member that matches nothing is left out."""
    members = {
        "a/一月.csv": delimited(DAYS, encoding="gb18030"),
        "a/二月.xls": old_workbook({"x": DAYS}),
        "a/三月.xlsx": workbook({"x": DAYS}),
        "readme.txt": "请先阅读".encode(),
        "__MACOSX/x": b"1",
    }
    (tmp_path / "all.zip").write_bytes(zipped(members))
    readings = recognise(tmp_path / "all.zip", layouts=layouts, timezone="Asia/Shanghai")
    assert [reading.sheet for reading in readings] == ["a/一月.csv", "a/二月.xls:x", "a/三月.xlsx:x"]
    assert len({reading.part for reading in readings}) == 3


def test_member_names_without_a_mark(tmp_path: Path, read: Callable[..., Reading]) -> None:
    """Names that an old packer wrote in its own encoding are shown and matched as they were meant."""
    data = zipped({"AAAA.csv": csv_text(order_rows(order(1))).encode("gb18030")})
    (tmp_path / "a.zip").write_bytes(data.replace(b"AAAA", "订单".encode("gbk")))
    assert read(tmp_path / "a.zip").sheet == "订单.csv"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_called_xls(tmp_path: Path, rows_of: Import, delimiter: str, encoding: str) -> None:
    """Text in any encoding and with any mark between cells is read under the name of a workbook."""
    (tmp_path / "days.xls").write_bytes(csv_text(DAYS, delimiter).encode(encoding))
    assert [row["visitors"] for row in rows_of(tmp_path / "days.xls")] == [1005, 7]


@pytest.mark.parametrize("title", ["ハンドクリーム", "ﾊﾝﾄﾞ 50ml", "表示ソ能"])
def test_japanese_headers_decide(tmp_path: Path, rows_of: Import, title: str) -> None:
    """Headers that only Shift-JIS reads decide, although the bytes may pass for Chinese."""
    (tmp_path / "a.csv").write_bytes(f"注文番号,商品名\nA-1,{title}\n".encode("cp932"))
    [row] = rows_of(tmp_path / "a.csv", layouts=japanese('["utf-8", "cp932"]'))
    assert row["product_name"] == title


@pytest.mark.parametrize(
    ("encodings", "encoding", "title"),
    [
        ('["utf-8", "cp932"]', "cp932", "ハンドクリーム表示"),
        ('["utf-8", "cp932"]', "utf-8", "ハンドクリーム表示"),
        ('["utf-8", "gb18030", "cp932"]', "gb18030", "连衣裙中文标题"),
        ('["utf-8", "cp932", "gb18030"]', "cp932", "予約商品の名前"),
    ],
)
def test_cells_decide_in_the_order_of_the_layout(
    tmp_path: Path, rows_of: Import, encodings: str, encoding: str, title: str
) -> None:
    """Where headers are plain ASCII, the layout's first encoding that reads the cells counts; near or far down."""
    near = f"order,title\nA-1,{title}\n"
    far = "order,title\n" + "".join(f"B-{number},plain text\n" for number in range(20_000)) + f"A-1,{title}\n"
    for name, text in (("near", near), ("far", far)):
        data = text.encode(encoding)
        for kind, content in ((".csv", data), (".zip", zipped({"a.csv": data}))):
            path = tmp_path / f"{name}{kind}"
            path.write_bytes(content)
            rows = rows_of(path, layouts=japanese(encodings))
            assert (rows[-1]["order_id"], rows[-1]["product_name"]) == ("A-1", title), path.name


def test_a_broken_byte_changes_no_encoding(tmp_path: Path, rows_of: Import) -> None:
    """Damaged UTF-8 stays UTF-8 although another layout names an encoding in which the bytes would pass."""
    plain, other = japanese('["utf-8", "gb18030"]')["jp"], japanese('["cp932"]')["jp"]
    layouts = Layouts({"jp": plain, "other": structs.replace(other, key="other", digest="x")})
    only = structs.replace(layouts["other"].recognise, required=("何か",))
    layouts += structs.replace(layouts["other"], recognise=only)
    data = "order,title\nA-1,手机壳\nA-2,外x\n".encode().replace("外".encode(), b"\xe5\xa4")
    (tmp_path / "a.csv").write_bytes(data)
    assert [row["product_name"] for row in rows_of(tmp_path / "a.csv", layouts=layouts)] == ["手机壳", "\ufffdx"]


def test_japanese_is_not_taken_for_chinese(tmp_path: Path, layouts: Layouts) -> None:
    """A Japanese table of an unknown kind is told by its real headers or not at all, never read as Chinese."""
    (tmp_path / "a.csv").write_bytes("注文番号,商品名\nA-1,靴\n".encode("cp932"))
    with pytest.raises(UnknownLayout):
        recognise(tmp_path / "a.csv", layouts=layouts, timezone="Asia/Shanghai")
