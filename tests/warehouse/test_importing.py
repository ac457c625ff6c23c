"""From real-format files to the warehouse, through the real layouts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from duoshou.engine.duckdb import connect_reader
from duoshou.settings import Settings, Workspace
from duoshou.sources import load_layouts
from duoshou.warehouse import FileResult, ImportOptions, Store, import_paths, rebuild
from duoshou.warehouse.conformity import conformity
from duoshou.warehouse.schema import LINEAGE, create_statement, load_tables

NAME, PHONE, STREET, ACCOUNT = "欧阳测试", "13800138999", "文三路9999号", "buyer_nick_4711"
PERSON = f"{NAME},浙江省 杭州市 西湖区 {STREET},'{PHONE}"
ORDERS = (
    "订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址,联系手机,"
    "订单创建时间,订单付款时间,宝贝标题,宝贝总数量,打款商家金额,退款金额\n"
    f'="2001",{ACCOUNT},99.00,0.00,99.00,99.00,交易成功,{PERSON},'
    "2026-08-01 10:00:00,2026-08-01 10:05:00,连衣裙,1,99.00,0.00\n"
    f'="2002",{ACCOUNT},50.00,0.00,50.00,五十,等待买家付款,{PERSON},2026-08-02 23:30:00,,帽子,1,0.00,0.00\n'
)
INVOICES = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
    "536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom\n"
    "536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom\n"
    "C536379,D,Discount,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return the warehouse of a new workspace."""
    settings = Settings()
    return Store(Workspace.create(tmp_path / "shop", settings), settings)


def import_files(store: Store, *paths: Path, dry_run: bool = False, layout: str | None = None) -> list[FileResult]:
    """Import `paths` as the app does."""
    options = ImportOptions(load_layouts(), store.workspace.secret(), "main", "Asia/Shanghai", "CNY", layout)
    with store.writer("import", dry_run=dry_run) as session:
        return import_paths(session, paths, options)


def file(store: Store, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Write a file into the inbox."""
    path = store.workspace.inbox / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of `sql`."""
    connection = connect_reader(store.snapshot())
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_orders_and_invoices(store: Store) -> None:
    """Two kinds of files fill their tables; counts, days and problems are told per file."""
    orders, invoices = import_files(
        store, file(store, "ExportOrderList.csv", ORDERS, "gb18030"), file(store, "online.csv", INVOICES)
    )
    assert (orders.layout, orders.main.table, orders.main.new) == ("qianniu_orders_2019", "order_header", 2)
    assert [(problem.code, problem.row, problem.column, problem.value) for problem in orders.problems.kept] == [
        ("unreadable_number", 3, "买家实际支付金额", "五十")
    ]
    assert (invoices.main.table, invoices.main.rows_read, invoices.main.new) == ("order_item", 4, 4)
    assert rows(
        store, "SELECT created_on, created_at::VARCHAR, paid_amount FROM order_header WHERE order_id = '2002'"
    ) == [(date(2026, 8, 2), "2026-08-02 15:30:00", None)]
    assert rows(
        store, "SELECT sum(paid_amount), sum(refund_amount), count(*) FROM order_line WHERE platform = 'uci'"
    ) == [(Decimal("55.98"), Decimal("27.50"), 4)]
    shape = orders.to_dict()
    assert {
        "file",
        "layout",
        "table",
        "rows_read",
        "new",
        "updated",
        "unchanged",
        "rejected",
        "totals_check",
        "problems",
    } <= set(shape)


def test_personal_data_stays_out(store: Store) -> None:
    """Nothing that identifies a person is in any byte of the workspace but the inbox and the imported originals."""
    path = file(store, "ExportOrderList.csv", ORDERS, "gb18030")
    import_files(store, path)
    rebuild(store)
    assert rows(store, "SELECT DISTINCT province, length(buyer_key) > 20 FROM order_header") == [("浙江省", True)]
    searched = 0
    for found in store.workspace.directory.rglob("*"):
        if found.is_file() and store.workspace.inbox not in found.parents:
            searched += 1
            content = found.read_bytes()
            for secret in (NAME, PHONE, STREET, ACCOUNT):
                assert secret.encode() not in content, found
                assert secret.encode("gb18030") not in content, found
    assert searched > 4


def test_one_bad_file_does_not_stop_the_others(store: Store) -> None:
    """A missing, an unknown and an empty file are told; the good one is loaded."""
    results = import_files(
        store,
        store.workspace.inbox / "missing.csv",
        file(store, "unknown.csv", "a,b,c\n1,2,3\n"),
        file(store, "empty.csv", ""),
        file(store, "online.csv", INVOICES),
    )
    assert [result.error is None for result in results] == [False, False, False, True]
    assert [result.file for result in results] == ["missing.csv", "unknown.csv", "empty.csv", "online.csv"]
    assert all(result.problems.kept for result in results[:3])
    assert results[1].error is not None
    assert results[1].error.code == "unknown_layout"
    assert len(store.archive.entries()) == 1


MAPPING = """
key = "my_days"
platform = "own"
title = {{ zh = "自有日报", en = "Own days" }}
[recognise]
required = ["Day", "People"]
[[field]]
name = "day"
header = ["Day"]
type = "day"
required = true
[[field]]
name = "people"
header = ["People"]
type = "integer"
[[table]]
name = "shop_period"
[table.columns]
grain = "'day'"
period_start = "day"
terminal = "'all'"
{column} = "people"
"""


def test_a_mapping_of_the_users_own(store: Store) -> None:
    """A mapping loads any table, and is kept with the archive so that a rebuild needs nothing else."""
    path = file(store, "days.csv", "Day,People\n2026-08-01,120\n2026-08-02,90\n")
    wrong, right = (
        ImportOptions(
            *(load_layouts(), store.workspace.secret(), "main", "Asia/Shanghai", "CNY"),
            mapping=MAPPING.format(column=column),
        )
        for column in ("humans", "visitors")
    )
    with store.writer("import") as session:
        (refused,) = import_paths(session, [path], wrong)
    assert refused.error is not None
    assert refused.error.code == "layout_misfit"
    with store.writer("import") as session:
        (result,) = import_paths(session, [path], right)
    assert result.main.new == 2
    rebuild(store)
    assert rows(store, "SELECT visitors FROM shop_period ORDER BY period_start") == [(120,), (90,)]


def test_the_same_file_twice_in_one_batch(store: Store) -> None:
    """A copy under another name is known already."""
    first, second = import_files(store, file(store, "a.csv", INVOICES), file(store, "b.csv", INVOICES))
    assert (first.main.new, second.main.new, second.main.unchanged, second.already_imported) == (4, 0, 4, True)


def test_dry_run(store: Store) -> None:
    """A dry run gives the same counts and leaves neither snapshot nor archive."""
    path = file(store, "online.csv", INVOICES)
    (dry,) = import_files(store, path, dry_run=True)
    assert store.archive.entries() == []
    assert rows(store, "SELECT count(*) FROM order_item") == [(0,)]
    (real,) = import_files(store, path)
    assert (real.tables, real.problems) == (dry.tables, dry.problems)


@pytest.mark.parametrize("key", list(load_layouts()))
def test_layouts_fit_the_tables(key: str) -> None:
    """Every shipped layout fills columns that exist, and all keys."""
    assert conformity(load_layouts()[key]) == []


def test_tables_are_well_formed() -> None:
    """Every table has a key of its own columns, a day beside each instant, and the lineage last."""
    for name, table in load_tables().items():
        columns = list(table.physical)
        assert name == table.name
        assert set(table.key) <= set(columns)
        assert columns[-len(LINEAGE) :] == list(LINEAGE)
        for column in table.columns:
            assert column.type != "instant" or column.name.removesuffix("_at") + "_on" in columns
        assert create_statement(table).startswith(f'CREATE TABLE "{name}" (')
