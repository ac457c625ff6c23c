"""Responses against closed forms, SciPy's filter, enumeration, and shops whose truth is known."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter
from scipy.stats import truncnorm

from duoshou.statistics.response import (
    Effort,
    Response,
    ShapePrior,
    Trial,
    baseline,
    best_split,
    carry_over,
    fit_response,
    following,
    gain_of,
    hidden_bias,
    saturate,
)
from duoshou.statistics.response.following import most_shared
from duoshou.statistics.response.sampling import SizePrior, sample
from duoshou.statistics.response.shapes import Candidates

SHORT = Effort(128, 80, 30, 8)


def shop(seed: int, periods: int = 120, noise: float = 2.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return outcome, spend on two channels, and the true returns."""
    random = np.random.default_rng(seed)
    spend = random.gamma(2.0, 5.0, (periods, 2)) * (random.random((periods, 2)) > 0.2)
    returns = np.array([2.0, 0.5])
    parts = np.empty_like(spend)
    for one, (decay, half) in enumerate(((0.3, 10.0), (0.1, 20.0))):
        share = saturate(carry_over(spend[:, one], np.array([decay]))[0], np.array(half), np.array(1.0))
        parts[:, one] = share / share.mean() * returns[one] * spend[:, one].mean()
    return 80 + parts.sum(axis=1) + random.normal(0, noise, periods), spend, returns


def response(size: float, half: float, slope: float) -> Response:
    """Return a response of two equal channels that is known for sure."""
    one = np.ones((1, 2))
    return Response(one * size, one, one * half, one * slope, one * 0.0, np.ones(2), 1.0, 0.0)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.floats(0, 0.95), st.floats(0, 50))
def test_carry_over_is_the_filter_of_scipy(spend: list[float], decay: float, before: float) -> None:
    """The geometric carry-over is the recursive filter of the first order, started from the level before."""
    wanted, _ = lfilter([1 - decay], [1, -decay], spend, zi=[decay * before])
    assert carry_over(np.array(spend), np.array([decay]), before)[0] == pytest.approx(wanted, abs=1e-9)


@given(st.floats(0.01, 100), st.floats(0.5, 4))
def test_half_of_the_most_comes_at_the_level_of_half_saturation(half: float, slope: float) -> None:
    """A curve starts at nothing, reaches a half at its level of half saturation, and never falls."""
    levels = np.array([0.0, half / 2, half, half * 2, half * 1e6])
    found = saturate(levels, np.array(half), np.array(slope))
    assert found[0] == 0
    assert found[2] == pytest.approx(0.5)
    assert (np.diff(found) > 0).all()


def test_sizes_are_drawn_from_the_normal_that_is_cut_at_zero() -> None:
    """With one shape and a common return that is all but known, sizes follow the closed form of the posterior."""
    random = np.random.default_rng(1)
    column = random.normal(0, 1, 40)
    outcome = 0.3 * column + random.normal(0, 1, 40)
    offered = Candidates(
        np.array([0.0]), np.ones(1), np.ones(1), column[None, :], np.ones(1), np.zeros((1, 3)), np.zeros(1)
    )
    prior = SizePrior(np.ones(1), 0.2, common_spread=1e-6)
    found = sample(
        outcome, [offered], [column[None, :]], prior,
        known=[None], degrees=10**9, sweeps=400, warm_up=20, chains=20, random=random,
    )  # fmt: skip
    variance = float(np.median(found.variance))
    precision = column @ column / variance + 1 / 0.2**2
    mean, deviation = (column @ outcome / variance + 1 / 0.2) / precision, precision**-0.5
    wanted = truncnorm(-mean / deviation, np.inf, mean, deviation)
    assert found.size.mean() == pytest.approx(wanted.mean(), rel=0.03)
    assert np.quantile(found.size, 0.9) == pytest.approx(wanted.ppf(0.9), rel=0.03)


def test_true_returns_lie_in_their_intervals_about_as_often_as_they_should() -> None:
    """Over many shops the 90 % intervals hold the truth in at least 80 % of cases, and errors are far below half."""
    covered, errors = [], []
    for seed in range(20):
        outcome, spend, returns = shop(seed)
        found = fit_response(outcome, spend, baseline(len(outcome)), effort=SHORT, seed=seed).returns
        low, high = np.quantile(found, (0.05, 0.95), axis=0)
        covered += list((low <= returns) & (returns <= high))
        errors.append(abs(np.median(found[:, 0]) / returns[0] - 1))
    assert 0.8 <= np.mean(covered) <= 1.0
    assert np.mean(errors) < 0.3


def test_a_test_of_the_shop_narrows_the_return_of_its_channel() -> None:
    """A precise test of a channel pulls its return to what was measured and narrows the interval."""
    outcome, spend, returns = shop(3, noise=15.0)
    level = float(spend[:, 0].mean())
    told = Trial(0, 0.0, level, returns[0] * level, 0.05 * returns[0] * level)
    base = baseline(len(outcome))
    without = fit_response(outcome, spend, base, effort=SHORT)
    tested = fit_response(outcome, spend, base, effort=SHORT, trials=[told])
    assert np.ptp(np.quantile(tested.returns[:, 0], (0.05, 0.95))) < np.ptp(
        np.quantile(without.returns[:, 0], (0.05, 0.95))
    )
    moved = tested.at(0, np.array([0.0, level]))
    assert np.median(moved[:, 1] - moved[:, 0]) == pytest.approx(told.effect, rel=0.12)


def test_noise_that_outlasts_a_period_is_seen() -> None:
    """Autocorrelated noise is estimated, and white noise is not taken for it."""
    outcome, spend, _ = shop(5)
    random = np.random.default_rng(0)
    kept = lfilter([1.0], [1, -0.6], random.normal(0, 4, len(outcome)))
    found = fit_response(outcome + kept, spend, baseline(len(outcome)), effort=SHORT)
    assert found.remembered > 0.3


@pytest.mark.parametrize(
    ("spend", "wrong"), [(np.zeros((60, 1)), "above 0"), (-np.ones((60, 1)), "above 0"), (np.ones((9, 1)), "same")]
)
def test_what_cannot_be_fitted_is_refused(spend: np.ndarray, wrong: str) -> None:
    """A channel without spend, negative spend and periods that do not fit raise an error that says so."""
    with pytest.raises(ValueError, match=wrong):
        fit_response(np.ones(60), spend, baseline(60), effort=SHORT)
    with pytest.raises(ValueError, match="too few"):
        fit_response(np.ones(9), np.ones((9, 1)), baseline(9), effort=SHORT)


@given(st.floats(0.5, 5), st.sampled_from([1.0, 2.0, 3.0]), st.floats(1, 9), st.booleans(), st.floats(0.2, 3))
def test_the_best_split_is_that_of_trying_all(
    half: float, slope: float, budget: float, fixed: bool, value: float
) -> None:
    """Dynamic programming finds what comparing every combination of steps finds, whatever the curve."""
    known, today, low, high = response(10.0, half, slope), np.array([1.0, 2.0]), np.zeros(2), np.array([5.0, 4.0])
    found = best_split(known, today, value=value, budget=budget if fixed else None, low=low, high=high, steps=12)
    total = min(budget, 9.0) if fixed else 9.0
    step = total / 12
    tried = []
    for first, second in product(range(13), repeat=2):
        steps, room = np.array([first, second]), high / step
        if fixed:
            most = np.floor(room + 1e-9)
            if (steps <= most).all() and first + second == min(12, most.sum()):
                widest = int(np.argmax(high - steps * step))
                spend = np.minimum(steps * step, high)
                spend[widest] += min(total - spend.sum(), high[widest] - spend[widest])
                spend[1 - widest] += total - spend.sum()
                tried.append(
                    (
                        float(gain_of(known, today, steps * step, value)[0]),
                        float(gain_of(known, today, spend, value)[0]),
                    )
                )
        elif (steps <= np.ceil(room - 1e-9)).all() and first + second <= 12:
            spend = np.minimum(steps * step, high)
            tried.append((float(gain_of(known, today, spend, value)[0]),) * 2)
    if fixed:
        assert found.spend.sum() == pytest.approx(total)
    best = max(one for one, _ in tried)
    allowed = [after for before, after in tried if before >= best - 1e-7]
    assert any(found.expected == pytest.approx(one, abs=1e-7) for one in allowed)


def test_bounds_that_leave_no_choice_are_kept() -> None:
    """Where the bounds meet there is nothing to split; bounds that cross are refused."""
    known, today = response(10.0, 1.0, 1.0), np.array([1.0, 2.0])
    assert best_split(known, today, value=1.0, budget=3.0, low=today, high=today).spend == pytest.approx(today)
    with pytest.raises(ValueError, match="bounds"):
        best_split(known, today, value=1.0, budget=3.0, low=today, high=today - 1)


def test_spend_that_follows_demand_is_told_from_spend_that_does_not() -> None:
    """The F test sees spend that is set by demand, and p-values of free spend are uniform."""
    random = np.random.default_rng(2)
    base = baseline(90)
    chances = []
    for _ in range(200):
        demand = random.normal(0, 1, (90, 1))
        free = following(random.normal(10, 1, 90), np.zeros((90, 0)), base, demand, 1.0)
        chances.append(free.p_value)
    assert np.mean(np.array(chances) < 0.1) == pytest.approx(0.1, abs=0.06)
    demand = random.normal(0, 1, (90, 1))
    tied = following(10 + demand[:, 0] + random.normal(0, 0.3, 90), np.zeros((90, 0)), base, demand, 1.0)
    assert tied.p_value < 1e-6
    assert tied.followed > 0.8


def test_a_spend_that_never_moves_by_itself_tells_nothing() -> None:
    """Spend in proportion to another channel's has no movement of its own and an infinite error."""
    spend = np.random.default_rng(0).gamma(2, 1, 60)
    found = following(spend, spend[:, None] * 2, baseline(60), np.zeros((60, 0)), 1.0)
    assert found.own == pytest.approx(0, abs=1e-9)
    assert np.isinf(found.error)


def test_what_is_unseen_and_as_strong_as_demand_would_move_a_return_by_its_bound() -> None:
    """Leaving the demand out of the regression moves the return by what the bound says of a confounder of its size."""
    random = np.random.default_rng(4)
    demand = random.normal(0, 1, (400, 1))
    spend = 10 + demand[:, 0] + random.normal(0, 1, 400)
    outcome = 50 + spend + 3 * demand[:, 0] + random.normal(0, 2, 400)
    base, none = np.ones((400, 1)), np.zeros((400, 0))
    rows = np.column_stack([spend, base])
    short = np.linalg.lstsq(rows, outcome, rcond=None)[0][0]
    long = np.linalg.lstsq(np.column_stack([rows, demand]), outcome, rcond=None)[0][0]
    rest = (
        outcome
        - np.column_stack([rows, demand]) @ np.linalg.lstsq(np.column_stack([rows, demand]), outcome, rcond=None)[0]
    )
    left = following(spend, demand, base, none, float(rest.std(ddof=3)))
    bound = hidden_bias(outcome, spend, none, base, demand, left.error * np.sqrt(1.0))
    assert bound == pytest.approx(abs(short - long), rel=0.45)
    assert hidden_bias(outcome, spend, none, base, none, 1.0) == 0


def test_the_most_that_may_be_shared_is_rarely_exceeded() -> None:
    """The bound of a partial R2 lies above the truth in about 95 % of samples, and above the estimate."""
    random = np.random.default_rng(8)
    above = []
    for _ in range(150):
        demand = random.normal(0, 1, (80, 1))
        spend = 0.5 * demand[:, 0] + random.normal(0, 1, 80)
        above.append(most_shared(spend, np.ones((80, 1)), demand) > 0.2)
    assert 0.9 <= np.mean(above) <= 0.995
    assert most_shared(demand[:, 0], np.ones((80, 1)), demand) == 1.0
    assert most_shared(spend, np.ones((80, 1)), np.ones((80, 1))) == 0.0


def test_shapes_are_drawn_from_what_is_believed() -> None:
    """Candidates have the medians of the prior, and half of them the curve of Michaelis and Menten."""
    from duoshou.statistics.response.shapes import candidates

    found = candidates(np.full(50, 4.0), ShapePrior(decay=(2.0, 2.0), half=1.5), 512, before=4.0)
    assert np.median(found.half) == pytest.approx(6.0, rel=0.05)
    assert np.median(found.decay) == pytest.approx(0.5, abs=0.02)
    assert np.mean(found.slope == 1.0) == pytest.approx(0.5, abs=0.02)
    assert found.columns.mean(axis=1) == pytest.approx(1.0)
