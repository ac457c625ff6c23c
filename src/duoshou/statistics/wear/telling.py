"""Which of many units surely wear out, and how far each has worn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.statistics.families import benjamini_hochberg
from duoshou.statistics.wear.fit import Wears

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LEVEL = 0.9
FALSE = 0.03
"""False discovery rate that is aimed at: under the 5 % that is meant, for the noise of the days is only estimated."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the units; arrays are of S, NaN where nothing is known.

    Attributes:
        lost: float[S], part of the fresh rate that is lost; below 0 where it rose.
        low, high: float[S], interval of it: of 90 %, of those told worn the wider one that keeps its coverage though
            they were picked (Benjamini and Yekutieli 2005).
        worn: bool[S], whether the rate surely falls; false discoveries are held to the rate that was asked.
    """

    lost: Floats
    low: Floats
    high: Floats
    worn: Bools


def told_worn(found: Wears, most: float = FALSE) -> Told:
    """Return which units wear out.

    Args:
        found: The slopes.
        most: False discovery rate.
    """
    known = np.isfinite(found.slope) & np.isfinite(found.error) & (found.error > 0)
    chance = np.ones(len(known))
    chance[known] = stats.t.cdf(found.slope[known] / found.error[known], found.degrees[known])
    worn = np.zeros(len(known), dtype=np.bool_)
    worn[known] = benjamini_hochberg(chance[known].tolist(), most)
    level = np.full(len(known), LEVEL)
    level[worn] = 1 - 2 * most * worn.sum() / max(int(known.sum()), 1)
    level = np.maximum(level, LEVEL)
    with np.errstate(invalid="ignore"):
        reach = stats.t.ppf((1 + level) / 2, found.degrees) * found.error
        lost, low, high = (
            1 - np.exp(one * found.shown) for one in (found.slope, found.slope + reach, found.slope - reach)
        )
    return Told(np.where(known, lost, np.nan), np.where(known, low, np.nan), np.where(known, high, np.nan), worn)
