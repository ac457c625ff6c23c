"""Group sequential boundaries: how large a difference must be at each look when one looks often.

The score process B(t) = Z(t)·√t of a test is Brownian motion in the fraction t of the information, with a drift equal
to the mean of Z at t = 1. Its density over the region in which the test goes on is carried from look to look by
numerical integration (Armitage, McPherson and Rowe, 1969), once, without drift; with drift θ it is tilted by
exp(θx − θ²t/2).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from duoshou.statistics.trials.normal import density, quantile_above, upper_tail
from duoshou.statistics.trials.outcomes import Array, IntArray

_NEGLIGIBLE = 1e-13
_RESOLUTION = 1.0
_STEPS = 60


def spent(fraction: float, level: float) -> float:
    """Return the error, both sides together, spent at a fraction of the information.

    The spending function of Lan and DeMets (1983) that resembles O'Brien and Fleming's boundaries, applied to each
    side with half the level: 4·(1 − Φ(z₁₋level/4 ÷ √t)); the whole level from t = 1 on.
    """
    if fraction <= 0:
        return 0.0
    if fraction >= 1:
        return level
    return 4 * float(upper_tail(np.array(quantile_above(level / 4) / math.sqrt(fraction))))


@dataclass(frozen=True)
class Boundaries:
    """Two-sided boundaries and what is needed to compute with them.

    Attributes:
        fractions: float[looks], information at each look as a fraction of the planned one.
        bounds: float[looks], the |z| that ends the test; infinite where nothing worth mentioning may be spent.
        look: int[nodes], the look whose crossing a node contributes to.
        places, masses: float[nodes], score process at the look before and its probability without drift.
        before: float[nodes], fraction at that look.
    """

    fractions: Array
    bounds: Array
    look: IntArray
    places: Array
    masses: Array
    before: Array

    def crossing(self, drift: float) -> tuple[Array, Array]:
        """Return float[looks] twice: probabilities to end at each look above and below, if Z has mean drift·√t."""
        looks = len(self.bounds)
        weight, room, step = self._tilted(drift)
        bound = (self.bounds * np.sqrt(self.fractions))[self.look]
        above = weight * upper_tail((bound - self.places - drift * room) / step)
        below = weight * upper_tail((bound + self.places + drift * room) / step)
        return np.asarray(np.bincount(self.look, above, looks)), np.asarray(np.bincount(self.look, below, looks))

    def at_least(self, look: int, z: float, drift: float) -> float:
        """Return the probability of an end at least as high as z at this look, in stagewise order.

        Whoever ends earlier above ranks higher (Siegmund, 1978; Tsiatis, Rosner and Mehta, 1984).
        """
        earlier = float(self.crossing(drift)[0][:look].sum())
        here = self.look == look
        if not here.any():
            mean = drift * math.sqrt(float(self.fractions[look]))
            return earlier + float(upper_tail(np.array(z - mean)))
        weight, room, step = (part[here] for part in self._tilted(drift))
        bound = z * math.sqrt(float(self.fractions[look]))
        return earlier + float((weight * upper_tail((bound - self.places[here] - drift * room) / step)).sum())

    def drift_at(self, look: int, z: float, probability: float) -> float:
        """Return the drift under which an end at least as high has the probability given."""
        root = math.sqrt(float(self.fractions[look]))
        low, high, wanted = (z - 12) / root, (z + 12) / root, -quantile_above(probability)
        drift = z / root + wanted / root
        for _ in range(_STEPS):
            chance = min(max(self.at_least(look, z, drift), 1e-300), 1 - 1e-16)
            low, high = (drift, high) if chance < probability else (low, drift)
            following = drift + (wanted + quantile_above(chance)) / root  # the probit of the chance is nearly a line
            if not low < following < high:
                following = (low + high) / 2
            if abs(following - drift) < 1e-8 * (1 + abs(drift)):
                return following
            drift = following
        return drift

    def _tilted(self, drift: float) -> tuple[Array, Array, Array]:
        weight = self.masses * np.exp(drift * self.places - 0.5 * drift * drift * self.before)
        room = self.fractions[self.look] - self.before
        return weight, room, np.sqrt(room)


def boundaries(fractions: tuple[float, ...], level: float, *, closed: bool = False) -> Boundaries:
    """Return the boundaries for looks at these fractions of the information; the error spent by then is `spent`.

    A last look at a fraction of 1 or more spends what is left of the level, and so does any last look of a test that
    is closed early for a reason that has nothing to do with what it shows.

    Raises:
        ValueError: If there are no looks, fractions do not rise from above 0, more than one reaches 1, or the level
            does not lie between 0 and 1.
    """
    if not fractions or fractions[0] <= 0 or any(b <= a for a, b in pairwise(fractions)):
        raise ValueError("looks need fractions of the information that rise from above 0")
    if sum(each >= 1 for each in fractions) > 1:
        raise ValueError("the first look with all the information is the last")
    if not 0 < level < 1:
        raise ValueError("the level lies between 0 and 1")
    return _boundaries(fractions, level, closed)


def with_bounds(fractions: tuple[float, ...], bounds: tuple[float, ...]) -> Boundaries:
    """Return what is needed to compute with bounds on |z| that are given, one a look; they may be infinite.

    Raises:
        ValueError: If there is not one positive bound for each of the rising fractions.
    """
    rising = all(after > before for before, after in pairwise((0.0, *fractions)))
    if not fractions or len(bounds) != len(fractions) or min(bounds) <= 0 or not rising:
        raise ValueError("each of the rising fractions has a positive bound")
    edges = [bound * math.sqrt(fraction) for fraction, bound in zip(fractions, bounds, strict=True)]
    return _carried(fractions, lambda k, _places, _masses, _step: edges[k])


@lru_cache(maxsize=256)
def _boundaries(fractions: tuple[float, ...], level: float, closed: bool) -> Boundaries:
    used = 0.0

    def edge(k: int, places: Array, masses: Array, step: float) -> float:
        nonlocal used
        allowance = (level if closed and k + 1 == len(fractions) else spent(fractions[k], level)) - used
        if allowance < _NEGLIGIBLE:
            return math.inf
        used += allowance
        return _edge(places, masses, step, allowance)

    return _carried(fractions, edge)


def _carried(fractions: tuple[float, ...], edge_at: Callable[[int, Array, Array, float], float]) -> Boundaries:
    """Carry the density from look to look; looks with an infinite bound are passed over."""
    bounds = np.full(len(fractions), math.inf)
    look, at, weight, since = [], [], [], []
    places, masses, before = np.zeros(1), np.ones(1), 0.0
    for k, fraction in enumerate(fractions):
        step = math.sqrt(fraction - before)
        edge = edge_at(k, places, masses, step)
        if math.isinf(edge):
            continue
        bounds[k] = edge / math.sqrt(fraction)
        look.append(np.full(len(places), k))
        at.append(places)
        weight.append(masses)
        since.append(np.full(len(places), before))
        following = math.sqrt(fractions[k + 1] - fraction) if k + 1 < len(fractions) else step
        nodes, weights = _nodes(math.ceil(math.pi * edge / (_RESOLUTION * min(step, following))))
        reached = nodes * edge
        kernel = density((reached[:, None] - places[None, :]) / step) / step
        masses, places, before = weights * edge * (kernel @ masses), reached, fraction
    nothing = np.zeros(0)
    return Boundaries(
        np.array(fractions),
        bounds,
        np.concatenate([np.zeros(0, dtype=np.int64), *look]),
        np.concatenate([nothing, *at]),
        np.concatenate([nothing, *weight]),
        np.concatenate([nothing, *since]),
    )


def _edge(places: Array, masses: Array, step: float, allowance: float) -> float:
    """Return the |score| that is exceeded with the probability allowed, by Newton's method kept between brackets."""

    def exceeded(edge: float) -> tuple[float, float]:
        over, under = (edge - places) / step, (edge + places) / step
        mass = float(masses @ (upper_tail(over) + upper_tail(under)))
        return mass, float(masses @ (density(over) + density(under))) / step

    low, high = 0.0, float(np.abs(places).max()) + 9 * step
    edge = min(high, step * quantile_above(min(allowance / 2, 0.5)) + float(np.abs(masses @ places)))
    for _ in range(_STEPS):
        mass, slope = exceeded(edge)
        low, high = (edge, high) if mass > allowance else (low, edge)
        ratio = math.log(mass / allowance) * mass / slope if slope > 0 and mass > 0 else math.nan
        following = edge + ratio
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - edge) < 1e-11 * (1 + edge):
            return following
        edge = following
    return edge


@lru_cache(maxsize=64)
def _rule(size: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(size)
    return np.asarray(nodes), np.asarray(weights)


def _nodes(wanted: int) -> tuple[Array, Array]:
    """Return nodes and weights of Gauss and Legendre's rule on (−1, 1), at least as many as wanted."""
    return _rule(16 * math.ceil(max(wanted, 32) / 16))
