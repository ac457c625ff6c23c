"""Counts of pairs beside mlxtend and PyFIM, and ten million order lines.

    PYTHONPATH=src python benchmarks/baskets.py groceries FILE.csv.gz   # with mlxtend and pyfim
    PYTHONPATH=src python benchmarks/baskets.py uci FILE.csv.gz         # likewise
    PYTHONPATH=src python benchmarks/baskets.py lines
    PYTHONPATH=src python benchmarks/baskets.py warehouse

All contenders run in one process and take turns, so that a slow minute hits them alike; the least round is told.
`warehouse` counts the pairs of about 11,000,000 order lines from a snapshot, as `duoshou basket` does, and has the
engine count the same, each in a process of its own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from customers import make_warehouse
from measure import compare, machine, table

from duoshou.statistics.baskets import Baskets, count_pairs

ROUNDS = 5
LINES, ORDERS, PRODUCTS = 10_000_000, 4_000_000, 20_000
SUPPORTS = {"groceries": 0.006, "uci": 0.01}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of all processors' work, and what it returned."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def beside_others(file: str, support: float) -> None:
    """Print the times of each on the same baskets, and whether the counts are equal."""
    import fim
    import pandas as pd
    from mlxtend.frequent_patterns import fpgrowth

    rows = pd.read_csv(file, dtype=str)
    basket, item = (pd.factorize(rows[name])[0] for name in rows.columns[:2])
    lists = [list(set(group.tolist())) for _, group in pd.Series(item).groupby(basket)]
    wide = pd.DataFrame(pd.crosstab(basket, item).to_numpy() > 0)
    least = int(np.ceil(support * len(lists)))
    contenders: dict[str, Callable[[], Any]] = {
        "duoshou": lambda: count_pairs(Baskets.of(basket, item), least),
        "PyFIM eclat": lambda: fim.eclat(lists, zmin=2, zmax=2, supp=-least),
        "mlxtend fpgrowth": lambda: fpgrowth(wide, min_support=support, max_len=2),
    }
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    found = {}
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            took, found[name] = timed(work)
            seconds[name].append(took)
    own = found["duoshou"]
    counts = dict(zip(zip(own.left.tolist(), own.right.tolist(), strict=True), own.together.tolist(), strict=True))
    eclat = {tuple(sorted(items)): count for items, count in found["PyFIM eclat"]}
    growth = found["mlxtend fpgrowth"]
    pairs = growth[growth["itemsets"].map(len) == 2]
    shares = {tuple(sorted(one.itemsets)): round(one.support * len(lists)) for one in pairs.itertuples()}
    print(f"{len(counts)} pairs; equal to PyFIM: {counts == eclat}, to mlxtend: {counts == shares}")
    for name, took in seconds.items():
        ratio = min(took) / min(seconds["duoshou"])
        print(f"{name:18} {min(took) * 1000:9.1f} ms of CPU, {ratio:.2f} times duoshou's")


def many_lines() -> None:
    """Print the time of ten million lines of made-up orders with a few great sellers."""
    random = np.random.default_rng(1)
    baskets = random.integers(0, ORDERS, LINES)
    items = np.minimum(random.zipf(1.3, LINES) - 1, PRODUCTS - 1)
    wall = time.perf_counter()
    took, found = timed(lambda: count_pairs(Baskets.of(baskets, items)))
    print(f"{LINES:,} lines, {found.left.size:,} pairs: {time.perf_counter() - wall:.1f} s, {took:.1f} s of CPU")


COUNTED = """
from datetime import date
from pathlib import Path
from duoshou.analysts.basket import BasketQuestion, counting
from duoshou.engine.reader import DuckDBBackend
from duoshou.model import Period
from duoshou.settings import EngineSettings

with DuckDBBackend.open(Path({path!r}), EngineSettings()) as backend:
    backend.connection.execute("SET enable_progress_bar = false")
    question = BasketQuestion(backend, Period(date(2024, 1, 1), date(2026, 12, 31)), None, "CNY")
    began = time.process_time()
    counting.{way}(question)
    report(time.process_time() - began)
"""


def from_warehouse(customers: int = 1_000_000, lines: int = 8_600_000) -> None:
    """Print the time of all pairs of a snapshot's order lines."""
    with tempfile.TemporaryDirectory() as scratch:
        path, number = make_warehouse(Path(scratch) / "shop.duckdb", customers, lines)
        print(machine(), f"{number:,} order lines; seconds are the processor's")
        ways = ("counted", "counted_in_engine")
        print(table(compare({way: COUNTED.format(path=str(path), way=way) for way in ways}, 1)))


if __name__ == "__main__":
    if sys.argv[1] == "lines":
        many_lines()
    elif sys.argv[1] == "warehouse":
        from_warehouse()
    else:
        beside_others(sys.argv[2], SUPPORTS[sys.argv[1]])
