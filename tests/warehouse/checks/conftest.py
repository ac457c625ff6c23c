"""A made-up shop in canonical tables, and the faults that can be put into it."""

from __future__ import annotations

import math
import os
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from duoshou.model import Finding
from duoshou.settings import Settings
from duoshou.warehouse.checks import run_checks

FIRST = date(2026, 7, 1)
TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "money": "DECIMAL(18,2)",
    "price": "DECIMAL(18,4)",
    "rate": "DOUBLE",
    "day": "DATE",
    "instant": "TIMESTAMP",
}
LINEAGE = (
    "source_file VARCHAR, source_hash VARCHAR, source_row BIGINT, exported_at TIMESTAMP, batch_id VARCHAR, "
    "loaded_at TIMESTAMP"
)
WEEKDAYS = (1.0, 0.95, 0.95, 1.0, 1.1, 1.3, 1.25)


def _create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every canonical table, empty."""
    for resource in files("duoshou.warehouse").joinpath("tables").iterdir():
        table = tomllib.loads(resource.read_text(encoding="utf-8"))
        columns = []
        for column in table["column"]:
            columns.append(f'"{column["name"]}" {TYPES[column["type"]]}')
            if column["type"] == "instant":
                columns.append(f'"{column["name"].removesuffix("_at")}_on" DATE')
        connection.execute(f"CREATE TABLE {table['name']} ({', '.join(columns)}, {LINEAGE})")


@dataclass
class MadeUpShop:
    """A shop of a given size; orders, shop days, product days and promotion days that nearly agree."""

    connection: duckdb.DuckDBPyConnection
    seed: int = 1
    days: int = 120
    orders_a_day: float = 60.0
    closed_weekday: int | None = None
    settings: Settings = field(default_factory=Settings)

    @property
    def last(self) -> date:
        """Last day with data."""
        return FIRST + timedelta(days=self.days - 1)

    def day(self, number: int) -> date:
        """Return the n-th day, from 0; negative numbers count from the end."""
        return FIRST + timedelta(days=number % self.days)

    def findings(self, day: date | None = None) -> list[Finding]:
        """Return what the checks say on a day, by default the last one."""
        return run_checks(self.connection, self.settings, day or self.last)

    def kinds(self, day: date | None = None) -> set[str]:
        """Return the kinds of the findings that are more than possible."""
        return {finding.kind for finding in self.findings(day) if finding.confidence != "possible"}

    def run(self, sql: str, *parameters: object) -> None:
        """Put a fault into the tables."""
        self.connection.execute(sql, list(parameters))

    def build(self) -> MadeUpShop:
        """Fill the tables."""
        _create_tables(self.connection)
        chance = random.Random(self.seed)
        prices = [round(math.exp(chance.gauss(4, 0.7)), 2) for _ in range(30)]
        weights = [1 / (rank + 1) for rank in range(30)]
        lines: list[dict[str, Any]] = []
        shop_days: list[dict[str, Any]] = []
        product_days: list[dict[str, Any]] = []
        ad_days: list[dict[str, Any]] = []
        number = 10_000
        for offset in range(self.days):
            day = FIRST + timedelta(days=offset)
            week, month = offset // 7, day.month
            week_end = min(FIRST + timedelta(days=week * 7 + 6), self.last)
            orders_export = datetime(week_end.year, week_end.month, week_end.day, 4) + timedelta(days=1)
            next_day = datetime(day.year, day.month, day.day, 2) + timedelta(days=1)
            rate = self.orders_a_day * WEEKDAYS[day.weekday()] * (1 + 0.2 * math.sin(offset / 40))
            if self.closed_weekday == day.weekday():
                rate = 0.0
            rate *= chance.gammavariate(25, 1 / 25)
            if chance.random() < 0.02:
                rate *= 2.5  # a promotion
            count = _poisson(chance, rate)
            bought: dict[int, list[float]] = {}
            total = 0.0
            for _ in range(count):
                number += 1
                seconds = int(min(86_399, max(0, chance.gauss(15, 4) * 3600)))
                local = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
                instant = local - timedelta(hours=8)
                buyer = f"b{chance.randrange(5000)}"
                for line_no in range(1, 1 + chance.choice((1, 1, 1, 2, 3))):
                    product = chance.choices(range(30), weights)[0]
                    quantity = chance.choice((1, 1, 1, 1, 2))
                    paid = round(prices[product] * quantity * chance.choice((1, 1, 0.95, 0.9)), 2)
                    bought.setdefault(product, []).append(paid)
                    total += paid
                    lines.append(
                        _lineage(f"orders-{week:02d}.xlsx", len(lines) + 2, orders_export)
                        | {
                            "shop": "main", "order_id": f"4{number}", "line_no": line_no, "platform": "taobao",
                            "currency": "CNY", "buyer_key": buyer, "product_id": f"p{product}",
                            "title": f"商品 {product}", "quantity": quantity, "unit_price": prices[product],
                            "paid_amount": paid, "first_paid_amount": paid, "refund_amount": 0.0,
                            "status": "finished", "created_at": instant, "created_on": day, "paid_at": instant,
                            "paid_on": day,
                        }
                    )  # fmt: skip
            visitors = max(count, int(chance.gauss(count * 30 + 50, 40)))
            paid_total = round(total * math.exp(chance.gauss(0.01, 0.015)), 2)
            buyers = max(0, round(count * 0.97))
            shop_days.append(
                _lineage(f"shop-{month:02d}.xlsx", day.day + 4, datetime(2026, month, 28, 2) + timedelta(days=5))
                | {
                    "shop": "main", "grain": "day", "period_start": day, "terminal": "all", "platform": "taobao",
                    "currency": "CNY", "visitors": visitors, "page_views": int(visitors * chance.gauss(3, 0.1)),
                    "buyers": buyers, "paid_orders": count, "paid_units": count, "paid_amount": paid_total,
                    "order_buyers": buyers, "order_amount": round(paid_total * 1.05, 2), "refund_amount": 0.0,
                }
            )  # fmt: skip
            for product in range(30):
                paid = round(sum(bought.get(product, [])) * math.exp(chance.gauss(0, 0.01)), 2)
                seen = _poisson(chance, 2 + visitors * weights[product] / 4)
                product_days.append(
                    _lineage(f"products-{day}.xlsx", product + 6, next_day)
                    | {
                        "shop": "main", "product_id": f"p{product}", "grain": "day", "period_start": day,
                        "title": f"商品 {product}", "platform": "taobao", "currency": "CNY", "visitors": seen,
                        "page_views": seen * 2, "buyers": len(bought.get(product, [])),
                        "paid_units": len(bought.get(product, [])), "paid_amount": paid,
                    }
                )  # fmt: skip
            for plan in range(4):
                clicks = _poisson(chance, 60 * (plan + 1))
                ad_days.append(
                    _lineage(f"plans-{week:02d}.csv", len(ad_days) + 2, orders_export)
                    | {
                        "shop": "main", "account": "-", "report_level": "plan", "campaign": f"c{plan}", "ad_group": "-",
                        "target": "-", "attribution_window_days": 15, "day": day, "platform": "taobao",
                        "currency": "CNY", "scene": "关键词推广", "campaign_name": f"计划 {plan}",
                        "impressions": clicks * 40, "clicks": clicks,
                        "cost": round(clicks * chance.gauss(1.2, 0.08), 2), "orders": clicks // 20,
                        "sales_amount": round(clicks * chance.gauss(3, 0.4), 2),
                    }
                )  # fmt: skip
        self._insert("order_line", lines)
        self._insert("shop_period", shop_days)
        self._insert("product_period", product_days)
        self._insert("ad_period", ad_days)
        self._derive_given_tables()
        return self

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.register("incoming", pa.Table.from_pylist(rows))
            self.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
            self.connection.unregister("incoming")

    def _derive_given_tables(self) -> None:
        """Make the orders and lines as the platform would have given them."""
        self.run(
            """INSERT INTO order_header BY NAME
            SELECT shop, order_id, any_value(platform) AS platform, any_value(currency) AS currency,
                   any_value(buyer_key) AS buyer_key, any_value(status) AS status, min(created_at) AS created_at,
                   min(created_on) AS created_on, min(paid_at) AS paid_at, min(paid_on) AS paid_on,
                   sum(paid_amount) AS paid_amount, sum(quantity) AS quantity, any_value(source_file) AS source_file,
                   any_value(source_hash) AS source_hash, min(source_row) AS source_row,
                   max(exported_at) AS exported_at
            FROM order_line GROUP BY shop, order_id"""
        )
        self.run(
            """INSERT INTO order_item BY NAME
            SELECT shop, order_id, line_no, platform, currency, product_id, title, quantity, unit_price, paid_amount,
                   status, 'items.xlsx' AS source_file, 'items' AS source_hash, source_row, exported_at
            FROM order_line"""
        )


def _lineage(file: str, row: int, exported_at: datetime) -> dict[str, Any]:
    return {"source_file": file, "source_hash": f"hash of {file}", "source_row": row, "exported_at": exported_at}


def _poisson(chance: random.Random, mean: float) -> int:
    """Return a Poisson number by counting exponential waits (a normal number for large means)."""
    if mean > 200:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    count, waited = 0, chance.expovariate(1.0) if mean > 0 else 1.0
    while waited < mean:
        count += 1
        waited += chance.expovariate(1.0)
    return count


@pytest.fixture
def make_shop() -> Iterator[Callable[..., MadeUpShop]]:
    """A maker of made-up shops, each in its own database in memory."""
    connections: list[duckdb.DuckDBPyConnection] = []

    def make(**options: Any) -> MadeUpShop:
        connections.append(duckdb.connect())
        return MadeUpShop(connections[-1], **options).build()

    yield make
    for connection in connections:
        connection.close()


@pytest.fixture(scope="session")
def create_tables() -> Callable[[duckdb.DuckDBPyConnection], None]:
    """What makes the canonical tables in a database."""
    return _create_tables


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the public data sets."""
    return Path(os.environ.get("DUOSHOU_SHARED_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
