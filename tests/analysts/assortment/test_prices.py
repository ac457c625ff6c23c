"""Prices of the days ahead, and forecasts that count them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.assortment.conftest import asked, in_stock, sold
from tests.analysts.conftest import fill

from duoshou.analysts.assortment import RangeStudy, study_range
from duoshou.analysts.assortment.demand import Demand
from duoshou.analysts.assortment.prices import discounts
from duoshou.analysts.assortment.question import PlannedPrice
from duoshou.engine.reader import DuckDBBackend
from duoshou.statistics.expectation import Design

AS_OF = date(2026, 6, 28)
DAYS = 364
FIRST = AS_OF - timedelta(days=DAYS - 1)
ELASTICITY = -2.0
PRODUCTS = tuple(f"mug {number}" for number in range(6))


def orders() -> list[dict[str, Any]]:
    """Return six products whose prices move up and down by a fifth, each in its own weeks, at elasticity −2."""
    random = np.random.default_rng(12)
    rows = []
    for number, product in enumerate(PRODUCTS):
        for day in range(DAYS):
            cut = (day // 14 + number) % 3 == 0 and day < DAYS - 14
            price = 80.0 if cut else 100.0
            units = random.poisson(12.0 * (price / 100) ** ELASTICITY)
            if units:
                rows.append(sold(product, FIRST + timedelta(days=day), int(units), f"{price:.2f}"))
    return rows


def studied(rows: list[dict[str, Any]], *plans: PlannedPrice) -> RangeStudy:
    """Return the study of the range with planned prices."""
    connection = duckdb.connect()
    fill(connection, {"order_line": rows, "stock_day": in_stock(dict.fromkeys(PRODUCTS, 500))})
    with DuckDBBackend(connection) as backend:
        return study_range(replace(asked(backend, as_of=AS_OF), plans=plans), FIRST)


def demand(study: RangeStudy, product: str) -> Demand:
    """Return the demand of a product."""
    return next(one.demand for one in study.products if one.id == product)


def test_a_planned_price_is_counted_where_the_elasticity_is_known() -> None:
    """A fifth off for the next four weeks asks for half as much again; the others stay; the shelf is empty sooner."""
    rows, first = orders(), AS_OF + timedelta(days=1)
    plain, cut = studied(rows), studied(rows, PlannedPrice("mug 2", first, None, Decimal("80.00")))
    before, after = demand(plain, "mug 2"), demand(cut, "mug 2")
    assert before.price is None
    assert before.ahead[-1].units == pytest.approx(12 * 28, rel=0.1)
    assert after.ahead[-1].units / before.ahead[-1].units == pytest.approx(0.8**ELASTICITY, rel=0.12)
    assert after.price is not None
    assert (after.price.day, after.price.counted) == (first, True)
    assert demand(cut, "mug 1").ahead == demand(plain, "mug 1").ahead
    assert before.reorder is not None
    assert after.reorder is not None
    assert after.reorder.up_to > 1.2 * before.reorder.up_to


def test_a_plan_of_some_days_moves_those_days_alone() -> None:
    """A week off from the eighth day on: the first week stays, the sum over two weeks takes it all."""
    first = AS_OF + timedelta(days=8)
    rows = orders()
    plain = demand(studied(rows), "mug 2").ahead
    cut = demand(studied(rows, PlannedPrice("mug 2", first, first + timedelta(days=6), Decimal(80))), "mug 2").ahead
    assert cut[0] == plain[0]
    more = [one.units - other.units for one, other in zip(cut, plain, strict=True)]
    assert more[1] == pytest.approx(12 * 7 * (0.8**ELASTICITY - 1), rel=0.3)
    assert more[2] == pytest.approx(more[1], abs=0.2)


def test_a_price_that_never_moved_cannot_be_counted_and_that_is_said() -> None:
    """Without a moved price the plan is named but not counted."""
    rows = [one | {"unit_price": Decimal(100)} for one in orders()]
    for one in rows:
        one["paid_amount"] = one["first_paid_amount"] = Decimal(100) * one["quantity"]
    study = studied(rows, PlannedPrice("mug 0", AS_OF + timedelta(days=1), None, Decimal(80)))
    price = demand(study, "mug 0").price
    assert price is not None
    assert not price.counted


def test_a_phase_ahead_is_as_much_cheaper_as_it_was() -> None:
    """A sale that cost a tenth less than the weeks about it, at whatever level, is taken to do so again."""
    column = np.zeros((400, 1))
    for begin in (100, 200, 380):
        column[begin : begin + 10] = 1.0
    logs = np.where(column[:360, 0] > 0, np.log(0.9), 0.0)[None] + np.where(np.arange(360) < 150, 0.3, 0.0)
    logs = np.concatenate([logs, np.full((1, 360), np.nan)])
    found = discounts(logs, Design(column, ("peak",), np.arange(400) % 7))
    expected = np.where(column[:, 0] > 0, np.log(0.9), 0.0)
    np.testing.assert_allclose(found, np.stack([expected, expected]), atol=1e-9)
