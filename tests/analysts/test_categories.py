"""Which category a product is in."""

from __future__ import annotations

import duckdb
from tests.analysts.conftest import fill

from duoshou.analysts.categories import product_categories
from duoshou.engine.reader import DuckDBBackend


def row(product: str, category: str | None, shop: str = "main", sku: str = "") -> dict[str, str | None]:
    """Return an item."""
    return {"shop": shop, "product_id": product, "sku": sku or product, "category": category}


def test_categories_are_those_of_the_shop() -> None:
    """Unknown ones and those of other shops are left out; of two names the last by the alphabet counts."""
    connection = duckdb.connect()
    items = [row("A", "coats"), row("A", "dresses", sku="2"), row("B", None), row("C", "coats", "other")]
    fill(connection, {"product": items})
    with DuckDBBackend(connection) as backend:
        assert product_categories(backend, ["A", "B", "C"], "main") == {"A": "dresses"}
        assert product_categories(backend, ["C"], None) == {"C": "coats"}
        assert product_categories(backend, [], None) == {}


def test_without_item_exports_no_category_is_known() -> None:
    """A warehouse that has no items at all."""
    with DuckDBBackend(duckdb.connect()) as backend:
        assert product_categories(backend, ["A"], None) == {}
