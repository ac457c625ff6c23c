"""The study of paid promotion over five million days of keywords: time and peak memory.

    PYTHONPATH=src python benchmarks/advertising.py [--keywords 40000] [--days 125] [--rounds 3]

Keywords have rates of their own: a few have thousands of clicks, most hardly any, and a row a day all the same, as the
platforms' files have. The study runs in a process of its own, started fresh, over a snapshot on disk.
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

LAST = date(2026, 9, 30)
CAMPAIGNS, PRICE = 200, 1.5
STUDY = """
from datetime import date
from pathlib import Path
from duoshou.analysts.advertising import AdQuestion, study_advertising
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue
from duoshou.settings import EngineSettings

last = date.fromisoformat({last!r})
with DuckDBBackend.open(Path({path!r}), EngineSettings()) as backend:
    began = time.perf_counter()
    study = study_advertising(
        AdQuestion(backend, load_catalogue(), last, last, None, "CNY", lambda _, __: {{}}, 0.4)
    )
    report(time.perf_counter() - began, targets=sum(len(one.targets) for one in study.levels))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keywords", type=int, default=40_000)
    parser.add_argument("--days", type=int, default=125)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(machine(), f"{options.keywords * options.days:,} days of keywords")
    with tempfile.TemporaryDirectory() as scratch:
        path = make_warehouse(Path(scratch) / "shop.duckdb", options.keywords, options.days)
        code = STUDY.format(last=LAST.isoformat(), path=str(path))
        print(table(compare({"study of paid promotion": code}, options.rounds)))


def make_warehouse(path: Path, keywords: int, days: int) -> Path:
    """Write a snapshot whose keywords have a row on each day, and return its path."""
    random = np.random.default_rng(3)
    daily, conversion = random.lognormal(-1.0, 1.6, keywords), random.beta(1.2, 28.8, keywords)
    campaign = [f"c{number}" for number in random.integers(0, CAMPAIGNS, keywords)]
    word = [f"词 {number}" for number in range(keywords)]
    with duckdb.connect(str(path)) as connection:
        create_tables(connection)
        for back in range(days - 1, -1, -1):
            clicks = random.poisson(daily)
            orders = random.binomial(clicks, conversion)
            given = pa.table(  # noqa: F841 - DuckDB reads it by its name
                {
                    "campaign": campaign,
                    "keyword": word,
                    "day": pa.array([LAST - timedelta(days=back)] * keywords),
                    "impressions": clicks * 20 + random.poisson(3, keywords),
                    "clicks": clicks,
                    "cost": np.round(clicks * PRICE * random.lognormal(0, 0.2, keywords), 2),
                    "orders": orders,
                    "sales_amount": np.round(orders * 80 * random.lognormal(0, 0.3, keywords), 2),
                }
            )
            connection.execute(
                "INSERT INTO ad_period BY NAME SELECT *, 'main' AS shop, 'main' AS account, 'keyword' AS report_level, "
                "campaign AS campaign_name, '-' AS ad_group, keyword AS target, 15 AS attribution_window_days, "
                "'taobao' AS platform, 'CNY' AS currency, 'bench.csv' AS source_file, 1 AS source_row, "
                "TIMESTAMP '2026-12-01' AS exported_at, 'b' AS batch_id FROM given"
            )
    return path


if __name__ == "__main__":
    main()
