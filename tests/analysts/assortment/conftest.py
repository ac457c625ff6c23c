"""A shop whose products live known lives, and small ones made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.analysts.conftest import fill

from duoshou.analysts.assortment import RangeQuestion, RangeStudy, study_range
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

WEEKS = 60
AS_OF = date(2026, 6, 28)
FIRST = AS_OF - timedelta(days=7 * WEEKS - 1)
SEASON = 1 + 0.3 * np.sin(np.arange(WEEKS) / 52 * 2 * np.pi)
Rows = Sequence[Mapping[str, Any]]
Studied = Callable[..., RangeStudy]
Floats = NDArray[np.float64]


def _since(week: int, path: Floats) -> Floats:
    return np.where(np.arange(WEEKS) < week, 0.0, path)


def paths() -> dict[str, Floats]:
    """Return product → pieces that are expected in each week, without the season of all."""
    time = np.arange(WEEKS, dtype=np.float64)
    steady = {f"steady {number}": np.full(WEEKS, 30.0 + 6 * number) for number in range(9)}
    return {
        "hit": np.full(WEEKS, 400.0),
        **steady,
        "fades": 90 * np.exp(np.minimum(0.0, -0.07 * (time - 44))),
        "grows": 40 * np.exp(np.maximum(0.0, 0.06 * (time - 44))),
        "new": _since(WEEKS - 5, np.full(WEEKS, 40.0)),
        "dead": np.where(time < 35, 60.0, 0.0),
        "rare": np.full(WEEKS, 0.4),
    }


def sold(product: str, day: date, units: int, price: str = "20.00") -> dict[str, Any]:
    """Return a paid order line of some pieces."""
    paid = Decimal(price) * units
    return {
        "order_id": f"{product}-{day}",
        "product_id": product,
        "title": product.title(),
        "quantity": units,
        "unit_price": Decimal(price),
        "paid_amount": paid,
        "first_paid_amount": paid,
        "created_on": day,
        "paid_on": day,
        "status": "finished",
    }


def lines(seed: int = 5) -> list[dict[str, Any]]:
    """Return an order line a product and week."""
    random = np.random.default_rng(seed)
    rows = []
    for product, path in paths().items():
        for week, units in enumerate(random.poisson(path * SEASON)):
            if units:
                rows.append(sold(product, FIRST + timedelta(days=7 * week + 3), int(units)))
    return rows


def in_stock(units: Mapping[str, int], day: date = AS_OF) -> list[dict[str, Any]]:
    """Return what lies in stock on a day."""
    return [{"sku": name, "product_id": name, "day": day, "stock_units": number} for name, number in units.items()]


def asked(backend: DuckDBBackend, **other: Any) -> RangeQuestion:
    """Return a question about the whole shop."""
    return RangeQuestion(
        backend,
        load_catalogue(),
        other.get("as_of", AS_OF),
        None,
        "CNY",
        lambda products: {one: one.title() for one in products},
        other.get("as_of", AS_OF),
    )


@pytest.fixture
def studied() -> Iterator[Studied]:
    """Return what studies a shop of some rows, each given under its table's name."""
    with ExitStack() as stack:

        def study(first: date | None = FIRST, **tables: Rows) -> RangeStudy:
            connection = duckdb.connect()
            fill(connection, tables)
            return study_range(asked(stack.enter_context(DuckDBBackend(connection))), first)

        yield study


@pytest.fixture(scope="session")
def known() -> RangeStudy:
    """The study of the shop with known lives; tests only read it."""
    connection = duckdb.connect()
    stock = in_stock({"steady 0": 100, "dead": 500, "rare": 900, "hit": 4000})
    fill(connection, {"order_line": lines(), "stock_day": stock})
    with DuckDBBackend(connection) as backend:
        return study_range(asked(backend), FIRST)
