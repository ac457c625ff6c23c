"""Wear of units shown side by side, of known truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray
from scipy.optimize import minimize

from duoshou.statistics.wear import fit_wear, told_worn
from duoshou.statistics.wear.fit import ages, long_run

Floats = NDArray[np.float64]


def plan(
    seed: int, wear: float, *, worn: int = 3, units: int = 12, days: int = 60, noise: float = 0.1, memory: float = 0.5
) -> tuple[Floats, Floats, Floats]:
    """Return how often units were shown, their hits and their true powers; days have a season and a drift."""
    random = np.random.default_rng(seed)
    time = np.arange(days)
    start = random.integers(0, days // 2, units) * (random.random(units) < 0.7)
    counted = random.poisson(1500 * random.lognormal(0, 0.8, (units, 1)) * random.lognormal(0, 0.3, (units, days)))
    shown: Floats = (counted * (time >= start[:, None])).astype(np.float64)
    level = 0.03 * random.lognormal(0, 0.3, units)
    day = 0.15 * np.sin(time / 7 * 2 * np.pi) + np.cumsum(random.normal(0, 0.03, days))
    power = np.where(np.arange(units) < worn, -wear, 0.0)
    off = np.zeros((units, days))
    for one in range(1, days):
        fresh = random.normal(0, noise * np.sqrt(1 - memory**2), units)
        off[:, one] = memory * off[:, one - 1] + fresh
    mean = shown * level[:, None] * np.exp(day + off + power[:, None] * ages(shown))
    hits: Floats = np.minimum(random.poisson(mean), shown).astype(np.float64)
    return shown, hits, power


def test_the_fit_is_that_of_another_program() -> None:
    """Without noise beyond counting the powers are those that make a Poisson regression of dummies likeliest."""
    shown, hits, _ = plan(1, 0.0, noise=0.0, units=5, days=40)
    found = fit_wear(shown, hits)
    assert np.isfinite(found.slope).all()
    age, (unit, day) = ages(shown), np.nonzero(shown > 0)
    slopes = np.zeros((len(unit), 5))
    slopes[np.arange(len(unit)), unit] = age[unit, day]
    design = np.concatenate([np.eye(5)[unit], np.eye(40)[day][:, 1:], slopes], axis=1)
    offset = np.log(shown[unit, day])
    seen = hits[unit, day]

    def unlikely(parameters: Floats) -> tuple[float, Floats]:
        mean = np.exp(design @ parameters + offset)
        return float((mean - seen * np.log(mean)).sum()), design.T @ (mean - seen)

    start = np.concatenate([np.full(5, -3.5), np.zeros(44)])
    other = minimize(unlikely, start, jac=True, method="BFGS", options={"gtol": 1e-4, "maxiter": 2000}).x
    power, weight = other[-5:], hits.sum(axis=1)
    rest = np.array([np.average(np.delete(power, one), weights=np.delete(weight, one)) for one in range(5)])
    np.testing.assert_allclose(found.slope, power - rest, atol=0.02)


def test_false_discoveries_are_few_where_nothing_wears() -> None:
    """Days that are like the days before make no wear: of plans without any about one in twenty is told of."""
    wrong = [told_worn(fit_wear(*plan(seed, 0.0)[:2])).worn.any() for seed in range(100)]
    assert np.mean(wrong) <= 0.12


def test_wear_is_found_with_its_size() -> None:
    """Most of what is told is true, and the 90 % intervals hold what was lost beyond the others."""
    false, held, right = [], [], 0
    for seed in range(60):
        shown, hits, power = plan(seed, 0.4, worn=2, noise=0.05)
        found = fit_wear(shown, hits)
        told = told_worn(found)
        known = np.isfinite(told.lost)
        false.append(np.mean(power[told.worn] == 0) if told.worn.any() else 0.0)
        right += int((told.worn & (power < 0)).sum())
        true = 1 - np.exp(power * found.shown)
        held += list(((told.low <= true) & (true <= told.high))[known])
    assert np.mean(false) <= 0.06
    assert np.mean(held) >= 0.87
    assert right > 40


@settings(max_examples=25, deadline=None)
@given(some.integers(0, 10_000), some.floats(0.2, 5.0))
def test_a_scale_of_all_days_changes_nothing(seed: int, scale: float) -> None:
    """What multiplies the hits of a whole day falls out, and so does the order of the units."""
    shown, hits, _ = plan(seed, 0.2, units=6, days=45)
    order = np.random.default_rng(seed).permutation(6)
    one, other = fit_wear(shown, hits), fit_wear(shown[order], hits[order])
    np.testing.assert_allclose(one.slope[order], other.slope, atol=1e-5, equal_nan=True)
    more = fit_wear(shown * scale, hits)
    np.testing.assert_allclose(one.slope, more.slope, atol=1e-3, equal_nan=True)


def test_what_cannot_be_told_is_nothing() -> None:
    """Two units, few days or few hits tell nothing; nor do units that began together and were shown alike."""
    shown, hits, _ = plan(3, 0.3)
    for few in (fit_wear(shown[:2], hits[:2]), fit_wear(shown[:, :9], hits[:, :9]), fit_wear(shown, hits * 0)):
        assert np.isnan(few.slope).all()
        assert not told_worn(few).worn.any()
    assert np.isnan(fit_wear(np.zeros((0, 5)), np.zeros((0, 5))).slope).size == 0


def test_the_first_week_is_fresh() -> None:
    """By hand: a hundred a day, so that after the seventh day the age is the logarithm of days in the middle ÷ 7."""
    age = ages(np.full((1, 20), 100.0))[0]
    assert (age[:7] == 0).all()
    assert age[19] == pytest.approx(np.log(19.5 / 7))


def test_the_long_run_of_white_noise_is_one() -> None:
    """And that of an autoregression is (1 + m) ÷ (1 − m), up to what seven lags see."""
    random = np.random.default_rng(0)
    white = random.normal(size=(40, 100))
    assert long_run(white) == pytest.approx(1.0, abs=0.5)
    like = np.zeros((40, 400))
    for day in range(1, 400):
        like[:, day] = 0.5 * like[:, day - 1] + random.normal(size=40)
    assert long_run(like) == pytest.approx(3.0, abs=0.4)


def test_a_unit_that_ran_alone_silences_nobody() -> None:
    """Twenty days before all others one unit ran alone: the others are judged as without it."""
    shown, hits, _ = plan(3, 0.4, worn=2, noise=0.05)
    alone = np.zeros((len(shown) + 1, 20 + shown.shape[1]))
    other = np.zeros_like(alone)
    alone[:-1, 20:], other[:-1, 20:] = shown, hits
    alone[-1, :20], other[-1, :20] = 1000.0, 30.0
    without, found = fit_wear(shown, hits), fit_wear(alone, other)
    assert np.isfinite(without.slope).any()
    np.testing.assert_allclose(found.slope[:-1], without.slope, atol=1e-6)
    assert np.isnan(found.slope[-1])


def test_a_unit_that_gains_makes_no_other_worn() -> None:
    """One unit with most of the hits gains, eight stay: of forty plans hardly any has one that is said to wear."""
    wrong = 0
    for seed in range(40):
        shown, hits, _ = plan(seed, -0.5, worn=1, units=9, noise=0.05)
        found = told_worn(fit_wear(shown, hits))
        wrong += bool(found.worn.any())
    assert wrong <= 4
