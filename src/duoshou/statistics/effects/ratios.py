"""Sums of a unit and of the others on the logarithm, none of them nothing."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.effects.panel import Array


def log_ratio(sums: Array, of: Array, rate: Array, event: Array) -> Array:
    """Return the logarithm of sums ÷ what they are of, with an event at the usual rate added to each.

    Args:
        sums: float[units].
        of: float[units], days or trials.
        rate: float[units], the usual rate of each.
        event: float[units], what is added to every sum.
    """
    return np.asarray(np.log((sums + event) / (of + event / rate)))


def of_others(sums: Array) -> Array:
    """Return the logarithm of the sum of all donors, for a donor of all the others; row 0 is the subject."""
    rest = np.full(len(sums), sums[1:].sum())
    rest[1:] -= sums[1:]
    return np.asarray(np.log(np.maximum(rest, 1e-9)))
