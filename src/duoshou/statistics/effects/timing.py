"""Which days before the start to compare with, learnt from how all units' gaps move."""

from __future__ import annotations

from itertools import product

import numpy as np

from duoshou.statistics.effects.panel import Array
from duoshou.statistics.effects.settings import walk_of
from duoshou.statistics.effects.synthetic import BoolArray

STEPS = (0.0, 0.03, 0.1, 0.3)
SERIAL = ((0.0, 0.5), (0.5, 0.5), (1.0, 0.8), (3.0, 0.95))
_WIDE = 100.0
_DRIVEN = 10.0
_DEGREES = 4.0


def steady_weights(gaps: Array, taught: BoolArray, start: int, weekday: int, drivers: Array) -> Array:
    """Return float[days taught], weights that add to 1: the best forecast of the mean gap from the start on.

    All units share the way in which gaps move, each has its own scatter: a random walk and autoregressive deviations
    of unknown size, a plain level, weekdays and drivers. The sizes are averaged over with the likelihood of all units'
    days before the start (empirical Bayes), and the forecast is the best linear one (generalised least squares).

    Args:
        gaps: float[units, days].
        taught: bool[days], days before the start that count.
        start: First day to forecast.
        weekday: Weekday of day 0.
        drivers: float[days, k], known drivers that units answer to differently, each at most 1 in size.
    """
    days = gaps.shape[1]
    place: Array = np.arange(days, dtype=np.float64) - (start - 1.0)
    week = np.eye(7)[(np.arange(days) + weekday) % 7]
    distance = np.abs(place[:, None] - place[None, :])
    fixed = _WIDE + week @ week.T + _DRIVEN * drivers @ drivers.T
    walk = walk_of(place)
    covers = np.stack(
        [fixed + step**2 * walk + share * keep**distance for step, (share, keep) in product(STEPS, SERIAL)]
    )
    past = np.flatnonzero(taught)
    own = covers[:, past[:, None], past[None, :]] + np.eye(len(past))
    lower = np.linalg.cholesky(own)
    half = np.linalg.solve(lower, np.broadcast_to(gaps[:, past].T, (len(covers), len(past), len(gaps))))
    degrees = _DEGREES + len(past)
    scatter = float(np.median(gaps[:, past].var(axis=1)))
    squares = (half**2).sum(axis=1) / np.maximum(gaps[:, past].var(axis=1), 1e-3 * scatter + 1e-300)
    logs = -0.5 * degrees * np.log((_DEGREES + squares) / degrees).sum(axis=1)
    logs -= len(gaps) * np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    kept = weight > 1e-3
    cross = covers[kept][:, start:, past].mean(axis=1)
    mixed = np.linalg.solve(own[kept], cross[..., None])[..., 0]
    found = np.asarray(weight[kept] @ mixed)
    return np.asarray(found / found.sum())
