"""Reorder points, order quantities and the day the stock is gone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from duoshou.statistics.demand import Law, lasts, order, packed, run_out
from duoshou.statistics.demand.law import Floats

DAYS = 40


def _poisson(rate: float, days: int = DAYS) -> Law:
    mean: Floats = rate * np.arange(1, days + 1, dtype=np.float64)[None, :]
    return Law(mean, mean)


def test_points_and_levels_are_quantiles_of_a_poisson_sum() -> None:
    """Of a steady product the point is the quantile over the lead time, the level that over lead time and review."""
    found = order(_poisson(3.0), np.array([20.0]), np.array([14]), 7, 0.95)
    assert found.point[0] == stats.poisson.ppf(0.95, 42)
    assert found.up_to[0] == stats.poisson.ppf(0.95, 63)
    assert found.pieces[0] == found.up_to[0] - 20
    numbers = np.arange(400)
    lost = (np.maximum(numbers - 20, 0) * stats.poisson.pmf(numbers, 63)).sum()
    assert found.lost[0] == pytest.approx(lost, rel=1e-5)
    assert found.lost_low[0] <= lost <= found.lost_high[0]


def test_at_the_level_nothing_is_ordered() -> None:
    """What lies at the order-up-to level orders nothing, a piece less orders one."""
    level = order(_poisson(3.0), np.array([0.0]), np.array([14]), 7, 0.95).up_to
    assert order(_poisson(3.0), level, np.array([14]), 7, 0.95).pieces[0] == 0
    assert order(_poisson(3.0), level - 1, np.array([14]), 7, 0.95).pieces[0] == 1


@pytest.mark.parametrize("service", [0.8, 0.95])
def test_a_shop_that_orders_every_week_keeps_the_promised_service(service: float) -> None:
    """In a simulated shop with Poisson sales and 14 days of lead, weeks end without a shortage as often as promised.

    Whole numbers promise a little more; what is asked for in vain is owed, so that the policy's theory is exact.
    """
    random = np.random.default_rng(8)
    hand, under_way, kept = 70.0, [0.0] * 14, []
    for day in range(70_000):
        hand += under_way.pop(0)
        if day % 7 == 0:
            position = np.array([hand + sum(under_way)])
            under_way.append(float(order(_poisson(3.0), position, np.array([14]), 7, service).pieces[0]))
        else:
            under_way.append(0.0)
        hand -= random.poisson(3.0)
        if day > 100 and day % 7 == 6:
            kept.append(hand >= 0)
    assert service - 0.01 <= np.mean(kept) <= service + 0.03


@pytest.mark.parametrize("service", [0.8, 0.95])
def test_ordering_by_the_point_keeps_the_promised_service(service: float) -> None:
    """In 20,000 lead times of a shop whose scatter is gamma, shortages are no more than promised, within 1.5 %."""
    random = np.random.default_rng(4)
    mean = _poisson(4.0).mean
    found = order(Law(mean, 1.4 * mean), np.array([0.0]), np.array([10]), 7, service)
    demand = random.poisson(4.0 * random.gamma(10, 0.1, (20_000, 10))).sum(axis=1)
    assert np.mean(demand <= found.point[0]) == pytest.approx(service, abs=0.015)


def test_the_day_of_running_out_is_that_of_a_simulated_shelf() -> None:
    """The 10 %, 50 % and 90 % day agree with 20,000 simulated shelves to a day."""
    random = np.random.default_rng(2)
    sold = np.cumsum(random.poisson(3.0, (20_000, DAYS)), axis=1)
    day = np.argmax(sold >= 60, axis=1) + 1
    for chance in (0.1, 0.5, 0.9):
        assert abs(run_out(_poisson(3.0), np.array([60.0]), chance)[0] - np.quantile(day, chance)) <= 1
    assert run_out(_poisson(3.0), np.array([1000.0]), 0.5)[0] == 0
    assert run_out(_poisson(3.0), np.array([0.0]), 0.9)[0] == 1


@given(st.floats(0.05, 30), st.integers(0, 400), st.integers(1, 25), st.integers(1, 14), st.floats(0.5, 0.99))
def test_orders_grow_with_what_is_asked_of_them(
    rate: float, stock: int, lead: int, review: int, service: float
) -> None:
    """More service, a longer lead time or a longer review never order less to; what is lost in time never is more."""
    total, shelf = _poisson(rate), np.array([float(stock)])

    def ask(lead: int, review: int, service: float) -> tuple[Floats, Floats]:
        found = order(total, shelf, np.array([lead]), review, service)
        assert 0 <= found.too_late[0] <= found.lost[0] + 1e-6
        return found.point, found.up_to

    point, up_to = ask(lead, review, service)
    for other in (ask(lead + 1, review, service), ask(lead, review + 1, service), ask(lead, review, service + 0.005)):
        assert other[0] >= point
        assert other[1] >= up_to


def test_what_reaches_beyond_the_forecast_is_refused() -> None:
    """Lead time and review within the days ahead, service between 0 and 1."""
    for lead, review, service in ((35, 7, 0.9), (14, 0, 0.9), (0, 7, 0.9), (14, 7, 1.0)):
        with pytest.raises(ValueError, match="within the forecast"):
            order(_poisson(1.0), np.array([1.0]), np.array([lead]), review, service)


@given(st.integers(0, 500), st.booleans(), st.integers(1, 300), st.integers(1, 60))
def test_orders_come_in_whole_packs_and_reach_the_minimum(wanted: int, urgent: bool, minimum: int, pack: int) -> None:
    """What is ordered covers what is missing and the minimum, by less than a pack too much; small calm orders wait."""
    (found,) = packed(np.array([float(wanted)]), np.array([urgent]), np.array([minimum]), np.array([pack]))
    if wanted == 0 or (wanted < minimum and not urgent):
        assert found == 0
        return
    assert found % pack == 0
    assert 0 <= found - max(wanted, minimum) < pack


def test_a_minimum_of_nothing_is_refused() -> None:
    """A pack of no pieces would order for ever."""
    with pytest.raises(ValueError, match="at least one"):
        packed(np.array([5.0]), np.array([True]), np.array([1]), np.array([0]))


@pytest.mark.parametrize("probability", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("stock", [0.0, 7.0, 60.0, 119.0, 121.0, 1000.0])
def test_stock_lasts_as_long_as_a_poisson_sum_stays_within_it(probability: float, stock: float) -> None:
    """Up to the whole day before demand may exceed the stock; beyond the forecast in the proportion of its quantile."""
    (found,) = lasts(_poisson(3.0), np.array([stock]), probability)
    longest = stats.poisson.ppf(probability, 3.0 * DAYS)
    if stock >= longest:
        assert found == pytest.approx(stock / longest * DAYS)
        return
    day = int(found)
    assert day == 0 or stats.poisson.cdf(stock, 3.0 * day) >= probability
    assert stats.poisson.cdf(stock, 3.0 * (day + 1)) < probability


@given(st.floats(0.2, 30.0), st.floats(0.0, 2000.0))
def test_more_stock_lasts_longer_and_surety_shortens(rate: float, stock: float) -> None:
    """Days grow with the stock, without a jump at the end of the forecast, and fall with the probability."""
    law = _poisson(rate)
    shelf = np.array([stock])
    sure, even, hopeful = (float(lasts(law, shelf, chance)[0]) for chance in (0.95, 0.5, 0.05))
    assert sure <= even <= hopeful
    assert float(lasts(law, shelf + 1, 0.5)[0]) >= even


@pytest.mark.parametrize("rate", [0.02, 0.1, 3.0])
def test_no_stock_lasts_no_day(rate: float) -> None:
    """An empty shelf is empty today, however seldom anybody asks."""
    assert lasts(_poisson(rate), np.array([0.0]), 0.5)[0] == 0


def test_what_nobody_asks_for_lasts_without_end() -> None:
    """A demand of zero has no day on which the stock is gone."""
    nothing = Law(np.zeros((1, DAYS)), np.zeros((1, DAYS)))
    assert np.isinf(lasts(nothing, np.array([5.0]), 0.5)[0])
