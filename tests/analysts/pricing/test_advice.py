"""What is advised of prices, from elasticities and costs made by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.analysts.margin import MarginBasis
from duoshou.analysts.pricing.advice import Advice, Reason, Verdict, advise
from duoshou.analysts.pricing.answers import Answer, Elasticity
from duoshou.analysts.pricing.costs import UnitCost
from duoshou.analysts.pricing.question import Priced
from duoshou.statistics.elasticity import Moves, best_price, untold

DAYS = 180
MOVES = Moves(4, 8, 85.0, 115.0, DAYS)


def priced(a_day: float, price: float = 100.0, noise: float = 0.0) -> Priced:
    """Return one product of steady sales at one price."""
    rng = np.random.default_rng(1)
    units = rng.poisson(a_day * np.exp(rng.normal(0, noise, DAYS))).astype(float)[None, :]
    prices = np.full((1, DAYS), price)
    known, yes = np.zeros((DAYS, 0)), np.ones(1, dtype=np.bool_)
    return Priced(("a",), ("A",), (None,), date(2026, 1, 1), units, prices, np.full((1, DAYS), np.nan), yes, yes, known)


def answer(value: float, sd: float, whole: float | None = None) -> Answer:
    """Return an answer with known mean and spread."""

    def around(middle: float) -> Elasticity:
        return Elasticity(middle, sd, middle - 1.96 * sd, middle + 1.96 * sd, 0.5)

    return Answer(untold(MOVES), around(value), around(value if whole is None else whole), holds_visitors=True)


def advised(one: Priced, found: Answer, kept: float, cost: float) -> Advice:
    """Return the advice for the product."""
    (told,) = advise(one, (found,), (UnitCost(kept, cost, MarginBasis.CONTRIBUTION),))
    return told


def test_a_sure_gain_is_a_change() -> None:
    """Break-even is at −1.67: an elasticity of −0.8 that surely lies above it raises the price by a tenth at most."""
    told = advised(priced(40), answer(-0.8, 0.2), 1.0, 40.0)
    assert told.verdict is Verdict.CHANGE
    assert told.choice is not None
    assert told.choice.price == pytest.approx(110)


def test_an_unsure_gain_that_a_test_would_show_is_a_test() -> None:
    """An elasticity that may lie on both sides of break-even is tested where the shop sells enough."""
    told = advised(priced(400), answer(-1.0, 0.6), 1.0, 40.0)
    assert told.verdict is Verdict.TEST
    assert told.plan is not None
    assert told.plan.days is not None
    assert told.plan.days <= 84


def test_an_unsure_gain_that_no_test_would_show_cannot_be_told() -> None:
    """The same elasticity on two pieces a day that wander."""
    told = advised(priced(2, noise=0.8), answer(-1.0, 0.6), 1.0, 40.0)
    assert (told.verdict, told.reason, told.choice) == (Verdict.CANNOT_TELL, Reason.TOO_WIDE, None)


def test_both_elasticities_must_agree() -> None:
    """A rise that pays with traffic held and loses with the traffic that it drives away is no change."""
    told = advised(priced(40), answer(-0.8, 0.2, whole=-2.5), 1.0, 40.0)
    assert told.verdict is not Verdict.CHANGE


def test_the_chance_shown_is_that_by_which_is_decided() -> None:
    """Visitors held the rise pays for sure; with the traffic that it drives away it may lose: it says so."""
    told = advised(priced(400), answer(-0.8, 0.1, whole=-1.5), 1.0, 40.0)
    sure = advised(priced(400), answer(-0.8, 0.1), 1.0, 40.0)
    assert told.verdict is Verdict.TEST
    assert told.choice is not None
    assert sure.choice is not None
    assert told.choice.probability < 0.99 < sure.choice.probability
    assert told.choice.gain_low < sure.choice.gain_low
    assert told.choice.gain_low <= told.choice.gain <= told.choice.gain_high


@given(st.floats(-4, -0.2), st.floats(-4, -0.2), st.floats(0.1, 0.8))
@settings(max_examples=40, deadline=None)
def test_nothing_is_advised_that_an_interval_says_loses(value: float, whole: float, sd: float) -> None:
    """Whoever holds the one or the other elasticity for true expects that a price which is tested may earn more."""
    told = advised(priced(400), answer(value, sd, whole=whole), 1.0, 40.0)
    if told.verdict in (Verdict.CHANGE, Verdict.TEST):
        assert told.choice is not None
        for middle in (value, whole):
            known = {"price": 100.0, "units": told.units_a_day, "kept": 1.0, "cost": 40.0}
            alone = best_price(middle, sd, **known, low=told.choice.price, high=told.choice.price)
            assert alone.gain_high >= 0


def test_a_rise_that_the_traffic_surely_pays_for_is_not_tested() -> None:
    """With visitors held it pays; with those it drives away it loses by the whole interval: today's price stays."""
    told = advised(priced(400), answer(-0.8, 0.2, whole=-2.5), 1.0, 40.0)
    assert told.verdict is Verdict.KEEP
    assert told.choice is not None
    assert told.choice.price == pytest.approx(100)


@pytest.mark.parametrize("price", [0.04, 0.5, 0.99, 9.99, 19.8, 20.4])
@pytest.mark.parametrize("value", [-0.5, -5.0])
def test_a_cheap_price_changes_by_a_tenth_at_most(price: float, value: float) -> None:
    """Where no tag lies within a tenth, today's price stays."""
    one, found = priced(40, price), answer(value, 0.1)
    found = Answer(untold(Moves(4, 8, 0.5 * price, 2 * price, DAYS)), found.given, found.whole, holds_visitors=True)
    told = advised(one, found, 1.0, 0.4 * price)
    assert told.choice is not None
    assert abs(told.choice.price - price) <= 0.1 * price + 1e-9
    assert (told.verdict is Verdict.CHANGE) == (price > 0.04)


@pytest.mark.parametrize("found", [answer(-2.5, 0.3), Answer(untold(MOVES), None, None, holds_visitors=False)])
def test_costs_do_not_matter_to_what_everybody_sees(found: Answer) -> None:
    """Pieces a day and why there is no elasticity are the same of what loses, earns, and has no costs."""
    one = priced(40)
    one.price[0, -20:-10] = 90.0
    costs = [None, UnitCost(0.9, 95.0, MarginBasis.CONTRIBUTION), UnitCost(0.9, 40.0, MarginBasis.CONTRIBUTION)]
    told = [advise(one, (found,), (cost,))[0] for cost in costs]
    assert len({(each.price, each.units_a_day, each.untold) for each in told}) == 1
    assert told[0].untold is (None if found.given else Reason.NOT_APART)


def test_the_best_price_is_left() -> None:
    """At the optimum by the mean elasticity nothing is advised."""
    assert advised(priced(40), answer(-2.5, 0.05), 1.0, 60.0).verdict is Verdict.KEEP


def test_a_price_below_its_floor_is_said_whatever_the_elasticity() -> None:
    """Nine tenths kept of 100 do not pay for 95."""
    assert advised(priced(40), answer(-2.5, 0.3), 0.9, 95.0).verdict is Verdict.BELOW_FLOOR


@settings(max_examples=40, deadline=None)
@given(st.floats(-6, -0.2), st.floats(0.05, 1.5), st.floats(5, 99), st.floats(0.05, 400))
def test_advice_stays_within_its_bounds(value: float, sd: float, cost: float, price: float) -> None:
    """No price below the floor, none more than a tenth away, and a change always gains in expectation."""
    one = priced(30, price)
    found = answer(value, sd)
    found = Answer(untold(Moves(4, 8, 0.85 * price, 1.15 * price, DAYS)), found.given, found.whole, holds_visitors=True)
    told = advised(one, found, 1.0, cost * price / 100)
    if told.choice is not None:
        assert told.choice.price >= cost * price / 100 - 1e-9
        assert abs(told.choice.price - price) <= 0.1 * price + 1e-9
    if told.verdict is Verdict.CHANGE:
        assert told.choice is not None
        assert told.choice.gain > 0
        assert told.choice.probability == pytest.approx(1, abs=0.051)
