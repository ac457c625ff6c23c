"""The money of a trouble against books that are known."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from duoshou.analysts.diagnosis.causes import cause_library
from duoshou.analysts.diagnosis.money import Books
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

    def __init__(self, *, costed: bool = True) -> None:
        raised = np.arange(DAYS) >= DAYS - TROUBLED
        # Sales that never scatter have no interval: a customer more or less a week.
        units = np.where(raised, FEWER, USUAL) + np.where(np.arange(DAYS) % 7 == 3, 0.5, 0.0)
        sold = units * np.where(raised, RAISED, PRICE)
        self._values = {"pay_amount": sold}
        if costed:
            self._values |= {"gross_margin": sold - units * COST, "costed_income": sold}

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
