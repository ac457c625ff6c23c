"""How much the sums of undisturbed cells scatter about their expectations, learnt from the case itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.localisation.cube import Floats

ENOUGH_EVENTS = 10.0
"""Below about ten expected events the steps of a count blur the lower quartile of its squared deviation."""

QUARTILE = 0.25
QUARTILE_OF_CHI_SQUARE = 0.10153104426762159
"""Lower quartile of χ² with one degree of freedom: undisturbed cells show in it though three quarters are disturbed."""

CELLS_TO_CENTRE = 5
CELLS_PER_BIN = 20
MOST_CELLS = 100_000
MOST_BINS = 12


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Variance of a cell's sum: (events + relative × F) × F for an expected sum F.

    Attributes:
        events: Variance ÷ mean of many small independent events: 1 for counts, their mean squared amount ÷ mean amount
            for sums of amounts.
        relative: Squared coefficient of variation that does not shrink with size.
    """

    events: float
    relative: float

    def per_unit(self, expected: Floats) -> Floats:
        """Return variance ÷ mean of sums with these expectations."""
        return np.asarray(self.events + self.relative * np.maximum(expected, 0.0))


def fit_dispersion(
    actual: Floats, expected: Floats, cuboids: NDArray[np.int32], unit: float, least: float
) -> Dispersion:
    """Return the dispersion from the cells of a case.

    Cells are put into classes of like size; in each the lower quartile of (V − ρF)²/F, divided by that of χ² with one
    degree, estimates variance ÷ mean, whatever the disturbed cells do (they raise it, by three fifths if they are a
    fifth). ρ is the median of V/F in the cell's cuboid, weighted by √F: a cause that fixes other attributes moves all
    cells of a cuboid about alike. A line over F is fitted through the classes by weighted least squares, both
    coefficients at least 0.

    Args:
        actual: Array (cells,) of V.
        expected: Array (cells,) of F.
        cuboids: Array (cells,), the cuboid of each cell.
        unit: Size of one event.
        least: Smallest `events` to return.
    """
    enough = np.flatnonzero(expected >= ENOUGH_EVENTS * unit)
    enough = enough[:: max(enough.size // MOST_CELLS, 1)]
    size, ratio = _squared_ratios(actual[enough], expected[enough], cuboids[enough])
    if size.size < CELLS_PER_BIN:
        return Dispersion(max(unit, least), 0.0)
    order = np.argsort(size, kind="stable")
    bins = min(MOST_BINS, size.size // CELLS_PER_BIN)
    middles = np.array([np.median(part) for part in np.array_split(size[order], bins)])
    levels = np.array([np.quantile(part, QUARTILE) for part in np.array_split(ratio[order], bins)])
    levels /= QUARTILE_OF_CHI_SQUARE
    levels = np.maximum(levels, max(least, 1e-12 * unit))
    return _line(middles, levels, least)


def _squared_ratios(actual: Floats, expected: Floats, cuboids: NDArray[np.int32]) -> tuple[Floats, Floats]:
    """Return F and (V − ρF)²/F of the cells in cuboids with enough cells to know ρ."""
    order = np.argsort(cuboids, kind="stable")
    edges = np.flatnonzero(np.diff(cuboids[order])) + 1
    sizes, ratios = [np.empty(0)], [np.empty(0)]
    for rows in np.split(order, edges):
        if rows.size >= CELLS_TO_CENTRE:
            size, level = expected[rows], actual[rows] / expected[rows]
            sizes.append(size)
            ratios.append((level - _weighted_median(level, np.sqrt(size))) ** 2 * size)
    return np.concatenate(sizes), np.concatenate(ratios)


def _weighted_median(values: Floats, weights: Floats) -> float:
    """Return the median in which each value counts by its weight, at best 1 ÷ its standard deviation."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(below, below[-1] / 2)]])


def _line(size: Floats, level: Floats, least: float) -> Dispersion:
    weight = 1 / level**2  # the relative error of every class is alike
    total, mean_size = weight.sum(), (weight * size).sum() / weight.sum()
    mean_level = (weight * level).sum() / total
    spread = (weight * (size - mean_size) ** 2).sum()
    slope = (weight * (size - mean_size) * (level - mean_level)).sum() / spread if spread > 0 else 0.0
    slope = max(float(slope), 0.0)
    events = float(mean_level - slope * mean_size)
    if events < least:
        events = least
        slope = max(float((weight * size * (level - least)).sum() / (weight * size**2).sum()), 0.0)
    return Dispersion(max(events, least), slope)


def event_size(values: Floats) -> float:
    """Return the size of one event: 1 for whole numbers, else a small positive value (the tenth part from below)."""
    positive = values[values > 0]
    if not positive.size or bool(np.all(positive == np.floor(positive))):
        return 1.0
    return float(np.quantile(positive, 0.1))


def variance_power(actual: Floats, expected: Floats) -> float:
    """Return the exponent p of Taylor's law, variance ∝ mean^p, from leaf to leaf: 1 for counts, 2 for relative noise.

    Robust: a least-squares line through the lower quartiles of log (v − ρf)² over classes of like size (octaves); they
    hold even where three quarters of a class are disturbed. ρ is the median of v/f of the larger leaves. Leaves of one
    size only: NaN.
    """
    size = np.maximum(actual, expected)
    known = size > 0
    due = expected > 0
    if due.any():
        due &= expected >= np.median(expected[due])  # the larger half, whose ratios scatter less
    level = float(np.median(actual[due] / expected[due])) if due.any() else 1.0
    size, distance = size[known], np.abs(actual - level * expected)[known]
    octave = np.frexp(size)[1].astype(np.int16)
    order = np.argsort(octave, kind="stable")
    classes = [
        rows for rows in np.split(order, np.flatnonzero(np.diff(octave[order])) + 1) if rows.size >= CELLS_PER_BIN
    ]
    if len(classes) < 3:
        return math.nan
    middles = np.array([np.median(size[rows]) for rows in classes])
    levels = np.array([_lower_quartile(distance[rows]) for rows in classes])
    usable = (levels > 0) & (middles > 0)
    x, y = np.log(middles[usable]), 2 * np.log(levels[usable])
    if x.size < 3 or np.ptp(x) < math.log(4):
        return math.nan
    weight = np.sqrt(np.array([rows.size for rows in classes], dtype=float)[usable])
    centred = x - (weight * x).sum() / weight.sum()
    return float((weight * centred * y).sum() / (weight * centred**2).sum())


def _lower_quartile(values: Floats) -> float:
    place = values.size // 4
    return float(np.partition(values, place)[place])
