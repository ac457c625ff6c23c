"""The regression against an independent generalised linear model."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.expectation import Design, Kind, Panel, fit
from duoshou.statistics.expectation.panel import FloatArray


def _poisson_newton(values: FloatArray, columns: FloatArray) -> FloatArray:
    """Return the maximum likelihood of a Poisson regression with logarithmic link, by Newton's method."""
    coefficients = np.zeros(columns.shape[1])
    coefficients[0] = np.log(values.mean())
    for _ in range(50):
        mean = np.exp(columns @ coefficients)
        coefficients += np.linalg.solve(columns.T @ (mean[:, None] * columns), columns.T @ (values - mean))
    return coefficients


def _logistic_newton(hits: FloatArray, trials: FloatArray, columns: FloatArray) -> FloatArray:
    coefficients = np.zeros(columns.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-columns @ coefficients))
        weight = trials * chance * (1 - chance)
        step = columns.T @ (hits - trials * chance)
        coefficients += np.linalg.solve(columns.T @ (weight[:, None] * columns), step)
    return coefficients


DAYS = 420


def _phases() -> FloatArray:
    """Return two phases that come round every 60 days."""
    day = np.arange(DAYS) % 60
    return np.stack([(day >= 20) & (day < 25), (day >= 25) & (day < 27)], axis=1).astype(np.float64)


def test_effects_of_counts_agree_with_a_plain_poisson_regression() -> None:
    """With much data and no outlier, weekday contrasts and phases are those of the maximum likelihood, within 0.02."""
    random = np.random.default_rng(3)
    weekday = np.arange(DAYS) % 7
    phases = _phases()
    truth = np.array([0.0, 0.1, 0.1, 0.2, 0.3, -0.3, -0.4])
    values = random.poisson(np.exp(5.0 + truth[weekday] + phases @ [-0.3, 1.4])).astype(np.float64)
    columns = np.concatenate([np.eye(7)[weekday], phases], axis=1)
    reference = _poisson_newton(values, np.concatenate([np.ones((DAYS, 1)), columns[:, 1:]], axis=1))
    fitted = fit(
        Panel(values[None], np.array([Kind.COUNT])), Design(phases, ("before", "peak"), weekday), train_until=DAYS
    )
    effects = fitted.models[0].effects.coefficients[0]
    assert effects[1:7] - effects[0] == pytest.approx(reference[1:7], abs=0.02)
    assert effects[7:] == pytest.approx(reference[7:], abs=0.02)


def test_effects_of_rates_agree_with_a_plain_logistic_regression() -> None:
    """With much data the effects of a rate are log odds ratios of the maximum likelihood, within 0.03."""
    random = np.random.default_rng(4)
    phases = _phases()
    trials = random.poisson(4000, DAYS).astype(np.float64)
    hits = random.binomial(trials.astype(int), 1 / (1 + np.exp(3.0 - phases @ [-0.2, 0.6]))).astype(np.float64)
    reference = _logistic_newton(hits, trials, np.concatenate([np.ones((DAYS, 1)), phases], axis=1))
    fitted = fit(
        Panel(hits[None], np.array([Kind.RATE]), trials[None]), Design(phases, ("before", "peak")), train_until=DAYS
    )
    assert fitted.models[0].effects.coefficients[0] == pytest.approx(reference[1:], abs=0.03)


def test_past_incidents_do_not_bend_the_effects() -> None:
    """Ten ordinary days at a tenth of their sales leave the peak's effect within 0.05 of what it was."""
    random = np.random.default_rng(5)
    phases = _phases()
    values = random.poisson(np.exp(4.5 + phases @ [-0.3, 1.4])).astype(np.float64)
    spoilt = values.copy()
    spoilt[[7, 31, 70, 95, 130, 155, 190, 215, 250, 275]] *= 0.1
    design = Design(phases, ("before", "peak"))
    fits = [
        fit(Panel(each[None], np.array([Kind.COUNT])), design, train_until=DAYS).models[0].effects.coefficients[0]
        for each in (values, spoilt)
    ]
    assert fits[1] == pytest.approx(fits[0], abs=0.05)


def test_a_small_series_borrows_the_effect_of_its_siblings() -> None:
    """A product of one sale in five days takes the peak of its siblings, not the chance of its own few sales."""
    random = np.random.default_rng(6)
    phases = _phases()
    level = np.concatenate([np.full(20, 20.0), np.full(20, 0.2)])
    values = random.poisson(level[:, None] * np.exp(phases @ [0.0, 1.5])[None]).astype(np.float64)
    fitted = fit(Panel(values, np.full(40, Kind.COUNT)), Design(phases, ("before", "peak")), train_until=DAYS)
    peak = fitted.models[0].effects.coefficients[:, 1]
    assert np.abs(peak[20:] - 1.5).max() < 0.25
    assert np.abs(peak[:20] - 1.5).max() < 0.15


def test_a_phase_that_nobody_has_seen_takes_the_mean_of_its_sort_and_is_flagged() -> None:
    """Four festivals teach what the fifth may bring: about their mean effect, give or take the spread between them."""
    random = np.random.default_rng(8)
    peaks = np.zeros((DAYS, 5))
    for index, first in enumerate((60, 130, 200, 270, 410)):
        peaks[first : first + 5, index] = 1
    values = random.poisson(50 * np.exp(peaks @ [1.0, 1.6, 0.8, 1.4, 1.2])).astype(np.float64)
    fitted = fit(Panel(values[None], np.array([Kind.COUNT])), Design(peaks, ("peak",) * 5), train_until=400)
    effects = fitted.models[0].effects
    assert effects.coefficients[0, 4] == pytest.approx(1.2, abs=0.2)
    assert 0.15 < np.sqrt(effects.covariance[0, 4, 4]) < 0.8
    before, during = fitted.windows(405), fitted.windows(411)
    assert not before.unseen[0, 0]
    assert during.unseen[0, 0]
    assert during.high[0, 0] - during.low[0, 0] > 3 * (before.high[0, 0] - before.low[0, 0])
