"""Cells whose leaves moved by about the same ratio, where a leaf alone says how far it moved.

With forecast f and value v, x = 2(f − v)/(f + v) is noise about a centre for undisturbed leaves; in one root cause all
leaves move by about the same ratio (the ripple effect; Sun et al., 2018), so x gathers about another level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.localisation.cube import Floats
from duoshou.statistics.localisation.greedy import Pick
from duoshou.statistics.localisation.noise import Background, fit_background, fit_tail

COUNT, SUM, SQUARES, BACKGROUND, SIZE, SIZE_SUM, SIZE_SQUARES, SIZE_SIZE, LOG_SIZE = range(9)
SHARPEST = 0.5
"""The leaves of a cause may lie closer together than undisturbed ones, but not closer than this share of the noise."""


def deviations(actual: Floats, expected: Floats) -> Floats:
    """Return x = 2(f − v)/(f + v), 0 where both are 0."""
    total = actual + expected
    return np.asarray(np.divide(2 * (expected - actual), total, out=np.zeros_like(total), where=total > 0))


@dataclass(frozen=True, slots=True)
class ShiftModel:
    """Scores of shifted cells against a background.

    Attributes:
        background: What undisturbed leaves do.
        false_rate: Chance of finding anything where nothing happened.
    """

    background: Background
    false_rate: float

    def leaf_sums(self, actual: Floats, expected: Floats) -> Floats:
        """Return the additive sums of each leaf, an array (9, leaves); a leaf where both are 0 counts for nothing."""
        known = (actual + expected) > 0
        x = np.where(known, deviations(actual, expected) - self.background.centre, 0.0)
        size = (actual + expected) / 2
        log_size = np.log(np.where(known, size, 1.0))
        leaf = known.astype(float)
        return np.stack(
            [leaf, x, x * x, leaf * self.background.log_density(x), size, size * x, size * x * x, size**2, log_size]
        )

    def score(self, sums: Floats, search_space: Floats) -> Floats:
        """Return the profile log-likelihood ratio of a common level, less the cost of the search.

        Two kinds of scatter within a cause are tried: the same for every leaf, or, as for counts, with a variance
        inversely proportional to its size. The evidence is against the background with its outliers, so that a cell
        is not taken for the sake of a cause that is only part of it. A cell must also differ in its mean from the
        background: a different scatter is no shift.
        """
        return self._score(sums, search_space, (0.0, 0.0))

    def score_against_rest(self, sums: Floats, search_space: Floats, total: Floats) -> Floats:
        """Return at most `score`: a cell's mean must lie outside the span from centre to overall mean.

        The centre is that of the bulk; where noise is skewed the mean of undisturbed leaves lies beside it, and with
        many leaves even that would pass for a shift.
        """
        means = float(total[SUM] / max(total[COUNT], 1.0)), float(total[SIZE_SUM] / max(total[SIZE], 1e-300))
        return self._score(sums, search_space, means)

    def _score(self, sums: Floats, search_space: Floats, means: tuple[float, float]) -> Floats:
        scores = np.full(sums.shape[1], -np.inf)
        judged = (sums[COUNT] > 1.5) & np.isfinite(search_space)
        if not judged.any():
            return scores
        part = sums[:, judged]
        count = part[COUNT]
        cost = search_space[judged] + np.log(count) - math.log(self.false_rate)
        alike, alike_shift = self._alike(part, means[0])
        sized, sized_shift = self._by_size(part, means[1])
        gain = np.logaddexp(alike, sized) - math.log(2) - part[BACKGROUND] - cost
        shift = np.maximum(alike_shift, sized_shift) - cost
        scores[judged] = np.where(shift > 0, gain, np.minimum(shift, gain))
        return scores

    def moved(self, sums: Floats) -> bool:
        """Return whether one sum that was not searched for left its expectation farther than chance."""
        change = sums[SIZE_SUM] + self.background.centre * sums[SIZE]
        spread = self.background.scale**2 * sums[SIZE_SIZE]
        return bool(0.5 * change**2 > math.log(2 / self.false_rate) * spread)

    def _alike(self, sums: Floats, mean: float) -> tuple[Floats, Floats]:
        count, noise = sums[COUNT], self.background.scale**2
        level = sums[SUM] / count
        variance = np.maximum(sums[SQUARES] / count - level**2, 0.0)
        fitted = np.maximum(variance, SHARPEST**2 * noise)
        likelihood = -0.5 * count * (np.log(2 * math.pi * fitted) + variance / fitted)
        return likelihood, 0.5 * count * _beyond(level, mean) ** 2 / np.maximum(variance, noise)

    def _by_size(self, sums: Floats, mean: float) -> tuple[Floats, Floats]:
        count, size, noise = sums[COUNT], sums[SIZE], self.background.scale**2
        level = sums[SIZE_SUM] / size
        residual = np.maximum(sums[SIZE_SQUARES] / count - level**2 * size / count, 0.0)
        fitted = np.maximum(residual, SHARPEST**2 * noise * size / count)
        likelihood = -0.5 * count * (np.log(2 * math.pi * fitted) + residual / fitted) + 0.5 * sums[LOG_SIZE]
        spread = np.maximum(residual * size, noise * sums[SIZE_SIZE])
        return likelihood, 0.5 * (_beyond(level, mean) * size) ** 2 / spread


def _beyond(levels: Floats, mean: float) -> Floats:
    """Return how far the levels lie outside the span from 0 to the mean."""
    return np.asarray(levels - np.clip(levels, min(mean, 0.0), max(mean, 0.0)))


def shift_model(actual: Floats, expected: Floats, false_rate: float) -> ShiftModel:
    """Return the model of a case, its noise estimated from the case itself."""
    return ShiftModel(fit_background(deviations(actual, expected)[(actual + expected) > 0]), false_rate)


def take_lone_leaves(
    leaf_sums: Floats, left: NDArray[np.bool_], codes: NDArray[np.integer], model: ShiftModel, limit: int
) -> list[Pick]:
    """Return leaves that alone lie farther out than the tail of the noise allows.

    Args:
        leaf_sums: Array (9, leaves).
        left: Array (leaves,), whether no taken cell holds the leaf.
        codes: Array (attributes, leaves).
        model: The model of the case.
        limit: Most leaves to return.
    """
    rows = np.flatnonzero(left & (leaf_sums[COUNT] > 0))
    if rows.size < 2 or limit < 1:
        return []
    distances = np.abs(leaf_sums[SUM, rows]) / model.background.scale
    tail = fit_tail(distances)
    allowed = math.log(model.false_rate) - math.log(rows.size)
    evidence = allowed - tail.log_exceedance(distances)
    order = np.argsort(-evidence, kind="stable")[:limit]
    return [
        Pick(tuple(int(code) for code in codes[:, rows[place]]), float(evidence[place]), leaf_sums[:, rows[place]])
        for place in order
        if evidence[place] > 0
    ]
