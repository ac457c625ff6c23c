"""How much festivals differ from one time to the next, against simulation, closed forms and another integration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import integrate, stats

from duoshou.statistics.demand import forecast
from duoshou.statistics.demand.recurrence import GAP_DAYS, USUAL, Held, doubt, held, spread_of, variance
from duoshou.statistics.expectation import Design

Floats = NDArray[np.float64]
DAYS, AHEAD, EVERY = 700, 14, 70


def _design(days: int) -> Design:
    """Return sales of six days that open with a strong day, every ten weeks, of two sorts in turn."""
    place, odd = np.arange(days) % EVERY, np.arange(days) // EVERY % 2
    sale = (place >= 56) & (place < 62)
    columns = np.stack([sale & (odd == 0), sale & (odd == 1), sale & (place == 56)], axis=1)
    return Design(columns.astype(np.float64), ("peak", "peak", "opening"), np.arange(days) % 7)


def _shop(seed: int, differ: float, days: int) -> Floats:
    """Return 40 products whose sales differ from time to time by a log factor that all of them share."""
    random, design = np.random.default_rng(seed), _design(days)
    times = held(design.columns).time
    anew = np.where(times >= 0, random.normal(0, differ, days)[times], 0.0)
    effects = random.normal([0.8, 0.9, 0.3], 0.1, (40, 3)) @ design.columns.T
    mean = random.lognormal(2.5, 0.7, (40, 1)) * np.exp(effects + anew)
    return random.poisson(mean * random.gamma(20, 1 / 20, mean.shape)).astype(np.float64)


def test_sums_through_a_sale_are_covered_whether_sales_differ_or_not() -> None:
    """Thirty shops before a sale: 95 % quantiles hold 92 to 98.5 % of sums, sales differing by nothing or a fifth."""
    for differ in (0.0, 0.2):
        below = []
        for seed in range(30):
            units = _shop(seed, differ, 616 + AHEAD)
            found = forecast(units[:, :616], _design(616 + AHEAD))
            below.append(units[:, 616:].sum(axis=1) <= found.total.quantile(0.95)[:, -1])
        assert 0.92 <= np.mean(below) <= 0.985


def test_sales_that_differ_more_widen_the_intervals_of_their_days_alone() -> None:
    """With the same days but sales that differ the interval of a sale's day widens; that of a plain day hardly does."""
    design, wide = _design(616 + AHEAD), []
    for differ in (0.0, 0.3):
        found = forecast(_shop(3, differ, 616), design)
        wide.append(found.daily.variance / found.daily.mean**2)
    ahead = design.columns[616:].any(axis=1)
    ratio = np.median(wide[1] / wide[0], axis=0)
    assert ratio[ahead].min() > 1.2
    assert ratio[~ahead].max() < 1.2


def test_the_spread_of_sales_is_found() -> None:
    """From many phases held twice with known errors the posterior comes near the truth; from none it is the prior's."""
    random = np.random.default_rng(1)
    phase = np.repeat(np.arange(400), 2)
    for truth in (0.0, 0.05, 0.15):
        error = random.uniform(0.01, 0.05, 800)
        left = random.normal(0, 1, 400)[phase] + random.normal(0, truth, 800) + random.normal(0, error)
        assert spread_of(left, error**2, phase) == pytest.approx(truth**2, rel=0.15, abs=0.0002)
    nothing = np.zeros(0)
    assert spread_of(nothing, nothing, np.zeros(0, dtype=np.int64)) == pytest.approx(USUAL**2, rel=0.01)
    assert spread_of(np.ones(3), np.ones(3), np.arange(3)) == pytest.approx(USUAL**2, rel=0.01)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_the_posterior_is_that_of_the_contrasts(seed: int, phases: int) -> None:
    """The posterior mean is that of the exact normal law of contrasts without means, integrated by SciPy."""
    random = np.random.default_rng(seed)
    count = random.integers(1, 4, phases)
    phase = np.repeat(np.arange(phases), count)
    error = random.uniform(0.02, 0.2, len(phase))
    left = random.normal(0, 0.15, len(phase))
    contrast = np.zeros((0, len(phase)))
    for one in range(phases):
        places = np.flatnonzero(phase == one)
        rows = np.eye(len(phase))[places]
        contrast = np.concatenate([contrast, rows[1:] - rows[:1]])

    def likelihood(sigma: float) -> float:
        prior = float(stats.halfnorm.pdf(sigma, scale=USUAL))
        if not len(contrast):
            return prior
        spread = contrast @ np.diag(error**2 + sigma**2) @ contrast.T
        return prior * float(stats.multivariate_normal.pdf(contrast @ left, cov=spread))

    total, _ = integrate.quad(likelihood, 0, 0.5, epsabs=0, epsrel=1e-9, limit=200)
    square, _ = integrate.quad(lambda sigma: sigma**2 * likelihood(sigma), 0, 0.5, epsabs=0, epsrel=1e-9, limit=200)
    assert spread_of(left, error**2, phase) == pytest.approx(square / total, rel=2e-3)


def test_waves_of_one_sale_are_one_time() -> None:
    """Days with the same columns belong to one time until `GAP_DAYS` lie between them; other columns are others."""
    columns = np.zeros((200, 2))
    columns[[10, 11, 20, 21 + GAP_DAYS, 150], 0] = 1.0
    columns[[11], 1] = 1.0
    found = held(columns)
    assert (found.phase >= 0).sum() == 5
    assert found.time[10] == found.time[20] != found.time[21 + GAP_DAYS] != found.time[150]
    assert found.phase[10] == found.phase[20] == found.phase[150] != found.phase[11]


def test_a_time_that_is_known_in_part_is_doubted_less() -> None:
    """2 for a phase held once, 3/2 for one held twice, 1 for one never held, and 0 once only its own days taught."""
    phase = np.array([0, 0, 1, 1, 2, 2, -1, 0, 1, 2, 3, -1])
    time = np.array([0, 0, 1, 1, 3, 3, -1, 4, 5, 3, 6, -1])
    assert doubt(Held(phase, time), 7) == pytest.approx([2.0, 2.0, 0.0, 1.0, 0.0])
    twice = Held(np.array([0, 0, 0, 0]), np.array([0, 1, 2, 2]))
    assert doubt(twice, 2) == pytest.approx([1.5, 1.5])
    assert doubt(twice, 3) == pytest.approx([(2 / 3) ** 2 + 2 / 9])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_variance_of_sums_is_that_of_shared_effects(seed: int) -> None:
    """Σ over pairs of days of one time of mean × mean × variance of the effect, by the full covariance matrix."""
    random = np.random.default_rng(seed)
    days = 12
    time = random.integers(-1, 3, days)
    each = random.uniform(0.01, 0.1, 4)
    factor = np.where(time >= 0, each[time], 0.0)
    daily, counted = random.uniform(0, 9, (3, days)), random.integers(0, 2, (5, days)).astype(np.float64)
    found = variance(daily, Held(time, time), factor, counted)
    together = (time[:, None] == time) * np.sqrt(factor[:, None] * factor)
    for row, mean in enumerate(daily):
        covariance = mean[:, None] * together * mean
        assert found[row] == pytest.approx(np.einsum("wi,ij,wj->w", counted, covariance, counted))
