"""Small export files, made by code."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from duoshou.sources import Layouts, Reading, load_layouts, recognise, typed_select, write_raw

SECRET = bytes(range(32))
ORDER_HEADERS_2019 = [
    "订单编号",
    "买家会员名",
    "买家支付宝账号",
    "买家应付货款",
    "买家应付邮费",
    "买家支付积分",
    "总金额",
    "返点积分",
    "买家实际支付金额",
    "买家实际支付积分",
    "订单状态",
    "买家留言",
    "收货人姓名",
    "收货地址 ",
    "运送方式",
    "联系电话 ",
    "联系手机",
    "订单创建时间",
    "订单付款时间 ",
    "宝贝标题 ",
    "宝贝种类 ",
    "物流单号 ",
    "物流公司",
    "订单备注",
    "宝贝总数量",
    "店铺Id",
    "店铺名称",
    "订单关闭原因",
    "卖家服务费",
    "买家服务费",
    "发票抬头",
    "是否手机订单",
    "分阶段订单信息",
    "特权订金订单id",
    "是否上传合同照片",
    "是否上传小票",
    "是否代付",
    "定金排名",
    "修改后的sku",
    "修改后的收货地址",
    "异常信息",
    "天猫卡券抵扣",
    "集分宝抵扣",
    "是否是O2O交易",
    "新零售交易类型",
    "新零售导购门店名称",
    "新零售导购门店id",
    "新零售发货门店名称",
    "新零售发货门店id",
    "退款金额",
    "预约门店",
    "确认收货时间",
    "打款商家金额",
    "含应开票给个人的个人红包",
]


def order(number: int = 1, **cells: str) -> dict[str, str]:
    """Return one order as the platform writes it; `cells` replace columns by header without trailing space."""
    row = {
        "订单编号": f'="19300000000000000{number:02d}"',
        "买家会员名": f"小明{number}",
        "买家支付宝账号": "xiaoming@example.com",
        "买家应付货款": "1,100.00",
        "买家应付邮费": "0.00",
        "总金额": "1,100.00",
        "买家实际支付金额": "1,100.00",
        "订单状态": "卖家已发货，等待买家确认",
        "买家留言": "请尽快",
        "收货人姓名": "王小明",
        "收货地址": "浙江省 杭州市 西湖区 文三路100号(310000)",
        "联系手机": "'13800001234",
        "订单创建时间": "2019-06-18 00:01:02",
        "订单付款时间": "2019-06-18 00:03:04",
        "宝贝标题": "春秋连衣裙，外套",
        "宝贝总数量": "2",
        "订单关闭原因": "订单未关闭",
        "买家服务费": "0元",
        "退款金额": "0.00",
        "打款商家金额": "0.00元",
    }
    row.update(cells)
    return row


def order_rows(*orders: dict[str, str], headers: Sequence[str] = ORDER_HEADERS_2019) -> list[list[str]]:
    """Return the header row and the orders' rows."""
    return [list(headers), *([cells.get(header.strip(), "") for header in headers] for cells in orders)]


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Return rows as quoted text."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def workbook(path: Path, rows: Sequence[Sequence[Any]], **further: Sequence[Sequence[Any]]) -> Path:
    """Write sheets to a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for name, content in further.items():
        extra = book.create_sheet(name)
        for row in content:
            extra.append(list(row))
    book.save(path)
    return path


def reference_columns(key: str) -> list[str]:
    """Return the columns of a layout in the shared reference, if the machine has it."""
    path = Path(__file__).parents[3] / "shared" / "reference" / "export_layouts.json"
    if not path.exists():
        pytest.skip("needs ../shared/reference")
    found = json.loads(path.read_text("utf-8"))
    entries = found if isinstance(found, list) else found.get("layouts", found)
    entry = (
        entries[key]
        if isinstance(entries, dict)
        else next(item for item in entries if item.get("id", item.get("key")) == key)
    )
    columns: list[str] = entry["columns"]
    return columns


@pytest.fixture(scope="session")
def layouts() -> Layouts:
    """Return the shipped layouts."""
    return load_layouts()


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an engine without a file."""
    with duckdb.connect() as opened:
        opened.execute("SET enable_progress_bar = false")
        yield opened


Import = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def read(layouts: Layouts) -> Callable[..., Reading]:
    """Return a function that recognises the only table of a file."""

    def recognise_one(path: Path, **options: Any) -> Reading:
        [reading] = recognise(path, layouts=options.pop("layouts", layouts), timezone="Asia/Shanghai", **options)
        return reading

    return recognise_one


@pytest.fixture
def rows_of(connection: duckdb.DuckDBPyConnection, read: Callable[..., Reading], tmp_path: Path) -> Import:
    """Return a function that imports the only table of a file and gives its canonical rows as dictionaries."""

    def import_one(
        path: Path, *, table_index: int = 0, timezone: str = "Asia/Shanghai", **options: Any
    ) -> list[dict[str, Any]]:
        reading = read(path, **options)
        raw = write_raw(connection, reading, tmp_path / "archive.parquet", secret=SECRET)
        select = typed_select(
            reading.layout,
            raw.path,
            reading.headers,
            table_index=table_index,
            timezone=timezone,
            shop="main",
            currency="CNY",
            first_row=reading.first_row,
            period_hint=reading.period_hint,
        )
        found = connection.execute(f"SELECT * FROM ({select.sql}) ORDER BY source_row")
        names = [column[0] for column in found.description or ()]
        return [
            {
                **dict(zip(names, row, strict=True)),
                "faults": [fault.code for bit, fault in enumerate(select.faults) if row[-1] >> bit & 1],
            }
            for row in found.fetchall()
        ]

    return import_one
