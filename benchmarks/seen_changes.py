"""How well changes of prices, titles, bids, budgets and campaigns are seen in the data, against the truth.

python benchmarks/seen_changes.py [SHOPS]

Prices: simulated shops whose prices of every day are known. A change can be seen where each price was sold on three
days at least. Titles, bids, budgets and campaigns: files made here, with planted changes and none.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from duoshou.analysts.changes.advertising import advertising_changes
from duoshou.analysts.changes.prices import price_changes
from duoshou.analysts.changes.titles import title_changes
from duoshou.demo.simulation import Scenario, simulate
from duoshou.engine.reader import DuckDBBackend
from duoshou.model import Period
from duoshou.warehouse.ledger import create_tables

UNTIL, DAYS = date(2025, 12, 3), 156
STEP = 0.01
LEAST_DAYS = 3
NEAR = 2  # days by which the day of a planted change may be missed: idle days and missing files hide it


def backend_of(tables: dict[str, pa.Table], folder: Path) -> DuckDBBackend:
    path = folder / "shop.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        create_tables(connection)
        for name, rows in tables.items():
            connection.register("given", rows)
            connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM given")
    return DuckDBBackend(duckdb.connect(str(path), read_only=True))


def orders_table(simulation) -> pa.Table:
    world, columns = simulation.world, {"product_id": [], "sku": [], "unit_price": [], "created_on": [], "order_id": []}
    for chunk in simulation.order_chunks():
        product = chunk.line_product
        columns["product_id"].append(world.products.ids[product].astype(str))
        columns["sku"].append(np.asarray(world.skus.codes)[chunk.line_sku].astype(str))
        columns["unit_price"].append(chunk.line_price / 100)
        columns["created_on"].append(world.dates[chunk.day[chunk.line_order]].astype("datetime64[D]"))
        columns["order_id"].append(chunk.ids[chunk.line_order].astype(str))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    count = len(joined["order_id"])
    fixed = {"shop": np.full(count, "main"), "line_no": np.arange(count), "quantity": np.ones(count, int)}
    return pa.table(joined | fixed)


def runs_of(prices: np.ndarray) -> list[tuple[int, int, float]]:
    """Return (first day, day after the last, price) of each stretch with one price."""
    edges = np.flatnonzero(np.diff(prices)) + 1
    bounds = [0, *edges, len(prices)]
    return [(a, b, float(prices[a])) for a, b in itertools.pairwise(bounds) if prices[a] > 0]


def price_truth(simulation, sold: set[tuple[str, int]]) -> dict[str, list[tuple[int, int, bool]]]:
    """Return per product (day of the change, direction, whether it can be seen)."""
    truth = {}
    for number, product in enumerate(simulation.world.products.ids.astype(str)):
        runs, found = runs_of(simulation.daily.price[:, number]), []
        for one, other in itertools.pairwise(runs):
            if abs(other[2] / one[2] - 1) < STEP:
                continue
            seen = all(sum((product, day) in sold for day in range(a, b)) >= LEAST_DAYS for a, b, _ in (one, other))
            found.append((other[0], 1 if other[2] > one[2] else -1, seen))
        truth[product] = found
    return truth


def prices(seed: int, folder: Path) -> Counter:
    simulation = simulate(seed, UNTIL, DAYS, Scenario("random", is_random=True), None, None)
    rows = orders_table(simulation)
    first = UNTIL - timedelta(days=DAYS - 1)
    days = (rows["created_on"].to_numpy() - np.datetime64(first)).astype(int)
    sold = set(zip(rows["product_id"].to_pylist(), days.tolist(), strict=True))
    truth = price_truth(simulation, sold)
    with backend_of({"order_line": rows}, folder) as backend:
        began = time.process_time()
        found = price_changes(backend, Period(first, UNTIL), None)
        seconds = time.process_time() - began
    counts, hit = Counter(seconds=seconds, lines=len(rows)), set()
    for one in found:
        products = [id_ for type_, id_ in one.subjects if type_ == "product"]
        counts["proposals"] += 1
        for product in products:
            counts["told"] += 1
            near = [
                (product, day)
                for day, _, _ in truth[product]
                if (one.last_before - first).days < day <= (one.day - first).days
            ]
            counts["right"] += bool(near)
            counts["exact day"] += any(day == (one.day - first).days for _, day in near)
            hit |= set(near)
    for product, changes in truth.items():
        for day, _, seen in changes:
            counts["true"] += 1
            counts["visible"] += seen
            counts["visible found"] += seen and (product, day) in hit
    return counts


def mixed_prices(generator, folder: Path) -> Counter:
    """Shops in which no price changes: on each line a second price by chance, and single days of another one."""
    products, days = 200, 150
    first = UNTIL - timedelta(days=days - 1)
    share = generator.choice([0.0, 0.1, 0.3, 0.5], products)
    lines = generator.poisson(generator.choice([0.3, 1, 4, 15], products)[:, None], (products, days))
    deal = generator.random((products, days)) < 0.02
    product, day = (np.repeat(one.ravel(), lines.ravel()) for one in np.indices((products, days)))
    other = (generator.random(len(product)) < share[product]) | deal[product, day]
    price = np.where(other, 90.0, 100.0)
    table = pa.table(
        {
            "shop": np.full(len(product), "main"),
            "order_id": np.arange(len(product)).astype(str),
            "line_no": np.ones(len(product), int),
            "quantity": np.ones(len(product), int),
            "product_id": product.astype(str),
            "unit_price": price,
            "created_on": np.datetime64(first) + day,
        }
    )
    with backend_of({"order_line": table}, folder) as backend:
        found = price_changes(backend, Period(first, UNTIL), None)
    return Counter(products=products, false=len(found))


def planted_values(generator, things: int, days: int):
    """Return which of two values each thing has on each day, and the day of the change of the first half (-1: none)."""
    change = np.where(np.arange(things) < things // 2, generator.integers(15, days - 15, things), -1)
    state = (change[:, None] >= 0) & (np.arange(days) >= change[:, None])
    return state.astype(int), change


def scored(found, change, first: date, name: str) -> Counter:
    """Count what was told of things named by numbers."""
    counts = Counter({f"{name} true": int((change >= 0).sum()), f"{name} told": len(found)})
    for one in found:
        day = int(change[int(one.subjects[0][1])])
        near = (one.last_before - first).days - NEAR < day <= (one.day - first).days + NEAR
        counts[f"{name} right"] += day >= 0 and near
    return counts


def titles(generator, folder: Path) -> Counter:
    """Item files: titles that change once, that never do, and that two files tell differently."""
    things, days = 300, 120
    first = UNTIL - timedelta(days=days - 1)
    state, change = planted_values(generator, things, days)
    flips = generator.random((things, days)) < np.where(np.arange(things) % 5 == 0, 0.3, 0.0)[:, None]
    product, day = np.indices((things, days))
    kept = generator.random((things, days)) > 0.05
    title = np.char.add(np.where(flips, "短 ", "羽绒服 "), state.astype(str))
    columns = {
        "product_id": product[kept].astype(str),
        "title": title[kept],
        "period_start": np.datetime64(first) + day[kept],
    }
    fixed = {"shop": np.full(kept.sum(), "main"), "grain": np.full(kept.sum(), "day")}
    with backend_of({"product_period": pa.table(columns | fixed)}, folder) as backend:
        found = title_changes(backend, Period(first, UNTIL), None)
    return scored(found, change, first, "title")


def advertising(generator, folder: Path, kind: str) -> Counter:
    """Plans: bids that change, budgets that bind, campaigns that begin or stop; idle days, missing files."""
    things, days = 200, 120
    first = UNTIL - timedelta(days=days - 1)
    state, change = planted_values(generator, things, days)
    campaign, day = np.indices((things, days))
    cost = generator.lognormal(5, 1, things)[:, None] * generator.lognormal(0, 0.25, (things, days))
    kept = np.broadcast_to(generator.random(days) > 0.04, (things, days)).copy()
    bid = np.full((things, days), 1.0)
    if kind == "bid":
        bid = 1.0 + 0.2 * state
    elif kind == "budget":
        budget = 100.0 * np.where(state > 0, 1.4, 1.0)
        bound = np.where(np.arange(things) % 4 == 3, False, change >= 0)
        cost = np.where(bound[:, None], budget * (1 - 0.004 * generator.random((things, days))), cost)
        change = np.where(bound, change, -1)
    else:
        starts = np.arange(things) % 2 == 0
        runs = np.where(change[:, None] >= 0, np.where(starts[:, None], state > 0, state == 0), True)
        kept &= runs & (generator.random((things, days)) > 0.05)
    columns = {
        "campaign": campaign[kept].astype(str),
        "day": np.datetime64(first) + day[kept],
        "cost": np.round(cost[kept], 2),
        "bid": bid[kept],
        "impressions": np.full(kept.sum(), 1000),
    }
    fixed = {name: np.full(kept.sum(), value) for name, value in FIXED.items()}
    with backend_of({"ad_period": pa.table(columns | fixed)}, folder) as backend:
        found = [one for one in advertising_changes(backend, Period(first, UNTIL), None) if one.kind == kind]
        return scored(found, change, first, kind)


FIXED = {
    "shop": "main",
    "account": "-",
    "report_level": "plan",
    "ad_group": "-",
    "target": "-",
    "attribution_window_days": 15,
}


def main(shops: int) -> None:
    generator = np.random.default_rng(11)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        total = Counter()
        for seed in range(101, 101 + shops):
            total += prices(seed, folder)
        print("prices", dict(total))
        print("  precision", total["right"] / max(total["told"], 1))
        print("  recall of what can be seen", total["visible found"] / max(total["visible"], 1))
        mixed, planted = Counter(), Counter()
        for _ in range(shops):
            mixed += mixed_prices(generator, folder)
            planted += titles(generator, folder)
            for kind in ("bid", "budget", "campaign"):
                planted += advertising(generator, folder, kind)
        print("prices that only alternate", dict(mixed))
        for kind in ("title", "bid", "budget", "campaign"):
            told, right = planted[f"{kind} told"], planted[f"{kind} right"]
            print(
                kind,
                "precision",
                right / max(told, 1),
                "recall",
                right / planted[f"{kind} true"],
                "of",
                planted[f"{kind} true"],
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
