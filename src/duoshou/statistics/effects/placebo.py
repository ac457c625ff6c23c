"""Synthetic difference-in-differences with its interval from donors that nothing happened to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from duoshou.statistics.effects.donors import Relatives
from duoshou.statistics.effects.panel import Array
from duoshou.statistics.effects.quantiles import student_score, student_value
from duoshou.statistics.effects.simplex import simplex_weights
from duoshou.statistics.effects.synthetic import (
    Synthetic,
    own_scatter,
    penalised,
    synthetic_difference_in_differences,
    time_penalty,
    unit_penalties,
)
from duoshou.statistics.effects.timing import steady_weights

_BETWEEN = (0.0, 0.5, 1.0)
_BLOCKS = 5


@dataclass(frozen=True)
class Placebo:
    """An effect relative to the subject's mean before the start.

    Attributes:
        estimate: Mean effect of a day.
        error: Its standard error.
        degrees: Degrees of freedom of that error.
        synthetic: The fit.
        ratio: The subject's fit before the start ÷ that of the median donor.
        donors: float[donors], what the same estimate finds of each donor, relative to its mean before the start.
    """

    estimate: float
    error: float
    degrees: int
    synthetic: Synthetic
    ratio: float
    donors: Array

    def interval(self, level: float) -> tuple[float, float]:
        """Return the limits at this coverage."""
        reach = student_value(NormalDist().inv_cdf((1 + level) / 2), self.degrees) * self.error
        return self.estimate - reach, self.estimate + reach

    def p_value(self) -> float:
        """Return the two-sided probability of an estimate as far from 0 without an effect."""
        z = float(student_score(np.array([self.estimate / self.error]), self.degrees)[0])
        return math.erfc(abs(z) / math.sqrt(2))


def placebo_effect(found: Relatives, start: int, weekday: int, drivers: Array) -> Placebo:
    """Return the effect with a standard error from every donor in turn treated as if the change were its own.

    Placebo errors count in units of each unit's fit before the start, as small units scatter more (the ratio of
    Abadie, Diamond and Hainmueller, 2010). The days before are weighed as in the paper, steadily (see
    `steady_weights`), and half and half; the three are mixed by how little they err for the donors.
    """
    size = len(found.donors)
    main = synthetic_difference_in_differences(
        np.vstack([found.own, found.donors]),
        np.arange(size + 1) == 0,
        start,
        ignore=~found.taught,
        scatter=own_scatter(found.donors[:, found.taught]),
    )
    units, times = without_each(found, start, main)
    gaps = np.vstack([main.gap, found.donors - units @ found.donors])
    before = gaps[:, found.taught]
    later = gaps[:, start:].mean(axis=1)
    paper = later - (before * np.vstack([main.time_weights, times])).sum(axis=1)
    steady = later - before @ steady_weights(gaps, found.taught, start, weekday, drivers)
    fit = steadiness(before, gaps.shape[1] - start)
    candidates = np.stack([paper + share * (steady - paper) for share in _BETWEEN])
    squares = (candidates[:, 1:] / fit[1:]) ** 2
    # A donor's own error has no say in how its estimates are mixed.
    others = np.concatenate([squares.sum(axis=1, keepdims=True), squares.sum(axis=1, keepdims=True) - squares], axis=1)
    weights = (others / others.min(axis=0)) ** (-size / 8)
    mixed = (weights * candidates).sum(axis=0) / weights.sum(axis=0)
    error = math.sqrt(float(np.mean((mixed[1:] / fit[1:]) ** 2)) * (size + 1) / (size - 1)) * float(fit[0])
    return Placebo(float(mixed[0]), error, size - 1, main, float(fit[0] / np.median(fit[1:])), mixed[1:])


def steadiness(before: Array, length: int) -> Array:
    """Return how far the mean gap of so many days may be expected to stray, for each unit, up to one common factor.

    The scatter of a unit's gaps before the start, times how much more than independent days its blocks of days stray.
    Few blocks tell little of one unit, so their variance is shrunk, on the logarithm, toward the mean of all units as
    far as units differ by more than chance (empirical Bayes). This is the fit that placebos are held against.
    """
    days = before.shape[1]
    block = max(min(length, days // _BLOCKS), 1)
    count = days // block
    deviation = np.maximum(before.std(axis=1), 1e-9)
    means = before[:, days - count * block :].reshape(len(before), count, block).mean(axis=2)
    logs = np.log(np.maximum(means.var(axis=1, ddof=1) / deviation**2, 1e-6))
    chance = 2 / (count - 1) + 2 / (count - 1) ** 2  # of the logarithm of a variance of so many blocks
    trust = max(0.0, 1 - chance / max(float(logs.var(ddof=1)), 1e-12))
    shrunk = logs.mean() + trust * (logs - logs.mean())
    return np.asarray(deviation * np.exp(shrunk / 2))


def without_each(found: Relatives, start: int, main: Synthetic) -> tuple[Array, Array]:
    """Return the unit weights, donors × donors, and time weights, donors × days taught, of each donor as treated.

    The moments of the others come from those of all by taking one away, which spares most of the work.
    """
    donors, size = found.donors, len(found.donors)
    earlier, later = donors[:, found.taught], donors[:, start:].mean(axis=1)
    centred = earlier - earlier.mean(axis=1, keepdims=True)
    between = centred @ centred.T / earlier.shape[1]
    across, ahead = earlier - earlier.mean(axis=0), later - later.mean()
    noise = float(np.diff(earlier, axis=1).std(ddof=1))
    products, aims = across.T @ across, across.T @ ahead
    units, times = np.zeros((size, size)), np.zeros(earlier.shape)
    penalties = unit_penalties(1, donors.shape[1] - start, own_scatter(earlier))
    for place in range(size):
        rest = np.arange(size) != place
        gram = penalised(between[rest][:, rest], penalties[rest])
        units[place, rest] = simplex_weights(gram, between[rest, place], main.unit_weights[rest])
        own = across[place]
        share = size / (size - 1)
        gram = penalised((products - share * np.outer(own, own)) / (size - 1), time_penalty(noise))
        aim = (aims - share * own * ahead[place]) / (size - 1)
        times[place] = simplex_weights(gram, aim, main.time_weights)
    return units, times
