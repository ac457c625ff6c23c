"""Recognition by content: encodings, delimiters, headers below notices, lying extensions, damage named."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from duoshou.sources import Layouts, Reading, SourceError, UnknownLayout, UnreadableFile, recognise

from .conftest import ORDER_HEADERS_2019, Import, csv_text, order, order_rows, reference_columns, workbook

Read = Callable[..., Reading]
SHOP = [
    ["统计日期", "访客数", "浏览量", "支付金额", "支付转化率"],
    ["2026-08-11", "1,234", "5,678", "10,095.00", "2.31%"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(tmp_path: Path, rows_of: Import, encoding: str, delimiter: str) -> None:
    """The same table in every encoding and with every delimiter gives the same rows."""
    path = tmp_path / "orders.txt"
    path.write_bytes(csv_text(order_rows(order(1), order(2)), delimiter).encode(encoding))
    rows = rows_of(path)
    assert [(row["order_id"], row["title"], row["source_row"]) for row in rows] == [
        ("1930000000000000001", "春秋连衣裙，外套", 2),
        ("1930000000000000002", "春秋连衣裙，外套", 3),
    ]


@pytest.mark.parametrize(
    ("key", "reference"),
    [
        ("qianniu_orders_2014", "tb_order_2014"),
        ("qianniu_orders_2016", "tb_order_2016"),
        ("qianniu_orders_2019", "tb_order_2019"),
        ("qianniu_orders_2021", "tb_order_2021_xlsx"),
        ("qianniu_order_items_2019", "tb_item_2019"),
        ("sycm_item", "sycm_item"),
        ("sycm_shop_day", "sycm_shop_daily"),
    ],
)
@pytest.mark.shared_data
def test_reference_headers(tmp_path: Path, read: Read, key: str, reference: str) -> None:
    """The exact header of each generation, with its trailing spaces, is recognised as that generation."""
    path = tmp_path / "export.csv"
    columns = reference_columns(reference)
    path.write_bytes(csv_text([columns, ["1"] * len(columns)]).encode("gb18030"))
    assert read(path).layout.key == key


@pytest.mark.parametrize(
    "reference",
    [
        "tb_refund",
        "sycm_keyword",
        "sycm_flow_source",
        "alimama_item_2026",
        "alimama_scene",
        "jd_order",
        "pdd_order",
        "dy_order",
        "tb_suborder_new",
        "shopify_orders",
    ],
)
@pytest.mark.shared_data
def test_foreign_headers(tmp_path: Path, layouts: Layouts, reference: str) -> None:
    """A table of another kind is not taken for one of a few layouts."""
    few = ("qianniu_order", "sycm_item", "sycm_shop_day", "alimama_plan", "uci")
    layouts = Layouts({key: layout for key, layout in layouts.items() if key.startswith(few)})
    path = tmp_path / "export.csv"
    columns = reference_columns(reference)
    path.write_bytes(csv_text([columns, ["1"] * len(columns)]).encode("utf-8"))
    with pytest.raises(UnknownLayout):
        recognise(path, layouts=layouts, timezone="Asia/Shanghai")


def test_recent_names(tmp_path: Path, rows_of: Import) -> None:
    """The names that recent exports use for the same columns are read."""
    names = {
        "买家实际支付金额": "买家实付金额",
        "订单创建时间": "买家下单时间",
        "订单付款时间": "买家付款时间",
        "订单备注": "商家备忘",
        "物流单号": "运单号",
    }
    headers = [names.get(header.strip(), header.strip()) for header in ORDER_HEADERS_2019] + ["发货时间", "预售订单"]
    cells = {names.get(key, key): value for key, value in order(1).items()} | {"发货时间": "2019-06-19 10:00:00"}
    path = workbook(tmp_path / "订单报表.xlsx", order_rows(cells, headers=headers))
    [row] = rows_of(path)
    assert (str(row["paid_amount"]), str(row["paid_at"]), str(row["shipped_at"])) == (
        "1100.00",
        "2019-06-17 16:03:04",
        "2019-06-19 02:00:00",
    )


def test_header_below_a_notice(tmp_path: Path, rows_of: Import) -> None:
    """A header in row 5 is found; rows are numbered as the spreadsheet numbers them."""
    header = [
        "统计日期",
        "商品ID",
        "商品名称",
        "商品访客数",
        "商品浏览量",
        "商品加购人数",
        "支付金额",
        "商品详情页跳出率",
    ]
    detail = ["2026-08-11", "612345678901", "连衣裙", "1,234", "5,678", "-", "10,095.00", "0.23%"]
    path = workbook(
        tmp_path / "商品_全部_2026-08-11_2026-08-11.xlsx",
        [["说明：数据仅供参考"], [], ["统计口径"], [], header, detail],
    )
    [row] = rows_of(path)
    assert (row["source_row"], row["product_id"], row["visitors"], row["cart_buyers"], str(row["paid_amount"])) == (
        6,
        "612345678901",
        1234,
        None,
        "10095.00",
    )
    assert row["bounce_rate"] == 0.0023
    assert (row["grain"], row["faults"]) == ("day", [])


@pytest.mark.parametrize("name", ["report.xls", "report.csv", "report.pdf", "report"])
def test_extension_is_not_believed(tmp_path: Path, rows_of: Import, name: str) -> None:
    """A workbook under any name is a workbook."""
    path = workbook(tmp_path / "report.xlsx", SHOP).rename(tmp_path / name)
    [row] = rows_of(path)
    assert (row["visitors"], str(row["paid_amount"])) == (1234, "10095.00")


def test_zip_with_the_day_in_its_name(tmp_path: Path, rows_of: Import, read: Read) -> None:
    """A zipped campaign report without a date column takes the day, and the moment of export, from the file's name."""
    rows = [
        ["场景ID", "场景名字", "计划ID", "计划名字", "展现量", "点击量", "花费", "总成交金额"],
        ["1", "关键词推广", "77", "新品", "1000", "33", "45.6", "300"],
    ]
    path = tmp_path / "计划报表_20260811_173656.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("计划报表.csv", csv_text(rows).encode("gb18030"))
    assert str(read(path).exported_at) == "2026-08-11 09:36:56"
    [row] = rows_of(path)
    assert (str(row["day"]), row["campaign"], str(row["cost"]), row["report_level"]) == (
        "2026-08-11",
        "77",
        "45.60",
        "plan",
    )


def test_gzip(tmp_path: Path, rows_of: Import) -> None:
    """A gzipped table is read as a stream."""
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(csv_text(order_rows(order(1))).encode("gb18030")))
    assert len(rows_of(path)) == 1


def test_sheets(tmp_path: Path, layouts: Layouts) -> None:
    """Every sheet of a known kind is a reading of its own; others are passed over."""
    path = workbook(tmp_path / "book.xlsx", [["说明"], ["无"]], 一月=SHOP, 二月=SHOP)
    readings = recognise(path, layouts=layouts, timezone="Asia/Shanghai")
    assert [(reading.sheet, reading.part) for reading in readings] == [("一月", "一月"), ("二月", "二月")]


def test_unknown_table_names_the_nearest(tmp_path: Path, layouts: Layouts) -> None:
    """An unknown table is named with the nearest layout, the columns it lacks and those it has beside."""
    path = tmp_path / "x.csv"
    path.write_text("InvoiceNo,StockCode,Quantity,UnitPrice,Colour\n1,2,3,4,5\n", "utf-8")
    with pytest.raises(UnknownLayout) as caught:
        recognise(path, layouts=layouts, timezone="Asia/Shanghai")
    assert (caught.value.nearest, caught.value.missing, caught.value.extra) == (
        "uci_online_retail",
        ("InvoiceDate",),
        ("Colour",),
    )
    assert "InvoiceDate" in caught.value.message.zh
    assert caught.value.hint is not None


def test_chosen_layout(tmp_path: Path, layouts: Layouts) -> None:
    """A layout asked for by name is compared alone; a name that does not exist lists those that do."""
    path = workbook(tmp_path / "x.xlsx", SHOP)
    with pytest.raises(UnknownLayout) as caught:
        recognise(path, layouts=layouts, layout_key="sycm_item", timezone="Asia/Shanghai")
    assert caught.value.nearest == "sycm_item"
    with pytest.raises(SourceError) as missing:
        recognise(path, layouts=layouts, layout_key="nothing", timezone="Asia/Shanghai")
    assert "uci_online_retail" in str(missing.value.hint)


def zip_of(name: str, data: bytes) -> bytes:
    """Return a zip with one member."""
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


TEXT = csv_text(order_rows(order(1), order(2))).encode("gb18030")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n\n", "empty_file"),
        (csv_text(order_rows()).encode("gb18030"), "no_rows"),
        (b"<html><table><tr><td>1</td><td>2</td></tr></table></html>", "unknown_layout"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "web_page"),
        (b"%PDF-1.7 ...", "foreign_file"),
        (bytes(range(256)) * 40, "not_a_table"),
        (b"PK\x03\x04" + b"x" * 50, "damaged_archive"),
        (OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "password_protected"),
        (OLE + b"\0" * 600, "foreign_file"),
        (OLE + "Workbook".encode("utf-16-le") + b"\0" * 600, "damaged_workbook"),
        (gzip.compress(TEXT)[:-40], "damaged_archive"),
        (b"\x1f\x8b" + b"garbage" * 9, "damaged_archive"),
        (zip_of("a.csv", TEXT)[:-60], "damaged_archive"),
        (zip_of("a.csv", b""), "empty_archive"),
        (zip_of("a.csv", b"0" * (80 << 20)), "too_large_unpacked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unreadable_files(tmp_path: Path, layouts: Layouts, data: bytes, code: str) -> None:
    """What cannot be read is named in both languages, with the file and what to do."""
    path = tmp_path / "export.csv"
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        recognise(path, layouts=layouts, timezone="Asia/Shanghai")
    assert caught.value.code == code
    assert caught.value.message.zh
    assert caught.value.message.en
    assert caught.value.hint is not None
    assert caught.value.place.file == "export.csv"


def test_a_cell_far_to_the_right_is_a_damaged_place_and_takes_no_minutes(tmp_path: Path, layouts: Layouts) -> None:
    """A flipped bit in a cell's place makes a sheet of tens of thousands of columns: it is said at once."""
    path = workbook(tmp_path / "far.xlsx", [["a", "b"], ["1", *[None] * 2_500, "2"]])
    with pytest.raises(UnreadableFile) as caught:
        recognise(path, layouts=layouts, timezone="Asia/Shanghai")
    assert caught.value.code == "too_many_columns"
    assert "2,502" in caught.value.message.en
    assert caught.value.hint is not None


def test_encrypted_zip(tmp_path: Path, layouts: Layouts) -> None:
    """A zip with a password says so."""
    data = bytearray(zip_of("a.csv", TEXT))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        recognise(path, layouts=layouts, timezone="Asia/Shanghai")
    assert caught.value.code == "password_protected"


def test_missing_file(tmp_path: Path, layouts: Layouts) -> None:
    """A path that does not exist is a clear message."""
    with pytest.raises(UnreadableFile) as caught:
        recognise(tmp_path / "nothing.csv", layouts=layouts, timezone="Asia/Shanghai")
    assert caught.value.code == "cannot_open"
