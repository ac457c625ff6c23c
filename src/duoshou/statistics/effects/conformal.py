"""Tests that hold their level with few donors: permuted blocks of days, and ranks among donors."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.effects.panel import Array
from duoshou.statistics.effects.synthetic import BoolArray, fit_weights, own_scatter, unit_penalties


def conformal_p_value(outcomes: Array, treated: BoolArray, start: int, *, effect: float = 0.0) -> float:
    """Return the probability of days after the start that stand out as much, if each had exactly this effect.

    Chernozhukov, Wüthrich and Zhu (2021): the effect is taken off, the synthetic unit is fitted to all days, and the
    mean absolute residual of the last days is compared with that of every block of days as long, cyclically shifted;
    blocks keep the dependence between days. It never falls below 1 ÷ number of days, however few the donors.

    Args:
        outcomes: float[units, days], no gaps.
        treated: bool[units].
        start: First treated column; all columns from it on are judged.
        effect: The hypothesis, per day.

    Raises:
        ValueError: If there are no treated units, no donors, or no days before or after the start.
    """
    days = outcomes.shape[1]
    if not treated.any() or treated.all() or not 0 < start < days:
        raise ValueError("there must be treated units, donors, and days before and after the start")
    own = outcomes[treated].mean(axis=0)
    own = np.where(np.arange(days) >= start, own - effect, own)
    donors = outcomes[~treated]
    weights = fit_weights(donors.T, own, unit_penalties(int(treated.sum()), days - start, own_scatter(donors)))
    gap = own - weights @ donors
    residual = np.abs(gap - gap.mean())
    around = np.concatenate([[0.0], np.cumsum(np.concatenate([residual, residual]))])
    length = days - start
    sums = around[length : length + days] - around[:days]
    return float(np.mean(sums >= sums[start] * (1 - 1e-12)))


def rank_p_value(own: float, donors: Array) -> float:
    """Return the share of placebo statistics, the subject's own counted, that are at least as large in size.

    It never falls below 1 ÷ (donors + 1): with nine donors no level below .1 can be reached.

    Raises:
        ValueError: If there are no donors.
    """
    if len(donors) == 0:
        raise ValueError("a rank needs donors")
    return float((1 + np.sum(np.abs(donors) >= abs(own))) / (len(donors) + 1))
