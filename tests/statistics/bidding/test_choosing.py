"""Bids under a budget against brute force and closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from duoshou.statistics.bidding import Curves, aimed, best_bids, variation, varied
from duoshou.statistics.bidding.slopes import Slopes

Floats = NDArray[np.float64]


def curves(number: int, seed: int = 0) -> Curves:
    """Return curves of targets at a bid of about two."""
    random = np.random.default_rng(seed)
    one = np.ones(number)
    slopes = Slopes(one, 0.1 * one, 1.0, 0.2, one)
    slope = random.uniform(0.6, 2.0, number)
    bid = random.uniform(1.5, 2.5, number)
    # Where a click costs bid × e ÷ (1 + e), a further one costs the bid.
    price = bid * slope / (1 + slope)
    clicks = random.uniform(5, 50, number)
    return Curves(bid, clicks, 0.1 * one, price, slope, 0.1 * one, one, 0.1 * one, slopes, 0.1, 1.0, 0.1)


def test_without_a_budget_a_click_is_bid_what_it_is_worth() -> None:
    """In a second-price auction the truth is the best bid, as far as the step lets it."""
    found = curves(30)
    value = np.random.default_rng(1).uniform(1.0, 4.0, 30)
    chosen = best_bids(found, value, found.bid, step=0.3)
    wanted = np.clip(value, 0.7 * found.bid, 1.3 * found.bid)
    assert chosen.bid == pytest.approx(wanted, rel=0.03)
    assert chosen.multiplier == 0.0
    assert (chosen.held == ((chosen.bid < 0.701 * found.bid) | (chosen.bid > 1.299 * found.bid))).all()


def test_with_a_budget_no_other_bids_on_the_grid_earn_more() -> None:
    """All pairs of bids of two targets, by brute force."""
    found = curves(2, 3)
    value, step = np.array([3.0, 3.5]), 0.3
    budget = 0.95 * float((found.clicks * found.price).sum())
    chosen = best_bids(found, value, found.bid, budget=budget, step=step)
    ratio = np.linspace(np.log(1 - step), np.log(1 + step), 300)
    bids = found.bid * np.exp(ratio)[:, None]
    clicks, cost = found.clicks_at(bids), found.cost_at(bids, found.bid)
    profit = (clicks * value - cost)[:, 0][:, None] + (clicks * value - cost)[:, 1]
    spent = cost[:, 0][:, None] + cost[:, 1]
    most = profit[spent <= budget].max()
    assert chosen.cost.sum() <= budget
    assert chosen.profit.sum() == pytest.approx(most, rel=0.01)
    assert chosen.multiplier
    assert chosen.multiplier > 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.floats(0.3, 1.5), st.floats(0.05, 0.4))
def test_budget_step_and_cap_hold(seed: int, part: float, step: float) -> None:
    """Never beyond the step, nor above the cap unless it stood above, nor over the budget that the step can reach."""
    found = curves(12, seed)
    value = np.random.default_rng(seed).uniform(0.5, 5.0, 12)
    whole = float((found.clicks * found.price).sum())
    chosen = best_bids(found, value, found.bid, budget=part * whole, step=step, cap=value)
    assert (chosen.bid >= (1 - step) * found.bid - 1e-9).all()
    assert (chosen.bid <= np.maximum((1 + step) * found.bid, 0) + 1e-9).all()
    lowest = chosen.bid <= (1 - step) * found.bid * (1 + 1e-9)
    assert ((chosen.bid <= value * (1 + 1e-6)) | lowest).all()
    assert chosen.cost.sum() <= part * whole * (1 + 1e-9) or lowest.all()


def test_a_larger_budget_never_earns_less() -> None:
    """Profit rises with the budget, and what a further unit earns falls."""
    found = curves(20, 5)
    value = np.full(20, 4.0)
    whole = float((found.clicks * found.price).sum())
    chosen = [best_bids(found, value, found.bid, budget=part * whole, step=0.4) for part in (0.6, 0.8, 1.0, 1.3)]
    profits, factors = [one.profit.sum() for one in chosen], [one.multiplier or 0.0 for one in chosen]
    assert profits == sorted(profits)
    assert factors == sorted(factors, reverse=True)


def test_days_that_ran_out_are_aimed_below() -> None:
    """By hand: all of them, half of them, none; a day far above a new budget was not stopped by it."""
    many = np.full(2, 1e6)
    assert aimed(100.0, np.array([100.0, 99.0]), many) == pytest.approx(70.0)
    assert aimed(100.0, np.array([100.0, 50.0]), many) == pytest.approx(85.0)
    assert aimed(100.0, np.array([50.0]), many[:1]) == 100.0
    assert aimed(100.0, np.array([150.0]), many[:1]) == 100.0
    assert aimed(100.0, np.zeros(0), np.zeros(0)) == 100.0


def test_a_day_of_few_clicks_may_have_run_out_below_the_budget() -> None:
    """Of 25 clicks a fifth is chance; a day without cost did not run out."""
    assert aimed(100.0, np.array([80.0]), np.array([25.0])) == pytest.approx(70.0)
    assert aimed(100.0, np.array([80.0]), np.array([1e6])) == 100.0
    assert aimed(100.0, np.array([0.0]), np.array([0.0])) == 100.0


def test_what_is_known_is_varied_no_more() -> None:
    """A common slope known within a seventh needs no further variation."""
    found = curves(3)
    assert variation(found) > 0
    assert variation(replace(found, slopes=replace(found.slopes, common_sd=0.1))) == 0.0


def test_half_of_the_bids_rise_while_the_others_fall_and_then_turn() -> None:
    """Balanced, the same for the same step, opposite in the next one of a pair."""
    bids = np.full(100, 2.0)
    first, again, second, third = (varied(bids, one) for one in (4, 4, 5, 6))
    assert (first == again).all()
    assert (first > 2).sum() == 50
    assert first * second == pytest.approx(np.full(100, 4.0))
    assert (first != third).any()
    assert (varied(bids, 3, 0.0) == bids).all()


def test_a_budget_beyond_the_step_has_no_multiplier() -> None:
    """Each bid falls as far as the step lets it, and no number is made up."""
    found = curves(12, 4)
    chosen = best_bids(found, np.full(12, 4.0), found.bid, budget=1.0, step=0.25)
    assert chosen.multiplier is None
    assert chosen.bid == pytest.approx(0.75 * found.bid)
    assert chosen.held.all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.floats(0.5, 1.2))
def test_what_is_learnt_draws_budget_and_is_no_profit(seed: int, part: float) -> None:
    """Targets of which a click tells more get more of the budget, and their profit is that of the margin alone."""
    found = curves(12, seed)
    value = np.random.default_rng(seed).uniform(1.0, 4.0, 12)
    learned = np.where(np.arange(12) < 6, 0.5 * value, 0.0)
    budget = part * float((found.clicks * found.price).sum())
    plain = best_bids(found, value, found.bid, budget=budget, cap=value)
    curious = best_bids(found, value, found.bid, budget=budget, cap=value + learned, learned=learned)
    if plain.multiplier is not None and curious.multiplier is not None:
        assert curious.cost.sum() <= budget * 1.001
        assert curious.cost[:6].sum() >= plain.cost[:6].sum() - 1e-9
    assert curious.profit == pytest.approx(curious.clicks * value - curious.cost)


def test_each_target_has_a_rise_of_its_own() -> None:
    """One that may rise fourfold does, the others by the step; all fall by the step alone."""
    found = curves(4)
    rise = np.array([0.2, 0.2, 3.0, 0.2])
    up = best_bids(found, np.full(4, 1e6), found.bid, step=0.2, rise=rise)
    down = best_bids(found, np.full(4, 1e-6), found.bid, step=0.2, rise=rise)
    assert up.bid == pytest.approx((1 + rise) * found.bid)
    assert down.bid == pytest.approx(0.8 * found.bid)
