"""Forecasts of demand against days that were held back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.demand import LONGEST, Prices, forecast
from duoshou.statistics.demand.law import Floats
from duoshou.statistics.expectation import Design, Reason

DAYS, AHEAD = 420, 28
WEEK = np.array([0.0, 0.05, 0.1, 0.1, 0.15, -0.2, -0.3])
Scatter = Callable[[np.random.Generator, Floats], Floats]


def _calendar(days: int) -> Design:
    """Return a sale of five days with three days of lull behind it, every 75 days."""
    place = np.arange(days) % 75
    columns = np.stack([(place >= 60) & (place < 65), (place >= 65) & (place < 68)], axis=1).astype(np.float64)
    return Design(columns, ("peak", "hangover"), np.arange(days) % 7)


def _means(random: np.random.Generator, series: int, days: int) -> Floats:
    design = _calendar(days)
    assert design.weekdays is not None
    effects = random.normal([0.9, -0.4], 0.2, (series, 2)) @ design.columns.T
    walk = np.cumsum(random.normal(0, 1, (series, days)) * random.choice([0.0, 0.01, 0.02], (series, 1)), axis=1)
    return np.asarray(random.lognormal(2.3, 0.9, (series, 1)) * np.exp(effects + walk + WEEK[design.weekdays]))


def _negative_binomial(random: np.random.Generator, mean: Floats) -> Floats:
    return random.poisson(mean * random.gamma(1 / 0.1, 0.1, mean.shape)).astype(np.float64)


def _poisson(random: np.random.Generator, mean: Floats) -> Floats:
    return random.poisson(mean).astype(np.float64)


def _baskets(random: np.random.Generator, mean: Floats) -> Floats:
    """Return orders that come singly and take a geometric number of pieces each."""
    orders = random.poisson(mean / 1.6)
    return np.asarray(orders + random.negative_binomial(np.maximum(orders, 1e-9), 1 / 1.6), dtype=np.float64)


def _moods(random: np.random.Generator, mean: Floats) -> Floats:
    """Return counts about a log-normal mood of several days (autocorrelation 0.6)."""
    mood = np.zeros(mean.shape)
    for day in range(1, mean.shape[1]):
        mood[:, day] = 0.6 * mood[:, day - 1] + random.normal(0, 0.2, len(mean))
    return random.poisson(mean * np.exp(mood)).astype(np.float64)


@pytest.mark.parametrize("scatter", [_negative_binomial, _poisson, _baskets, _moods])
def test_ninety_per_cent_of_days_and_sums_lie_within_ninety_per_cent_intervals(scatter: Scatter) -> None:
    """Four generators, two origins, one before a sale: days and sums over 7 to 28 days are covered by 85 to 97 %."""
    random = np.random.default_rng(7)
    units = scatter(random, _means(random, 60, DAYS + AHEAD))
    days, sums = [], []
    for origin in (DAYS - 70, DAYS - 5):
        found = forecast(units[:, :origin], _calendar(origin + AHEAD))
        truth = units[:, origin : origin + AHEAD]
        total = np.cumsum(truth, axis=1)
        days.append((truth >= found.daily.quantile(0.05)) & (truth <= found.daily.quantile(0.95)))
        sums.append((total >= found.total.quantile(0.05)) & (total <= found.total.quantile(0.95)))
    assert 0.87 <= np.mean(days) <= 0.97
    for length in (7, 14, 28):
        assert 0.83 <= np.mean([one[:, length - 1] for one in sums]) <= 0.98


def test_forecasts_of_a_sale_come_near_those_of_one_who_knows_the_means() -> None:
    """Four weeks with a known sort of sale: the absolute error is within 8 % of the noise where the level rests."""
    random = np.random.default_rng(3)
    design = _calendar(DAYS + AHEAD)
    assert design.weekdays is not None
    effects = random.normal([0.9, -0.4], 0.2, (80, 2)) @ design.columns.T
    mean = random.lognormal(2.3, 0.9, (80, 1)) * np.exp(effects + WEEK[design.weekdays])
    units = _negative_binomial(random, mean)
    found = forecast(units[:, :DAYS], design)
    truth, known = units[:, DAYS:], mean[:, DAYS:]
    error, noise = np.abs(truth - found.daily.mean).sum(), np.abs(truth - known).sum()
    assert error <= 1.08 * noise
    naive = np.abs(truth - units[:, DAYS - 7 : DAYS][:, np.arange(AHEAD) % 7]).sum()
    assert error <= 0.8 * naive


def test_a_sum_is_less_sure_than_independent_days_would_make_it() -> None:
    """Days go together by the level: the variance of four weeks exceeds the sum of the days' variances."""
    random = np.random.default_rng(5)
    found = forecast(_moods(random, _means(random, 40, DAYS)), _calendar(DAYS + AHEAD))
    assert np.median(found.total.variance[:, -1] / found.daily.variance.sum(axis=1)) > 1.5
    assert found.total.mean == pytest.approx(np.cumsum(found.daily.mean, axis=1))


def test_days_out_of_stock_are_no_demand() -> None:
    """Forty empty days that are known to be out of stock leave the forecast where it was; as zeros they halve it."""
    random = np.random.default_rng(9)
    mean = np.full((30, 200), 12.0)
    units = _poisson(random, mean)
    gone, zeros = units.copy(), units.copy()
    gone[:, 150:190], zeros[:, 150:190] = np.nan, 0.0
    design = Design.weekly(214)
    assert np.mean(forecast(gone, design).daily.mean) == pytest.approx(12.0, rel=0.05)
    assert np.mean(forecast(zeros[:, :190], Design.weekly(204)).daily.mean) < 6.0


def test_large_orders_belong_to_the_mean() -> None:
    """A product that lives on rare large orders is forecast within 12 % of its mean over the panel."""
    random = np.random.default_rng(12)
    small, large = random.poisson(4.0, (60, 364)), random.random((60, 364)) < 0.04
    units = (small + large * random.integers(30, 90, (60, 364))).astype(np.float64)
    found = forecast(units, Design.weekly(364 + AHEAD))
    assert found.daily.mean.mean() == pytest.approx(4.0 + 0.04 * 59.5, rel=0.12)


def test_little_history_cannot_be_told() -> None:
    """Three weeks, or nine pieces in all, are too few; the others are judged as without them."""
    units = np.random.default_rng(1).poisson(5.0, (6, 200)).astype(np.float64)
    units[0, :180] = np.nan
    units[1] = 0.0
    units[1, ::25] = 1.0
    units[2] = 0.0
    found = forecast(units, Design.weekly(214))
    assert found.reason.tolist() == [Reason.FEW_DAYS, Reason.FEW_EVENTS, Reason.NO_DATA, 0, 0, 0]


def test_a_phase_nobody_lived_through_is_marked() -> None:
    """From the first day of the unknown phase on."""
    columns = np.zeros((110, 1))
    columns[105] = 1.0
    design = Design(columns, ("peak",), np.arange(110) % 7)
    found = forecast(np.random.default_rng(1).poisson(5.0, (4, 100)).astype(np.float64), design)
    assert found.unseen[0].tolist() == [False] * 5 + [True] * 5
    assert np.all(found.daily.variance[:, 5] > 1.5 * found.daily.variance[:, 4])


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 5), st.integers(30, 90), st.integers(1, 40), st.integers(0, 10**6))
def test_a_forecast_is_finite_and_sums_grow(series: int, known: int, ahead: int, seed: int) -> None:
    """Whatever the counts: means are not negative, variances at least Poisson, quantiles of sums grow with the days."""
    random = np.random.default_rng(seed)
    units = random.poisson(random.lognormal(0, 2, (series, 1)), (series, known)).astype(np.float64)
    units[random.random(units.shape) < 0.1] = np.nan
    found = forecast(units, Design.weekly(known + ahead))
    assert np.isfinite(found.total.mean).all()
    assert (found.total.mean >= 0).all()
    assert (found.total.variance >= found.total.mean - 1e-9).all()
    assert (np.diff(found.total.mean, axis=1) >= -1e-9).all()


def test_no_history_or_too_many_days_are_refused() -> None:
    """The days ahead lie between 1 and the longest; an empty range has an empty forecast."""
    with pytest.raises(ValueError, match="reaches 1 to"):
        forecast(np.ones((1, 50)), Design.weekly(50))
    with pytest.raises(ValueError, match="reaches 1 to"):
        forecast(np.ones((1, 50)), Design.weekly(51 + LONGEST))
    assert forecast(np.ones((0, 50)), Design.weekly(60)).total.mean.shape == (0, 10)


def test_rare_large_orders_widen_the_upper_end() -> None:
    """A reseller's sixty pieces once in forty days: sums over 14 days stay within their 95 % quantile."""
    random = np.random.default_rng(21)
    kept = []
    for _ in range(2):
        units = random.poisson(4.0, (150, DAYS + AHEAD)) + 60.0 * (random.random((150, DAYS + AHEAD)) < 1 / 40)
        found = forecast(units[:, :DAYS], Design.weekly(DAYS + AHEAD))
        kept.append(units[:, DAYS : DAYS + 14].sum(axis=1) <= found.total.quantile(0.95)[:, 13])
    assert 0.92 <= np.mean(kept) <= 0.99


def _priced(random: np.random.Generator, ahead: float) -> tuple[Floats, Prices, Floats]:
    """Return pieces of 30 products at elasticity −2 with a fifth off in the last 21 days, and the means ahead."""
    logs = np.zeros((30, DAYS + AHEAD))
    logs[:, 150:171] = logs[:, DAYS - 21 : DAYS] = np.log(0.8)
    logs[:, DAYS:] = ahead
    mean = random.lognormal(2.5, 0.5, (30, 1)) * np.exp(-2.0 * logs)
    prices = Prices(logs, np.full(30, -2.0), np.full(30, 0.3))
    return random.poisson(mean[:, :DAYS]).astype(np.float64), prices, mean[:, DAYS:]


def test_a_promotion_that_is_over_does_not_raise_the_level() -> None:
    """After three weeks at a fifth off the forecast returns to the demand of before; without prices it stays."""
    units, prices, mean = _priced(np.random.default_rng(4), 0.0)
    told = forecast(units, Design.weekly(DAYS + AHEAD), prices).total.mean[:, -1].sum()
    blind = forecast(units, Design.weekly(DAYS + AHEAD)).total.mean[:, -1].sum()
    assert told == pytest.approx(mean.sum(), rel=0.04)
    assert blind > 1.25 * mean.sum()


def test_a_planned_price_moves_the_forecast_and_its_doubt() -> None:
    """A tenth off at elasticity −2 asks for 23 % more; what is not known of the elasticity widens the sums alike."""
    cut = float(np.log(0.9))
    units, prices, mean = _priced(np.random.default_rng(5), cut)
    design = Design.weekly(DAYS + AHEAD)
    found = forecast(units, design, prices).total
    sure = forecast(units, design, Prices(prices.logs, prices.elasticity, np.zeros(30))).total
    assert found.mean[:, -1].sum() == pytest.approx(mean.sum(), rel=0.04)
    extra = found.variance[:, -1] - sure.variance[:, -1]
    np.testing.assert_allclose(extra, (found.mean[:, -1] * cut * 0.3) ** 2, rtol=1e-6)


def test_prices_of_no_answer_change_nothing() -> None:
    """Where no elasticity is known, prices are as good as unknown."""
    units, prices, _ = _priced(np.random.default_rng(6), -0.1)
    design = Design.weekly(DAYS + AHEAD)
    idle = forecast(units, design, Prices(prices.logs, np.zeros(30), np.zeros(30))).total
    np.testing.assert_allclose(idle.mean, forecast(units, design).total.mean)
