"""What one day teaches of the level of each series."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from duoshou.statistics.expectation.dispersion import limits
from duoshou.statistics.expectation.links import FARTHEST, Noise, mean_of, slope_of, variance_parts
from duoshou.statistics.expectation.panel import BoolArray, FloatArray, Kind

CLIP = 3.0
PATIENCE = 7
"""After so many days beyond the limit on one side a series has changed for good: the level starts anew."""

_TINY = 1e-12


class Day(NamedTuple):
    """One day of the series, all arrays of S.

    Attributes:
        value, trials, known: As in a block.
        offset: Effect of the calendar.
        doubt: Variance of that.
    """

    value: FloatArray
    trials: FloatArray
    known: BoolArray
    offset: FloatArray
    doubt: FloatArray


class Lesson(NamedTuple):
    """What a day taught, all float[S].

    Attributes:
        step: Change of the level's mean.
        left: Variance of the level that is left.
        streak: Days in a row beyond the limit on one side, negative below.
        residual: What the day was off, drawn in.
        total: Variance of what it was off.
    """

    step: FloatArray
    left: FloatArray
    streak: FloatArray
    residual: FloatArray
    total: FloatArray


def log_density(residual: FloatArray, total: FloatArray) -> FloatArray:
    """Return the logarithm of the normal density of residuals of a variance, but for a constant."""
    return np.asarray(-0.5 * (np.log(total) + residual**2 / total))


def learn(kind: Kind, day: Day, noise: Noise, level: FloatArray, variance: FloatArray, streak: FloatArray) -> Lesson:
    """Return what a day teaches by conjugacy: gamma for counts and amounts, beta for rates, normal for levels.

    Args:
        kind: Kind of the series.
        day: The day. Where it is not known it teaches nothing, and its residual and total mean nothing.
        noise: Scatter of a day.
        level: float[S], mean of the level before.
        variance: float[S], its variance.
        streak: float[S], as in `Lesson`.
    """
    if kind in {Kind.COUNT, Kind.AMOUNT}:
        return _counted(day, noise, level, variance, streak)
    mean = mean_of(kind, level + day.offset, day.trials)
    slope = slope_of(kind, mean, day.trials)
    pure, shared = variance_parts(kind, mean, day.trials, noise.unit, noise.extra)
    shared = shared + slope**2 * day.doubt
    spread = slope**2 * variance
    bounds = limits(kind, mean, day.trials, (pure, shared + spread), CLIP)
    residual, streak = _drawn_in(day.value - mean, bounds, day.known, streak)
    total = np.maximum(pure + shared + spread, _TINY)
    if kind == Kind.LEVEL:
        step, left = variance / total * residual, variance * (1 - variance / total)
    else:
        # a value counts as `worth` trials of pure chance
        worth = pure / np.maximum(pure + shared, _TINY)
        chance = np.clip(mean / np.maximum(day.trials, _TINY), 1e-9, 1 - 1e-9)
        size = 1.0 / (variance * chance * (1 - chance)) + worth * day.trials
        after = np.clip(chance + worth * residual / size, 1e-9, 1 - 1e-9)
        step = np.log(after / (1 - after)) - np.log(chance / (1 - chance))
        left = 1.0 / (size * after * (1 - after))
    return Lesson(np.where(day.known, step, 0.0), np.where(day.known, left, variance), streak, residual, total)


def _counted(day: Day, noise: Noise, level: FloatArray, variance: FloatArray, streak: FloatArray) -> Lesson:
    """Return the lesson of counts and amounts, whose slope is their mean: the same formulae, in fewer steps."""
    mean = day.trials * np.exp(np.minimum(level + day.offset, FARTHEST))
    # variances as multiples of the mean: without and with what is not known of the level
    own = noise.unit + mean * (noise.extra + day.doubt)
    whole = own + mean * variance
    total = np.maximum(mean * whole, _TINY)
    below = CLIP * np.sqrt(total)
    # Cornish–Fisher, as in `dispersion.limits`: skewness × deviation is (2 × variance − pure) ÷ mean
    above = below + (CLIP**2 - 1) / 6 * (2.0 * whole - noise.unit)
    residual, streak = _drawn_in(day.value - mean, (below, above), day.known, streak)
    # a value counts as `worth` units of pure chance
    worth = variance * day.known / own
    before = 1.0 + worth * mean
    after = before + worth * residual
    return Lesson(np.log(after / before), variance / after, streak, residual, total)


def _drawn_in(
    off: FloatArray, bounds: tuple[FloatArray, FloatArray], known: BoolArray, streak: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return what the day was off, not beyond the bounds before a streak of days was, and the streak with this day."""
    below, above = bounds
    kept = np.minimum(np.maximum(off, -below), above)
    if not np.count_nonzero(off != kept):
        return kept, np.where(known, 0.0, streak)
    side = np.sign(off - kept)
    streak = np.where(known, side + streak * (side * streak > 0), streak)
    changed = np.abs(streak) > PATIENCE
    return (np.where(changed, off, kept) if np.count_nonzero(changed) else kept), streak
