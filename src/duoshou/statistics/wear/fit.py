"""The wear of units that are shown side by side: how far the rate of hits has fallen since a unit was fresh.

Hits of a unit on a day are about level of the unit × level of the day × how often it was shown × wear. What a day does
to all units alike (season, weekday, a festival, another audience) is the day's. Wear is a power of how often the unit
was shown since its first week, as wear-out is usually described (Naik, Mantrala and Sawyer 1998). All levels and powers
are fitted at once, so that the mix of units may change. What all of them share cannot well be told from the days, so a
unit's wear is what it wears beyond the others beside it that agree with one another.

Days scatter more than by counting: the variance is mean + noise × mean², and cells count by it. Days are like the days
before: errors are widened by the long-run variance of the residuals, pooled over units (Newey and West 1987), with what
the fit takes out of their autocorrelation put back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FRESH = 7
"""Days for which a unit counts as fresh."""
LEAST_DAYS = 14
"""Days beside others without which no wear is told."""
LEAST_HITS = 20.0
LEAST_UNITS = 3
"""Units beside each other without which a day's level cannot be told from theirs."""
STEPS = 30
RIDGE = 1e-6
MOST_ERROR = 2.0
"""An error of the logarithm of a rate beyond this comes of units that cannot be told apart."""
LAGS = 7
CLEAR = 2.0
"""Standard errors of the difference of two units' wear from which on they do not agree."""
OWN = 2.0
"""Parameters of a unit: its level and its wear."""


@dataclass(frozen=True, slots=True)
class Wears:
    """What is known of each unit; arrays are float[S], NaN where it cannot be told.

    Attributes:
        slope: Power of how often the unit was shown since its first week by which its rate changes beyond the rates of
            the others.
        error: Standard error of it.
        degrees: Degrees of freedom of the error.
        shown: Logarithm of how often it was shown in all, as a multiple of its first week.
    """

    slope: Floats
    error: Floats
    degrees: Floats
    shown: Floats


def fit_wear(shown: Floats, hits: Floats) -> Wears:
    """Return the wear of units that are shown side by side.

    Args:
        shown: float[S, T], how often each unit was shown on each day; 0 where it was not.
        hits: float[S, T], how often that worked.
    """
    number = len(shown)
    age = ages(shown)
    slope, error, degrees = (np.full(number, np.nan) for _ in range(3))
    nothing = Wears(slope, error, degrees, age[:, -1] if age.shape[1] else np.zeros(number))
    on = _used(shown, hits)
    days = (shown[on] > 0).sum(axis=0) > 1
    on &= (shown[:, days] > 0).any(axis=1)
    if on.sum() < LEAST_UNITS:
        return nothing
    seen, worked, old = (one[np.ix_(on, days)] for one in (shown, hits, age))
    asked = ((seen > 0).sum(axis=1) >= LEAST_DAYS) & (_spread(old, seen > 0) >= np.log(2))
    if not asked.any():
        return nothing
    power, spread, mean, noise = _fitted(seen, worked, old, asked)
    asked_of = np.flatnonzero(asked)
    weight = mean.sum(axis=1)
    used = seen > 0
    off = np.where(used, (worked - mean) / np.sqrt(np.maximum(mean * (1 + noise * mean), 1e-12)), np.nan)
    free = max(float(used.sum() - OWN * len(seen) - used.shape[1]), 1.0)
    scatter = max(float(np.nansum(off**2)) / free, 1.0)
    wider = scatter * long_run(off)
    power, own = _beyond_others(power, spread * wider, weight, asked_of)
    widened = np.sqrt(own)
    good = widened * np.maximum(age[on][asked, -1], 1.0) < MOST_ERROR
    places = np.flatnonzero(on)[asked][good]
    slope[places], error[places] = power[good], widened[good]
    degrees[places] = used[asked][good].sum(axis=1) - OWN
    return nothing


def ages(shown: Floats) -> Floats:
    """Return float[S, T], the logarithm of how often a unit was shown up to the middle of a day ÷ in its first week.

    Within that week it is 0.
    """
    whole = np.cumsum(shown, axis=1)
    started = whole > 0
    day = np.cumsum(started, axis=1)
    first = np.where((day <= FRESH) & started, shown, 0.0).sum(axis=1, keepdims=True)
    middle = np.maximum(whole - shown / 2, first)
    return np.asarray(np.where(first > 0, np.log(np.maximum(middle, 1e-12) / np.maximum(first, 1e-12)), 0.0))


def _used(shown: Floats, hits: Floats) -> Bools:
    return np.asarray((shown.sum(axis=1) > 0) & (hits.sum(axis=1) >= LEAST_HITS))


def _spread(age: Floats, used: Bools) -> Floats:
    """Return how far a unit's age moves over the days on which it was shown."""
    low, high = np.where(used, age, np.inf).min(axis=1), np.where(used, age, -np.inf).max(axis=1)
    return np.asarray(np.where(used.any(axis=1), high - low, 0.0))


def _fitted(shown: Floats, hits: Floats, age: Floats, asked: Bools) -> tuple[Floats, Floats, Floats, float]:
    """Return powers of the units that are asked about, their covariance, the mean of each cell and the noise.

    Scoring for the quasi-likelihood of levels of units, levels of days and powers; the normal equations are dense, for
    a plan has tens of units.
    """
    units, days = shown.shape
    worn = np.flatnonzero(asked)
    level = np.log((hits.sum(axis=1) + 0.5) / shown.sum(axis=1))
    day, power = np.zeros(days), np.zeros(len(worn))
    used = shown > 0
    logs = np.where(used, np.log(np.maximum(shown, 1e-12)), -np.inf)
    steep = age[worn]
    mean, noise = np.zeros_like(shown), 0.0
    free = max(1.0 - (units * OWN + days) / used.sum(), 0.1)
    for _ in range(STEPS):
        tilt = np.zeros_like(shown)
        tilt[worn] = power[:, None] * steep
        mean = np.exp(np.clip(logs + level[:, None] + day + tilt, -700.0, 50.0)) * used
        off = hits * used - mean
        noise = max(float((off**2 / free - mean).sum() / max(float((mean**2).sum()), 1e-12)), 0.0)
        sure = 1 / (1 + noise * mean)
        score, matrix = _equations(off * sure, mean * sure, steep, worn)
        step = np.linalg.solve(matrix, score)
        step = np.clip(step, -1.0, 1.0)
        level, day, power = (
            level + step[:units],
            day + step[units : units + days],
            power + step[units + days :],
        )
        if np.abs(step).max() < 1e-7:
            break
    return power, np.asarray(np.linalg.inv(matrix)[units + days :, units + days :], np.float64), mean, noise


def _beyond_others(power: Floats, spread: Floats, weight: Floats, worn: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return each power less the mean of the others', weighed by their hits, and the variance of that.

    A unit that clearly wears would make others seem to gain, and one that clearly gains others seem to wear. So the
    mean is that of the most units which agree with one of them; where these are few nobody can tell who strays from
    whom: NaN.
    """
    apart = power[:, None] - power
    variance = np.diag(spread)[:, None] + np.diag(spread) - 2 * spread
    agrees = np.abs(apart) <= CLEAR * np.sqrt(np.maximum(variance, 0.0))
    middle = np.lexsort(((agrees * apart**2).sum(axis=1), -agrees.sum(axis=1)))[0]
    if agrees[middle].sum() < max(LEAST_UNITS - 1, len(power) / 2):
        return np.full(len(worn), np.nan), np.full(len(worn), np.nan)
    kept = np.ones(len(weight), dtype=np.bool_)
    kept[worn] = agrees[middle]
    of = np.tile(np.where(kept, weight, 0.0), (len(worn), 1))
    of[np.arange(len(worn)), worn] = 0.0
    contrast = np.eye(len(worn)) - (of / np.maximum(of.sum(axis=1, keepdims=True), 1e-12))[:, worn]
    return contrast @ power, np.asarray(((contrast @ spread) * contrast).sum(axis=1))


def _equations(off: Floats, mean: Floats, steep: Floats, worn: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the score and the information of levels of units, levels of days and powers; a little ridge holds them."""
    units, days = mean.shape
    whole = units + days + len(worn)
    matrix = np.zeros((whole, whole))
    unit, day, power = np.arange(units), units + np.arange(days), units + days + np.arange(len(worn))
    weighted = mean[worn] * steep
    matrix[unit, unit] = mean.sum(axis=1)
    matrix[day, day] = mean.sum(axis=0)
    matrix[np.ix_(unit, day)] = mean
    matrix[power, power] = (weighted * steep).sum(axis=1)
    matrix[worn, power] = weighted.sum(axis=1)
    matrix[np.ix_(day, power)] = weighted.T
    matrix = np.triu(matrix) + np.triu(matrix, 1).T
    matrix[np.diag_indices(whole)] *= 1 + RIDGE
    matrix[np.diag_indices(whole)] += RIDGE
    return np.concatenate([off.sum(axis=1), off.sum(axis=0), (off[worn] * steep).sum(axis=1)]), matrix


def long_run(off: Floats) -> float:
    """Return the long-run variance of residuals as a multiple of their variance, pooled over units; 1 or more.

    Args:
        off: float[S, T], residuals; NaN where there is none.
    """
    there = np.isfinite(off)
    filled = np.where(there, off, 0.0)
    variance = float((filled**2).sum() / max(there.sum(), 1))
    length = float(there.sum(axis=1).mean())
    if variance <= 0 or length <= LAGS:
        return 1.0
    alike = []
    for lag in range(1, LAGS + 1):
        both = there[:, lag:] & there[:, :-lag]
        alike.append(float((filled[:, lag:] * filled[:, :-lag]).sum() / max(both.sum(), 1)) / variance)
    found = 1.0
    for _ in range(5):
        # A fit of a level and a slope leaves residuals that are less alike than the noise was.
        found = max(1.0 + 2.0 * sum(one + OWN * found / length for one in alike), 1.0)
    return float(found)
