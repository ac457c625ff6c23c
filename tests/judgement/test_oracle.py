"""The oracle's power is what the closed form and a simulation say."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.judgement.oracle import LONGEST, NORMAL, Noise, alpha_of, noise, power, scanning_power, separation, size

DAYS = np.arange(400)
USUAL = np.ones(400, dtype=bool)


def test_power_agrees_with_a_simulated_z_test() -> None:
    """Ten days of half a deviation each: the part of simulated sums beyond the critical value is the power."""
    effect, alpha = np.full(10, 0.5), 0.05
    known = power(separation(effect, Noise(1.0)), alpha)
    rng = np.random.default_rng(1)
    sums = rng.normal(0.5, 1.0, (200_000, 10)).sum(axis=1) / np.sqrt(10)
    assert known == pytest.approx((sums > 1.6448536).mean(), abs=0.004)
    assert known == pytest.approx(0.4746, abs=0.0005)  # 1 − Φ(1.6449 − 0.5 √10)


def test_without_an_effect_the_power_is_the_false_rate() -> None:
    """Nothing to see is seen as often as by chance."""
    assert power(separation(np.zeros(5), Noise(1.0)), 0.03) == pytest.approx(0.03)
    assert power(separation(np.zeros(5), Noise(1.0), np.zeros(5)), 0.03) == pytest.approx(0.03)


def test_no_weighting_beats_the_matched_filter() -> None:
    """For an uneven effect the shape helps; for an even one it changes nothing."""
    uneven = np.array([4.0, 2.0, 1.0, 0.5])
    assert separation(uneven, Noise(1.0), uneven) == pytest.approx(np.sqrt((uneven**2).sum()))
    assert separation(uneven, Noise(1.0), uneven) > separation(uneven, Noise(1.0))
    assert separation(np.ones(4), Noise(1.0), np.ones(4)) == pytest.approx(separation(np.ones(4), Noise(1.0)))


def test_size_is_counted_in_deviations() -> None:
    """Three days of minus two are six units, twelve deviations of a half."""
    assert size(np.full(3, -2.0), Noise(0.5)) == pytest.approx(12.0)


def test_noise_leaves_weekday_and_level_out() -> None:
    """A series with a weekday's swing and a slow trend has the deviation of its noise."""
    rng = np.random.default_rng(2)
    swing = np.array([1.0, 1.1, 0.9, 1.0, 0.8, 1.3, 1.2])[DAYS % 7]
    series = (200 + 0.2 * DAYS) * swing + rng.normal(0, 8.0, 400)
    found = noise(series, DAYS % 7, USUAL, 200, 210)
    assert found.deviation == pytest.approx(8.0, rel=0.12)
    assert found.inflation == pytest.approx(1.0, abs=0.35)


def test_noise_does_not_see_days_that_are_not_usual() -> None:
    """A festival's peak within the window does not widen the noise."""
    rng = np.random.default_rng(3)
    series = 100 + rng.normal(0, 5.0, 400)
    festival = (DAYS >= 180) & (DAYS < 190)
    series[festival] += 500
    assert noise(series, DAYS % 7, ~festival, 200, 205).deviation == pytest.approx(5.0, rel=0.15)


def test_days_that_hang_together_widen_the_sum() -> None:
    """The inflation of an AR(1) of 0.6 over ten days is near that of theory."""
    rng = np.random.default_rng(4)
    inflations = []
    for _ in range(40):
        shocks = rng.normal(0, 1, 400)
        series = np.zeros(400)
        for day in range(1, 400):
            series[day] = 0.6 * series[day - 1] + shocks[day]
        inflations.append(noise(series + 100, DAYS % 7, USUAL, 200, 209).inflation)
    theory = 1 + 2 * sum((1 - lag / 10) * 0.6**lag for lag in range(1, 10))
    # The level that is taken away takes a part of the slow movement with it.
    assert 0.6 * theory < np.mean(inflations) < 1.05 * theory


@pytest.mark.parametrize("series", [np.zeros(400), np.full(400, 7.0)])
def test_a_series_without_noise_has_some(series: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    """A product that sold nothing, or the same each day, divides nothing by zero."""
    found = noise(series, DAYS % 7, USUAL, 200, 205)
    assert found.deviation > 0
    assert found.inflation == 1.0


def test_false_rate_of_one_test() -> None:
    """A share of a week's false findings, by days and places; never above one."""
    assert alpha_of(0.2, 7) == pytest.approx(1 - np.exp(-0.2))
    assert alpha_of(0.2, 14, 100) == pytest.approx(0.004, rel=0.01)
    assert alpha_of(1e6, 30) <= 1


def test_a_scan_errs_as_rarely_as_it_says_and_finds_less_than_a_test_that_knows_where_to_look() -> None:
    """On white noise the scan over 1 to 28 days exceeds its limit about once in the stated days."""
    false_per_week, places, days = 0.5, 20, 60_000
    total = np.concatenate([[0.0], np.cumsum(np.random.default_rng(5).normal(size=days))])
    highest = np.full(days, -np.inf)
    for length in range(1, LONGEST + 1):
        highest[length - 1 :] = np.maximum(highest[length - 1 :], (total[length:] - total[:-length]) / length**0.5)
    limit = -NORMAL.inv_cdf(scanning_power(0.0, false_per_week, places))
    above = np.flatnonzero(highest > limit)
    alarms = 1 + int((np.diff(above) > LONGEST).sum())
    assert 0.5 < alarms * 7 * places / false_per_week / days < 2
    for moved in (2.0, 4.0, 6.0):
        known = power(moved, alpha_of(false_per_week, 14, places))
        assert scanning_power(moved, false_per_week, places) < known
