"""Shops whose customers buy as a model says, and small ones made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.conftest import fill

from duoshou.analysts.customers import CustomerQuestion
from duoshou.engine.reader import DuckDBBackend

AS_OF = date(2026, 6, 30)
FIRST = date(2025, 1, 1)
Rows = Sequence[Mapping[str, Any]]
Asked = Callable[..., CustomerQuestion]


def bought(buyer: str | None, day: date, paid: str = "100.00", **other: Any) -> dict[str, Any]:
    """Return a paid order line."""
    return {
        "order_id": f"{buyer}-{day}-{other.get('product_id', 'p1')}",
        "buyer_key": buyer,
        "paid_on": day,
        "created_on": day,
        "product_id": "p1",
        "title": "猫粮",
        "paid_amount": paid,
        "unit_price": paid,
        "status": "finished",
        "refund_amount": None,
        **other,
    }


def simulated(size: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return lines of customers who buy at gamma distributed rates and leave at any time, as Pareto/NBD says."""
    random = np.random.default_rng(seed)
    days = (AS_OF - FIRST).days
    rows = []
    for number in range(size):
        start = int(random.integers(0, days - 30))
        stays, rate = random.exponential(1 / random.gamma(0.8, 1 / 120)), random.gamma(1.0, 1 / 40)
        mean = 4 * 100 / random.gamma(5.0)
        day = float(start)
        bought_on = set()
        while day <= min(days, start + stays):
            bought_on.add(int(day))
            day += random.exponential(1 / rate)
        for one in bought_on:
            paid = f"{max(0.01, random.gamma(6.0, mean / 6)):.2f}"
            rows.append(bought(_key(number), FIRST + timedelta(one), paid))
    return rows


def _key(number: int) -> str:
    """Return a key that is in no order of time, as a hash is."""
    return f"{(number * 2654435761) % 2**32:08x}"


@pytest.fixture
def asked() -> Iterator[Asked]:
    """Return what asks about a shop of rows."""
    with ExitStack() as stack:

        def ask(lines: Rows, *, as_of: date = AS_OF, horizon: int = 90, **other: Any) -> CustomerQuestion:
            connection = duckdb.connect()
            fill(connection, {"order_line": lines, **other.pop("tables", {})})
            backend = stack.enter_context(DuckDBBackend(connection))
            return CustomerQuestion(backend, as_of, "main", "CNY", horizon, **other)

        yield ask
