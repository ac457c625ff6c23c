"""Each key of a layout that goes beyond plain columns, on a small table whose truth is worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from duoshou.sources import LayoutError, Layouts, Reading, load_layouts, parse_layout
from duoshou.sources.headers import join_levels

from .conftest import Import, csv_text, workbook

HEAD = """
key = "shown"
platform = "other"
title = { zh = "样表", en = "Sample" }
"""
ITEM = """
[[table]]
name = "order_item"
[table.columns]
order_id = "number"
"""


def layout_of(rest: str, recognise: str = 'required = ["单号"]', top: str = "", table: str = ITEM) -> Layouts:
    """Return the one layout that `rest` describes, with an id `number`."""
    number = '[[field]]\nname = "number"\nheader = ["单号"]\ntype = "id"\nrequired = true\n'
    layout = parse_layout(f"{HEAD}{top}\n[recognise]\n{recognise}\n{number}\n{rest}\n{table}", file="shown.toml")
    return Layouts({layout.key: layout})


def field(name: str, header: str, kind: str, **more: str) -> str:
    """Return the TOML of a field; `more` are further keys with their TOML values."""
    lines = [f'name = "{name}"', f'header = ["{header}"]', f'type = "{kind}"']
    return "\n".join(["[[field]]", *lines, *(f"{key} = {value}" for key, value in more.items())])


def column(name: str, expression: str) -> str:
    """Return a line of `[table.columns]`."""
    return f'{ITEM}{name} = "{expression}"\n'


Get = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def values(tmp_path: Path, rows_of: Import) -> Get:
    """Return a function that reads rows with a layout of one field, in a text file and in a workbook alike."""

    def read(layouts: Layouts, rows: list[list[str]], name: str = "x") -> list[dict[str, Any]]:
        path = tmp_path / f"{name}.csv"
        path.write_bytes(csv_text(rows).encode("utf-8"))
        found = rows_of(path, layouts=layouts)
        assert rows_of(workbook(tmp_path / f"{name}.xlsx", rows), layouts=layouts) == found
        return found

    return read


@pytest.mark.parametrize(
    ("levels", "names"),
    [
        (
            [["日期", "总", "", "活动", ""], ["", "发出", "退回", "发出", "退回"]],
            "日期 总-发出 总-退回 活动-发出 活动-退回",
        ),
        ([["日期", "店铺", "总"], ["日期", "", "发出"]], "日期 店铺 总-发出"),
        ([["总", "", "备注", ""], ["发出", "退回", "", "单号"]], "总-发出 总-退回 备注 单号"),
        (
            [["甲", "", "", "乙"], ["线上", "", "线下", ""], ["量", "额", "量", "量"]],
            "甲-线上-量 甲-线上-额 甲-线下-量 乙-量",
        ),
        ([["", "总"], ["单号", "发出", "退回"]], "单号 总-发出 总-退回"),
    ],
)
def test_joined_headers(levels: list[list[str]], names: str) -> None:
    """A group's name holds for the empty cells to its right, a cell alone over its column is the column's name."""
    assert join_levels(levels) == names.split()


def test_two_header_rows(values: Get) -> None:
    """A column is called by its group and its own name; rows are numbered below both."""
    layouts = layout_of(
        field("quantity", "活动-发出", "integer"),
        'required = ["单号", "总-发出"]\nheader_rows = 2',
        table=column("quantity", "quantity"),
    )
    rows = [
        ["店铺报表"],
        ["单号", "总", "", "活动", ""],
        ["", "发出", "退回", "发出", "退回"],
        ["A1", "9", "1", "5", "0"],
    ]
    [row] = values(layouts, rows)
    assert (row["order_id"], row["quantity"], row["source_row"]) == ("A1", 5, 4)


@pytest.mark.parametrize(
    ("above", "first_row"),
    [
        ([], 2),
        ([["平台订单号", "=单价×数量"]], 3),
        ([["Platform unique order ID 17.", ""], ["", "件"]], 4),
    ],
)
def test_explanation_rows(values: Get, above: list[list[str]], first_row: int) -> None:
    """Rows that explain the columns are skipped; without them no row is lost, nor is a total row or a second order."""
    layouts = layout_of(
        field("quantity", "数量", "integer"),
        'required = ["单号", "数量"]\nexplanation_rows = 2',
        table=column("quantity", "quantity"),
    )
    found = values(layouts, [["单号", "数量"], *above, ["A1", "5"], ["A2", "6"]])
    assert [(row["order_id"], row["quantity"], row["source_row"]) for row in found] == [
        ("A1", 5, first_row),
        ("A2", 6, first_row + 1),
    ]


def test_ids_without_digits_are_no_explanation(values: Get) -> None:
    """A row whose id has no digits is data if its numbers can be read; a total row is none that explains."""
    layouts = layout_of(
        field("quantity", "数量", "integer") + '\n[totals]\nfields = ["number"]\n',
        'required = ["单号"]\nexplanation_rows = 2',
        table=column("quantity", "quantity"),
    )
    [row] = values(layouts, [["单号", "数量"], ["编号", "件"], ["甲", "5"]])
    assert (row["order_id"], row["source_row"]) == ("甲", 3)
    [row] = values(layouts, [["单号", "数量"], ["合计", "—"], ["A1", "5"]], "total")
    assert (row["order_id"], row["source_row"]) == ("A1", 3)


def test_explanation_rows_of_numbers(values: Get) -> None:
    """What explains a required number cannot be read as one."""
    layouts = layout_of(
        field("quantity", "数量", "integer", required="true"),
        'required = ["数量"]\nexplanation_rows = 1',
        table=column("quantity", "quantity"),
    )
    [row] = values(layouts, [["单号", "数量"], ["每单唯一", "支付件数，含退款"], ["A1", "5"]])
    assert (row["order_id"], row["quantity"], row["source_row"]) == ("A1", 5, 3)


def test_after(values: Get) -> None:
    """Of repeated headers, the first to the right of the named one is read; without `after`, the first of all."""
    layouts = layout_of(
        "\n".join([field("first_one", "数量", "integer"), field("code", "商家编码", "id", after='"SKUID"')]),
        table=f'{column("quantity", "first_one")}sku_id = "code"\n',
    )
    rows = [["单号", "商家编码", "数量", "SKUID", "商家编码", "数量"], ["A1", "p-1", "5", "77", "s-1", "6"]]
    [row] = values(layouts, rows)
    assert (row["quantity"], row["sku_id"]) == (5, "s-1")
    assert values(layouts, [["单号", "商家编码"], ["A1", "p-1"]], "without")[0]["sku_id"] is None


def test_parts_of_a_cell(values: Get) -> None:
    """Two fields read the pieces of one column; a piece that is not there is unknown."""
    layouts = layout_of(
        "\n".join(
            [
                field("mine", "本店/同行", "money", part="1", separator='"/"'),
                field("theirs", "本店/同行", "money", part="2", separator='"/"'),
            ]
        ),
        table=f'{ITEM}paid_amount = "mine"\nunit_price = "theirs"\n',
    )
    rows = [["单号", "本店/同行"], ["A1", "4.4/2.6"], ["A2", "￥1,234.00 / -"], ["A3", "7"], ["A4", "x/1"]]
    found = values(layouts, rows)
    assert [
        (row["paid_amount"] and str(row["paid_amount"]), row["unit_price"] and str(row["unit_price"])) for row in found
    ] == [
        ("4.40", "2.60"),
        ("1234.00", None),
        ("7.00", None),
        (None, "1.00"),
    ]
    assert [row["faults"] for row in found] == [[], [], [], ["unreadable_number"]]


def test_fill_down(values: Get) -> None:
    """An empty cell takes the value above, across many rows in order; a dash is no empty cell; totals fill nothing."""
    filled = layout_of(
        field("title", "品名", "text", fill_down="true") + '\n[totals]\nfields = ["number"]\n',
        table=column("product_name", "title"),
    )
    rows = [
        ["单号", "品名"],
        ["A1", "甲"],
        ["A2", ""],
        ["合计", "总"],
        ["A3", ""],
        ["A4", "-"],
        ["A5", ""],
        ["A6", "乙"],
    ]
    assert [row["product_name"] for row in values(filled, rows)] == ["甲", "甲", "甲", None, None, "乙"]
    many = [["单号", "品名"], *([f"B{number}", f"n{number}" if number % 7 == 0 else ""] for number in range(5000))]
    found = {row["order_id"]: row["product_name"] for row in values(filled, many, "many")}
    assert found == {f"B{number}": f"n{number - number % 7}" for number in range(5000)}


@pytest.mark.parametrize(
    ("cell", "name", "day"),
    [
        ("08/22", "报表_2026-09-01.csv", date(2026, 8, 22)),
        ("8-22", "报表_2026-08-21.csv", date(2025, 8, 22)),
        ("8月22日", "报表_2026-08-23.csv", date(2026, 8, 22)),
        ("02-29", "报表_2026-08-23.csv", date(2024, 2, 29)),
        ("02/30", "报表_2026-08-23.csv", None),
        ("12/31", "2025-12-29~2026-01-04.csv", date(2025, 12, 31)),
        ("01/02", "2025-12-29~2026-01-04.csv", date(2026, 1, 2)),
        ("08/22", "2024-08-01~2024-08-31.csv", date(2024, 8, 22)),
        ("2023-08-22", "2024-08-01~2024-08-31.csv", date(2023, 8, 22)),
        ("08/22", "报表.csv", None),
    ],
)
def test_dates_without_a_year(
    tmp_path: Path, read: Callable[..., Reading], cell: str, name: str, day: date | None
) -> None:
    """The year is that of the file's period, else the latest in which the day is not after the export."""
    import duckdb

    from duoshou.sources import typed_select, write_raw

    names = r"file_name = '(?P<from>\d{4}-\d\d-\d\d)~(?P<to>\d{4}-\d\d-\d\d)|报表_(?P<exported>\d{4}-\d\d-\d\d)'"
    layouts = layout_of(
        field("day", "日期", "day", dates='"md"'), f'required = ["单号"]\n{names}', table=column("product_name", "day")
    )
    (tmp_path / name).write_text(f"单号,日期\nA1,{cell}\n", "utf-8")
    reading = read(tmp_path / name, layouts=layouts)
    with duckdb.connect() as connection:
        raw = write_raw(connection, reading, tmp_path / "raw.parquet", secret=b"0" * 32)
        select = typed_select(
            reading.layout,
            raw.path,
            reading.headers,
            table_index=0,
            timezone="Asia/Shanghai",
            shop="main",
            currency="CNY",
            first_row=reading.first_row,
            period_hint=reading.period_hint,
            exported_at=reading.exported_at,
        )
        assert connection.execute(f"SELECT product_name FROM ({select.sql})").fetchall() == [(day,)]


def test_patterns(values: Get) -> None:
    """The first group is the value, the whole cell where the pattern does not match."""
    layouts = layout_of(
        field("roi", "备注栏", "price", pattern="'投产比[:：]\\s*([\\d.]+)'"), table=column("unit_price", "roi")
    )
    rows = [["单号", "备注栏"], ["A1", "目标投产比：5.80"], ["A2", "3.10"], ["A3", "无"], ["A4", "最大化"]]
    found = values(layouts, rows)
    assert [row["unit_price"] and str(row["unit_price"]) for row in found] == ["5.8000", "3.1000", None, None]
    assert [row["faults"] for row in found] == [[], [], [], ["unreadable_number"]]


def test_values(values: Get) -> None:
    """Words stand for texts of any type; others are read as they are."""
    layouts = layout_of(
        field("score", "评价", "integer", values='{ "负面评价" = "1", "未评价" = "" }'),
        table=column("quantity", "score"),
    )
    rows = [["单号", "评价"], ["A1", " 负面评价 "], ["A2", "5"], ["A3", "未评价"], ["A4", "好"]]
    found = values(layouts, rows)
    assert [(row["quantity"], row["faults"]) for row in found] == [
        (1, []),
        (5, []),
        (None, []),
        (None, ["unreadable_number"]),
    ]


def test_rejects(values: Get) -> None:
    """A row that the layout refuses carries the layout's code; a condition that is unknown refuses nothing."""
    rule = (
        '[[reject]]\nwhen = "quantity > 5 AND number <> \'A4\'"\ncode = "too_many"\n'
        'message = { zh = "太多", en = "too many" }\n'
    )
    layouts = layout_of(f"{field('quantity', '数量', 'integer')}\n{rule}", table=column("quantity", "quantity"))
    found = values(layouts, [["单号", "数量"], ["A1", "5"], ["A2", "6"], ["A3", ""], ["A4", "9"]])
    assert [row["faults"] for row in found] == [[], ["too_many"], [], []]


def test_currency_in_a_header(tmp_path: Path, read: Callable[..., Reading]) -> None:
    """A header with any brackets is found, and the ISO code in them is the file's currency."""
    layouts = layout_of(
        field("paid", "Amount spent (*)", "money"), top='currency = "header"', table=column("paid_amount", "paid")
    )
    for header, currency in (("Amount spent (USD)", "USD"), ("Amount spent（eur）", "EUR"), ("Amount spent (%)", None)):
        (tmp_path / "a.csv").write_text(f"单号,{header}\nA1,5\n", "utf-8")
        reading = read(tmp_path / "a.csv", layouts=layouts)
        assert reading.currency == currency
        assert reading.layout.fixed_currency is None


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (field("x", "a", "text", part="1"), "separator"),
        (field("x", "a", "text", separator='"/"'), "part"),
        (field("x", "a", "text", part="0", separator='"/"'), "part"),
        (field("x", "a", "text", pattern='"abc"'), "group"),
        (field("x", "a", "text", pattern='"(abc"'), "(abc"),
        (field("x", "a", "text", pattern='"(?=a)(b)"'), "look-around"),
        (field("x", "a", "id", personal='"buyer"', values='{ a = "b" }'), "personal"),
        (field("x", "a", "text", after='""'), "after"),
        (field("x", "a", "id", personal='"buyer"', fill_down="true"), "fill_down"),
        (field("x", "a", "id", personal='"buyer"') + "\n" + field("y", "Ａ", "text"), "personal"),
        (field("x", "(*)a", "text"), "(*)"),
        ('[[reject]]\nwhen = "1; DROP"\ncode = "x"\nmessage = { zh = "x", en = "x" }', "DROP"),
        ('[[reject]]\nwhen = "true"\ncode = "X Y"\nmessage = { zh = "x", en = "x" }', "X Y"),
        ('[[reject]]\nwhen = "true"\ncode = "x"\nmessage = { zh = "x" }', "en"),
    ],
)
def test_mistakes_in_fields_are_told(toml: str, said: str) -> None:
    """A wrong key names the file and what is wrong."""
    with pytest.raises(LayoutError) as caught:
        layout_of(toml)
    assert said in caught.value.message.en
    assert caught.value.place.file == "shown.toml"


@pytest.mark.parametrize(
    ("recognise", "top", "said"),
    [
        ("required = []\nheader_rows = 4", "", "header_rows"),
        ("required = []\nexplanation_rows = -1", "", "explanation_rows"),
        ('required = []\nencodings = ["utf-9"]', "", "utf-9"),
        ("required = []", 'currency = "dollar"', "dollar"),
        ("required = []", 'currency = "header"', "(*)"),
        ("required = []", 'cadence = "hourly"', "hourly"),
        ("required = []", 'dates = "ydm"', "ydm"),
    ],
)
def test_mistakes_in_the_layout_are_told(recognise: str, top: str, said: str) -> None:
    """So does a wrong key of the layout as a whole."""
    with pytest.raises(LayoutError) as caught:
        layout_of("", recognise, top)
    assert said in caught.value.message.en


def test_repeated_personal_headers_stay_out(tmp_path: Path, read: Callable[..., Reading]) -> None:
    """A column that repeats a personal one is as personal, and so is one whose pieces two fields might read."""
    from duoshou.sources.columns import archive_columns

    layouts = layout_of(field("who", "客户", "text", personal='"drop"'), top='drop = ["密语"]')
    (tmp_path / "a.csv").write_text("单号,客户,客户,密语,密语,品名\nA1,b,c,d,e,f\n", "utf-8")
    reading = read(tmp_path / "a.csv", layouts=layouts)
    assert [column.name for column in archive_columns(reading.layout, reading.headers, "NULL")] == ["单号", "品名"]


def test_explanations_over_several_lines(tmp_path: Path, rows_of: Import) -> None:
    """A quoted explanation with line ends counts as one row."""
    layouts = layout_of(
        field("quantity", "数量", "integer"),
        'required = ["单号", "数量"]\nexplanation_rows = 1',
        table=column("quantity", "quantity"),
    )
    (tmp_path / "a.csv").write_text('单号,"数\n量"\n"平台\n\n单号","件\n数"\nA1,5\nA2,6\n', "utf-8")
    found = rows_of(tmp_path / "a.csv", layouts=layouts)
    assert [(row["order_id"], row["quantity"], row["source_row"]) for row in found] == [("A1", 5, 3), ("A2", 6, 4)]


def test_plain_layouts_pay_nothing(tmp_path: Path, read: Callable[..., Reading]) -> None:
    """A layout without the further keys is read straight from the archive, without a window or a prepared cell."""
    from duoshou.sources import typed_select

    layout = load_layouts()["qianniu_orders_2019"]
    select = typed_select(
        layout,
        tmp_path / "raw.parquet",
        ["订单编号", "订单状态"],
        table_index=0,
        timezone="Asia/Shanghai",
        shop="main",
        currency="CNY",
        first_row=2,
    )
    assert " OVER " not in select.sql
    assert '"cell ' not in select.sql
