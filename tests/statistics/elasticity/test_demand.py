"""Elasticities of single products and of shops of known truth."""

import numpy as np
import pytest
from benchmarks.elasticity import decided, measure
from benchmarks.elasticity_cases import KINDS, case
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from duoshou.statistics.elasticity import day_controls, price_response


def test_a_price_that_never_moved_tells_nothing() -> None:
    """Without price moves, with one only, or with few sales there is no elasticity."""
    rng = np.random.default_rng(1)
    units, controls = rng.poisson(20, 200).astype(float), day_controls(200)
    flat = np.full(200, 50.0)
    once = np.r_[flat[:100], flat[100:] * 0.9]
    promoted = np.where(np.arange(200) % 40 < 7, 40.0, 50.0)
    assert not price_response(units, flat, controls).is_told
    assert not price_response(units, once, controls).is_told
    assert not price_response(np.where(units > 28, 1.0, 0.0), promoted, controls).is_told
    assert np.isnan(price_response(units, flat, controls).elasticity)


def test_a_price_that_only_fell_with_a_known_event_tells_nothing() -> None:
    """Where a flag of the controls is up on just the discounted days, the price has no answer of its own."""
    rng = np.random.default_rng(2)
    event = (np.arange(300) % 60 < 6).astype(float)
    price = np.where(event > 0, 40.0, 50.0)
    units = rng.poisson(20 + 30 * event).astype(float)
    assert not price_response(units, price, np.column_stack([day_controls(300), event])).is_told


def test_days_without_sales_count() -> None:
    """A slow product whose sales triple at a discount shows its elasticity, though most days are empty."""
    rng = np.random.default_rng(3)
    price = np.where(np.arange(720) // 14 % 3 == 0, 80.0, 100.0)
    units = rng.poisson(0.3 * (price / 100) ** -4.0).astype(float)
    found = price_response(units, price, day_controls(720))
    assert found.low < -4 < found.high
    assert found.high < -1


def test_interval_and_probability_are_student_s() -> None:
    """Interval and p-value are those of Student's law with the degrees of freedom that are told."""
    rng = np.random.default_rng(6)
    price = np.where(np.arange(400) % 60 < 9, 80.0, 100.0)
    found = price_response(rng.poisson(9.0, 400).astype(float), price, day_controls(400), level=0.9)
    low, high = stats.t.interval(0.9, found.degrees, found.elasticity, found.error)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-10)
    chance = 2 * stats.t.sf(abs(found.elasticity / found.error), found.degrees)
    assert found.p_value == pytest.approx(chance, rel=1e-9)


def test_the_answer_to_another_products_price_is_found() -> None:
    """A substitute's discount takes sales; the own price is held."""
    rng = np.random.default_rng(4)
    own = np.where(np.arange(365) % 50 < 7, 80.0, 100.0)
    other = np.where((np.arange(365) + 20) % 40 < 7, 42.0, 50.0)
    units = rng.poisson(40 * (own / 100) ** -2.0 * (other / 50) ** 1.5).astype(float)
    found = price_response(units, own, day_controls(365), of=other)
    assert found.low < 1.5 < found.high
    assert found.p_value < 0.01


def test_shops_of_other_kinds_are_covered_and_drawing_together_helps() -> None:
    """Over seven kinds of shops 95 % intervals hold the truth in 93 to 97 of 100, and pooled errors are the smaller."""
    rows = np.array([row for kind in KINDS for seed in range(100, 110) for row in measure(case(kind, seed))])
    truth, mean, low, high, own, _, _, raw = rows.T
    assert 0.93 <= np.mean((low <= truth) & (truth <= high)) <= 0.975
    error = np.sqrt(np.mean((mean - truth) ** 2))
    assert error < 0.8 * np.sqrt(np.mean((own - truth) ** 2))
    assert error < 0.4 * np.sqrt(np.mean((raw - truth) ** 2))


@pytest.mark.parametrize("kind", ["timed", "festivals"])
def test_discounts_at_peaks_of_demand_do_not_pass_for_elasticity(kind: str) -> None:
    """Where discounts come when demand is high anyway, the mean error stays near 0; the raw line is off by more."""
    rows = np.array([row for seed in range(200, 212) for row in measure(case(kind, seed))])
    truth, mean, *_, raw = rows.T
    assert abs(np.mean(mean - truth)) < 0.15
    assert np.mean(raw - truth) < -0.8


def test_prices_that_are_advised_earn_more() -> None:
    """Of the changes advised in shops of every kind nine in ten earn more in truth, about as much as was expected."""
    cases = [(case(kind, seed), seed) for kind in KINDS for seed in range(300, 306)]
    advised = np.array([row[1:] for one, seed in cases for row in decided(one, seed) if row[0]])
    assert len(advised) > 100
    assert np.mean(advised[:, 1] < 0) < 0.1
    assert np.mean(advised[:, 1]) > 0.75 * np.mean(advised[:, 0])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 1000))
def test_the_currency_does_not_matter(seed: int, scale: float) -> None:
    """Prices in another unit have the same elasticity, error and moves."""
    rng = np.random.default_rng(seed)
    price = np.repeat(rng.choice([100.0, 100.0, 90.0, 85.0], 40), 7)
    units = rng.poisson(15 * (price / 100) ** -2.0).astype(float)
    one, other = (price_response(units, price * each, day_controls(280)) for each in (1.0, scale))
    assert one.is_told == other.is_told
    assert np.allclose(
        [one.elasticity, one.error, one.degrees],
        [other.elasticity, other.error, other.degrees],
        rtol=1e-4,
        equal_nan=True,
    )
