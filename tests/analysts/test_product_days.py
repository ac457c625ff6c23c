"""A metric of each product, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb
import numpy as np
from tests.analysts.conftest import fill

from duoshou.analysts.product_days import product_days
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import Catalogue, load_catalogue
from duoshou.model import Period

PERIOD = Period(date(2026, 5, 1), date(2026, 5, 3))


@dataclass(frozen=True)
class Question:
    """Whose products are asked about."""

    backend: DuckDBBackend
    catalogue: Catalogue
    today: date = PERIOD.end
    shop: str | None = None


def test_each_product_has_its_days() -> None:
    """Days are in their order, a metric that no file tells by product has no products, other days leave none."""
    connection = duckdb.connect()
    base = {"quantity": 1, "created_on": date(2026, 5, 2), "status": "finished"}
    paid = {"paid_amount": Decimal(30), "first_paid_amount": Decimal(30), "refund_amount": Decimal(0)}
    line = {"order_id": "1", "product_id": "A", "paid_on": date(2026, 5, 2), **base, **paid}
    fill(connection, {"order_line": [line]})
    with DuckDBBackend(connection) as backend:
        question = Question(backend, load_catalogue())
        found = product_days(question, "pay_amount", PERIOD)
        assert list(found) == ["A"]
        assert np.nan_to_num(found["A"]).tolist() == [0, 30, 0]
        assert product_days(question, "visitors", PERIOD) == {}
        assert product_days(question, "pay_amount", Period(date(2025, 1, 1), date(2025, 1, 3))) == {}
