"""How the layers above use this one, in one example."""

from __future__ import annotations

from pathlib import Path

import duckdb

from duoshou.sources import latest_instant, load_layouts, recognise, totals, typed_select, write_raw

from .conftest import SECRET, csv_text, order, order_rows


def test_file_to_canonical_rows(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """A GB18030 order export becomes rows of `order_header`, a faulty row is rejected with its place, no person is
    archived.
    """
    file = tmp_path / "ExportOrderList201906190930.csv"
    file.write_bytes(csv_text(order_rows(order(1), order(2, 订单编号=""), order(3, 退款金额="一百"))).encode("gb18030"))

    [reading] = recognise(file, layouts=load_layouts(), timezone="Asia/Shanghai")
    assert (reading.layout.key, reading.part, reading.first_row) == ("qianniu_orders_2019", "", 2)
    assert str(reading.exported_at) == "2019-06-19 01:30:00"

    raw = write_raw(connection, reading, tmp_path / f"{reading.content_hash}.parquet", secret=SECRET)
    assert (raw.rows, raw.rejects) == (3, ())
    assert "王小明".encode() not in raw.path.read_bytes()

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
    )
    sound = (
        f"SELECT order_id, status, paid_amount, created_at, created_on, province, city, source_row FROM "
        f"({select.sql}) WHERE fault_mask & {select.reject_mask} = 0"
    )
    [first, third] = connection.execute(f"{sound} ORDER BY source_row").fetchall()
    assert [str(cell) for cell in first] == [
        "1930000000000000001",
        "shipped",
        "1100.00",
        "2019-06-17 16:01:02",
        "2019-06-18",
        "浙江省",
        "杭州市",
        "2",
    ]
    assert third[-1] == 4

    assert select.cells is not None
    connection.execute(f"CREATE TEMP TABLE cells AS {select.cells}")
    difference = f"({select.sql}) EXCEPT ALL ({select.over('cells')})"
    assert connection.execute(f"SELECT count(*) FROM ({difference})").fetchall() == [(0,)]
    assert connection.execute(f"SELECT count(*) FROM ({select.over('cells')})").fetchall() == [(3,)]

    problems = connection.execute(f"SELECT source_row, fault, value FROM ({select.problem_sql}) ORDER BY 1").fetchall()
    described = [(row, select.faults[fault].code, select.faults[fault].column, value) for row, fault, value in problems]
    assert described == [(3, "missing", "订单编号", None), (4, "unreadable_number", "退款金额", "一百")]

    assert (
        str(latest_instant(connection, reading.layout, raw.path, reading.headers, "Asia/Shanghai"))
        == "2019-06-17 16:03:04"
    )
    assert totals(connection, reading, raw.path) is None
