"""What a cause did to sales, reckoned from what it moves."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.analysts.diagnosis.causes import cause_library
from duoshou.analysts.diagnosis.reading import FeatureSeries, SubjectSeries
from duoshou.analysts.diagnosis.reckoning import (
    MODEL_ERROR,
    as_seen,
    chance_of_lost,
    combined,
    moves_order_rates,
    reckoned,
    sales_shares,
    surer,
)
from duoshou.analysts.diagnosis.watched import watched_subjects

CAUSES = {one.key: one for one in cause_library()}
SHARES = {
    "search": 0.5,
    "recommendation": 0.3,
    "paid": 0.1,
    "other": 0.1,
    "order_rate_wireless": 0.9,
    "order_rate_pc": 0.1,
}


def test_a_source_that_falls_costs_its_share() -> None:
    """Search makes half of the sales and falls by a third: a sixth is lost; what the cause does not move is chance."""
    moves = {"search": (math.log(2 / 3), -8.0), "order_rate_wireless": (0.5, 1.2)}
    found = reckoned(CAUSES["rank_lost"], as_seen(moves), SHARES)
    assert found is not None
    assert found.change == pytest.approx(-1 / 6)
    own = 0.5 * (2 / 3) * abs(math.log(2 / 3)) / 8
    assert found.deviation == pytest.approx(math.hypot(own, MODEL_ERROR / 6))


def test_visitors_orders_and_price_multiply() -> None:
    """A campaign brings visitors, closes more of them, and leaves less of each sale."""
    moves = {
        "price": (math.log(0.8), -9.0),
        "search": (math.log(1.2), 3.0),
        "recommendation": (math.log(1.2), 3.0),
        "paid": (math.log(1.2), 3.0),
        "other": (math.log(1.2), 3.0),
        "order_rate_wireless": (math.log(1.5), 4.0),
        "order_rate_pc": (math.log(1.5), 2.0),
        "cart_rate": (0.1, 1.0),
    }
    found = reckoned(CAUSES["cannibal_campaign"], as_seen(moves), SHARES)
    assert found is not None
    assert found.change == pytest.approx(0.8 * 1.2 * 1.5 - 1)


def test_visitors_of_all_sources_stand_for_their_parts() -> None:
    """Where files do not split visitors and orders per visitor, the whole makes the change and no part is asked for."""
    whole = {"visitors": 1.0, "order_rate": 1.0}
    fewer = reckoned(CAUSES["traffic_down"], as_seen({"visitors": (math.log(0.6), -9.0)}), whole)
    assert fewer is not None
    assert fewer.change == pytest.approx(-0.4)
    moves = {"price": (math.log(1.2), 9.0), "order_rate": (math.log(0.7), -6.0)}
    dearer = reckoned(CAUSES["price_rise"], as_seen(moves), whole)
    assert dearer is not None
    assert dearer.change == pytest.approx(0.7 * 1.2 - 1)
    assert moves_order_rates(CAUSES["shop_converts_less"])


def test_a_move_that_is_not_known_is_not_made_up() -> None:
    """Without what the cause moves most, and for a cause that moves no sales, nothing is reckoned."""
    assert reckoned(CAUSES["rank_lost"], as_seen({"recommendation": (-0.3, -4.0)}), SHARES) is None
    assert reckoned(CAUSES["slow_replies"], as_seen({"response_time": (1.0, 8.0)}), SHARES) is None
    assert reckoned(CAUSES["rank_lost"], as_seen({"search": (0.0, 0.0)}), SHARES) is None


def test_the_deviation_is_that_of_a_simulation() -> None:
    """Moves drawn with their deviations scatter the change as the delta method says."""
    cause = CAUSES["image_worse"]
    means = {"search": -0.3, "recommendation": -0.35, "paid": -0.15, "ad_click_rate": -0.4}
    deviation = 0.04
    found = reckoned(cause, as_seen({name: (mean, mean / deviation) for name, mean in means.items()}), SHARES)
    assert found is not None
    random = np.random.default_rng(1)
    drawn = [
        1
        + sum(
            SHARES[name] * np.expm1(random.normal(means[name], deviation, 20_000))
            for name in ("search", "recommendation", "paid")
        )
    ]
    expected = math.hypot(float(np.std(drawn[0])), MODEL_ERROR * found.change)
    assert found.deviation == pytest.approx(expected, rel=0.03)


@given(st.floats(-10, 10), st.floats(0.1, 5), st.floats(-10, 10), st.floats(0.1, 5))
def test_two_estimates_are_better_than_one_unless_they_contradict(a: float, s: float, b: float, t: float) -> None:
    """The mean lies between them; it is never wider than the gap and the surer one ask for."""
    mean, deviation = combined((a, s), (b, t))
    assert min(a, b) - 1e-9 <= mean <= max(a, b) + 1e-9
    alone = 1 / math.sqrt(1 / s**2 + 1 / t**2)
    apart = abs(a - b) / math.hypot(s, t)
    assert deviation == pytest.approx(alone * max(1.0, apart))


@given(st.floats(-10, 10), st.floats(0.1, 5), st.floats(-10, 10), st.floats(0.1, 5))
def test_of_two_estimates_that_share_their_chance_the_surer_one_counts(a: float, s: float, b: float, t: float) -> None:
    """Nothing is gained by the other one; where they contradict, the deviation grows."""
    mean, deviation = surer((a, s), (b, t))
    assert mean == (a if s <= t else b)
    assert deviation == pytest.approx(min(s, t) * max(1.0, abs(a - b) / math.hypot(s, t)))


def test_visitors_who_do_not_buy_cost_nothing() -> None:
    """Twice the recommendation visitors, none of the new ones buys: orders per visitor fall, sales stay.

    Orders per visitor are those of all visitors, so that the shares are of visitors and not of what they pay.
    """
    product = next(one for one in watched_subjects() if one.type == "product")
    days = 60
    came = {"search": np.full((1, days), 60.0), "recommendation": np.full((1, days), 40.0)}
    features = tuple(FeatureSeries(one, came[one.key], None) for one in product.feature if one.key in came)
    first = date(2026, 1, 1)
    series = SubjectSeries(product, ("a",), tuple(first + timedelta(days=number) for number in range(days)), features)
    cause = CAUSES["audience_drift"]
    assert moves_order_rates(cause)
    shares = {**sales_shares(series, "a", 40, {}), "order_rate_wireless": 1.0, "order_rate_pc": 0.0}
    fallen = math.log(100 / 140)
    moves = {
        "recommendation": (math.log(2.0), 9.0),
        "order_rate_wireless": (fallen, -4.0),
        "order_rate_pc": (fallen, -1.0),
    }
    found = reckoned(cause, as_seen(moves), shares)
    assert found is not None
    assert found.change == pytest.approx(0.0)
    assert not moves_order_rates(CAUSES["rank_lost"])


@pytest.mark.parametrize(("worth", "search"), [({}, 0.75), ({"search": 1.0, "recommendation": 3.0}, 0.5)])
def test_shares_are_those_of_the_sales_before(worth: dict[str, float], search: float) -> None:
    """Visitors count by what they pay where that is known of all sources, else alike; shares sum to one."""
    product = next(one for one in watched_subjects() if one.type == "product")
    days = 60
    values = {"search": np.full((1, days), 30.0), "recommendation": np.full((1, days), 10.0)}
    values["search"][0, 40:] = 999.0
    features = tuple(FeatureSeries(one, values[one.key], None) for one in product.feature if one.key in values)
    first = date(2026, 1, 1)
    series = SubjectSeries(product, ("a",), tuple(first + timedelta(days=number) for number in range(days)), features)
    shares = sales_shares(series, "a", 40, worth)
    assert shares == pytest.approx({"search": search, "recommendation": 1 - search})


@pytest.mark.parametrize("change", [-0.95, -0.4, -0.1, 0.5])
def test_the_chances_of_lost_sales_are_those_of_drawn_orders(change: float) -> None:
    """Days are better or worse, orders come one by one, a cause takes each by a chance, or brings others."""
    random = np.random.default_rng(11)
    orders, value, scatter, size = 60.0, 5.0, 0.2, 200_000
    level = random.gamma(1 / scatter**2, scatter**2, size) * orders
    usual = random.poisson(level)
    taken = random.binomial(usual, -change) if change < 0 else -random.poisson(level * change)
    came = usual - taken
    counted = (orders - came - taken) * value
    reckoned_ = (-orders * change - taken) * value
    spread = float(usual.std()) * value
    chance, shared = chance_of_lost(spread, orders * value**2, change)
    assert spread == pytest.approx(counted.std(), rel=0.02)
    assert chance == pytest.approx(reckoned_.std(), rel=0.02)
    assert shared == pytest.approx(np.cov(counted, reckoned_)[0, 1], rel=0.04)


@given(st.floats(0, 1e4), st.floats(0, 1e8), st.floats(-1, 5))
def test_what_two_errors_share_is_a_covariance(spread: float, counted: float, change: float) -> None:
    """No correlation is beyond 1 (Cauchy and Schwarz), and what takes all errs as the sales do."""
    chance, shared = chance_of_lost(spread, counted, change)
    assert abs(shared) <= spread * chance * (1 + 1e-9) + 1e-9
    whole, all_ = chance_of_lost(spread, counted, -1.0)
    assert whole == pytest.approx(spread)
    assert all_ == pytest.approx(spread**2)


@given(st.floats(0.1, 9.0), st.floats(0.1, 9.0), st.floats(-0.95, 0.95))
def test_the_best_of_two_that_share_chance_is_that_of_least_squares(first: float, second: float, rho: float) -> None:
    """Generalised least squares on the two estimates, with weights of at least 0; never wider than the surer one."""
    shared = rho * first * second
    mean, deviation = combined((0.0, first), (1e-9, second), shared)
    precision = np.linalg.inv(np.array([[first**2, shared], [shared, second**2]]))
    weight = precision.sum(axis=0) / precision.sum()
    if weight.min() >= 0:
        assert mean == pytest.approx(weight[1] * 1e-9, rel=1e-6, abs=1e-18)
        assert deviation == pytest.approx(precision.sum() ** -0.5, rel=1e-6)
    assert deviation <= min(first, second) * (1 + 1e-9)


def test_an_advertisement_sells_by_what_is_shown_clicked_and_bought() -> None:
    """A budget that ends early halves what is shown, and so what is sold; a keyword's clicks and orders count, too."""
    half = as_seen({"cost": (math.log(0.5), -9.0), "impressions": (math.log(0.5), -9.0)})
    found = reckoned(CAUSES["budget_exhausted"], half, {})
    assert found is not None
    assert found.change == pytest.approx(-0.5)
    assert not moves_order_rates(CAUSES["budget_exhausted"])
    moves = {
        "impressions": (math.log(3), 9.0),
        "click_rate": (math.log(0.5), -9.0),
        "conversion": (math.log(0.5), -3.0),
    }
    wasted = reckoned(CAUSES["wasteful_keyword"], as_seen(moves), {})
    assert wasted is not None
    assert wasted.change == pytest.approx(-0.25)
    assert moves_order_rates(CAUSES["wasteful_keyword"])


def test_sales_without_known_shares_are_not_reckoned() -> None:
    """Where nobody knows by which devices a product sells, the price alone does not tell its sales."""
    moves = {"price": (0.2, 9.0), "order_rate_wireless": (-0.4, -5.0), "order_rate_pc": (-0.4, -3.0)}
    assert reckoned(CAUSES["price_rise"], as_seen(moves), {}) is None
