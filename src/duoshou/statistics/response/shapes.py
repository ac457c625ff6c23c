"""Shapes of a response: what is spent is felt for a while, and the more is spent the less each further unit brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri, stdtrit
from scipy.stats.qmc import Sobol

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DEFENSIVE = 0.25
"""Share of the refined candidates that come from the prior."""
HEAVY = 3.0
"""Degrees of freedom of the logarithm of half saturation: a response may be all but linear."""
WIDER, NARROWEST = 1.3, 0.05
LEAST_SEEN = 8


def carry_over(spend: Floats, decay: Floats, before: float = 0.0) -> Floats:
    """Return what is felt of a spend: a_t = (1 - d) x_t + d a_{t-1}, geometric with weights that add up to one.

    Args:
        spend: float[T], spend of each period.
        decay: float[S], share that is felt in the next period, 0…1.
        before: Spend of each period before the first.

    Returns:
        float[S, T].
    """
    felt = np.empty((len(spend), len(decay)))
    level = np.full(len(decay), before)
    for number, value in enumerate(spend):
        level = level * decay + (1.0 - decay) * value
        felt[number] = level
    return np.ascontiguousarray(felt.T)


def saturate(level: Floats, half: Floats, slope: Floats) -> Floats:
    """Return the share of the most that a channel can bring: level^s / (level^s + half^s).

    Slope 1 is Michaelis and Menten's curve; a slope above 1 starts flat, as Hill's does.

    Args:
        level: Spend that is felt, 0 or more; shapes are broadcast.
        half: Level that brings half of the most, above 0.
        slope: Steepness, above 0.
    """
    with np.errstate(divide="ignore", over="ignore"):
        ratio = np.where(level > 0, level, 0.0) / half
        power = np.where(slope == 1.0, ratio, ratio**slope)
    return np.asarray(power / (1.0 + power), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ShapePrior:
    """What is believed of the shape of a channel before its figures are seen.

    Attributes:
        decay: Parameters of the beta distribution of the decay. (1, 3) suits weeks, (2, 2) days.
        half: Median of the level of half saturation, as a multiple of the mean spend that is felt.
        half_spread: Scale of its logarithm, which is Student's with three degrees of freedom.
        hill: Probability that the curve has a slope of its own; else it is Michaelis and Menten's.
        slopes: Least and greatest slope, uniform in the logarithm.
    """

    decay: tuple[float, float] = (1.0, 3.0)
    half: float = 1.0
    half_spread: float = 0.8
    hill: float = 0.5
    slopes: tuple[float, float] = (0.7, 3.0)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Shapes that a channel may have.

    Attributes:
        decay: float[G].
        half: float[G], in the unit of the spend.
        slope: float[G].
        columns: float[G, T], share of the most that each period brings, divided by its mean.
        means: float[G], the mean that they were divided by.
        places: float[G, 3], where decay, half saturation and slope lie in their priors, as normal scores.
        weight: float[G], logarithm of how likely each is beforehand against how likely it was to be offered.
    """

    decay: Floats
    half: Floats
    slope: Floats
    columns: Floats
    means: Floats
    places: Floats
    weight: Floats


def candidates(spend: Floats, prior: ShapePrior, size: int, *, before: float = 0.0, seed: int = 0) -> Candidates:
    """Return shapes drawn from the prior, evenly (Sobol's sequence, scrambled).

    Args:
        spend: float[T], spend of each period, of which some must be above 0.
        prior: What is believed of the shape.
        size: How many; a power of two.
        before: Spend of each period before the first.
        seed: Of the scrambling.
    """
    points, hill = _points(size, prior.hill, seed)
    return _placed(spend, prior, ndtri(points), hill, np.zeros(size), before)


def refined(
    spend: Floats, prior: ShapePrior, drawn: Candidates, chosen: Ints, *, before: float = 0.0, seed: int = 0
) -> Candidates:
    """Return shapes about those that fitted, with some from the prior among them (Hesterberg 1995).

    Figures that tell much of a shape would leave only a few of the first candidates; each new one carries what it is
    likelier beforehand than it was to be offered.

    Args:
        spend: float[T], spend of each period.
        prior: What is believed of the shape.
        drawn: The first candidates.
        chosen: int[N], those of them that were drawn.
        before: Spend of each period before the first.
        seed: Of the scrambling.
    """
    size = len(drawn.decay)
    points, hill = _points(size, prior.hill, seed)
    normal = ndtri(points)
    places, weight = normal.copy(), np.zeros(size)
    first = np.random.default_rng(seed).random(size) < DEFENSIVE
    for steep in (False, True):
        own, wide = hill == steep, 3 if steep else 2
        seen = drawn.places[chosen[(drawn.slope[chosen] != 1.0) == steep]][:, :wide]
        if len(seen) < LEAST_SEEN:
            continue
        middle = seen.mean(axis=0)
        spread = np.cov(seen.T) * WIDER**2 + np.eye(wide) * NARROWEST**2
        root = np.linalg.cholesky(spread)
        near = own & ~first
        places[near, :wide] = middle + normal[near, :wide] @ root.T
        gone = np.linalg.solve(root, (places[own, :wide] - middle).T).T
        about = -0.5 * (gone**2).sum(axis=1) - np.log(np.diag(root)).sum()
        believed = -0.5 * (places[own, :wide] ** 2).sum(axis=1)
        weight[own] = believed - np.logaddexp(np.log(DEFENSIVE) + believed, np.log(1 - DEFENSIVE) + about)
    return _placed(spend, prior, places, hill, weight, before)


def _points(size: int, share: float, seed: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return even points of the unit cube, and which of them have a slope of their own."""
    points = Sobol(4, scramble=True, rng=np.random.default_rng(seed)).random(size)
    return np.clip(points[:, :3], 1e-6, 1 - 1e-6), points[:, 3] < share


def _placed(
    spend: Floats, prior: ShapePrior, places: Floats, hill: NDArray[np.bool_], weight: Floats, before: float
) -> Candidates:
    decay = np.minimum(betaincinv(*prior.decay, np.clip(ndtr(places[:, 0]), 1e-12, 1 - 1e-9)), 0.99)
    heavy = stdtrit(HEAVY, np.clip(ndtr(places[:, 1]), 1e-6, 1 - 1e-6))
    half = prior.half * np.exp(prior.half_spread * heavy) * float(spend.mean())
    low, high = np.log(prior.slopes)
    slope = np.where(hill, np.exp(low + (high - low) * ndtr(places[:, 2])), 1.0)
    columns = saturate(carry_over(spend, decay, before), half[:, None], slope[:, None])
    means = columns.mean(axis=1)
    return Candidates(decay, half, slope, columns / means[:, None], means, places, weight)
