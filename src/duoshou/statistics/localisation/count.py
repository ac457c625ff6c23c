"""Cells whose sums moved, where leaves are too small to say anything alone: counts, amounts, rates."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.localisation.cube import Floats
from duoshou.statistics.localisation.dispersion import Dispersion

ACTUAL, EXPECTED, TRIALS = range(3)
HALF_EVENT = 0.5
"""Added on both sides, so that a few events where none was expected are few, not infinitely surprising."""


def poisson_ratio(actual: Floats, expected: Floats) -> Floats:
    """Return the log-likelihood ratio of the observed level against the expected one: V log(V/F) − (V − F)."""
    v, f = np.maximum(actual, 0.0) + HALF_EVENT, np.maximum(expected, 0.0) + HALF_EVENT
    return np.asarray(v * np.log(v / f) - (v - f))


def bernoulli_ratio(actual: Floats, expected: Floats, trials: Floats) -> Floats:
    """Return the log-likelihood ratio of the observed rate V/N against the expected one F/N."""
    v, f = np.maximum(actual, 0.0) + HALF_EVENT, np.maximum(expected, 0.0) + HALF_EVENT
    n = np.maximum(trials, np.maximum(actual, expected)) + 2 * HALF_EVENT
    return np.asarray(v * np.log(v / f) + (n - v) * np.log((n - v) / (n - f)))


@dataclass(frozen=True, slots=True)
class CountModel:
    """Scores of cells whose sums moved; the sums are actual, expected and, for rates, trials.

    Attributes:
        dispersion: How undisturbed sums scatter.
        false_rate: Chance of finding anything where nothing happened.
    """

    dispersion: Dispersion
    false_rate: float

    def evidence(self, sums: Floats) -> Floats:
        """Return the evidence in nats that sums moved: a quasi-likelihood ratio in units of one event."""
        return self._ratio(sums, np.asarray(max(self.dispersion.events, 1e-300)))

    def _ratio(self, sums: Floats, per_unit: Floats) -> Floats:
        actual, expected = sums[ACTUAL] / per_unit, sums[EXPECTED] / per_unit
        if len(sums) > TRIALS:
            return bernoulli_ratio(actual, expected, sums[TRIALS] / per_unit)
        return poisson_ratio(actual, expected)

    def _cautious(self, sums: Floats) -> Floats:
        """Return the evidence where the scatter that does not shrink with size explains a part of it."""
        return self._ratio(sums, np.maximum(self.dispersion.per_unit(sums[EXPECTED]), 1e-300))

    def _cost(self, search_space: Floats) -> Floats:
        return np.asarray(search_space + math.log(2 / self.false_rate))

    def score(self, sums: Floats, search_space: Floats) -> Floats:
        """Return the evidence less the cost of the search, or the cautious evidence less it where that is negative.

        A Poisson likelihood ratio exceeds t by chance with probability at most 2·exp(−t) (Chernoff), so the sum over
        all cells of all cuboids stays below the false rate. The cautious evidence decides whether a cell moved at
        all, the plain one which of several overlapping cells says it best.
        """
        cost = self._cost(search_space)
        cautious = self._cautious(sums) - cost
        scores = np.where(cautious > 0, self.evidence(sums) - cost, cautious)
        return np.where((sums[ACTUAL] > 0) | (sums[EXPECTED] > 0), scores, -np.inf)

    def moved(self, sums: Floats) -> bool:
        """Return whether one sum that was not searched for left its expectation farther than chance."""
        return bool(self._cautious(sums[:, None])[0] > math.log(2 / self.false_rate))

    def score_against_rest(self, sums: Floats, search_space: Floats, total: Floats) -> Floats:
        """Return at most `score`: the evidence that a cell moved farther than everything outside it did.

        That cell and rest differ at all is judged by Kulldorff's scan statistic (1997), which knows how uncertain the
        level of a small rest is; where it does not pay the cost of the search, its shortfall is returned.

        Args:
            sums: Array (sums, cells).
            search_space: Array (cells,).
            total: Array (sums,) over all leaves that are left.
        """
        shortfall = self._differs(sums, total) - self._cost(search_space)
        return np.where(shortfall > 0, self.rank_against_rest(sums, search_space, total), shortfall)

    def rank_against_rest(self, sums: Floats, search_space: Floats, total: Floats) -> Floats:
        """Return the same evidence without judging whether it could be chance.

        The level of the rest, actual ÷ expected, is what a move common to all has made of the cell; it counts only
        when it lies on the cell's side of 1.
        """
        rest = np.maximum(total[:, None] - sums, 0.0)
        unit = self.dispersion.events * HALF_EVENT
        level = (rest[ACTUAL] + unit) / (rest[EXPECTED] + unit)
        own = (sums[ACTUAL] + unit) / (sums[EXPECTED] + unit)
        common = np.where(own > 1, np.clip(level, 1.0, own), np.clip(level, own, 1.0))
        shifted = sums.copy()
        shifted[EXPECTED] = sums[EXPECTED] * common
        scores = self.evidence(shifted) - self._cost(search_space)
        return np.where((sums[ACTUAL] > 0) | (sums[EXPECTED] > 0), scores, -np.inf)

    def _differs(self, sums: Floats, total: Floats) -> Floats:
        rest = np.maximum(total[:, None] - sums, 0.0)
        per_unit = np.maximum(self.dispersion.per_unit(sums[EXPECTED]), 1e-300)
        parts = [part[:2] / per_unit + HALF_EVENT for part in (sums, rest)]
        whole = total[:2, None] / per_unit + 2 * HALF_EVENT
        inside, outside, together = (part[ACTUAL] * np.log(part[ACTUAL] / part[EXPECTED]) for part in (*parts, whole))
        return np.asarray(inside + outside - together)
