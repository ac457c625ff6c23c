"""Orders of a shop made by hand, opened as the engine opens them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.conftest import fill

from duoshou.analysts.basket import BasketQuestion
from duoshou.engine import Backend
from duoshou.engine.reader import DuckDBBackend
from duoshou.model import Period

FIRST = date(2026, 3, 1)
PERIOD = Period(FIRST, FIRST + timedelta(days=59))
CATEGORIES = {"bread": "food", "butter": "food", "red mug": "mug", "blue mug": "mug"}


def order(number: int, day: int, products: Iterable[str], buyer: str | None = None) -> list[dict[str, Any]]:
    """Return the lines of an order: a piece of each product at 10."""
    return [
        {
            "order_id": f"o{number}",
            "line_no": place,
            "product_id": product,
            "title": product.title(),
            "buyer_key": buyer,
            "quantity": 1,
            "unit_price": Decimal(10),
            "paid_amount": Decimal(10),
            "first_paid_amount": Decimal(10),
            "created_on": FIRST + timedelta(days=day),
            "paid_on": FIRST + timedelta(days=day),
        }
        for place, product in enumerate(products, start=1)
    ]


def shop(orders: int = 1200) -> list[dict[str, Any]]:
    """Return orders of a shop in which bread and butter go together, and mugs of two colours never do.

    Buyers of one mug come back for the other; who bought bread comes back for tea.
    """
    random = np.random.default_rng(7)
    others = [f"other {number}" for number in range(12)]
    lines: list[dict[str, Any]] = []
    for number in range(orders):
        products = {str(one) for one in random.choice(others, size=int(random.integers(1, 4)), replace=False)}
        draw = random.random()
        if draw < 0.1:
            products |= {"bread", "butter"}
        elif draw < 0.3:
            products.add("bread" if draw < 0.2 else "butter")
        elif draw < 0.6:
            products.add("red mug" if draw < 0.45 else "blue mug")
        day, buyer = int(random.integers(0, 50)), f"b{number}"
        lines += order(number, day, sorted(products), buyer)
        if products & {"red mug", "blue mug"}:
            lines += order(10_000 + number, day + 7, ["blue mug" if "red mug" in products else "red mug"], buyer)
        elif "bread" in products and random.random() < 0.6:
            lines += order(10_000 + number, day + 7, ["tea"], buyer)
        elif random.random() < 0.5:
            lines += order(10_000 + number, day + 7, [str(random.choice(others))], buyer)
    return lines


def products() -> list[dict[str, Any]]:
    """Return the products whose category is known."""
    return [{"product_id": name, "variant_id": "-", "category": category} for name, category in CATEGORIES.items()]


@pytest.fixture(scope="session")
def known() -> Iterator[Backend]:
    """The shop with known habits; tests only read it."""
    connection = duckdb.connect()
    fill(connection, {"order_line": shop(), "product": products()})
    with DuckDBBackend(connection) as backend:
        yield backend


def asked(backend: Backend, **other: Any) -> BasketQuestion:
    """Return a question about the whole period."""
    return BasketQuestion(backend, PERIOD, None, "CNY", **other)
