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
