"""Drafted mappings load as layouts and import."""

from __future__ import annotations

from pathlib import Path

import pytest

from duoshou.sources import UnreadableFile, draft_mapping, load_layouts, parse_layout

from .conftest import Import, reference_columns, workbook

JD = [
    "订单号",
    "商品ID",
    "商品名称",
    "订购数量",
    "下单时间",
    "京东价",
    "订单金额",
    "订单状态",
    "下单帐号",
    "客户姓名",
    "联系电话",
]
JD_ROW = [
    "77001",
    "100012",
    "台灯",
    "2",
    "2026-08-11 10:00:00",
    "49.90",
    "99.80",
    "完成",
    "jd_user",
    "王小明",
    "13912345678",
]
SHOPIFY = ["Order Number", "Email", "Paid at", "Total", "Created at", "Shipping City"]
SHOPIFY_ROW = ["#1001", "a@b.com", "2024-05-01 10:00:00 +0000", "12.50", "2024-05-01 09:59:00 +0000", "Berlin"]
ODD = ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("headers", "row", "table"),
    [
        (JD, JD_ROW, "order_"),
        (SHOPIFY, SHOPIFY_ROW, "order_header"),
        (ODD, ["x1", "2", "三"], "order_item"),
        (["日期", "访客数", "销售额"], ["2026-08-11", "5", "1.5"], "shop_period"),
    ],
)
def test_draft_imports(tmp_path: Path, rows_of: Import, headers: list[str], row: list[str], table: str) -> None:
    """The draft of a table of unknown kind is a layout, and the table imports by it without a rejected row."""
    path = workbook(tmp_path / "未知 报表.xlsx", [["报表说明"], headers, row, row])
    text = draft_mapping(path)
    layout = parse_layout(text, file="map.toml")
    assert layout.table[0].name.startswith(table)
    rows = rows_of(path, layouts=load_layouts() + layout, layout_key=layout.key)
    assert rows
    assert not [found["faults"] for found in rows if found["faults"]]


def test_draft_guards_people(tmp_path: Path) -> None:
    """Columns that look personal are dropped or hashed in the draft, and no cell of theirs is quoted in it."""
    text = draft_mapping(workbook(tmp_path / "x.xlsx", [JD, JD_ROW]))
    personal = {field.header[0]: field.personal for field in parse_layout(text, file="map.toml").field}
    assert personal["客户姓名"] == personal["联系电话"] == personal["下单帐号"] == "drop"
    assert personal["商品名称"] is None
    assert not [word for word in ("王小明", "1391234", "jd_user") if word in text]


def test_draft_guesses_types(tmp_path: Path) -> None:
    """Types are guessed by what parses; numbers that name things are ids."""
    headers = ["编号", "数量", "金额", "率", "时间", "日期", "说法"]
    row = ["1930000000000000001", "1,234", "12.50", "2.31%", "2026/8/11 22:02", "20260811", "大促"]
    kinds = [
        field.type
        for field in parse_layout(draft_mapping(workbook(tmp_path / "x.xlsx", [headers, row])), file="m").field
    ]
    assert kinds == ["id", "integer", "money", "rate", "instant", "day", "text"]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "key", ["jd_order", "pdd_order", "dy_order", "shopify_orders", "amz_orders", "woo_export", "jzt", "google_ads_kw"]
)
def test_draft_of_known_platforms(tmp_path: Path, rows_of: Import, key: str) -> None:
    """The headers of other platforms give drafts that load and import."""
    columns = reference_columns(key)
    path = workbook(tmp_path / "x.xlsx", [columns, [f"a{position}" for position in range(len(columns))]])
    layout = parse_layout(draft_mapping(path), file="map.toml")
    assert rows_of(path, layouts=load_layouts() + layout, layout_key=layout.key)


def test_nothing_to_draft(tmp_path: Path) -> None:
    """A file without a table gives a clear message."""
    path = tmp_path / "x.txt"
    path.write_text("hello\n", "utf-8")
    with pytest.raises(UnreadableFile):
        draft_mapping(path)
