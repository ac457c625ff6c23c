"""Bids as they are written: whole cents, within a step or a cent."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.analysts.advertising.history import History
from duoshou.analysts.advertising.steps import reach_of, settled
from duoshou.model import Period

PERIOD = Period(date(2026, 1, 1), date(2026, 1, 14))


def history(bids: list[float], clicks: float = 9.0, *, known: bool = True) -> History:
    """Return a history of keywords at these bids."""
    now = np.array(bids)
    shape = (len(now), PERIOD.days)
    return History(
        PERIOD,
        np.ones(PERIOD.days, dtype=bool),
        tuple(("c", f"k{row}") for row in range(len(now))),
        np.full(shape, clicks),
        np.full(shape, 1.0),
        np.tile(now[:, None], (1, PERIOD.days)),
        np.full(len(now), known),
        np.full(len(now), np.nan),
        now,
    )


@given(
    cents=st.integers(1, 400),
    wanted=st.floats(0.3, 3.0),
    cap=st.floats(0.005, 5.0),
    step=st.floats(0.05, 0.5),
    size=st.sampled_from([0.0, 0.05]),
    number=st.integers(0, 3),
)
def test_no_bid_oversteps_step_cent_or_cap(
    cents: int, wanted: float, cap: float, step: float, size: float, number: int
) -> None:
    """A new bid is a whole cent above nothing, within a step or a cent of today's, and raised up to the cap only."""
    now = cents / 100
    told = history([now])
    (new,) = settled(told, np.array([now * wanted]), np.array([cap]), reach_of(told, step), size, number)
    assert new == pytest.approx(round(new * 100) / 100)
    assert new >= 0.0099
    assert abs(new - now) <= max(step * now, 0.01) + 1e-6
    assert new <= max(cap, now) + 1e-6


@pytest.mark.parametrize(("now", "up", "down"), [(0.01, 0.02, 0.01), (0.02, 0.03, 0.01), (0.03, 0.04, 0.02)])
def test_a_bid_of_few_cents_moves_by_one(now: float, up: float, down: float) -> None:
    """Where a quarter is less than a cent, a cent is a step, up and down."""
    told = history([now])
    reach = reach_of(told, 0.25)
    for wanted, new in ((1.0, up), (0.001, down)):
        assert settled(told, np.array([wanted]), np.array([9.0]), reach, 0.0, 0)[0] == pytest.approx(new)
    assert settled(told, np.array([1.0]), np.array([now]), reach, 0.0, 0)[0] == pytest.approx(now)


def test_a_bid_that_is_not_told_is_changed_by_a_step_at_most() -> None:
    """Of a bid that only the click price hints at, cents are not known."""
    reach = reach_of(history([0.02], known=False), 0.25)
    assert (reach.fall[0], reach.rise[0]) == (0.25, 0.25)
