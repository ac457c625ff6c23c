"""Bids a little above and below the chosen ones, so that the curves are learnt where they are needed.

Near the best bid profit is flat, so a variation of a twentieth costs far less than what it tells: the price of knowing.
Half of the targets go up while the other half go down, by a fixed sequence that is even over targets and steps, so that
the common movement of demand tells nothing of the slope and the whole budget stays as it was.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.bidding.curves import Curves

Floats = NDArray[np.float64]
SIZE = 0.05
KNOWN = 0.15
"""Relative error of the common slope from which on nothing is varied any more."""


def variation(curves: Curves) -> float:
    """Return how far bids are varied in the next step: not at all once the curves are known."""
    return SIZE if curves.slopes.common_sd > KNOWN * curves.slopes.common_mean else 0.0


def varied(bids: Floats, step: int, size: float = SIZE) -> Floats:
    """Return the bids of a step, half of them raised and half lowered.

    Args:
        bids: float[S], the chosen ones.
        step: Number of the step; the same gives the same.
        size: How far, as a part of the bid; 0: not at all.
    """
    order = np.random.default_rng([len(bids), step // 2]).permutation(len(bids))
    sign = np.where(order % 2 == 0, 1.0, -1.0) * (1.0 if step % 2 == 0 else -1.0)
    return np.asarray(bids * np.exp(sign * np.log1p(size)))
