"""Known files that feed no table yet, and rows that a layout refuses, as a user sees them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from duoshou.app import Workbench, create_workspace, open_workbench

LAYOUT = """
key = "reasons"
platform = "other"
title = { zh = "退款原因", en = "Refund reasons" }
[recognise]
required = ["退款原因编号"]
[[field]]
name = "number"
header = ["退款原因编号"]
type = "id"
required = true
[[field]]
name = "who"
header = ["申请人"]
personal = "drop"
[[field]]
name = "quantity"
header = ["件数"]
type = "integer"
[[reject]]
when = "quantity > 5"
code = "too_many"
message = { zh = "件数太多", en = "too many" }
"""
TABLE = '[[table]]\nname = "order_item"\n[table.columns]\norder_id = "number"\nquantity = "quantity"\n'


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """Return a workspace with a layout of its own that fills no table."""
    create_workspace(tmp_path / "shop", name="shop", currency="CNY", timezone="Asia/Shanghai", language="en")
    (tmp_path / "shop" / "layouts").mkdir(exist_ok=True)
    (tmp_path / "shop" / "layouts" / "reasons.toml").write_text(LAYOUT, "utf-8")
    (tmp_path / "reasons.csv").write_text("退款原因编号,申请人,件数\nR1,欧阳测试,2\nR2,李四,9\n", "utf-8")
    return open_workbench(tmp_path / "shop")


def archived(folder: Path) -> bytes:
    """Return all bytes that the workspace keeps of its files."""
    return b"".join(path.read_bytes() for path in (folder / "archive").rglob("*.parquet"))


def test_known_but_not_used(workbench: Workbench, tmp_path: Path) -> None:
    """The file is told as known, archived without people, no error, and unchanged the second time."""
    [result] = workbench.import_files([tmp_path / "reasons.csv"]).files
    assert (result.layout, result.error, result.main.rows_read) == ("reasons", None, 0)
    assert [problem.code for problem in result.problems.kept] == ["not_used_yet"]
    assert "退款原因" in result.problems.kept[0].message.zh
    assert not result.needs_person
    kept = archived(tmp_path / "shop")
    assert b"R1" in kept
    assert "欧阳测试".encode() not in kept
    [again] = workbench.import_files([tmp_path / "reasons.csv"]).files
    assert (again.already_imported, again.error, again.main.new) == (True, None, 0)


def test_a_later_version_uses_it(workbench: Workbench, tmp_path: Path) -> None:
    """Once the layout fills a table, `rebuild` reads the archived cells; the original file is not needed."""
    workbench.import_files([tmp_path / "reasons.csv"])
    (tmp_path / "reasons.csv").unlink()
    (tmp_path / "shop" / "layouts" / "reasons.toml").write_text(LAYOUT + TABLE, "utf-8")
    later = open_workbench(tmp_path / "shop")
    later.rebuild()
    with later.reader() as connection:
        assert connection.execute("SELECT order_id, quantity FROM order_item").fetchall() == [("R1", 2)]


def test_refused_rows_are_told(workbench: Workbench, tmp_path: Path) -> None:
    """A refused row is counted and told with its number and the layout's own words, in both languages."""
    (tmp_path / "shop" / "layouts" / "reasons.toml").write_text(LAYOUT + TABLE, "utf-8")
    [result] = open_workbench(tmp_path / "shop").import_files([tmp_path / "reasons.csv"]).files
    assert (result.main.new, result.main.rejected) == (1, 1)
    [problem] = result.problems.kept
    assert (problem.code, problem.row, problem.value) == ("too_many", 3, None)
    assert problem.message.zh.startswith("件数太多")
    assert problem.message.en.startswith("too many")


def test_the_currency_of_a_header(workbench: Workbench, tmp_path: Path) -> None:
    """Amounts have the currency that the header names, also after a rebuild; without one, that of the shop."""
    money = '[[field]]\nname = "paid"\nheader = ["金额 (*)"]\ntype = "money"\n'
    text = LAYOUT.replace('platform = "other"', 'platform = "other"\ncurrency = "header"')
    (tmp_path / "shop" / "layouts" / "reasons.toml").write_text(f'{text}{money}{TABLE}paid_amount = "paid"\n', "utf-8")
    for number, header in (("1", "金额 (USD)"), ("2", "金额 (万)")):
        (tmp_path / f"{number}.csv").write_text(f"退款原因编号,{header}\nR{number},5\n", "utf-8")
    bench = open_workbench(tmp_path / "shop")
    bench.import_files([tmp_path / "1.csv", tmp_path / "2.csv"])
    for _ in range(2):
        with bench.reader() as connection:
            found = connection.execute("SELECT order_id, currency FROM order_item ORDER BY 1").fetchall()
        assert found == [("R1", "USD"), ("R2", "CNY")]
        bench.rebuild()


def test_days_without_a_year(workbench: Workbench, tmp_path: Path) -> None:
    """Without any other word on the year, days lie in the year before the import, and stay there after a rebuild."""
    day = '[[field]]\nname = "day"\nheader = ["日期"]\ntype = "day"\ndates = "md"\n'
    text = LAYOUT + day + TABLE + 'product_id = "day"\n'
    (tmp_path / "shop" / "layouts" / "reasons.toml").write_text(text, "utf-8")
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    days = [today, today - timedelta(days=40), today - timedelta(days=363)]
    lines = "".join(f"R{number},{day:%m/%d}\n" for number, day in enumerate(days))
    (tmp_path / "days.csv").write_text(f"退款原因编号,日期\n{lines}", "utf-8")
    bench = open_workbench(tmp_path / "shop")
    bench.import_files([tmp_path / "days.csv"])
    for _ in range(2):
        with bench.reader() as connection:
            found = connection.execute("SELECT product_id FROM order_item ORDER BY order_id").fetchall()
        assert found == [(f"{day}",) for day in days]
        bench.rebuild()
