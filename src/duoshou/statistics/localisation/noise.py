"""How far leaves that nothing happened to lie from their forecasts, learnt from the case itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.localisation.cube import Floats

WIDEST = 2.0
"""|2(f − v)/(f + v)| is at most 2 for f, v ≥ 0."""

QUARTER_OF_HALF_NORMAL = 0.31863936396437514
BINS = 4001
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Background:
    """Deviations of undisturbed leaves: normal about `centre`, and some outliers spread evenly over −2…2.

    Attributes:
        centre: Their common level.
        scale: Standard deviation.
        outliers: Share of the outliers.
    """

    centre: float
    scale: float
    outliers: float

    def log_density(self, deviations: Floats) -> Floats:
        """Return log p₀ of deviations from the centre, at least that of an outlier."""
        normal = np.exp(-0.5 * (deviations / self.scale) ** 2) / (self.scale * math.sqrt(2 * math.pi))
        return np.asarray(np.log((1 - self.outliers) * normal + self.outliers / (2 * WIDEST)))


def fit_background(deviations: Floats) -> Background:
    """Return the background by expectation maximisation (Dempster, Laird, Rubin, 1977) on a fine histogram.

    It starts at zero with the scale of the smallest quarter, so that a cluster of undisturbed leaves is found though
    three quarters of all leaves moved; where no leaf stayed it wanders to where they went.
    """
    width = 2 * WIDEST / BINS
    if not deviations.size:
        return Background(0.0, width, 0.5)
    edge = WIDEST * BINS / (BINS - 1)
    counts, edges = np.histogram(deviations, bins=BINS, range=(-edge, edge))
    middles = (edges[1:] + edges[:-1]) / 2
    filled = counts > 0
    counts, middles = counts[filled].astype(float), middles[filled]
    total = counts.sum()
    centre = 0.0
    scale = max(float(np.quantile(np.abs(deviations), 0.25)) / QUARTER_OF_HALF_NORMAL, width)
    outliers = 0.1
    for _ in range(ROUNDS):
        normal = (1 - outliers) * np.exp(-0.5 * ((middles - centre) / scale) ** 2) / (scale * math.sqrt(2 * math.pi))
        belongs = counts * normal / (normal + outliers / (2 * WIDEST))
        mass = max(float(belongs.sum()), 1e-9)
        previous = scale
        centre = float((belongs * middles).sum()) / mass
        scale = max(math.sqrt(float((belongs * (middles - centre) ** 2).sum()) / mass), width)
        outliers = min(max(1 - mass / total, 1 / (total + 1)), 0.5)
        if abs(scale - previous) < 1e-6 * scale:
            break
    return Background(centre, scale, outliers)


@dataclass(frozen=True, slots=True)
class Tail:
    """An exponential tail above a threshold.

    Attributes:
        threshold: Distance from which on the tail is described.
        mean_excess: Mean distance beyond it.
        share: Share of the leaves beyond it.
    """

    threshold: float
    mean_excess: float
    share: float

    def log_exceedance(self, distances: Floats) -> Floats:
        """Return the log of the probability of a distance at least this large, at most that of the threshold."""
        excess = np.maximum(distances - self.threshold, 0.0)
        return np.asarray(math.log(self.share) - excess / max(self.mean_excess, 1e-12))


def fit_tail(distances: Floats) -> Tail:
    """Return the tail of the farthest hundredth (at least 20 leaves, at most half of them).

    The median excess sets the slope, so fewer than half of the far leaves may be disturbed ones. An exponential tail
    falls more slowly than the normal one: it errs to the side of silence.
    """
    size = distances.size
    far = min(max(size // 100, 20), max(size // 2, 1))
    ordered = np.partition(distances, size - far)
    threshold = float(ordered[size - far])
    mean_excess = float(np.median(ordered[size - far :] - threshold)) / math.log(2)
    return Tail(threshold, mean_excess, far / size)
