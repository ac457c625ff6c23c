"""The chance that a launch lies above the bar, and below the median, by what its hits and tries tell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaln

from duoshou.statistics.launches.population import Population

Floats = NDArray[np.float64]


class Chances(NamedTuple):
    """Chances of launches, of the shape of their hits.

    Attributes:
        above: That it lies above the bar.
        below: That it lies below the median.
    """

    above: Floats
    below: Floats


def chances(population: Population, hits: Floats, tries: Floats) -> Chances:
    """Return where launches lie among the past ones.

    Args:
        population: What the rates of past launches may be.
        hits: Successes, of any shape, as those of independent tries.
        tries: Tries of which they are, of the same shape.
    """
    weight = law_weights(population, hits, tries)
    alpha, beta = population.alpha + hits[..., None], population.beta + (tries - hits)[..., None]
    above = 1.0 - (weight * betainc(alpha, beta, population.upper)).sum(axis=-1)
    below = (weight * betainc(alpha, beta, population.lower)).sum(axis=-1)
    return Chances(above.clip(0, 1), below.clip(0, 1))


def law_weights(population: Population, hits: Floats, tries: Floats) -> Floats:
    """Return float[…, S], how likely each law is after the launch itself was seen; adds up to one."""
    alpha, beta = population.alpha, population.beta
    likely = betaln(alpha + hits[..., None], beta + (tries - hits)[..., None]) - betaln(alpha, beta)
    weight = np.exp(likely - likely.max(axis=-1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))
