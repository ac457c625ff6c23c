"""Donors on the scale of their own mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.effects.panel import Array, Panel
from duoshou.statistics.effects.settings import Guide
from duoshou.statistics.effects.synthetic import BoolArray, filled

_MOST_MISSING = 0.2
_MOST_NOISE = 3.0
_LEAST = 0.02


@dataclass(frozen=True)
class Relatives:
    """Units relative to their means before the start, gaps filled.

    Attributes:
        own: float[days judged or before], the treated subject.
        donors: float[donors, days judged or before], those that can be used.
        mean: The treated subject's mean before the start.
        taught: bool[days judged or before], days before the start that may teach.
        places: int[donors], their rows in the panel.
    """

    own: Array
    donors: Array
    mean: float
    taught: BoolArray
    places: NDArray[np.int64]


def relatives(panel: Panel) -> Relatives:
    """Return the treated subject and its usable donors.

    A donor is not used if a fifth of its days is unknown, if it has nothing before the start, or if it scatters from
    day to day three times as much as the median donor. The days that led to the action do not count in the subject's
    mean, so that what was extreme there is not taken for its level.
    """
    values = panel.outcome[:, : panel.end]
    trials = np.ones_like(values)
    if panel.trials is not None:
        trials = panel.trials[:, : panel.end]
        trials = np.where(trials > 0, trials, np.nan)
    known = ~np.isnan(values) & ~np.isnan(trials)
    taught = np.arange(panel.end) < panel.start
    if panel.selected is not None and panel.selected[1] - panel.selected[0] < panel.start // 2:
        taught[slice(*panel.selected)] = False
    counted = known & taught
    means = np.where(counted, values, 0.0).sum(axis=1) / np.maximum(np.where(counted, trials, 0.0).sum(axis=1), 1e-300)
    ratios = np.where(known, values, np.nan) / trials / np.where(means > 0, means, np.nan)[:, None]
    usable = (~known).mean(axis=1) <= _MOST_MISSING
    usable &= means > 0
    usable[0] = False
    steps = np.diff(np.where(usable[:, None], ratios, 0.0), axis=1)
    noise = np.sqrt(np.nanmean(steps**2, axis=1))
    if usable.any():
        usable &= noise <= _MOST_NOISE * np.median(noise[usable])
    both = filled(np.vstack([ratios[:1], ratios[usable]]))
    return Relatives(both[0], both[1:], float(means[0]), taught, np.flatnonzero(usable))


def guide_of(found: Relatives, weights: Array) -> Guide:
    """Return what a mixture of donors tells of the level of the treated subject."""
    mixture = np.maximum(weights @ found.donors, _LEAST)
    shared = np.log(mixture)
    apart = found.donors / mixture - 1
    return Guide(
        shared - shared[found.taught].mean(),
        apart - apart[:, found.taught].mean(axis=1, keepdims=True),
    )
