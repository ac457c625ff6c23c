"""Synthetic difference-in-differences: weighted units and weighted days make the comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.effects.panel import Array
from duoshou.statistics.effects.simplex import simplex_weights

BoolArray = NDArray[np.bool_]

_TIME_RIDGE = 1e-6


@dataclass(frozen=True)
class Synthetic:
    """A synthetic difference-in-differences.

    Attributes:
        estimate: Mean effect on a treated unit a day.
        unit_weights: float[donors], they add to 1.
        time_weights: float[days before], they add to 1.
        gap: float[days], treated mean less weighted donors, less the same over the weighted days before: before the
            start it shows the fit, after it the effect day by day.
        pre_fit: Root mean square of the gap before the start, around its mean.
        noise: Standard deviation of the donors' changes from day to day.
    """

    estimate: float
    unit_weights: Array
    time_weights: Array
    gap: Array
    pre_fit: float
    noise: float


def synthetic_difference_in_differences(
    outcomes: Array,
    treated: BoolArray,
    start: int,
    *,
    end: int | None = None,
    ignore: BoolArray | None = None,
    scatter: Array | None = None,
) -> Synthetic:
    """Return the synthetic difference-in-differences of Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021).

    Unit weights make the donors run parallel to the treated before the start, with an intercept and the ridge
    ζ = (treated units × days after)^¼ × σ̂; time weights make the days before predict the donors' days after.

    Args:
        outcomes: float[units, days], no gaps (see `filled`). Give logarithms for a relative effect.
        treated: bool[units]; several treated units are taken by their mean.
        start: First treated column.
        end: One past the last column judged; by default the last.
        ignore: bool[days], days before the start that teach nothing and get no weight.
        scatter: float[donors], standard deviation of each donor's day about what it shares with the others. By
            default σ̂, the standard deviation of all donors' changes from day to day, stands for each, as in the paper;
            where donors share wild days or scatter differently the penalty ζ² of each is better told apart.

    Raises:
        ValueError: If there are no treated units, no donors, fewer than two days before the start or none after it,
            or a value is missing.
    """
    stop = outcomes.shape[1] if end is None else end
    before = np.arange(outcomes.shape[1]) < start
    if ignore is not None:
        before &= ~ignore
    if not treated.any() or treated.all() or before.sum() < 2 or not start < stop <= outcomes.shape[1]:
        raise ValueError("there must be treated units, donors, two days before the start and one after it")
    if not np.all(np.isfinite(outcomes)):
        raise ValueError("outcomes must be known and finite")
    donors, own = outcomes[~treated], outcomes[treated].mean(axis=0)
    earlier, later = donors[:, before], donors[:, start:stop].mean(axis=1)
    steps = np.diff(earlier, axis=1)
    noise = float(steps.std(ddof=1)) if steps.size > 1 else 0.0
    each = np.full(len(donors), noise) if scatter is None else scatter
    units = fit_weights(earlier.T, own[before], unit_penalties(int(treated.sum()), stop - start, each))
    times = fit_weights(earlier, later, time_penalty(noise))
    gap = own - units @ donors
    gap = gap - float(times @ gap[before])
    known = gap[before]
    return Synthetic(float(gap[start:stop].mean()), units, times, gap, float(np.std(known)), noise)


def fit_weights(table: Array, target: Array, penalties: Array | float) -> Array:
    """Return the weights of the columns whose mixture runs parallel to the target: least mean square and penalty."""
    centred = table - table.mean(axis=0)
    aim = target - target.mean()
    gram = centred.T @ centred / len(table)
    return simplex_weights(penalised(gram, penalties), centred.T @ aim / len(table))


def unit_penalties(treated: int, days: int, scatter: Array) -> Array:
    """Return ζ² for each donor's weight, (treated units × days after)^½ σ²."""
    return np.asarray(math.sqrt(treated * days) * scatter**2)


def time_penalty(noise: float) -> float:
    """Return ζ² of the time weights, just enough to make them unique."""
    return (_TIME_RIDGE * noise) ** 2


def penalised(gram: Array, penalties: Array | float) -> Array:
    """Return the moments with the penalties on their diagonal, and enough to keep the problem solvable."""
    found = gram.copy()
    least = max(1e-9 * float(np.trace(gram)) / len(gram), 1e-300)
    found[np.diag_indices(len(gram))] += np.maximum(penalties, least)
    return found


def own_scatter(donors: Array) -> Array:
    """Return the standard deviation of each donor's day about what all share, from its changes from day to day."""
    steps = np.diff(donors, axis=1)
    return np.asarray((steps - steps.mean(axis=0)).std(axis=1) / math.sqrt(2))


def filled(outcomes: Array, steps: int = 10) -> Array:
    """Return the outcomes with each gap filled by its unit's level plus its day's effect (two-way means, iterated)."""
    missing = np.isnan(outcomes)
    if not missing.any():
        return outcomes
    known = ~missing
    values = np.where(known, outcomes, 0.0)
    rows = np.maximum(known.sum(axis=1, keepdims=True), 1)
    columns = np.maximum(known.sum(axis=0, keepdims=True), 1)
    day = np.zeros((1, outcomes.shape[1]))
    unit = np.zeros((outcomes.shape[0], 1))
    for _ in range(steps):
        unit = ((values - day) * known).sum(axis=1, keepdims=True) / rows
        day = ((values - unit) * known).sum(axis=0, keepdims=True) / columns
    return np.where(known, outcomes, unit + day)
