"""A shop whose elasticities, costs and substitutes are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.analysts.conftest import fill

from duoshou.analysts.pricing import PricingQuestion, PricingStudy, study_prices
from duoshou.engine import Backend
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

DAYS = 392
AS_OF = date(2026, 6, 28)
FIRST = AS_OF - timedelta(days=DAYS - 1)
KEPT = Decimal("0.9")
Rows = Sequence[Mapping[str, Any]]
Studied = Callable[..., PricingStudy]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """A product: its elasticity, cost of a piece, pieces of a day, and the product it is replaced by."""

    elasticity: float
    cost: str | None
    a_day: float = 60.0
    moves: bool = True
    replaced_by: str | None = None
    price: float = 100.0


PRODUCTS = {
    "elastic": Made(-4.0, "40.00"),
    "inelastic": Made(-0.7, "40.00"),
    "right": Made(-2.5, "54.00"),
    "flat": Made(-2.0, "40.00", moves=False),
    "losing": Made(-2.0, "95.00", price=90.0),
    "uncosted": Made(-2.0, None),
    "rare": Made(-2.0, "40.00", a_day=0.4),
    "twin": Made(-2.2, "54.00", replaced_by="other twin"),
    "other twin": Made(-2.2, "54.00"),
}


def prices(seed: int = 3) -> dict[str, Floats]:
    """Return the price of each product on each day: a week in five at another price."""
    rng = np.random.default_rng(seed)
    found = {}
    for name, made in PRODUCTS.items():
        weeks = np.where(rng.random(DAYS // 7) < 0.25, rng.choice([0.88, 0.92, 1.08], DAYS // 7), 1.0)
        weeks[-2:] = 1.0
        found[name] = np.round(made.price * (np.repeat(weeks, 7) if made.moves else np.ones(DAYS)), 2)
    return found


def sold(seed: int = 3) -> dict[str, NDArray[np.int64]]:
    """Return the pieces of each product and day."""
    rng = np.random.default_rng([seed, 1])
    paid = prices(seed)
    shared = 0.15 * np.sin(np.arange(DAYS) / 30) + rng.normal(0, 0.05, DAYS)
    found = {}
    for name, made in PRODUCTS.items():
        log = np.log(made.a_day) + shared + made.elasticity * np.log(paid[name] / made.price)
        if made.replaced_by is not None:
            log = log + 2.0 * np.log(paid[made.replaced_by] / PRODUCTS[made.replaced_by].price)
        found[name] = rng.poisson(np.exp(log + rng.normal(0, 0.05, DAYS)))
    return found


def tables(seed: int = 3) -> dict[str, list[dict[str, Any]]]:
    """Return order lines, what they left, and the products."""
    lines, left = [], []
    paid, units = prices(seed), sold(seed)
    for name, made in PRODUCTS.items():
        for place in np.flatnonzero(units[name]):
            day, pieces, price = FIRST + timedelta(days=int(place)), int(units[name][place]), paid[name][place]
            amount = (Decimal(str(price)) * pieces).quantize(Decimal("0.01"))
            key = {"order_id": f"{name}-{place}", "product_id": name, "quantity": pieces, "paid_on": day}
            buyer = f"{name}-{place % 40}"
            more = {"created_on": day, "status": "finished", "buyer_key": buyer, "title": name}
            lines.append(
                key | more | {"unit_price": price, "paid_amount": amount, "first_paid_amount": amount, "sku": name}
            )
            if made.cost is not None:
                income = (amount * KEPT).quantize(Decimal("0.01"))
                goods = Decimal(made.cost) * pieces
                whole = {"goods_cost": goods, "platform_fees": 0, "freight_cost": 0, "packaging_cost": 0}
                left.append(
                    key | whole | {"income": income, "gross_margin": income - goods, "contribution": income - goods}
                )
    listed = [
        {"product_id": name, "variant_id": "-", "category": "cloth", "status": "on_sale", "price": made.price}
        for name, made in PRODUCTS.items()
    ]
    return {"order_line": lines, "line_contribution": left, "product": listed}


def asked(backend: Backend, **other: Any) -> PricingQuestion:
    """Return a question about the whole shop."""
    day = other.get("as_of", AS_OF)
    return PricingQuestion(
        backend, load_catalogue(), day, day, None, "CNY", lambda products: {one: one.title() for one in products}
    )


@pytest.fixture
def studied() -> Iterator[Studied]:
    """Return what studies a shop of some rows, each given under its table's name."""
    with ExitStack() as stack:

        def study(first: date | None = FIRST, **rows: Rows) -> PricingStudy:
            connection = duckdb.connect()
            fill(connection, rows)
            return study_prices(asked(stack.enter_context(DuckDBBackend(connection))), first)

        yield study


@pytest.fixture(scope="session")
def known() -> PricingStudy:
    """The study of the shop; tests only read it."""
    connection = duckdb.connect()
    fill(connection, tables())
    with DuckDBBackend(connection) as backend:
        return study_prices(asked(backend), FIRST)
