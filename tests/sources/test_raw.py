"""The archive: nobody's data, every row, rows numbered as in the spreadsheet, damage said."""

from __future__ import annotations

import gzip
import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from duoshou.sources import RawFile, Reading, UnreadableFile, write_raw
from duoshou.sources.personal import hmac_sql, secret_pads

from .conftest import SECRET, Import, csv_text, order, order_rows, workbook

Write = Callable[[Path], tuple[Reading, RawFile]]


@pytest.fixture
def write(connection: duckdb.DuckDBPyConnection, read: Callable[..., Reading], tmp_path: Path) -> Write:
    """Return a function that archives the only table of a file."""

    def archive(path: Path) -> tuple[Reading, RawFile]:
        reading = read(path)
        return reading, write_raw(connection, reading, tmp_path / "raw.parquet", secret=SECRET)

    return archive


def cells(connection: duckdb.DuckDBPyConnection, raw: RawFile) -> list[dict[str, str | None]]:
    """Return the archived rows."""
    found = connection.execute(f"SELECT * FROM '{raw.path}'")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_nobody_is_archived(tmp_path: Path, connection: duckdb.DuckDBPyConnection, write: Write, encoding: str) -> None:
    """Names, numbers, addresses, accounts and remarks are gone; the buyer is a keyed hash, province and city stay."""
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_text(order_rows(order(1))).encode(encoding))
    _, raw = write(path)
    [row] = cells(connection, raw)
    assert row["buyer_key"] == hmac.new(SECRET, "小明1".encode(), "sha256").hexdigest()
    assert (row["province"], row["city"]) == ("浙江省", "杭州市")
    told = " ".join(str(value) for value in row.values())
    assert not [word for word in ("小明", "王", "1380000", "文三路", "example.com", "尽快") if word in told]


def test_unlisted_columns(tmp_path: Path, connection: duckdb.DuckDBPyConnection, write: Write) -> None:
    """An unlisted column is kept unless its header names a person; a cell with contact data is left out anyway."""
    path = tmp_path / "shop.csv"
    path.write_text(
        "统计日期,访客数,浏览量,活动,联系人,来源\n2026-08-11,5,9,大促,李四,打13912345678\n2026-08-12,5,9,a@b.cn,李四,搜索\n",
        "utf-8",
    )
    _, raw = write(path)
    first, second = cells(connection, raw)
    assert "联系人" not in first
    assert (first["活动"], first["来源"], second["活动"], second["来源"]) == ("大促", None, None, "搜索")


@pytest.mark.parametrize("buyer", ["张**", "##密文", "$$abc", "t**3", "****", "-", ""])
def test_masked_buyers(tmp_path: Path, connection: duckdb.DuckDBPyConnection, write: Write, buyer: str) -> None:
    """A masked name identifies nobody."""
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_text(order_rows(order(1, 买家会员名=buyer, 收货地址="****"))).encode("gb18030"))
    [row] = cells(connection, write(path)[1])
    assert (row["buyer_key"], row["province"], row["city"]) == (None, None, None)


@pytest.mark.parametrize(
    ("address", "province", "city"),
    [
        ("浙江省 杭州市 西湖区 文三路(310000)", "浙江省", "杭州市"),
        ("上海 上海市 浦东新区 张江", "上海市", "上海市"),
        ("广西壮族自治区 南宁市 青秀区", "广西壮族自治区", "南宁市"),
        ("内蒙古自治区 锡林郭勒盟 锡林浩特市", "内蒙古自治区", "锡林郭勒盟"),
        ("湖北省恩施土家族苗族自治州恩施市", "湖北省", "恩施土家族苗族自治州"),
        ("London", None, None),
        ("新疆维吾尔自治区 省直辖县级行政区划 石河子", "新疆维吾尔自治区", None),
    ],
)
def test_province_and_city(
    tmp_path: Path,
    connection: duckdb.DuckDBPyConnection,
    write: Write,
    address: str,
    province: str | None,
    city: str | None,
) -> None:
    """Province and city are read from the beginning of an address."""
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_text(order_rows(order(1, 收货地址=address))).encode("gb18030"))
    [row] = cells(connection, write(path)[1])
    assert (row["province"], row["city"]) == (province, city)


@pytest.mark.parametrize("secret", [b"", b"k", SECRET, b"x" * 64, b"y" * 200])
@pytest.mark.parametrize("text", ["", "abc", "张三" * 50])
def test_hmac_as_python_computes_it(connection: duckdb.DuckDBPyConnection, secret: bytes, text: str) -> None:
    """The engine's keyed hash is HMAC-SHA-256, and the key is gone afterwards."""
    with secret_pads(connection, secret):
        found = connection.execute(f"SELECT {hmac_sql('text')} FROM (SELECT $1 AS text)", [text]).fetchall()[0][0]
    assert found == hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    assert connection.execute("SELECT getvariable('duoshou_inner_pad')").fetchall() == [(None,)]


def test_same_buyer_in_both_spellings(tmp_path: Path, connection: duckdb.DuckDBPyConnection, write: Write) -> None:
    """`17850` and `17850.0` are one customer."""
    path = tmp_path / "uci.csv"
    path.write_text(
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer "
        "ID,Country\n1,A,B,1,12/1/2010 8:26,2.5,17850.0,UK\n2,A,B,1,12/1/2010 8:26,2.5,17850,UK\n",
        "utf-8",
    )
    assert len({row["buyer_key"] for row in cells(connection, write(path)[1])}) == 1


def test_rows_keep_their_numbers(tmp_path: Path, rows_of: Import) -> None:
    """Empty lines are counted, quoted line ends are not rows."""
    lines = csv_text(order_rows(order(1), order(2, 宝贝标题="两行\n标题"), order(3), order(4))).split("\r\n")
    text = "\r\n".join([lines[0], lines[1], "", *lines[2:]])
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode("gb18030"))
    assert [(row["order_id"][-1], row["source_row"]) for row in rows_of(path)] == [
        ("1", 2),
        ("2", 4),
        ("3", 5),
        ("4", 6),
    ]


def test_unclosed_quote_costs_no_other_row(tmp_path: Path, rows_of: Import, write: Write) -> None:
    """A quote that is never closed is said, and all rows after it are read."""
    good = [f"{number},85123A,LAMP,6,2010-12-01 08:26:00,2.55,17850,UK" for number in range(1000, 1400)]
    good[7] = '1007,85123A,"LAMP,6,2010-12-01 08:26:00,2.55,17850,UK'
    path = tmp_path / "uci.csv"
    path.write_text(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n" + "\n".join(good) + "\n",
        "utf-8",
    )
    _, raw = write(path)
    assert raw.rows == 400
    assert [(reject.row, reject.code) for reject in raw.rejects] == [(9, "unclosed_quote")]
    assert len(rows_of(path, table_index=1)) == 400


def test_cut_file(tmp_path: Path, rows_of: Import, write: Write) -> None:
    """A file that ends in the middle of a row, even of a character, loses that row only."""
    data = (
        csv_text(order_rows(order(1), order(2), order(3)))
        .replace('"', "")
        .replace("1,100.00", "1100.00")
        .encode("gb18030")
    )
    path = tmp_path / "orders.csv"
    path.write_bytes(data[: data.rfind("西湖".encode("gb18030")) + 1])
    _, raw = write(path)
    assert (4, "cut_row") in [(reject.row, reject.code) for reject in raw.rejects]
    assert [row["faults"] for row in rows_of(path)][:2] == [[], []]
    assert rows_of(path)[2]["faults"][0] == "row_shape"


def test_too_many_cells(tmp_path: Path, write: Write, rows_of: Import) -> None:
    """A row with more cells than the header is rejected, an empty extra cell is not."""
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    path = tmp_path / "uci.csv"
    path.write_text(
        header + "1,A,RED, LARGE,6,2010-12-01 08:26:00,2.55,17850,UK\n2,A,B,6,2010-12-01 08:26:00,2.55,17850,UK,\n",
        "utf-8",
    )
    _, raw = write(path)
    assert [(reject.row, reject.code) for reject in raw.rejects] == [(2, "surplus_cells")]
    assert "row_shape" in rows_of(path, table_index=1)[0]["faults"]


def test_unreadable_characters_are_counted(tmp_path: Path, write: Write) -> None:
    """A byte that is no character is said; the row stays."""
    data = csv_text(order_rows(order(1), order(2))).encode("utf-8").replace("外套".encode(), b"\xff\xfe", 1)
    path = tmp_path / "orders.csv"
    path.write_bytes(data)
    _, raw = write(path)
    assert raw.rows == 2
    assert [reject.code for reject in raw.rejects] == ["unreadable_characters"]


@pytest.mark.parametrize("packed", [False, True])
def test_latin_pound_sign(packed: bool, tmp_path: Path, rows_of: Import) -> None:
    """A file with an English header and a byte of Windows-1252 further down is read as the layout says."""
    rows = "\n".join(f"{number},A,PLAIN,1,2010-12-01 08:26:00,1.0,1,UK" for number in range(9000))
    path = tmp_path / "uci.csv"
    text = f"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n{rows}\n"
    text += "9999,A,NOTE £5,1,2010-12-01 08:26:00,1.0,1,UK\n"
    data = text.encode("cp1252")
    path.write_bytes(gzip.compress(data) if packed else data)
    assert rows_of(path, table_index=1)[-1]["title"] == "NOTE £5"


def test_packed_text_that_is_cut_within_a_character(tmp_path: Path, write: Write) -> None:
    """Packed UTF-8 whose last character is not whole keeps its rows, and the character is counted."""
    path = tmp_path / "uci.csv"
    text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    text += "1,A,PLAIN,1,2010-12-01 08:26:00,1.0,1,UK\n" * 9000 + "2,A,B,1,2010-12-01 08:26:00,1.0,1,店"
    path.write_bytes(gzip.compress(text.encode()[:-1]))
    _, raw = write(path)
    assert raw.rows == 9001
    assert "unreadable_characters" in [reject.code for reject in raw.rejects]


def test_numbers_of_a_workbook(tmp_path: Path, connection: duckdb.DuckDBPyConnection, write: Write) -> None:
    """Numbers keep their value: no `.0`, no noise digits; 16 digits and more are shown as lost."""
    rows: list[list[Any]] = [
        ["统计日期", "访客数", "浏览量", "支付金额", "支付转化率", "活动"],
        ["2026-08-11", 5, 5.0, 123456789.12, 0.1234567890123, 1.93e17],
        ["2026-08-12", 6, 7.5, "1,234.5", 0.0231, 3],
    ]
    first, second = cells(connection, write(workbook(tmp_path / "x.xlsx", rows))[1])
    assert [first[name] for name in ("访客数", "浏览量", "支付金额", "支付转化率", "活动")] == [
        "5",
        "5",
        "123456789.12",
        "0.1234567890123",
        "1.93000000000000e+17",
    ]
    assert [second[name] for name in ("浏览量", "支付金额", "支付转化率")] == ["7.5", "1,234.5", "0.0231"]


def test_id_that_a_workbook_lost(tmp_path: Path, rows_of: Import) -> None:
    """An order number stored as a number is a fault that says so, and its row is rejected."""
    rows: list[list[Any]] = [list(row) for row in order_rows(order(1))]
    rows[1][0] = 1930000000000000001
    [row] = rows_of(workbook(tmp_path / "x.xlsx", rows))
    assert (row["order_id"], row["faults"]) == (None, ["id_lost_digits"])


def test_connection_is_left_as_it_was(tmp_path: Path, read: Callable[..., Reading]) -> None:
    """Settings and registered names of the connection are restored, and a failed write leaves no file."""
    path = workbook(tmp_path / "x.xlsx", [["统计日期", "访客数"], ["2026-08-11", "5"]])
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        write_raw(connection, read(path), tmp_path / "raw.parquet", secret=SECRET)
        assert connection.execute("SELECT current_setting('preserve_insertion_order')").fetchall() == [(False,)]
        assert connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall() == [(0,)]


def test_bomb(tmp_path: Path, write: Write) -> None:
    """A gzip that unpacks to an implausible size is refused while it is read."""
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    line = "1,A,B,6,2010-12-01 08:26:00,2.55,17850,UK\n"
    path = tmp_path / "uci.csv.gz"
    path.write_bytes(gzip.compress((header + line * (2 << 20)).encode()))
    with pytest.raises(UnreadableFile) as caught:
        write(path)
    assert caught.value.code == "too_large_unpacked"


def test_buyers_who_repeat_have_the_same_keys(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, write: Write
) -> None:
    """The short cut for repeated buyers gives the keys of the plain way, keeps the rows' order, and leaves nothing
    behind.
    """
    lines = "".join(
        f"{number},A,LAMP,6,2010-12-01 08:26:00,2.55,{[17850, '17851.0', '', 'm**'][number % 4]},UK\n"
        for number in range(6000)
    )
    path = tmp_path / "uci.csv"
    path.write_text(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n" + lines, "utf-8"
    )
    rows = cells(connection, write(path)[1])
    keys = [hmac.new(SECRET, name, "sha256").hexdigest() for name in (b"17850", b"17851")]
    assert [row["InvoiceNo"] for row in rows] == [str(number) for number in range(6000)]
    assert [row["buyer_key"] for row in rows] == [*keys, None, None] * 1500
    assert connection.execute("SELECT count(*) FROM duckdb_types() WHERE type_name = 'duoshou_buyer'").fetchall() == [
        (0,)
    ]
    assert connection.execute("SELECT getvariable('duoshou_buyer_names')").fetchall() == [(None,)]
