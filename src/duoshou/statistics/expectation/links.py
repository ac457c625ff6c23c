"""Mean, slope and variance of each kind of series on its link scale η."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray, Kind

FARTHEST = 40.0


@dataclass(frozen=True, slots=True)
class Block:
    """The series of one kind, ready for fitting.

    Attributes:
        kind: The kind.
        rows: Their rows in the panel.
        values: float[S, T] with 0 where unknown; of kind LEVEL in units of `scale`, from `centre`.
        trials: float[S, T], of a rate; of a count or an amount its exposure, else 1.
        known: bool[S, T].
        parent: int[S] within the block, -1 for none.
        centre, scale: float[S], 0 and 1 except for kind LEVEL.
    """

    kind: Kind
    rows: IntArray
    values: FloatArray
    trials: FloatArray
    known: BoolArray
    parent: IntArray
    centre: FloatArray
    scale: FloatArray

    def take(self, series: slice | IntArray, days: slice) -> Block:
        """Return a part of the block (the parents are left as they are)."""
        return Block(
            self.kind,
            self.rows[series],
            self.values[series, days],
            self.trials[series, days],
            self.known[series, days],
            self.parent[series],
            self.centre[series],
            self.scale[series],
        )


@dataclass(frozen=True, slots=True)
class Noise:
    """How a day scatters about its mean.

    Attributes:
        unit: float[S], φ: variance per unit of the mean (1 for counts), or the variance of a LEVEL series.
        extra: float[S], κ: variance = φμ + κμ²; of a rate, the correlation of two trials of one day.
        autocorrelation: float[S], lag 1, of the extra scatter (of all scatter for kind LEVEL).
    """

    unit: FloatArray
    extra: FloatArray
    autocorrelation: FloatArray


def mean_of(kind: Kind, eta: FloatArray, trials: FloatArray | float) -> FloatArray:
    """Return μ for η (log, logit or identity)."""
    if kind == Kind.LEVEL:
        return np.asarray(eta, dtype=np.float64)
    clipped = np.clip(eta, -FARTHEST, FARTHEST)
    if kind == Kind.RATE:
        return np.asarray(trials / (1.0 + np.exp(-clipped)))
    return np.asarray(trials * np.exp(clipped))


def slope_of(kind: Kind, mean: FloatArray, trials: FloatArray | float) -> FloatArray:
    """Return dμ/dη."""
    if kind == Kind.LEVEL:
        return np.ones_like(mean)
    if kind == Kind.RATE:
        return np.asarray(mean * (1.0 - mean / np.maximum(trials, 1e-12)))
    return mean


def variance_parts(
    kind: Kind, mean: FloatArray, trials: FloatArray | float, unit: FloatArray, extra: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the variance of a day in two parts: what each unit brings by itself, and what all share."""
    if kind == Kind.LEVEL:
        return np.broadcast_to(unit, mean.shape).astype(np.float64), np.zeros_like(mean)
    if kind == Kind.RATE:
        single = slope_of(kind, mean, trials)
        return single, single * np.maximum(np.asarray(trials) - 1.0, 0.0) * extra
    return unit * mean, extra * mean**2


def lift_of(
    kind: Kind, mean: FloatArray, trials: FloatArray | float, parts: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Return skewness × standard deviation of a day, exact for Poisson and negative binomial counts."""
    if kind == Kind.LEVEL:
        return np.zeros_like(mean)
    if kind == Kind.RATE:
        return np.asarray(1.0 - 2.0 * mean / np.maximum(trials, 1e-12))
    return np.asarray((parts[0] + 2.0 * parts[1]) / np.maximum(mean, 1e-300))
