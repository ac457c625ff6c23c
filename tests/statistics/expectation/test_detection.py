"""Which series left their expectation."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.expectation import Design, Expectation, Kind, Panel, Shape, detect, fit
from duoshou.statistics.expectation.panel import FloatArray

DAYS = 300


def _fit(values: FloatArray) -> Expectation:
    return fit(Panel(values, np.full(len(values), Kind.COUNT)), Design.weekly(DAYS))


def _quiet(series: int, seed: int, mean: float = 40.0) -> FloatArray:
    random = np.random.default_rng(seed)
    return random.poisson(mean * random.gamma(20, 1 / 20, (series, DAYS))).astype(np.float64)


def test_a_spike_a_shift_and_a_drift_are_told_apart() -> None:
    """Each form is found on the right series, with its sign, its form and its start within days; the rest is quiet."""
    values = _quiet(40, 1, mean=100.0)
    values[3, -1] *= 3
    values[7, -10:] = np.round(values[7, -10:] * 0.5)
    values[11, -28:] = np.round(values[11, -28:] * (1 + np.arange(1, 29) / 28))
    signals = detect(_fit(values), DAYS - 1)
    found = np.flatnonzero(signals.rate <= 0.01)
    assert list(found) == [3, 7, 11]
    assert [Shape(code) for code in signals.shape[found]] == [Shape.SPIKE, Shape.SHIFT, Shape.DRIFT]
    assert list(signals.sign[found]) == [1, -1, 1]
    assert signals.start[3] == DAYS - 1
    assert abs(signals.start[7] - (DAYS - 10)) <= 1


def test_the_sum_of_a_deviation_has_the_truth_in_its_interval() -> None:
    """Half of ten days' sales gone: the loss is known to a quarter, and lies inside the interval."""
    values = _quiet(30, 2)
    lost = np.round(values[:, -10:] * 0.5)
    values[:, -10:] -= lost
    signals = detect(_fit(values), DAYS - 1)
    assert np.median(np.abs(signals.deviation + lost.sum(axis=1)) / lost.sum(axis=1)) < 0.25
    assert np.all(signals.low <= signals.deviation)
    assert np.all(signals.deviation <= signals.high)
    assert signals.deviation == pytest.approx(signals.actual - signals.expected)


def test_a_missing_last_day_is_no_anomaly() -> None:
    """What is unknown is not judged and does not count in the family."""
    values = _quiet(5, 3)
    values[2, -1] = np.nan
    signals = detect(_fit(values), DAYS - 1)
    assert np.isnan(signals.p_value[2])
    assert signals.sign[2] == 0
    assert Shape(signals.shape[2]) == Shape.NONE


def test_the_family_is_what_the_caller_tests() -> None:
    """A series outside the family has no p-value and does not make the others' bar higher."""
    values = _quiet(50, 4)
    values[0, -5:] = np.round(values[0, -5:] * 0.6)
    fitted = _fit(values)
    alone = np.zeros(50, dtype=np.bool_)
    alone[0] = True
    wide, narrow = detect(fitted, DAYS - 1), detect(fitted, DAYS - 1, tested=alone)
    assert np.isnan(narrow.p_value[1:]).all()
    assert narrow.rate[0] == pytest.approx(narrow.p_value[0])
    assert narrow.rate[0] < wide.rate[0]


def test_p_values_of_quiet_days_are_honest() -> None:
    """Over 40 days and 150 quiet series at most 1.6 % fall below 0.01 and 7 % below 0.05."""
    fitted = fit(Panel(_quiet(150, 5), np.full(150, Kind.COUNT)), Design.weekly(DAYS), train_until=DAYS - 60)
    p = np.array([detect(fitted, day).p_value for day in range(DAYS - 40, DAYS)])
    assert 0.003 < np.mean(p < 0.01) < 0.016
    assert 0.025 < np.mean(p < 0.05) < 0.07


def test_equal_input_gives_equal_output() -> None:
    """Nothing is drawn afresh."""
    values = _quiet(6, 6)
    one, other = detect(_fit(values), DAYS - 1), detect(_fit(values), DAYS - 1)
    assert np.array_equal(one.log_p, other.log_p)


def test_the_far_tail_does_not_underflow() -> None:
    """A hundredfold day has a finite logarithm of its p-value."""
    values = _quiet(3, 7)
    values[0, -1] *= 100
    signals = detect(_fit(values), DAYS - 1)
    assert np.isfinite(signals.log_p[0])
    assert signals.log_p[0] < -200
