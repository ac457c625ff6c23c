"""Oracles of money, against draws of orders and of normal errors."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.judgement.days import Days, days_of
from benchmarks.judgement.effects import FEN
from benchmarks.judgement.money_floor import WEEKS_BEFORE, floor_of, forecast_error, typical_error
from hypothesis import given
from hypothesis import strategies as st
from tests.judgement.hand_made import incident, lost_orders, shop

ERRORS = st.lists(st.tuples(st.floats(0.1, 50.0), st.floats(1.0, 100.0)), min_size=1, max_size=8)


@given(ERRORS)
def test_the_typical_error_is_the_median_of_drawn_ones(pairs: list[tuple[float, float]]) -> None:
    """Half of normal errors drawn for all amounts alike are smaller."""
    deviations, amounts = (np.array(side) for side in zip(*pairs, strict=True))
    random = np.random.default_rng(3)
    drawn = np.abs(random.normal(size=(4000, len(pairs))) * deviations) / amounts
    assert (drawn <= typical_error(list(deviations), list(amounts))).mean() == pytest.approx(0.5, abs=0.04)


def test_one_amount_errs_by_two_thirds_of_its_deviation() -> None:
    """The median of |N(0, 1)| is 0.6745."""
    assert typical_error([10.0], [-100.0]) == pytest.approx(0.06745, rel=1e-3)


def test_orders_that_were_not_placed_are_a_draw() -> None:
    """A hundred lost orders of a Poisson law scatter by ten."""
    made = shop([incident("stock_out", 60, 69)], {"stock_out": lost_orders(60, 69, {1: -10})})
    found = floor_of(made, "stock_out", {"product": "601"}, 60, 69, days_of(made.truth))
    assert found is not None
    before = slice(0, 60)
    order = made.ledger.quiet["product.revenue"][before, 1].sum() / made.ledger.quiet["product.orders"][before, 1].sum()
    lost = -made.effect("stock_out", {"product": "601"}, "revenue")[60:70].sum()  # type: ignore[index]
    assert found.draw == pytest.approx(made.contribution_rate(60) * order * (lost / order) ** 0.5 / FEN)
    assert found.sales is not None


def test_a_place_that_the_books_do_not_hold_alone_has_no_oracle_of_sales() -> None:
    """A keyword costs the whole shop, whose sales tell nothing of it."""
    made = shop([incident("stock_out", 60, 69)], {"stock_out": lost_orders(60, 69, {1: -10})})
    found = floor_of(made, "stock_out", {"keyword": "1"}, 60, 69, days_of(made.truth))
    assert found is not None
    assert found.sales is None


def test_a_forecast_of_four_weeks_errs_as_drawn_ones_do() -> None:
    """Of independent days of deviation σ a sum of n errs by σ√(n + n²/28)."""
    number, length = 400, 7
    days = Days(np.arange(number) % 7, np.zeros(number, dtype=bool), np.ones(number, dtype=bool))
    errors = [
        forecast_error(np.random.default_rng(seed).normal(1000.0, 30.0, number), days, 200, length)
        for seed in range(60)
    ]
    usual = 30.0 * (length + length**2 / WEEKS_BEFORE) ** 0.5
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(usual, rel=0.15)
