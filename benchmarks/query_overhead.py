"""`query` against the same question in hand-written SQL, on 20,000,000 order lines, in one process, by turns.

    python benchmarks/query_overhead.py [--rows 20000000] [--rounds 11]

Both read the same snapshot; the hand-written statement is given to a bare DuckDB connection. What is printed is the
difference of the medians: reading the request, choosing sources, coverage, compiling, and shaping the answer.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from measure import machine

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.model import Comparison, Grain, Period

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
MONTH = Period(date(2025, 11, 1), date(2025, 11, 30))
LINES = """INSERT INTO order_line BY NAME SELECT 'main' AS shop, (i // 2)::VARCHAR AS order_id, i % 2 + 1 AS line_no,
    'taobao' AS platform, 'CNY' AS currency, md5(((i // 2) % 3000000)::VARCHAR) AS buyer_key,
    (hash(i) % 500)::VARCHAR AS product_id, (hash(i) % 2000)::VARCHAR AS sku, 'title ' || hash(i) % 500 AS title,
    1 + i % 3 AS quantity, (hash(i + 7) % 50000 / 100)::DECIMAL(18, 2) AS paid_amount, paid_amount AS first_paid_amount,
    0 AS refund_amount, 'finished' AS status, ts AS paid_at, ts::DATE AS paid_on, ts AS created_at,
    ts::DATE AS created_on, ['浙江', '江苏', '广东', '四川', '北京'][(1 + hash(i) % 5)::BIGINT] AS province,
    'bench.csv' AS source_file, i AS source_row, TIMESTAMP '2026-01-01' AS exported_at,
    'b' AS batch_id, TIMESTAMP '2026-01-01' AS loaded_at
    FROM (SELECT i, TIMESTAMP '2024-01-01' + INTERVAL (i * 63072000 // {rows}) SECOND AS ts
          FROM range({rows}) AS r(i))"""
FILTER = "quantity > 0 AND paid_at IS NOT NULL AND paid_on BETWEEN ? AND ?"
AMOUNT = "sum(coalesce(first_paid_amount, paid_amount))"


@dataclass(frozen=True)
class Case:
    """One question, asked both ways."""

    name: str
    ask: Callable[[Workbench], object]
    sql: str
    periods: tuple[Period, ...]


CASES = (
    Case(
        "amount of a month",
        lambda w: w.query(["pay_amount"], period=MONTH),
        f"SELECT {AMOUNT} FROM order_line WHERE {FILTER}",
        (MONTH,),
    ),
    Case(
        "amount, orders, buyers by province, month",
        lambda w: w.query(["pay_amount", "pay_orders", "pay_buyers"], by=["region"], period=MONTH),
        f"""SELECT province, {AMOUNT}, count(DISTINCT order_id), count(DISTINCT buyer_key)
            FROM order_line WHERE {FILTER} GROUP BY 1""",
        (MONTH,),
    ),
    Case(
        "amount and units by day, year",
        lambda w: w.query(["pay_amount", "pay_units"], period=YEAR, grain=Grain.DAY),
        f"SELECT paid_on, {AMOUNT}, sum(quantity) FROM order_line WHERE {FILTER} GROUP BY 1 ORDER BY 1",
        (YEAR,),
    ),
    Case(
        "amount by product, month against previous",
        lambda w: w.query(["pay_amount"], by=["product"], period=MONTH, compare=Comparison.PREVIOUS),
        f"SELECT product_id, {AMOUNT} FROM order_line WHERE {FILTER} GROUP BY 1",
        (MONTH, MONTH.compared(Comparison.PREVIOUS)),
    ),
    Case(
        "amount, units of 2,000 codes against previous",
        lambda w: w.query(["pay_amount", "pay_units"], by=["sku"], period=MONTH, compare=Comparison.PREVIOUS),
        f"SELECT sku, {AMOUNT}, sum(quantity) FROM order_line WHERE {FILTER} GROUP BY 1",
        (MONTH, MONTH.compared(Comparison.PREVIOUS)),
    ),
)


def make_shop(directory: Path, rows: int) -> Workbench:
    """Return a workspace whose snapshot holds `rows` order lines."""
    create_workspace(directory, name="bench", currency="CNY", timezone="Asia/Shanghai", language="zh")
    workbench = open_workbench(directory)
    snapshot = workbench.store.snapshot()
    with duckdb.connect(str(snapshot)) as connection:
        connection.execute(LINES.format(rows=rows))
    return workbench


def timed(work: Callable[[], object]) -> float:
    """Return the milliseconds that `work` took."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Ask every question both ways, by turns, and print the medians and their difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    print(machine(), f"{options.rows:,} order lines")
    with tempfile.TemporaryDirectory() as scratch:
        workbench = make_shop(Path(scratch) / "shop", options.rows)
        snapshot = workbench.store.snapshot()
        with duckdb.connect(str(snapshot), read_only=True) as bare:
            print(f"{'':46}{'SQL ms':>9}{'query ms':>10}{'more ms':>9}{'first query':>13}")
            for case in CASES:
                report(case, workbench, bare, options.rounds)


def report(case: Case, workbench: Workbench, bare: duckdb.DuckDBPyConnection, rounds: int) -> None:
    """Print one line for one question; the first query of a kind, which compiles, is printed apart."""

    def by_hand() -> None:
        for period in case.periods:
            bare.execute(case.sql, [period.start, period.end]).fetchall()

    first = timed(lambda: case.ask(workbench))
    by_hand()
    pairs = [(timed(by_hand), timed(lambda: case.ask(workbench))) for _ in range(rounds)]
    sql, query = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{case.name:46}{sql:9.1f}{query:10.1f}{query - sql:9.1f}{first:13.1f}")


if __name__ == "__main__":
    main()
