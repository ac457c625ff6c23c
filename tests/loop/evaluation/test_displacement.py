"""What a gain was taken from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.loop.evaluation.displacement import Estimate, net_of

LEVEL = 0.95
Z = 1.959964
UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"))


def normal(value: float, error: float) -> Estimate:
    """Return an estimate with the 95 % interval of a normal distribution."""
    return Estimate(value, value - Z * error, value + Z * error)


def test_a_clear_fall_elsewhere_is_taken_off_whole() -> None:
    """Where others certainly lost 40 of a gain of 100, 60 are left."""
    found = net_of(normal(100, 2), (normal(-40, 2),), LEVEL)
    assert found.net.value == pytest.approx(60, abs=2)
    assert found.shares[0] == pytest.approx(0.4, abs=0.02)
    assert found.net.low == pytest.approx(60 - Z * 2.8, abs=3)


def test_where_others_clearly_did_not_move_nothing_is_taken_off() -> None:
    """The gain stays as it is where the share that others lost is certainly about nothing."""
    found = net_of(normal(100, 5), (normal(0, 1),), LEVEL)
    assert found.net.value == pytest.approx(100, abs=2)
    assert found.shares[0] < 0.03


def test_what_was_drawn_along_is_added() -> None:
    """Where others certainly rose by 30 beside a gain of 100, 130 are the net, and nothing was lost."""
    found = net_of(normal(100, 2), (normal(30, 2),), LEVEL)
    assert found.net.value == pytest.approx(130, abs=3)
    assert found.shares[0] < 0.01


def test_what_happens_elsewhere_does_not_turn_the_gain_over() -> None:
    """A rise of others that no gain explains leaves a gain a gain."""
    found = net_of(normal(100, 40), (normal(900, 20),), LEVEL)
    assert found.net.low > 0
    assert 70 < found.net.value < 150


def test_what_cannot_be_seen_widens_and_keeps_the_sign() -> None:
    """Noise elsewhere neither turns a gain into a loss nor leaves it as sure as it was."""
    found = net_of(normal(100, 10), (normal(0, 5000),), LEVEL)
    assert 0 < found.net.low < 20
    assert 100 + Z * 10 < found.net.high < 1.5 * (100 + Z * 10)
    assert found.shares[0] == pytest.approx(1 / 6, abs=0.02)


def test_a_price_that_earns_nothing_may_still_take_from_others() -> None:
    """Where 100 more were sold at a price that leaves nothing, what others lost of it is a loss."""
    found = net_of(normal(0, 1), (normal(-60, 3),), LEVEL, more=100.0)
    assert found.net.value == pytest.approx(-60, abs=3)
    assert found.shares[0] == pytest.approx(0.6, abs=0.03)


def test_what_is_not_known_takes_nothing_off() -> None:
    """Without an estimate elsewhere the gain is the net."""
    gain = normal(100, 10)
    assert net_of(gain, (UNKNOWN, UNKNOWN), LEVEL).net == gain
    assert net_of(gain, (), LEVEL).shares == ()
    both = net_of(gain, (UNKNOWN, normal(-50, 2)), LEVEL)
    assert both.shares[0] == 0
    assert both.net.value == pytest.approx(50, abs=3)


def test_the_interval_covers_as_often_as_it_says_where_its_prior_holds() -> None:
    """Drawn from the prior itself, the 95 % interval of the net holds the truth 95 times in a hundred."""
    random = np.random.default_rng(3)
    runs, hits = 600, 0
    for _ in range(runs):
        truth = random.uniform(50, 300)
        share = random.uniform(-0.5, 1) if random.uniform() < 0.5 else 0.0
        gain = normal(truth + 30 * random.normal(), 30)
        elsewhere = normal(-share * truth + 40 * random.normal(), 40)
        net = net_of(gain, (elsewhere,), LEVEL).net
        hits += net.low <= truth * (1 - share) <= net.high
    assert 0.925 <= hits / runs <= 0.975


numbers = st.floats(-1e6, 1e6)


@given(numbers, st.floats(0.1, 1e5), numbers, st.floats(0.1, 1e5))
def test_the_net_lies_between_nothing_and_half_as_much_again(
    gain: float, error: float, other: float, noise: float
) -> None:
    """What is taken off is a share from −½ to 1, so no bound leaves what the gain itself may be and half of it."""
    one = normal(gain, error)
    found = net_of(one, (normal(other, noise),), LEVEL)
    assert 0 <= found.shares[0] <= 1
    assert found.net.low <= found.net.value <= found.net.high
    slack = 4 * error
    assert 1.5 * (min(one.low, 0) - slack) <= found.net.low
    assert found.net.high <= 1.5 * (max(one.high, 0) + slack)


def test_sums_and_differences_join_limits_in_squares() -> None:
    """Independent estimates add like a right angle; a negative factor turns an interval over."""
    total = normal(10, 3).plus(normal(5, 4))
    assert total.value == 15
    assert total.high - total.value == pytest.approx(Z * 5)
    assert normal(10, 3).minus(normal(5, 4)).value == 5
    turned = Estimate(10, 5, 30).scaled(-2)
    assert (turned.value, turned.low, turned.high) == (-20, -60, -10)
