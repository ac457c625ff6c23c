"""The study of a shop's customers over ten million order lines of a million customers: time and peak memory.

    PYTHONPATH=src python benchmarks/customers.py [--customers 1000000] [--lines 10000000] [--rounds 3]

Customers begin on any day of two and a half years, buy at gamma distributed rates and leave after a purchase or not, as
BG/NBD says. The study and the list of all customers are processes of their own, started fresh, over a snapshot on disk.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from measure import compare, machine, table

from duoshou.warehouse.ledger import create_tables

FIRST, DAYS = date(2024, 1, 1), 900
CHUNK = 100_000
PRODUCTS, PER_ORDER = 2_000, 2
COLUMNS = """INSERT INTO order_line BY NAME SELECT 'main' AS shop, 'taobao' AS platform, 'CNY' AS currency,
    order_id::VARCHAR AS order_id, line_no, md5(customer::VARCHAR) AS buyer_key, 'p' || product AS product_id,
    'title ' || product AS title, 1 AS quantity, paid::DECIMAL(18, 2) AS paid_amount, paid_amount AS first_paid_amount,
    0 AS refund_amount, 'finished' AS status, DATE '2024-01-01' + day::INTEGER AS paid_on, paid_on AS created_on,
    paid_on::TIMESTAMP AS paid_at, paid_at AS created_at, 'bench.csv' AS source_file, order_id AS source_row,
    TIMESTAMP '2026-12-01' AS exported_at, 'b' AS batch_id FROM given"""
ASKED = """
from datetime import date
from pathlib import Path
from duoshou.analysts.customers import CustomerQuestion, study_customers
from duoshou.analysts.customers.listing import listed
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue
from duoshou.settings import EngineSettings

last = date.fromisoformat({last!r})
with DuckDBBackend.open(Path({path!r}), EngineSettings()) as backend:
    question = CustomerQuestion(backend, last, None, "CNY", catalogue=load_catalogue(), today=last)
    began = time.perf_counter()
    {work}
    report(time.perf_counter() - began)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path, lines = make_warehouse(Path(scratch) / "shop.duckdb", options.customers, options.lines)
        print(machine(), f"{options.customers:,} customers, {lines:,} order lines")
        last = (FIRST + timedelta(days=DAYS - 1)).isoformat()
        works = {"study": "study_customers(question)", "list of all customers": "for one in listed(question): pass"}
        codes = {name: ASKED.format(last=last, path=str(path), work=work) for name, work in works.items()}
        print(table(compare(codes, options.rounds)))


def make_warehouse(path: Path, customers: int, lines: int) -> tuple[Path, int]:
    """Write a snapshot with about so many order lines, and return its path and how many they are."""
    random = np.random.default_rng(5)
    total, wanted = 0, lines / customers / PER_ORDER
    with duckdb.connect(str(path)) as connection:
        create_tables(connection)
        for first in range(0, customers, CHUNK):
            size = min(CHUNK, customers - first)
            starts = random.integers(0, DAYS, size)
            # What is left of the two and a half years is half of them in the mean; a purchase in eight is the last.
            rate = random.gamma(0.6, 8 * wanted / DAYS, size)
            stays = np.minimum(random.geometric(random.beta(1.2, 8.0, size)), 1_000)
            number = np.minimum(1 + random.poisson(rate * (DAYS - starts)), 1 + stays)
            customer = np.repeat(np.arange(size), number)
            offset = random.random(customer.size) * (DAYS - starts[customer])
            begins = np.concatenate(([0], np.cumsum(number)[:-1]))
            offset[begins] = 0
            day = (starts[customer] + offset).astype(np.int64)
            mean = 400 / random.gamma(5.0, 1.0, size)
            order = np.repeat(total + np.arange(customer.size), PER_ORDER)
            given = pa.table(  # noqa: F841 - DuckDB reads it by its name
                {
                    "order_id": order,
                    "line_no": np.tile(np.arange(1, PER_ORDER + 1), customer.size),
                    "customer": np.repeat(first + customer, PER_ORDER),
                    "product": np.minimum(random.zipf(1.3, order.size), PRODUCTS),
                    "paid": np.repeat(mean[customer], PER_ORDER) * random.gamma(6.0, 1 / 6, order.size) + 0.01,
                    "day": np.repeat(day, PER_ORDER),
                }
            )
            connection.execute(COLUMNS)
            total += order.size
    return path, total


if __name__ == "__main__":
    main()
