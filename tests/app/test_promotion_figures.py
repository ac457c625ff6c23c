"""The figures of 推广 against numbers worked out by hand and against SQL of their own on the warehouse.

Ninety-five days of two keywords, exported the day after; the platform settles after 15 days, so 60 days count, up to
the 15th day before the last.

good: 1,000 clicks a day for 500.00, 50 orders of 100.00 each. bad, in a plan named 合计: 1,000 clicks a day for 800.00,
10 orders of 100.00. Of sales .3 is left (the assumed margin; nothing is refunded).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.layouts.files import delimited

from duoshou.analysts.advertising import AdStudy
from duoshou.analysts.advertising.levels import Target
from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.advertising import advertising_of

FIRST, DAYS = date(2026, 5, 1), 95
LAST = FIRST + timedelta(days=DAYS - 1)
END = LAST - timedelta(days=15)
START = END - timedelta(days=59)
HEAD = [
    *("日期", "计划ID", "计划名称", "单元ID", "单元名称", "主体ID", "主体名称", "推广类型", "关键词", "花费", "展现量"),
    *("点击量", "总成交金额", "总成交笔数"),
]
MARGIN = 0.3


def report() -> bytes:
    """Return the keyword report with a row of sums, and one that a person spoilt."""
    rows: list[list[object]] = []
    for number in range(DAYS):
        day = (FIRST + timedelta(days=number)).isoformat()
        for plan, name, word, cost, orders in (("701", "主推", "good", 500, 50), ("702", "合计", "bad", 800, 10)):
            figures = (cost, 20000, 1000, orders * 100, orders)
            rows.append([day, plan, name, "8", "单元", "1", "鞋", "标准", word, *figures])
    spoilt = [LAST.isoformat(), "701", "主推", "8", "单元", "1", "鞋", "标准", "spoilt", -5000, 10, 1, 0, 0]
    sums = ["合计", "", "", "", "", "", "", "", "", 95 * 1300 - 5000, "", "", "", ""]
    return delimited([HEAD, *rows, spoilt, sums])


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Return the workspace of the two keywords."""
    folder = tmp_path_factory.mktemp("figures")
    file = folder / f"关键词报表_{LAST + timedelta(days=1):%Y%m%d}_101500.csv"
    file.write_bytes(report())
    create_workspace(folder / "shop", "shop", "CNY", "Asia/Shanghai", "zh")
    with open_workbench(folder / "shop") as opened:
        (told,) = opened.import_files([file]).to_dict()["files"]
        assert told["rejected"] == 1
        yield opened


@pytest.fixture(scope="module")
def study(bench: Workbench) -> AdStudy:
    """Return the study of the last day."""
    return advertising_of(bench, LAST)


def keyword(study: AdStudy, name: str) -> Target:
    """Return a keyword of the study."""
    return next(one for one in study.levels[0].targets if one.name == name)


def test_the_settled_days_are_sixty(study: AdStudy) -> None:
    """From the 74th before the last day to the 15th before it."""
    assert (study.levels[0].period.start, study.levels[0].period.end) == (START, END)
    assert study.margin is not None
    assert study.margin.rate == pytest.approx(MARGIN)


@pytest.mark.parametrize(
    ("name", "cost", "sales", "roas"),
    [("good", Decimal(30000), Decimal(300000), 10.0), ("bad", Decimal(48000), Decimal(60000), 1.25)],
)
def test_cost_and_roas_are_those_of_the_reports(
    bench: Workbench, study: AdStudy, name: str, cost: Decimal, sales: Decimal, roas: float
) -> None:
    """60 × 500 and 60 × 800; 300,000 ÷ 30,000 and 60,000 ÷ 48,000; the plan named 合计 is there."""
    one = keyword(study, name)
    assert (one.cost, one.sales) == (cost, sales)
    assert one.roas == pytest.approx(roas)
    with closing(bench.reader()) as connection:
        told = connection.execute(
            "SELECT sum(cost), sum(sales_amount) FROM ad_period WHERE report_level = 'keyword' AND target = ? "
            "AND day BETWEEN ? AND ?",
            [name, START, END],
        ).fetchone()
    assert told == (cost, sales)


@pytest.mark.parametrize(("name", "price"), [("good", 1.5), ("bad", 0.3)])
def test_a_click_may_cost_what_it_leaves(bench: Workbench, study: AdStudy, name: str, price: float) -> None:
    """.05 × 100 × .3 and .01 × 100 × .3: rates of 60,000 clicks are hardly drawn to anything."""
    with closing(bench.reader()) as connection:
        told = connection.execute(
            "SELECT sum(orders) / sum(clicks) * (sum(sales_amount) / sum(orders)) * 0.3 FROM ad_period "
            "WHERE report_level = 'keyword' AND target = ? AND day BETWEEN ? AND ?",
            [name, START, END],
        ).fetchone()
    assert told is not None
    assert float(told[0]) == pytest.approx(price)
    assert float(keyword(study, name).break_even_click) == pytest.approx(price, abs=0.011)


@pytest.mark.parametrize(("name", "profit"), [("good", 60000.0), ("bad", -30000.0)])
def test_what_is_left_after_advertising(study: AdStudy, name: str, profit: float) -> None:
    """.3 × 300,000 - 30,000 and .3 × 60,000 - 48,000, within the interval and a hundredth of the sales' margin."""
    one = keyword(study, name)
    assert float(one.profit) == pytest.approx(profit, abs=0.01 * MARGIN * float(one.sales))
    assert float(one.profit_low) < profit < float(one.profit_high)


def test_the_waste_in_money(study: AdStudy) -> None:
    """30,000 lost in 60 days are 15,000 in 30; the keyword that earns is not in it."""
    (finding,) = [one for one in study.findings if one.kind == "advertising.waste"]
    assert finding.impact is not None
    assert float(finding.impact.amount) == pytest.approx(15000, rel=0.01)
    assert float(finding.impact.low or 0) < 15000 < float(finding.impact.high or 0)
    assert [row[0] for row in finding.evidence[0].rows] == ["bad"]


def test_the_rejected_row_is_kept_with_its_reason(bench: Workbench) -> None:
    """A cost below nothing changes no figure and is among the rows to mend."""
    from duoshou.warehouse import rejected_rows

    (entry,) = bench.store.archive.names()
    (row,) = rejected_rows(bench.store, entry).rows
    assert "spoilt" in row.cells
    assert "负数" in row.faults[0].message.zh


@pytest.mark.parametrize("units_first", [True, False])
def test_a_report_without_units_beside_one_with_them_counts_once(tmp_path: Path, units_first: bool) -> None:
    """The same keywords exported with and without 单元ID: cost, sales and bids are those of one of the files."""
    rows = list(csv.reader(io.StringIO(report().decode("utf-8-sig"))))
    bare = [[cell for place, cell in enumerate(row) if HEAD[place] not in {"单元ID", "单元名称"}] for row in rows]
    export = f"{LAST + timedelta(days=1):%Y%m%d}_10"
    files = {f"关键词报表_{export}1500.csv": report(), f"关键词报表_{export}1600.csv": delimited(bare)}
    create_workspace(tmp_path / "shop", "shop", "CNY", "Asia/Shanghai", "zh")
    with open_workbench(tmp_path / "shop") as opened:
        for name, content in sorted(files.items(), reverse=not units_first):
            file = tmp_path / name
            file.write_bytes(content)
            opened.import_files([file])
        with closing(opened.reader()) as connection:
            units = connection.execute("SELECT count(DISTINCT ad_group) FROM ad_period").fetchone()
        study = advertising_of(opened, LAST)
    assert units == (2,)
    assert (keyword(study, "good").cost, keyword(study, "good").sales) == (Decimal(30000), Decimal(300000))
    assert study.bids is not None
    assert float(study.bids.budget) == pytest.approx(1300.0)
