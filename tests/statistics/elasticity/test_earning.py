"""The price that earns most, against the closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.elasticity import best_price, floor_price


def test_a_known_elasticity_has_lerners_price() -> None:
    """With θ known the best price is θ ÷ (1 + θ) times the cost over what is kept."""
    found = best_price(-3.0, 1e-9, price=100, units=10, kept=0.9, cost=50, low=70, high=100)
    assert found.price == pytest.approx(1.5 * 50 / 0.9, rel=0.01)
    assert found.probability == 1
    by_hand = 10 * (found.price / 100) ** -3 * (0.9 * found.price - 50) - 10 * 40
    assert found.gain == pytest.approx(by_hand, rel=1e-6)
    assert found.gain_low == pytest.approx(found.gain_high, rel=1e-4)


@settings(max_examples=50, deadline=None)
@given(st.floats(-5, -0.2), st.floats(0.01, 1.5), st.floats(10, 90))
def test_staying_is_always_open(elasticity: float, sd: float, cost: float) -> None:
    """Where today's price is an end of the range the gain is never negative, and chances lie between 0 and 1."""
    found = best_price(elasticity, sd, price=100, units=5, kept=0.9, cost=cost, low=80, high=100)
    assert found.gain >= -1e-9
    assert 0 <= found.probability <= 1
    assert found.gain_low <= found.gain_high
    assert 80 - 1e-9 <= found.price <= 100 + 1e-9


def test_doubt_shows_in_the_chance() -> None:
    """An elasticity that may lie on either side of break-even is no sure gain."""
    sure = best_price(-4.0, 0.1, price=100, units=10, kept=1.0, cost=50, low=85, high=100)
    unsure = best_price(-4.0, 3.0, price=100, units=10, kept=1.0, cost=50, low=85, high=100)
    assert sure.probability > 0.99
    assert unsure.probability < 0.85


def test_floors_and_errors() -> None:
    """The floor leaves nothing, and is infinite where nothing is kept."""
    assert floor_price(0.8, 40) == 50
    assert np.isinf(floor_price(0, 40))
    with pytest.raises(ValueError, match="range"):
        best_price(-2, 1, price=100, units=1, kept=1, cost=1, low=100, high=90)


def test_a_rise_is_not_carried_by_sales_that_grow_with_the_price() -> None:
    """Of an elasticity that may be above 0 only the part below it counts: no price sells more for being dear."""
    found = best_price(0.5, 1.0, price=100, units=10, kept=1.0, cost=40, low=100, high=110)
    assert found.units < 10
    assert found.gain < 10 * 10
