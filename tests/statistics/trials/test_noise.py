"""Tests of how days hang together."""

from __future__ import annotations

import math

import numpy as np
import pytest

from duoshou.statistics.trials.noise import Noise, fit_noise, regressors, weighed_noises


def simulated(noise: Noise, days: int, seed: int) -> np.ndarray:
    """Return a series with weekdays, a trend and this noise."""
    lower = np.linalg.cholesky(noise.variance * noise.covariance(days))
    weekly = 0.2 * np.sin(2 * math.pi * np.arange(days) / 7)
    return np.asarray(weekly + 0.001 * np.arange(days) + lower @ np.random.default_rng(seed).normal(size=days))


def test_the_covariance_by_hand() -> None:
    """A quarter of the variance is white, the rest halves from day to day."""
    assert Noise(1.0, 0.75, 0.5).covariance(3) == pytest.approx(
        np.array([[1.0, 0.375, 0.1875], [0.375, 1.0, 0.375], [0.1875, 0.375, 1.0]])
    )


@pytest.mark.parametrize("truth", [Noise(0.01, 0.0, 0.0), Noise(0.04, 0.75, 0.85)])
def test_what_was_put_in_is_found(truth: Noise) -> None:
    """Over ten series of 140 days the fitted covariance is near the true one at distances of 0, 1 and 3 days."""
    fits = [fit_noise(simulated(truth, 140, seed), regressors(140, 0, None)) for seed in range(10)]
    found = np.mean([fit.variance * fit.covariance(4)[0, [0, 1, 3]] for fit in fits], axis=0)
    wanted = truth.variance * truth.covariance(4)[0, [0, 1, 3]]
    assert found == pytest.approx(wanted, abs=0.2 * truth.variance)


def test_regressors_cost_no_bias() -> None:
    """On white noise the variance is the residual sum of squares over the degrees of freedom left."""
    values = np.random.default_rng(1).normal(size=30)
    design = regressors(30, 2, None)
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    fit = fit_noise(values, design)
    assert fit.share > 0 or fit.variance == pytest.approx(float(left @ left) / 22)


def test_noises_are_weighed() -> None:
    """Weights add to one, the likeliest first; what is learnt from is days less regressors; too few days teach none."""
    weighed = weighed_noises(simulated(Noise(0.04, 0.75, 0.85), 90, 4), regressors(90, 0, None))
    assert sum(one.weight for one in weighed) == pytest.approx(1)
    assert [one.weight for one in weighed] == sorted((one.weight for one in weighed), reverse=True)
    assert weighed[0].degrees == 90 - 8
    assert weighed[0].noise.share > 0
    assert weighed_noises(np.ones(5), regressors(5, 0, None))[0].degrees == 0


def test_unknown_days_are_left_out() -> None:
    """A gap leaves about the same fit, and nothing is infinite."""
    values = simulated(Noise(0.01, 0.5, 0.6), 120, 3)
    holed = values.copy()
    holed[[5, 6, 50]] = np.nan
    whole, gaps = (fit_noise(part, regressors(120, 0, None)) for part in (values, holed))
    assert gaps.variance == pytest.approx(whole.variance, rel=0.3)
