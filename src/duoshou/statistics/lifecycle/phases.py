"""The latest phase of a series of counts: since when it has been on its present line, and where that leads.

The series is cut into phases in which its level moves along a straight line, by the least sum of squares with a price
for each cut (optimal partitioning, Jackson et al. 2005), on the scale of the square root, where counts of every size
scatter alike (Anscombe 1948). The price is that of Schwarz (1978) for a level, a slope and a place, times the scatter
of the series itself, which is taken from its second differences and is therefore untouched by levels and slopes. What
follows is on the scale of people: the weekly change of the latest phase by a Poisson regression with extra scatter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SHORTEST = 4
"""Periods without which a line cannot be told from its scatter."""
PARAMETERS = 3
"""A cut brings a level, a slope and its place."""
CAUTION = 1.5
"""Factor on the price of a cut: what lasts from period to period looks like lines (see the benchmark)."""
PLACE_95 = 3.841458820694124
"""Quantile of chi-squared with one degree of freedom: a place within it of the best is as good."""
CHUNK = 256
ROUNDS = 12
MOST_LASTING = 0.8
FAR = 4
"""Periods apart at which deviations are taken for independent."""
NORMAL_MIDDLE = 0.6744897501960817
"""Median of |x| for a standard normal x."""
LEAST_RATE = 1e-3
PRIOR_PERIODS = 8.0
"""Periods at which half of a series' own scatter is believed, else that of all series."""


@dataclass(frozen=True, slots=True)
class Phases:
    """The latest phase of each series; everything float[S] or int[S].

    Attributes:
        first: First period in which anything was counted; the number of periods where nothing was.
        start: First period of the latest phase.
        start_low, start_high: Periods between which it may have begun, 95 %.
        slope: Relative change from period to period in it, as a logarithm; NaN where it is too short.
        slope_low, slope_high: Its 95 % interval.
        before: Level at the end of the phase before, NaN without one.
        level: Level at the end, in counts a period of the usual kind.
        peak: Highest mean of `SHORTEST` periods in a row.
        dispersion: Variance of a count ÷ its mean.
    """

    first: Ints
    start: Ints
    start_low: Ints
    start_high: Ints
    slope: Floats
    slope_low: Floats
    slope_high: Floats
    before: Floats
    level: Floats
    peak: Floats
    dispersion: Floats


def latest_phases(counts: Floats, index: Floats, *, shortest: int = SHORTEST) -> Phases:
    """Return the latest phase of each series.

    Args:
        counts: float[S, T], counts of equally long periods; NaN counts as 0. A series begins with its first count.
        index: float[S, T] or float[T], what moves all alike (see `common_index`), positive.
        shortest: Periods that a phase lasts at least, 4 or more.
    """
    filled = np.maximum(np.nan_to_num(counts), 0.0)
    if not filled.size:
        nothing, none = np.zeros(len(filled), dtype=np.int64), np.full(len(filled), np.nan)
        return Phases(nothing, nothing, nothing, nothing, none, none, none, none, none, none, none)
    common = np.broadcast_to(index, filled.shape)
    parts = [_of(filled[at : at + CHUNK], common[at : at + CHUNK], shortest) for at in range(0, len(filled), CHUNK)]
    start, low, high, first, before = (np.concatenate([part[number] for part in parts]) for number in range(5))
    slope, error, level, dispersion, free = _lines(filled, common, start)
    reach = stats.t.ppf(0.975, np.maximum(free, 1)) * error
    # Where a phase may have begun on another day, its slope may be another one.
    others = np.stack([slope, *(_lines(filled, common, one)[0] for one in (low, high))])
    return Phases(
        first,
        start,
        low,
        high,
        slope,
        np.fmin(slope - reach, np.fmin.reduce(others)),
        np.fmax(slope + reach, np.fmax.reduce(others)),
        before,
        level,
        _peak(filled / common),
        dispersion,
    )


def _of(counts: Floats, index: Floats, shortest: int) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    """Return start, its limits, the first period, and the level before the latest phase, of some series."""
    series, periods = counts.shape
    seen = counts > 0
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), periods).astype(np.int64)
    height, weight = _heights(counts, index)
    scatter = _scatter(height, weight)
    age = np.maximum(periods - first, 1)
    price = CAUTION * PARAMETERS * np.log(np.maximum(age, 2)) * scatter
    sums = _sums(height, weight)
    best = np.full((periods + 1, series), np.inf)
    last = np.zeros((periods + 1, series), dtype=np.int64)
    best[0] = -price
    for end in range(1, periods + 1):
        starts = np.arange(0, max(end - shortest, 0) + 1)
        total = best[starts] + _cost(sums, starts, end) + price
        # A phase begins with the series, or where an earlier one of the least length ends.
        allowed = (starts[:, None] == 0) | (starts[:, None] - first[None, :] >= shortest)
        total = np.where(allowed, total, np.inf)
        last[end] = total.argmin(axis=0)
        best[end] = total.min(axis=0)
    starts = np.arange(0, max(periods - shortest, 0) + 1)
    total = best[starts] + _cost(sums, starts, periods) + price
    total = np.where((starts[:, None] == 0) | (starts[:, None] - first[None, :] >= shortest), total, np.inf)
    good = total <= total.min(axis=0) + PLACE_95 * scatter
    begin = last[periods]
    low, high = good.argmax(axis=0), len(starts) - 1 - good[::-1].argmax(axis=0)
    before = _ends_at(height, weight, begin, last)
    return np.maximum(begin, first), np.maximum(low, first), np.maximum(high, first), first, before


def _scatter(height: Floats, weight: Floats) -> Floats:
    """Return what a period's deviation from its line is worth, as a variance on the square root's scale.

    By second differences, which know no level and no slope, at least that of chance alone; times (1 + ρ) ÷ (1 − ρ)
    where deviations outlast their period.
    """
    near, number = _second_differences(height, weight, 1)
    lasting = _correlation(height, weight, near)
    own = np.maximum(near / (1 - (4 * lasting - lasting**2) / 3), 1.0)
    believed = number / (number + PRIOR_PERIODS)
    shrunk = np.exp(believed * np.log(own) + (1 - believed) * np.log(float(np.median(own))))
    return np.asarray(shrunk * (1 + lasting) / (1 - lasting))


def _second_differences(height: Floats, weight: Floats, gap: int) -> tuple[Floats, Ints]:
    """Return the variance of a period by the second differences of periods `gap` apart, and how many there are."""
    if height.shape[1] <= 2 * gap:
        return np.ones(len(height)), np.zeros(len(height), dtype=np.int64)
    change = height[:, 2 * gap :] - 2 * height[:, gap:-gap] + height[:, : -2 * gap]
    known = (weight[:, 2 * gap :] > 0) & (weight[:, gap:-gap] > 0) & (weight[:, : -2 * gap] > 0)
    number = known.sum(axis=1)
    size = np.where(known, np.abs(change) * np.sqrt(weight[:, gap:-gap]), np.nan)
    size[number == 0] = NORMAL_MIDDLE * np.sqrt(6.0)
    return np.asarray((np.nanmedian(size, axis=1) / NORMAL_MIDDLE) ** 2 / 6.0), number


def _correlation(height: Floats, weight: Floats, near: Floats) -> float:
    """Return how far deviations are those of the period before; one number for all series, that of one is hardly known.

    Where they are, periods next to each other differ less than distant ones: by 1 − (4ρ − ρ²) ÷ 3 for an
    autoregression of the first order.
    """
    far, number = _second_differences(height, weight, FAR)
    enough = number > FAR
    if not enough.any():
        return 0.0
    ratio = float(np.median(near[enough]) / max(float(np.median(far[enough])), 1e-12))
    return float(np.clip(2 - np.sqrt(max(4 - 3 * (1 - ratio), 0.0)), 0.0, MOST_LASTING))


def _sums(height: Floats, weight: Floats) -> tuple[Floats, ...]:
    """Return running sums of w, wt, wt², wz, wtz, wz²: each float[T + 1, S]."""
    time = np.arange(height.shape[1], dtype=np.float64)
    terms = (weight, weight * time, weight * time**2, weight * height, weight * time * height, weight * height**2)
    nothing = np.zeros((1, len(height)))
    return tuple(np.concatenate([nothing, np.cumsum(term.T, axis=0)]) for term in terms)


def _cost(sums: tuple[Floats, ...], starts: Ints, end: int) -> Floats:
    """Return the sum of squares about the best line of the periods `starts` … `end` − 1: float[starts, S]."""
    w, t, tt, z, tz, zz = (one[end] - one[starts] for one in sums)
    with np.errstate(all="ignore"):
        times, heights, both = tt - t**2 / w, zz - z**2 / w, tz - t * z / w
        left = heights - np.where(times > 1e-9, both**2 / times, 0.0)
    return np.asarray(np.where(w > 0, np.maximum(np.nan_to_num(left), 0.0), 0.0))


def _ends_at(height: Floats, weight: Floats, begin: Ints, last: Ints) -> Floats:
    """Return the level, in counts, at which the phase before the latest one ended; NaN without one."""
    result = np.full(len(height), np.nan)
    for row in np.flatnonzero(begin > 0):
        stop = int(begin[row])
        days = np.arange(int(last[stop, row]), stop)
        days = days[weight[row, days] > 0]
        if len(days) < SHORTEST:
            continue
        line = np.polyfit(days, height[row, days], 1, w=np.sqrt(weight[row, days]))
        result[row] = max(float(np.polyval(line, stop - 1)), 0.0) ** 2 / 4.0
    return result


def _lines(counts: Floats, index: Floats, start: Ints) -> tuple[Floats, Floats, Floats, Floats, Ints]:
    """Return slope, its error, the level at the end, dispersion and degrees of freedom of the latest phases.

    Poisson regression of the counts on time with the index as exposure, by iterated weighted least squares; the scatter
    beyond Poisson's is Pearson's, shrunk to that of all series.
    """
    periods = counts.shape[1]
    time = np.arange(periods) - (periods - 1.0)
    inside = (np.arange(periods) >= start[:, None]).astype(np.float64)
    number = inside.sum(axis=1)
    mean = (counts * inside).sum(axis=1) / np.maximum((index * inside).sum(axis=1), 1e-12)
    level, slope = np.log(np.maximum(mean, LEAST_RATE)), np.zeros(len(counts))
    for _ in range(ROUNDS):
        expected = index * np.exp(np.clip(level[:, None] + slope[:, None] * time, -20, 20))
        weight = inside * expected
        left = np.where(expected > 0, (counts - expected) / np.maximum(expected, 1e-12), 0.0)
        w, t, tt = weight.sum(1), (weight * time).sum(1), (weight * time**2).sum(1)
        a, b = (weight * left).sum(1), (weight * time * left).sum(1)
        # A small ridge keeps series without counts where they are.
        w, tt = w + 1e-6, tt + 1e-6
        determinant = np.maximum(w * tt - t**2, 1e-12)
        level = level + np.clip((tt * a - t * b) / determinant, -1, 1)
        slope = np.clip(slope + np.clip((w * b - t * a) / determinant, -0.5, 0.5), -2, 2)
    expected = index * np.exp(np.clip(level[:, None] + slope[:, None] * time, -20, 20))
    free = np.maximum(number - 2, 0).astype(np.int64)
    pearson = (inside * (counts - expected) ** 2 / np.maximum(expected, 0.05)).sum(axis=1)
    own = np.maximum(pearson / np.maximum(free, 1), 1.0)
    typical = float(np.median(own[free > 0])) if (free > 0).any() else 1.0
    dispersion = (pearson + PRIOR_PERIODS * typical) / (free + PRIOR_PERIODS)
    dispersion = np.maximum(np.where(free > 0, dispersion, typical), 1.0)
    weight = inside * expected
    w, t, tt = weight.sum(1), (weight * time).sum(1), (weight * time**2).sum(1)
    with np.errstate(all="ignore"):
        error = np.sqrt(dispersion * w / np.maximum(w * tt - t**2, 1e-12))
    known = (number >= SHORTEST) & ((counts * inside).sum(axis=1) > 0)
    return (
        np.where(known, slope, np.nan),
        np.where(known, error * np.sqrt(_inflation(counts, index)), np.nan),
        np.exp(level),
        dispersion,
        free,
    )


def _inflation(counts: Floats, index: Floats) -> float:
    height, weight = _heights(counts, index)
    lasting = _correlation(height, weight, _second_differences(height, weight, 1)[0])
    return (1 + lasting) / (1 - lasting)


def _heights(counts: Floats, index: Floats) -> tuple[Floats, Floats]:
    """Return the counts on the scale of the square root, and their weights; 0 before the first count."""
    begun = np.cumsum(counts, axis=1) > 0
    return 2.0 * np.sqrt((counts + 0.375) / index), np.where(begun, index, 0.0)


def _peak(adjusted: Floats) -> Floats:
    periods = adjusted.shape[1]
    if periods < SHORTEST:
        return np.asarray(adjusted.mean(axis=1))
    running = np.lib.stride_tricks.sliding_window_view(adjusted, SHORTEST, axis=1).mean(axis=2)
    return np.asarray(running.max(axis=1))
