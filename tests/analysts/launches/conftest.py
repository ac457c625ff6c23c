"""A shop with launches of known rates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.conftest import fill

from duoshou.analysts.launches import LaunchQuestion, LaunchStudy, study_launches
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

DAYS = 240
AS_OF = date(2026, 6, 28)
FIRST = AS_OF - timedelta(days=DAYS - 1)
OLD, PAST = 6, 40
FESTIVAL = range(DAYS - 20, DAYS - 16)
NEW = {"hit": (20, 0.12, 50), "dud": (30, 0.006, 50), "young": (3, 0.03, 50), "dear": (40, 0.027, 150)}
"""Candidate → days since its launch, conversion, price."""
Rows = Sequence[Mapping[str, Any]]
Studied = Callable[..., LaunchStudy]


def products(seed: int = 1) -> dict[str, tuple[int, float, int]]:
    """Return product → day of launch, conversion and price."""
    random = np.random.default_rng(seed)
    old = {f"old {number}": (0, 0.035, 50) for number in range(OLD)}
    starts = np.linspace(35, DAYS - 70, PAST).astype(int)
    past = {f"past {number}": (int(starts[number]), float(random.beta(3, 97)), 50) for number in range(PAST)}
    return {**old, **past, **{name: (DAYS - age, rate, price) for name, (age, rate, price) in NEW.items()}}


def item_days(seed: int = 2, *, visitors: int = 80) -> list[dict[str, Any]]:
    """Return the rows of the item file; what a product appeals is what it sells, and on four days all buy double."""
    random = np.random.default_rng(seed)
    rows = []
    for name, (start, rate, price) in products().items():
        for number in range(start, DAYS):
            came = int(random.poisson(visitors)) + (number == start)
            bought = int(random.binomial(came, min(rate * (2 if number in FESTIVAL else 1), 1)))
            liked = int(random.binomial(came, min(0.05 + 2 * rate, 1)))
            rows.append(
                {
                    "product_id": name,
                    "period_start": FIRST + timedelta(days=number),
                    "visitors": came,
                    "buyers": bought,
                    "cart_buyers": liked // 2,
                    "favourite_buyers": liked - liked // 2,
                    "paid_amount": Decimal(bought * price),
                    "paid_units": bought,
                }
            )
    return rows


def spent(product: str, days: int, a_day: str = "100", claims: str = "0") -> list[dict[str, Any]]:
    """Return rows of the promotion's item report for the last days."""
    return [
        {
            "report_level": "item",
            "target": product,
            "product_id": product,
            "day": AS_OF - timedelta(days=back),
            "cost": Decimal(a_day),
            "clicks": 40,
            "impressions": 1000,
            "sales_amount": Decimal(claims),
        }
        for back in range(days)
    ]


@pytest.fixture(scope="session")
def studied() -> Iterator[Studied]:
    """Return what studies a shop of some rows, each given under its table's name."""
    with ExitStack() as stack:

        def study(first: date | None = FIRST, as_of: date = AS_OF, **tables: Rows) -> LaunchStudy:
            connection = duckdb.connect()
            fill(connection, tables)
            backend = stack.enter_context(DuckDBBackend(connection))
            question = LaunchQuestion(
                backend,
                load_catalogue(),
                as_of,
                None,
                "CNY",
                lambda products: {one: one.title() for one in products},
                as_of,
            )
            return study_launches(question, first)

        yield study


@pytest.fixture(scope="session")
def known(studied: Studied) -> LaunchStudy:
    """The study of the shop with known launches; tests only read it."""
    return studied(product_period=item_days(), ad_period=[*spent("dud", 28), *spent("hit", 20)])
