"""Readable names come from what was sold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from tests.metrics.canonical import create_tables, insert

from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue
from duoshou.reports import names_from
from duoshou.settings import EngineSettings


def line(number: int, product: str, title: str, day: int, paid: int) -> dict[str, object]:
    """Return an order line of one unit."""
    paid_on = date(2026, 11, day)
    key = {"order_id": str(number), "line_no": 1, "product_id": product, "title": title}
    return {**key, "quantity": 1, "paid_amount": paid, "paid_on": paid_on, "created_on": paid_on}


def test_a_correction_of_stock_names_no_product_that_was_sold(tmp_path: Path) -> None:
    """The latest title that brought money wins over a later line of 0; what never sold has the latest it has."""
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        create_tables(connection)
        rows = [
            line(1, "22740", "POLKADOT PEN OLD", 1, 5),
            line(2, "22740", "POLKADOT PEN", 2, 5),
            line(3, "22740", "adjustment", 3, 0),
            line(4, "77", "sample", 1, 0),
            line(5, "77", "sample, new", 2, 0),
        ]
        insert(connection, "order_line", rows)
    with DuckDBBackend.open(path, EngineSettings()) as backend:
        names = names_from(backend, load_catalogue())
        assert names("product", ["22740", "77", "none"]) == {"22740": "POLKADOT PEN", "77": "sample, new"}
        assert names("campaign", ["1"]) == {}
