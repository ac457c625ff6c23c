"""What a click tells, against the value of information by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from duoshou.statistics.bidding import Curves, learning, rises
from duoshou.statistics.bidding.learning import HORIZON
from duoshou.statistics.bidding.slopes import Slopes

Floats = NDArray[np.float64]


def curves(clicks: Floats, slope: float = 1.0) -> Curves:
    """Return second-price auctions in which clicks grow as bid^slope without a bend about a bid of one."""
    one = np.ones(len(clicks))
    slopes = Slopes(slope * one, 0.1 * one, slope, 0.1, one)
    price = one * slope / (1 + slope)
    return Curves(one, clicks, 0.1 * one, price, slope * one, 0.1 * one, one, 0.1 * one, slopes, 0.1, 1.0, 0.1)


def test_it_is_what_knowing_better_earns_by_simulation() -> None:
    """Ten clicks more, of a worth whose mean they move: the profit of the best bids, drawn, less that of today's."""
    rate, trials, order, clicks, more = 0.02, 400.0, 50.0, 20.0, 10
    value = np.array([rate * order])
    error = np.array([np.sqrt((1 - rate) / rate / (trials + 1))])
    told = learning(curves(np.array([clicks])), value, error, np.array([trials]), np.zeros(1))[0]
    random = np.random.default_rng(1)
    hits = random.binomial(more, random.beta(rate * trials, (1 - rate) * trials, 4_000_000))
    mean = order * (rate * trials + hits) / (trials + more)
    # Clicks ∝ bid and a further click costs the bid: at a bid of the worth a day earns clicks × worth² ÷ 2.
    earned = HORIZON * clicks / 2 * (np.mean(mean**2) - value[0] ** 2)
    assert more * told == pytest.approx(earned, rel=0.05)


@given(st.floats(0.1, 20.0), st.floats(0.05, 2.0), st.floats(1.0, 1e4), st.floats(0.0, 1e4), st.floats(0.0, 100.0))
def test_it_is_at_most_an_error_and_less_the_more_is_known(
    value: float, error: float, trials: float, pending: float, clicks: float
) -> None:
    """Clicks that were paid for and are not told yet count as known."""
    found = curves(np.array([clicks, 10.0]))
    one = np.ones(2)
    less, more = (learning(found, value * one, error * one, trials * one, count * one) for count in (0.0, pending))
    assert (less >= 0).all()
    assert (less <= value * error * 1.000001).all()
    assert (more <= less * 1.000001).all()


def test_nothing_is_told_of_what_is_known() -> None:
    """Without error nothing is paid for, and without targets there is nothing."""
    found = curves(np.array([5.0]))
    assert learning(found, np.ones(1), np.zeros(1), np.array([50.0]), np.zeros(1)) == pytest.approx([0.0])
    assert len(learning(curves(np.zeros(0)), *(np.zeros(0) for _ in range(4)))) == 0


def test_what_is_hardly_clicked_may_rise_by_several_steps() -> None:
    """Below a click a day by four steps, else by one."""
    assert rises(np.array([0.0, 0.9, 1.0, 50.0]), 0.25) == pytest.approx([1.0, 1.0, 0.25, 0.25])
