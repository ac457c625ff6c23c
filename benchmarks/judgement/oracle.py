"""A test that knows place, start and shape of an incident: what an analyst's power is held against.

The noise of a series is taken from the shop without any incident: usual days (no festival, holiday or pay-day) of the
90 days before the incident to 30 days after it, less the level of 57 days around and the factor of the weekday. Days
depend on each other: the variance of a sum of n is n σ² times the inflation that the correlations at up to 14 lags
give, at least 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from benchmarks.judgement.books import Array

from duoshou.statistics.slow_shifts import alarm_limit

BEFORE, AFTER = 90, 30
LEVEL_DAYS = 57
LAGS = 14
LEAST_DAYS = 20
NORMAL = NormalDist()
WEEK = 7
LONGEST = 28
"""Days that a scan looks back on."""


@dataclass(frozen=True)
class Noise:
    """Noise of a daily series.

    Attributes:
        deviation: Standard deviation of a day.
        inflation: Variance of a sum of n days over that of n independent ones.
    """

    deviation: float
    inflation: float = 1.0


def noise(series: Array, weekday: Array, is_usual: Array, start: int, end: int) -> Noise:
    """Return the noise of `series` around the days `start` to `end`.

    Args:
        series: Daily values (D) of the shop without incidents.
        weekday: 0 to 6 per day.
        is_usual: Whether a day is neither festival nor holiday nor pay-day.
        start: First day of the incident.
        end: Last day.
    """
    around = np.zeros(len(series), dtype=bool)
    around[max(start - BEFORE, 0) : end + 1 + AFTER] = True
    if (around & is_usual).sum() < LEAST_DAYS:
        around, is_usual = np.ones(len(series), dtype=bool), np.ones(len(series), dtype=bool)
    values = np.where(is_usual, series.astype(float), np.nan)
    residual = values - _level(values) * weekday_factor(values, weekday)
    residual = np.where(around, residual, np.nan)
    known = residual[~np.isnan(residual)]
    spread = float(np.sqrt((known**2).mean())) if len(known) else 0.0
    # A count whose every day was the same still has a day on which it is not.
    mean = float(np.nanmean(np.where(around, values, np.nan)))
    least = max(mean, 1 / max(len(known), 1)) ** 0.5
    return Noise(spread if spread > 0 else least, _inflation(residual, end - start + 1))


def _level(values: Array) -> Array:
    half = LEVEL_DAYS // 2
    padded = np.pad(values, half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, LEVEL_DAYS)
    count = (~np.isnan(windows)).sum(axis=1)
    return np.asarray(np.nansum(windows, axis=1) / np.maximum(count, 1))


def weekday_factor(values: Array, weekday: Array) -> Array:
    """Return the factor of each day's weekday, over the level of the days around; NaN days teach nothing."""
    level = _level(values)
    factor = np.ones(WEEK)
    for day in range(WEEK):
        some = (weekday == day) & ~np.isnan(values)
        if level[some].sum() > 0:
            factor[day] = values[some].sum() / level[some].sum()
    return factor[weekday]


def _inflation(residual: Array, days: int) -> float:
    variance = float(np.nanmean(residual**2)) if not np.isnan(residual).all() else 0.0
    if variance == 0:
        return 1.0
    inflation = 1.0
    for lag in range(1, min(days - 1, LAGS) + 1):
        products = residual[lag:] * residual[:-lag]
        known = ~np.isnan(products)
        # The denominator is that of the whole series: a lag with few pairs weighs little.
        correlation = float(products[known].sum()) / (variance * int((~np.isnan(residual)).sum()))
        inflation += 2 * (1 - lag / days) * correlation
    return max(inflation, 1.0)


def size(effect: Array, noise: Noise) -> float:
    """Return the cumulated effect in daily standard deviations of the series."""
    return abs(float(effect.sum())) / noise.deviation


def separation(effect: Array, noise: Noise, weights: Array | None = None) -> float:
    """Return by how many of its standard deviations an effect moves the (weighted) sum of the days.

    Args:
        effect: What the incident adds or takes per day.
        noise: Noise of a day.
        weights: None: the plain sum. The effect itself: the matched filter, the best of all tests (Neyman, Pearson).
    """
    weight = np.ones(len(effect)) if weights is None else weights
    length = float(np.sqrt((weight**2).sum()))
    if length == 0:
        return 0.0
    return abs(float((weight * effect).sum())) / (noise.deviation * length * float(np.sqrt(noise.inflation)))


def power(separation: float, alpha: float) -> float:
    """Return the power of a one-sided z-test at the false rate `alpha` a test."""
    return NORMAL.cdf(separation - NORMAL.inv_cdf(1 - alpha))


def alpha_of(false_per_week: float, days: int, places: int = 1) -> float:
    """Return the chance of a false finding of one test of `days` days.

    Args:
        false_per_week: False findings a shop and week.
        days: Days that the test looks at.
        places: Places that share these false findings; 1: the test has them all for itself.
    """
    return float(-np.expm1(-false_per_week * days / WEEK / places))


def scanning_power(separation: float, false_per_week: float, places: int) -> float:
    """Return the power of a one-sided scan that knows place and noise, and has to look for start and length.

    Its limit is that of the window-limited likelihood ratio that errs as rarely (`alarm_limit`). What windows other
    than the true one find of it is left out: for a shift that stands out of the limit they find the same.

    Args:
        separation: By how many of its standard deviations the incident moves the sum of its days.
        false_per_week: False findings a shop and week.
        places: Places that share them.
    """
    return NORMAL.cdf(separation - alarm_limit(WEEK * places / false_per_week, 1, LONGEST))
