"""The filter against independent references."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.expectation import filtering
from duoshou.statistics.expectation.basis import Basis
from duoshou.statistics.expectation.filtering import Season, Walk, follow, run
from duoshou.statistics.expectation.links import Block, Noise
from duoshou.statistics.expectation.panel import FloatArray, Kind
from duoshou.statistics.expectation.regression import Effects, season_of


def _block(kind: Kind, values: FloatArray, trials: FloatArray | None = None) -> Block:
    known = ~np.isnan(values)
    return Block(
        kind,
        np.arange(len(values)),
        np.nan_to_num(values),
        np.ones_like(values) if trials is None else trials,
        known,
        np.full(len(values), -1),
        np.zeros(len(values)),
        np.ones(len(values)),
    )


def _quiet(days: int) -> Season:
    return Season(np.zeros((1, days)), np.zeros((1, days)), np.ones(days, dtype=np.bool_))


def _noise(unit: float, extra: float = 0.0) -> Noise:
    return Noise(np.array([unit]), np.array([extra]), np.zeros(1))


def test_a_gaussian_level_is_kalmans() -> None:
    """Means and variances of a level without trend agree with the textbook recursion, gaps included."""
    random = np.random.default_rng(1)
    values = np.cumsum(random.normal(0, 0.1, 80)) + random.normal(0, 1, 80)
    values[30:34] = np.nan
    block = _block(Kind.LEVEL, values[None])
    states, _ = run(block, _quiet(80), _noise(1.0), Walk(np.array([0.01]), np.array([0.0])))
    level, variance = states.level[0, 0], states.level_variance[0, 0]
    for day in range(80):
        assert states.level[0, day] == pytest.approx(level)
        assert states.level_variance[0, day] == pytest.approx(variance)
        if not np.isnan(values[day]):
            total = variance + 1.0
            assert abs(values[day] - level) < 3 * np.sqrt(total)  # nothing was clipped
            level += variance / total * (values[day] - level)
            variance *= 1.0 / total
        variance += 0.01


def test_the_days_of_a_phase_share_the_error_of_its_effect() -> None:
    """Ten days of a phase of unknown effect teach of the level what the joint posterior of level and effect says."""
    days, phase, doubt = 40, slice(25, 35), 0.5
    column = np.zeros((days, 1))
    column[phase] = 1.0
    nothing = np.zeros(1)
    effects = Effects(
        np.zeros((1, 1)),
        np.full((1, 1, 1), doubt),
        np.ones((1, 1), dtype=np.bool_),
        _noise(1.0),
        np.zeros((1, days)),
        nothing,
    )
    season = season_of(effects, Basis(np.ones((days, 1)), column, np.array([1]), (False, False)))
    values = np.random.default_rng(5).normal(0, 1, days)
    states, _ = run(_block(Kind.LEVEL, values[None]), season, _noise(1.0), Walk(nothing, nothing))
    rows = np.concatenate([np.ones((days, 1)), column], axis=1)
    prior = np.diag([1 / states.level_variance[0, 0], 1 / doubt])
    covariance = np.linalg.inv(prior + rows.T @ rows)
    level = covariance @ (prior @ [states.level[0, 0], 0.0] + rows.T @ values)
    assert states.level_variance[0, days] == pytest.approx(covariance[0, 0])
    assert states.level[0, days] == pytest.approx(level[0])


def test_a_standing_poisson_level_is_the_gamma_posterior() -> None:
    """Without walk and trend the level is the mean of prior gamma and counts, (a + Σy)/(b + n)."""
    values = np.array([[3.0, 5.0, 2.0, 4.0, 4.0, 3.0, 6.0, 1.0, 4.0, 3.0]])
    states, _ = run(_block(Kind.COUNT, values), _quiet(10), _noise(1.0), Walk(np.zeros(1), np.zeros(1)))
    shape = 1 / states.level_variance[0, 0]
    rate = shape / np.exp(states.level[0, 0])
    for day in range(11):
        total = values[0, :day].sum()
        assert np.exp(states.level[0, day]) == pytest.approx((shape + total) / (rate + day))
        assert states.level_variance[0, day] == pytest.approx(1 / (shape + total))


def test_a_standing_rate_is_the_beta_posterior() -> None:
    """Without walk the rate is the mean of prior beta and trials."""
    trials = np.full((1, 6), 50.0)
    hits = np.array([[5.0, 4.0, 6.0, 7.0, 3.0, 5.0]])
    states, _ = run(_block(Kind.RATE, hits, trials), _quiet(6), _noise(1.0), Walk(np.zeros(1), np.zeros(1)))
    chance = 1 / (1 + np.exp(-states.level[0]))
    size = 1 / (states.level_variance[0, 0] * chance[0] * (1 - chance[0]))
    expected = (size * chance[0] + hits.sum()) / (size + trials.sum())
    assert chance[6] == pytest.approx(expected, rel=1e-6)


def test_one_wild_day_moves_the_level_no_further_than_three_deviations() -> None:
    """A thousandfold day teaches as much as one three deviations off."""
    ordinary = np.full((1, 60), 100.0)
    wild, bounded = ordinary.copy(), ordinary.copy()
    wild[0, 40], bounded[0, 40] = 1e5, 100 + 3 * 14.0
    walk = Walk(np.array([0.0004]), np.zeros(1))
    levels = [run(_block(Kind.COUNT, each), _quiet(60), _noise(1.0), walk)[0].level[0, 41] for each in (wild, bounded)]
    assert levels[0] == pytest.approx(levels[1], abs=0.02)


def test_a_dead_product_comes_back() -> None:
    """After half a year of nothing, ten days of sales bring the level back to them."""
    values = np.concatenate([np.full(30, 20.0), np.zeros(180), np.full(40, 20.0)])[None]
    states, _ = run(_block(Kind.COUNT, values), _quiet(250), _noise(1.0, 0.05), Walk(np.array([0.004]), np.zeros(1)))
    assert np.exp(states.level[0, 209]) < 0.2
    assert np.exp(states.level[0, 240]) > 10


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.LEVEL])
def test_states_are_those_of_the_walk_that_is_chosen(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether paths are kept while walks are tried or gone once more, many series or few, the states are the same."""
    random = np.random.default_rng(8)
    steps = random.choice([0.0, 0.03, 0.1], (12, 1)) * random.normal(0, 1, (12, 200))
    bends = np.outer(random.choice([0.0, 0.01], 12), np.maximum(np.arange(200) - 100, 0))
    values = random.poisson(np.exp(3 + np.cumsum(steps, axis=1) + bends)).astype(np.float64)
    values[random.random(values.shape) < 0.05] = np.nan
    block = _block(kind, values if kind == Kind.COUNT else np.log(values + 1) * 5)
    season = Season(np.zeros((12, 200)), np.zeros((12, 200)), np.arange(200) % 9 > 1)
    noise = Noise(np.ones(12), np.full(12, 0.01), np.zeros(12))
    walk, kept = follow(block, season, noise, 180)
    assert len(set(walk.level)) > 1
    assert (walk.trend > 0).any()
    assert not walk.trend.all()
    monkeypatch.setattr(filtering, "_TOGETHER", 5)
    again, gone = follow(block, season, noise, 180)
    alone = run(block, season, noise, walk)[0]
    assert (again.level == walk.level).all()
    assert (again.trend == walk.trend).all()
    for name in ("level", "trend", "level_variance", "covariance", "trend_variance"):
        assert getattr(kept, name) == pytest.approx(getattr(alone, name))
        assert getattr(gone, name) == pytest.approx(getattr(alone, name))
