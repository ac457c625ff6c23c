"""How far units strayed from their levels before: whoever did will err more."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.effects.panel import Array

_WEEK = 7
_LATELY, _BEFORE = 2, 4  # weeks: those lately, and those that they are held against
_WIDE = 1.0  # changes beyond a factor of e count as that


def straying(values: Array, trials: Array, event: Array) -> Array:
    """Return float[units], how far each one strayed from its level, on the logarithm, apart from the others.

    The root of two sums: the mean square of the changes from week to week, and the square of how far the last two weeks
    lie from the four before. A level that has just been left is known less well than its usual scatter says, and large
    moves are followed by large ones (Engle, 1982); whoever is looked at because a day was extreme has mostly left it.
    From both, what happened to the median unit is taken off.

    Args:
        values: float[units, days before].
        trials: float[units, days before], what the values are of; 0 where nothing is known.
        event: float[units], what is added to every sum.
    """
    weeks = values.shape[1] // _WEEK
    shape = (len(values), weeks, _WEEK)
    sums, of = (one[:, -weeks * _WEEK :].reshape(shape).sum(axis=2) for one in (values, trials))
    least = np.maximum(event, 1e-9)
    rate = np.maximum(sums.sum(axis=1), least) / np.maximum(of.sum(axis=1), 1e-9)
    levels = np.log((sums + least[:, None]) / (of + (least / rate)[:, None]))
    changes = np.diff(levels, axis=1)
    changes = np.clip(changes - np.median(changes, axis=0), -_WIDE, _WIDE)
    return np.asarray(np.sqrt((changes**2).mean(axis=1) + _departure(levels) ** 2))


def _departure(levels: Array) -> Array:
    """Return float[units], how far the last weeks lie from those before, apart from the median unit."""
    if levels.shape[1] <= _LATELY:
        return np.zeros(len(levels))
    apart = levels - np.median(levels, axis=0)
    before = apart[:, -_LATELY - _BEFORE : -_LATELY]
    return np.asarray(np.clip(apart[:, -_LATELY:].mean(axis=1) - before.mean(axis=1), -_WIDE, _WIDE))
