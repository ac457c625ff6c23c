"""Slopes of many units drawn to their common one as far as each is itself unknown (normal–normal hierarchy)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SCATTERS = np.geomspace(0.03, 2.0, 15)


@dataclass(frozen=True, slots=True)
class SlopePrior:
    """What is believed of the common slope, and of the scatter around it, before any data.

    Attributes:
        mean: Of the common slope.
        sd: Standard deviation of it.
        scatter: Median of the standard deviation of units around it; known up to a factor of two.
    """

    mean: float
    sd: float
    scatter: float


@dataclass(frozen=True, slots=True)
class Slopes:
    """Posterior of the slopes.

    Attributes:
        mean: float[S].
        sd: float[S], of what is the unit's own.
        common_mean, common_sd: Of the slope that all share.
        weight: float[S], how much of an error of the common slope a unit inherits.
    """

    mean: Floats
    sd: Floats
    common_mean: float
    common_sd: float
    weight: Floats


def pooled_slopes(estimate: Floats, information: Floats, prior: SlopePrior) -> Slopes:
    """Return the slopes, averaged over what their scatter may be (Gelman et al. 2013, chapter 5).

    Args:
        estimate: float[S], slope of each unit by its own data; anything where the information is 0.
        information: float[S], 1 ÷ its variance.
        prior: What is believed before.
    """
    known = information > 1e-9
    estimates, variances = estimate[known], 1.0 / information[known]
    spread = variances + SCATTERS[:, None] ** 2
    precision = 1.0 / prior.sd**2 + (1.0 / spread).sum(axis=1)
    centre = (prior.mean / prior.sd**2 + (estimates / spread).sum(axis=1)) / precision
    likely = (
        -0.5
        * (
            np.log(spread).sum(axis=1)
            + np.log(precision)
            + ((estimates - centre[:, None]) ** 2 / spread).sum(axis=1)
            + (centre - prior.mean) ** 2 / prior.sd**2
        )
        - 0.5 * (np.log(SCATTERS / prior.scatter) / np.log(2.0)) ** 2
    )
    chance = np.exp(likely - likely.max())
    chance /= chance.sum()
    mean, second, weight = (np.zeros(len(estimate)) for _ in range(3))
    for part, scatter, middle in zip(chance, SCATTERS, centre, strict=True):
        drawn = 1.0 / (1.0 + information * scatter**2)
        own = drawn * middle + (1 - drawn) * np.where(known, estimate, middle)
        mean += part * own
        second += part * (drawn * scatter**2 + own**2)
        weight += part * drawn
    common = float(chance @ centre)
    common_sd = float(np.sqrt(chance @ (1.0 / precision + centre**2) - common**2))
    return Slopes(mean, np.sqrt(np.maximum(second - mean**2, 1e-12)), common, common_sd, weight)
