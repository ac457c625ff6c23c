"""How a level may move from day to day: every way that is considered, as covariances of days."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from duoshou.statistics.effects.panel import Array

STEPS = {0.0: 0.25, 0.004: 0.25, 0.012: 0.25, 0.03: 0.15, 0.08: 0.1}
"""Standard deviations of the level's daily step, on the logarithm, with their prior weights; 0.012 is 1.2 per cent a
day, 6 per cent a month."""

TRENDS = {0.0: 0.6, 0.004: 0.4}
"""Standard deviations of a trend that goes on, a day on the logarithm."""

SERIAL = {(0.0, 0.5): 0.4, (0.5, 0.5): 0.2, (1.0, 0.8): 0.2, (4.0, 0.8): 0.1, (3.0, 0.95): 0.1}
"""Variance of what outlasts its day, relative to the scatter of one day, and how much of it the next day keeps."""

LOOSE = (0.0, 1.0)
"""How far the weights of donors may move from those that were fitted, as the standard deviation of their sum."""

ALONE = 0.2
"""Prior weight of donors that tell nothing of the subject."""

_FOLLOWING = 0.3
_STEADY = 0.012  # of a level that moves faster a trend cannot be told


@dataclass(frozen=True)
class Guide:
    """What donors tell about a series, around the days before the start.

    Attributes:
        shared: float[days], logarithm of their mixture.
        apart: float[donors, days], each one's distance from the mixture.
    """

    shared: Array
    apart: Array


@dataclass(frozen=True)
class Settings:
    """K ways in which a series may move.

    Attributes:
        covers: float[K, days, days], prior covariances of the level of the days, on the link scale.
        means: float[K, days], prior means.
        log_prior: float[K].
    """

    covers: Array
    means: Array
    log_prior: Array


def settings_of(fixed: Array, place: Array, variance: float, guide: Guide | None) -> Settings:
    """Return all settings.

    A donor's day counts as it was seen: the guide is a mean of one to one, give or take three tenths, or nothing at
    all; and the distances of donors are regressors with a normal prior, a ridge around the fitted weights.

    Args:
        fixed: float[days, days], covariance from level, weekdays and regressors.
        place: float[days], days from the last one before the start.
        variance: Scatter of a day, which serial dependence is measured by.
        guide: Of the donors, if there are any.
    """
    distance = np.abs(place[:, None] - place[None, :])
    walk = walk_of(place)
    slope = place[:, None] * place[None, :]
    moves = [
        move
        for move in product(STEPS.items(), TRENDS.items(), SERIAL.items())
        if move[1][0] == 0 or move[0][0] <= _STEADY
    ]
    covers = np.stack(
        [
            fixed + step**2 * walk + trend**2 * slope + variance * share * keep**distance
            for (step, _), (trend, _), ((share, keep), _) in moves
        ]
    )
    prior = np.array([a * b * c for (_, a), (_, b), (_, c) in moves])
    if guide is None:
        return Settings(covers, np.zeros((len(moves), len(place))), np.log(prior))
    kernel = guide.apart.T @ guide.apart / len(guide.apart)
    follow = _FOLLOWING**2 * np.outer(guide.shared, guide.shared)
    modes = [(np.zeros_like(fixed), 0.0 * guide.shared, ALONE)]
    modes += [(follow + loose**2 * kernel, guide.shared, (1 - ALONE) / len(LOOSE)) for loose in LOOSE]
    return Settings(
        np.concatenate([covers + cover for cover, _, _ in modes]),
        np.repeat(np.stack([mean for _, mean, _ in modes]), len(moves), axis=0),
        np.log(np.concatenate([prior * weight for _, _, weight in modes])),
    )


def walk_of(place: Array) -> Array:
    """Return the covariance of a random walk of unit steps that is 0 at place 0."""
    same = place[:, None] * place[None, :] > 0
    return np.where(same, np.minimum(np.abs(place)[:, None], np.abs(place)[None, :]), 0.0)
