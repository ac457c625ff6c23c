"""Prices of the days ahead, and forecasts that count them."""

from __future__ import annotations

from collections.abc import Collection
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
from duoshou.analysts.assortment.demand import Demand, demand_design
from duoshou.analysts.assortment.prices import discounts
from duoshou.analysts.assortment.question import PlannedPrice
from duoshou.engine.reader import DuckDBBackend
from duoshou.settings import Settings
from duoshou.settings.calendar import Calendar, load_calendar
from duoshou.statistics.expectation import Design

AS_OF = date(2026, 6, 28)
DAYS = 364
FIRST = AS_OF - timedelta(days=DAYS - 1)
ELASTICITY = -2.0
PRODUCTS = tuple(f"mug {number}" for number in range(6))


def orders(sale: Collection[int] = ()) -> list[dict[str, Any]]:
    """Return six products whose prices move up and down by a fifth, each in its own weeks, at elasticity −2.

    On the days of a sale all of them cost a fifth less.
    """
    random = np.random.default_rng(12)
    rows = []
    for number, product in enumerate(PRODUCTS):
        for day in range(DAYS):
            cut = (day // 14 + number) % 3 == 0 and day < DAYS - 14
            price = 80.0 if cut or day in sale else 100.0
            units = random.poisson(12.0 * (price / 100) ** ELASTICITY)
            if units:
                rows.append(sold(product, FIRST + timedelta(days=day), int(units), f"{price:.2f}"))
    return rows


def studied(
    rows: list[dict[str, Any]], *plans: PlannedPrice, as_of: date = AS_OF, calendar: Calendar | None = None
) -> RangeStudy:
    """Return the study of the range with planned prices."""
    connection = duckdb.connect()
    fill(connection, {"order_line": rows, "stock_day": in_stock(dict.fromkeys(PRODUCTS, 500), as_of)})
    with DuckDBBackend(connection) as backend:
        return study_range(replace(asked(backend, as_of=as_of), plans=plans, calendar=calendar), FIRST)


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


def test_a_sale_that_just_ended_is_no_price_of_the_days_ahead() -> None:
    """On the last days of 618 all cost a fifth less; the four weeks after it are at the plain price again."""
    calendar, as_of = load_calendar(Settings()), date(2026, 6, 20)
    days = [FIRST + timedelta(days=number) for number in range(DAYS)]
    sale = set(np.flatnonzero((demand_design(calendar, days).columns != 0).any(axis=1)).tolist())
    rows = [one for one in orders(sale) if one["paid_on"] <= as_of]
    units = [demand(studied(rows, as_of=as_of, calendar=calendar), name).ahead[-1].units for name in PRODUCTS]
    ahead = demand_design(calendar, [as_of + timedelta(days=number) for number in range(1, 29)]).columns
    phases = int((ahead != 0).any(axis=1).sum())
    assert np.mean(units) == pytest.approx(12 * (28 - phases + phases * 0.8**ELASTICITY), rel=0.12)


def test_the_latest_plan_holds_from_its_day_on_in_whatever_order() -> None:
    """Cheap from tomorrow and dear again a week later, as the ledger tells it: the latest first."""
    first = AS_OF + timedelta(days=1)
    cheap = PlannedPrice("mug 2", first, None, Decimal(80))
    again = PlannedPrice("mug 2", first + timedelta(days=7), None, Decimal(100))
    rows = orders()
    assert demand(studied(rows, again, cheap), "mug 2") == demand(studied(rows, cheap, again), "mug 2")


def test_a_plan_of_later_than_four_weeks_is_not_told() -> None:
    """What no day of the forecast sees is not said to be counted."""
    late = PlannedPrice("mug 2", AS_OF + timedelta(days=29), None, Decimal(80))
    assert demand(studied(orders(), late), "mug 2").price is None


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


def test_a_phase_s_discount_is_against_the_median_of_plain_days_near() -> None:
    """With days whose price is not known the discount is what the definition says, run by run."""
    rng = np.random.default_rng(8)
    logs = rng.normal(4, 0.1, (5, 300))
    logs[rng.random(logs.shape) < 0.2] = np.nan
    logs[4] = np.nan
    flag = np.zeros(330)
    runs = [(20, 27), (150, 160), (290, 300)]
    for begin, end in [*runs, (310, 320)]:
        flag[begin:end] = 1.0
    found = discounts(logs, Design(flag[:, None], ("festival",), np.arange(330) % 7))
    away: list[list[float]] = [[] for _ in logs]
    for begin, end in runs:
        near = [day for day in range(max(begin - 60, 0), min(end + 60, 300)) if not flag[day]]
        for row in range(4):
            away[row] += list(logs[row, begin:end] - np.nanmedian(logs[row, near]))
    means = np.array([np.nanmean(one) for one in away[:4]])
    assert np.allclose(found[:4, 310:320], means[:, None], rtol=1e-12)
    assert np.all(found[:, flag == 0] == 0)
