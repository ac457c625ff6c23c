"""What a further click of a target is worth beyond its margin: what it tells of the target.

A target that is little known and looks bad by bad luck, or lies below every rival, would be seen less or never, and so
never known better. What the best bid earns is convex in the worth of a click, so to know it better pays: a click is
expected to gain, over a horizon, half the second derivative × what it takes from the variance of the expected worth
(the knowledge gradient of Frazier, Powell and Dayanik 2008, to first order). Clicks whose orders are not told yet are
paid for already and count as known. It falls with the square of what is known, so that it ends by itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.bidding.curves import Curves

Floats = NDArray[np.float64]
HORIZON = 28.0
"""Days in which what is learnt is used."""
LEAP = 4.0
"""Steps that a target may rise at once which is hardly clicked: whatever its curve, next to nothing was spent on it."""
SEEN = 1.0
"""Clicks of a day below which a target is hardly clicked."""


def learning(curves: Curves, value: Floats, error: Floats, trials: Floats, pending: Floats) -> Floats:
    """Return float[S], what a further click tells, in the unit of its value: at most a standard error of the value.

    Args:
        curves: What a bid buys; the best bid is in proportion to the value, so clicks answer to the value by their
            elasticity. Where a target has fewer clicks than the mean one, as many as that may be missed.
        value: float[S], expected margin of a click, above 0.
        error: float[S], relative error of it.
        trials: float[S], clicks that it is known from, those that the prior stands for among them.
        pending: float[S], clicks whose orders are not told yet.
    """
    if not len(value):
        return np.zeros(0)
    worth = np.maximum(value, 1e-12)
    known = trials + pending
    variance = (worth * error) ** 2 * trials / known
    clicks = curves.clicks_at(worth)
    convexity = curves.elasticity * np.maximum(clicks, clicks.mean()) / worth
    return np.asarray(np.minimum(HORIZON / 2 * convexity * variance / known, np.sqrt(variance)))


def rises(clicks: Floats, step: float) -> Floats:
    """Return float[S], most that each bid may rise in a step, as a part of it.

    Args:
        clicks: float[S], clicks of a day at the bids of today.
        step: Most that a bid changes.
    """
    return np.where(clicks < SEEN, LEAP * step, step)
