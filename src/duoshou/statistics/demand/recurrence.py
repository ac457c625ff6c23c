"""How much one year's festival differs from another's, for all products of a shop together.

The effect of a phase of the calendar is learnt from the days on which it was held. Held again it is another one: the
sale is longer, the platform spends more, the weather turns. All products err by that together, and no scatter of days
tells it. It is a random effect of the shop for each time that a phase is held, of one variance σ² for all phases:

    log E(units) = level + weekday + phase + u,  u ~ N(0, σ²).

σ² is learnt from the phases that were held twice or more; where there are none it is `USUAL`².
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from duoshou.statistics.demand.law import Floats
from duoshou.statistics.expectation.model import Model
from duoshou.statistics.expectation.panel import BoolArray, IntArray

USUAL = 0.1
"""Scale of the half-normal prior of σ (Gelman, 2006): a phase comes with a tenth more or less, hardly with a third."""
GAP_DAYS = 28
"""Days after which a phase that comes again is held anew: the waves of one sale lie closer."""
FEWEST = 3
"""Series from which on what they have in common is told from what is their own."""

_GRID = np.linspace(0.0, 5.0 * USUAL, 201)
_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Held:
    """Which days are in which phase, and which time it is held.

    Attributes:
        phase: int[T], the set of phases that a day is in; −1 for a plain day.
        time: int[T], the number of the time, each of one phase; −1 for a plain day.
    """

    phase: IntArray
    time: IntArray


def held(columns: Floats) -> Held:
    """Return the phases of T days and the times at which they are held.

    Args:
        columns: float[T, Q] of the calendar; days with the same columns are in one phase.
    """
    marked = columns != 0
    begins = np.flatnonzero(np.concatenate([[True], (marked[1:] != marked[:-1]).any(axis=1)]))
    phase, time = np.full((2, len(marked)), -1, dtype=np.int64)
    phases: dict[bytes, int] = {}
    last: dict[int, tuple[int, int]] = {}
    for begin, end in pairwise((*begins.tolist(), len(marked))):
        if marked[begin].any():
            kind = phases.setdefault(marked[begin].tobytes(), len(phases))
            number, before = last.get(kind, (-1, -GAP_DAYS - 1))
            if begin - before > GAP_DAYS:
                number = int(time.max()) + 1
            phase[begin:end], time[begin:end] = kind, number
            last[kind] = number, end - 1
    return Held(phase, time)


def spread(model: Model, times: Held, until: int) -> float:
    """Return σ², its posterior mean.

    Of each time that a phase was held the regression gives the common effect that is left, by the score of the
    quasi-likelihood, û = Σ μ(y − μ)/V ÷ Σ μ²/V over days and series, and its variance from how the series differ about
    it (sandwich, clustered by series): what is a product's own, its noise and what its level did are in there. The
    restricted likelihood of σ given the û, each phase with a free mean, times the prior, is integrated numerically.

    Args:
        model: A fitted block of counts.
        times: Of its days.
        until: First day that was not seen.
    """
    left, variance, phase = _left(model, times, until)
    return spread_of(left, variance, phase)


def spread_of(left: Floats, variance: Floats, phase: IntArray) -> float:
    """Return the posterior mean of σ² from effects with known variances, each phase with a free mean.

    Args:
        left: float[N], an effect of each time that a phase was held.
        variance: float[N], of its error.
        phase: int[N], the phase.
    """
    kinds, place, count = np.unique(phase, return_inverse=True, return_counts=True)
    again = count[place] > 1
    member = (np.arange(len(kinds))[count > 1, None] == place[again]).astype(np.float64)
    weight = 1.0 / np.maximum(variance[again, None] + _GRID**2, _SMALLEST)
    turned = weight * left[again, None]
    total = member @ weight
    missed = (turned * left[again, None]).sum(axis=0) - ((member @ turned) ** 2 / total).sum(axis=0)
    log = 0.5 * (np.log(weight).sum(axis=0) - np.log(total).sum(axis=0) - missed) - 0.5 * (_GRID / USUAL) ** 2
    share = np.exp(log - log.max())
    share[0] /= 2  # the trapezoidal rule
    return float((share * _GRID**2).sum() / share.sum())


def _left(model: Model, times: Held, until: int) -> tuple[Floats, Floats, IntArray]:
    """Return common effect, variance and phase of each time that a phase was held for enough series."""
    block, noise = model.block, model.effects.noise
    days = np.flatnonzero(times.time[:until] >= 0)
    names, first, place = np.unique(times.time[days], return_index=True, return_inverse=True)
    mean = np.exp(model.effects.level[:, days] + model.season[:, days]) * block.trials[:, days]
    gain = block.known[:, days] / (noise.unit[:, None] + noise.extra[:, None] * mean)
    marks = (place[:, None] == np.arange(len(names))).astype(np.float64)
    score, information = (gain * (block.values[:, days] - mean)) @ marks, (gain * mean) @ marks
    total, count = np.maximum(information.sum(axis=0), _SMALLEST), (information > 0).sum(axis=0)
    left = score.sum(axis=0) / total
    strayed = ((score - information * left) ** 2).sum(axis=0) * count / np.maximum(count - 1, 1)
    enough = count >= FEWEST
    return left[enough], (strayed / total**2)[enough], times.phase[days[first]][enough]


def doubt(times: Held, until: int) -> Floats:
    """Return by how many σ² the effect of each day's phase errs for all products, float[T − until]; 0 on plain days.

    What was learnt is the mean of the times seen, weighted by days; with shares w of them the error of a time with
    the share w* is u* − Σ w u, of variance (1 − w*)² + Σ w² over the others: 2 for a phase held once before, 3/2 for
    one held twice, less for one of which days were seen already.
    """
    phase, time = times.phase[until:], times.time[until:]
    found = np.zeros(len(phase))
    for one in np.unique(time[time >= 0]):
        days = np.flatnonzero(time == one)
        seen = times.time[:until][times.phase[:until] == phase[days[0]]]
        share = np.unique(seen, return_counts=True)[1] / max(len(seen), 1)
        own = (seen == one).sum() / max(len(seen), 1)
        found[days] = (1.0 - own) ** 2 + (share**2).sum() - own**2
    return found


def variance(daily: Floats, times: Held, factor: Floats, counted: BoolArray | Floats) -> Floats:
    """Return the variance of sums of days by effects that all days of a time share.

    Args:
        daily: float[S, H], what is expected of each day.
        times: Of these days.
        factor: float[H], variance of the effect of each day, the same on the days of one time.
        counted: float[W, H] of 0 and 1, the days of each sum.
    """
    total = np.zeros((len(daily), len(counted)))
    for one in np.unique(times.time[times.time >= 0]):
        days = times.time == one
        total += ((daily[:, days] * np.sqrt(factor[days])) @ counted[:, days].T) ** 2
    return total
