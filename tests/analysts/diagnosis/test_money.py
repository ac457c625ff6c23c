"""The money of a trouble against books that are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.analysts.diagnosis.causes import cause_library
from duoshou.analysts.diagnosis.money import Books, Margin, margin_after, scatter_of_rate
from duoshou.analysts.diagnosis.reading import Shop
from duoshou.analysts.diagnosis.troubles import Trouble
from duoshou.analysts.diagnosis.watched import watched_subjects
from duoshou.model import Period
from duoshou.statistics.expectation import Design

FIRST, DAYS, TROUBLED = date(2026, 1, 5), 200, 7
PRICE, RAISED, COST = 100.0, 120.0, 60.0
USUAL, FEWER = 10.0, 7.0
PRODUCT = next(one for one in watched_subjects() if one.type == "product")
CAUSES = {one.key: one for one in cause_library()}


class Ledger:
    """A shop of one product whose price rose for the last days, and whose goods cost what they cost."""

    period = Period(FIRST, FIRST + timedelta(days=DAYS - 1))

    def __init__(self, *, costed: bool = True, fees: float = 0.0, returned: float = 0.0) -> None:
        raised = np.arange(DAYS) >= DAYS - TROUBLED
        # Sales that never scatter have no interval: a customer more or less a week.
        units = np.where(raised, FEWER, USUAL) + np.where(np.arange(DAYS) % 7 == 3, 0.5, 0.0)
        sold = units * np.where(raised, RAISED, PRICE)
        self._values = {"pay_amount": sold}
        if costed:
            self._values |= {"known_margin": sold - units * COST, "costed_income": sold}
        if returned:
            self._values |= {"refund_amount": sold * returned}
            self._values |= {name: self._values[name] * (1 - returned) for name in ("known_margin", "costed_income")}
        if fees:
            left, told = sold * (1 - fees) - units * COST, np.where(raised, np.nan, 1.0)
            self._values |= {"contribution": left * told, "contributing_income": sold * told}

    def panel(self, metric: str, by: tuple[str, ...] = ()) -> SimpleNamespace | None:
        """Return a metric by day, of the product or of the shop, which is the same."""
        if metric not in self._values:
            return None
        return SimpleNamespace(splits=(("61",) if by else (),), values={metric: self._values[metric][None]})


def books(ledger: Ledger) -> Books:
    """Return the books of the product."""
    return Books(cast("Shop", ledger), PRODUCT, Design.weekly(DAYS), margin_rate=0.3)


def trouble(cause: str) -> Trouble:
    """Return a trouble of the product over the days of the higher price."""
    last = FIRST + timedelta(days=DAYS - 1)
    start = last - timedelta(days=TROUBLED - 1)
    return Trouble("product", "61", start, last, ((CAUSES[cause], 1.0),), 0.5, 9.0, {}, unseen=False)


def test_a_price_that_rises_changes_what_a_sale_leaves() -> None:
    """Seven at 120 leave 420 where ten at 100 left 400: more is earned, though less is sold."""
    loss = books(Ledger()).loss(trouble("price_rise"))
    assert loss is not None
    usual = (USUAL + 0.5 / 7) * (PRICE - COST)
    came = (FEWER + 0.5 / 7) * (RAISED - COST)
    assert loss.amount == pytest.approx(TROUBLED * (usual - came), abs=15)
    assert loss.amount < 0
    assert loss.low < loss.amount < loss.high


def test_a_cause_that_leaves_the_price_alone_keeps_the_usual_margin() -> None:
    """Lost sales are worth the margin of the days before."""
    loss = books(Ledger()).loss(trouble("rank_lost"))
    assert loss is not None
    lost = (USUAL + 0.5 / 7) * PRICE - (FEWER + 0.5 / 7) * RAISED
    assert loss.amount == pytest.approx(TROUBLED * lost * 0.4, rel=0.05)


def test_without_costs_the_stated_margin_holds_for_all_days() -> None:
    """Where nobody knows what goods cost, a higher price is lost and won sales at the stated rate."""
    found = [books(Ledger(costed=False)).loss(trouble(cause)) for cause in ("price_rise", "rank_lost")]
    first, second = found
    assert first is not None
    assert second is not None
    assert first.margin.imputed
    assert first.amount == pytest.approx(second.amount)


@given(st.floats(0.01, 0.95), st.floats(-0.5, 0.5))
def test_a_piece_costs_what_it_did_whatever_its_price(rate: float, move: float) -> None:
    """Price less cost ÷ price, at the new price."""
    price = np.exp(move)
    assert margin_after(rate, move) == pytest.approx(max((price - (1 - rate)) / price, -1.0))


def test_the_margin_of_other_days_differs_as_much_as_drawn_ones() -> None:
    """The rate of seven days less that of the ninety before, drawn a thousand times, scatters as stated."""
    random = np.random.default_rng(7)
    sold = random.gamma(8.0, 50.0, size=(1000, 97))
    earned = sold * 0.4 + random.normal(0.0, 60.0, size=sold.shape)
    rates = [earned[:, part].sum(axis=1) / sold[:, part].sum(axis=1) for part in (slice(90, 97), slice(0, 90))]
    stated = [
        Margin(0.4, False, scatter_of_rate(one[:90], whole[:90]), 90).deviation(7)
        for one, whole in zip(earned[:50], sold[:50], strict=True)
    ]
    assert np.mean(stated) == pytest.approx(float(np.std(rates[0] - rates[1])), rel=0.08)


def test_a_margin_of_a_day_or_of_no_sales_has_no_scatter() -> None:
    """Nothing is known of it, and nothing is divided by nothing."""
    assert scatter_of_rate(np.array([3.0]), np.array([10.0])) == 0.0
    assert scatter_of_rate(np.zeros(5), np.zeros(5)) == 0.0


def test_the_move_of_the_price_tells_what_sales_leave_before_their_refunds_do() -> None:
    """A price that rose by a fifth tells the loss of the accounts, and counts where no costs are known."""
    moved = replace(trouble("price_rise"), moves={"price": (float(np.log(1.2)), 20.0)})
    told, reckoned = (books(Ledger()).loss(one) for one in (trouble("price_rise"), moved))
    assert told is not None
    assert reckoned is not None
    assert reckoned.amount == pytest.approx(told.amount, rel=0.02)
    blind, plain = (books(Ledger(costed=False)).loss(one) for one in (moved, trouble("price_rise")))
    assert blind is not None
    assert plain is not None
    assert blind.amount < plain.amount


def test_fees_that_are_told_late_do_not_raise_what_the_days_left() -> None:
    """A fifth goes to the platform, which the days before tell and those of the trouble do not tell yet."""
    moved = replace(trouble("price_rise"), moves={"price": (float(np.log(1.2)), 20.0)})
    loss = books(Ledger(fees=0.2)).loss(moved)
    assert loss is not None
    assert not loss.margin.partial
    usual = (USUAL + 0.5 / 7) * PRICE * 0.2
    came = (FEWER + 0.5 / 7) * RAISED * margin_after(0.2, float(np.log(1.2)))
    assert loss.amount == pytest.approx(TROUBLED * (usual - came), abs=15)


def test_a_margin_that_leaves_some_costs_out_is_partial() -> None:
    """Goods alone, or goods and what is known of the rest: the true margin is lower, and a finding says so."""
    margins = [books(one).margin("61", DAYS - TROUBLED) for one in (Ledger(), Ledger(fees=0.2), Ledger(costed=False))]
    assert [one.partial for one in margins] == [True, False, False]


def test_days_without_known_sales_cost_what_nobody_can_tell() -> None:
    """The export of the days is missing: no money, and no division by no day."""
    ledger = Ledger()
    for values in ledger._values.values():
        values[-TROUBLED:] = np.nan
    assert books(ledger).loss(trouble("rank_lost")) is None


def test_visitors_that_tell_the_loss_as_sales_do_make_it_surer() -> None:
    """Search visitors fell as much as sales: the amount stays about the same, its interval narrows."""
    lost = (FEWER + 0.5 / 7) * RAISED / ((USUAL + 0.5 / 7) * PRICE)
    moved = replace(trouble("rank_lost"), moves={"search": (float(np.log(lost)), -40.0)})
    alone, told = books(Ledger()).loss(moved), books(Ledger()).loss(moved, {"search": 1.0})
    assert alone is not None
    assert told is not None
    assert told.amount == pytest.approx(alone.amount, rel=0.05)
    assert told.high - told.low < alone.high - alone.low


def test_a_campaign_whose_budget_is_gone_lost_the_sales_of_what_was_not_shown() -> None:
    """Half is shown and half is spent: half of the sales are gone, though the few of these days hardly tell it."""
    random = np.random.default_rng(4)
    ledger = Ledger(costed=False)
    spent = np.where(np.arange(DAYS) >= DAYS - TROUBLED, 100.0, 200.0) + random.normal(0, 2, DAYS)
    sold = random.poisson(3.0, DAYS) * 300.0
    sold[-TROUBLED:] = 600.0  # a third less, by chance
    ledger._values |= {"ad_sales": sold, "ad_cost": spent}
    campaign = next(one for one in watched_subjects() if one.type == "campaign")
    kept = Books(cast("Shop", ledger), campaign, Design.weekly(DAYS), margin_rate=0.3)
    half = (float(np.log(0.5)), -20.0)
    cut = replace(trouble("budget_exhausted"), type="campaign", moves={"cost": half, "impressions": half})
    counted, told = kept.loss(cut), kept.loss(cut, {})
    assert counted is not None
    assert told is not None
    lost = 0.3 * 900.0 * TROUBLED
    saved = 100.0 * TROUBLED
    assert counted.amount == pytest.approx(lost / 3 - saved, abs=150)
    assert told.amount == pytest.approx(lost / 2 - saved, abs=150)
    assert told.high - told.low < counted.high - counted.low


def test_a_sale_that_would_have_been_paid_back_is_no_loss() -> None:
    """A quarter of what is paid is paid back: the sales that were lost would have left three quarters."""
    for cause in ("rank_lost", "price_rise"):
        kept, all_ = (books(one).loss(trouble(cause)) for one in (Ledger(returned=0.25), Ledger()))
        assert kept is not None
        assert all_ is not None
        assert kept.amount == pytest.approx(all_.amount * 0.75)
        assert kept.margin.rate == pytest.approx(all_.margin.rate * 0.75)
        assert kept.margin.of_kept == pytest.approx(all_.margin.rate)


def test_refunds_that_a_cause_moves_are_counted_once() -> None:
    """Where what is paid back is counted itself, lost sales are worth what they left before."""
    sales, refunds = 3.0 * PRICE - (RAISED - PRICE) * FEWER, 0.25
    loss = books(Ledger(returned=refunds)).loss(trouble("bad_batch"))
    assert loss is not None
    assert loss.amount == pytest.approx(TROUBLED * sales * (0.4 - refunds), rel=0.08)


def test_refunds_that_come_in_lumps_make_the_margin_less_sure() -> None:
    """The same part paid back in one day of a week scatters more than day by day."""
    even, lumps = Ledger(returned=0.1), Ledger(returned=0.1)
    lumps._values["refund_amount"] = np.where(np.arange(DAYS) % 7 == 2, 7.0, 0.0) * even._values["refund_amount"]
    first, second = (books(one).margin("61", DAYS - TROUBLED) for one in (even, lumps))
    assert second.rate == pytest.approx(first.rate, rel=0.02)
    assert second.daily > 2 * first.daily
