"""Launches of two sorts: usual ones that may be nearly alike, and better ones.

Where most launches do about the same, a law of one hump takes chance for differences between them, and would call the
unlucky ones of the usual sort bad. Rates here are of a mixture of two beta laws: a part w of usual launches about a
mean, of any spread from next to none up, and the others about a higher mean. The parameters are drawn evenly from the
prior, and weighed by the likelihood of what the past launches did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, logsumexp

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
POINTS = 2048
USUAL_PART = (0.5, 0.95)
"""Part of the launches that are usual ones; evenly."""
BETTER = (1.25, 6.0)
"""How many times the usual mean the better ones' is; evenly in its logarithm, as all below."""
USUAL_SPREAD = (0.02, 0.5)
"""Coefficient of variation of the usual ones' rates."""
BETTER_SPREAD = (0.05, 1.0)
"""That of the better ones' rates."""
GOLDEN = 1.1347241384015194
"""Root of x⁶ = x + 1: steps by its inverse powers spread points evenly in five dimensions (Roberts 2018)."""


@dataclass(frozen=True, slots=True)
class TwoSorts:
    """The mixtures that are looked at, one entry of each array for each.

    Attributes:
        usual, better: Parameters α and β of the two beta laws, float[2, N] each.
        part: float[N], part of the usual ones.
        likely: float[N], logarithm of prior weight × likelihood.
    """

    usual: Floats
    better: Floats
    part: Floats
    likely: Floats

    @property
    def evidence(self) -> float:
        """Logarithm of the probability of what the past launches did, if launches are of two sorts."""
        return float(logsumexp(self.likely))

    def drawn(self, places: Places, hits: Floats, tries: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
        """Return the law of a new launch, float[2, S], and of past ones, float[2, S, L], before what they did.

        Which sort each is of is drawn, that of a past one by what it did.

        Args:
            places: int[S], which mixtures.
            hits: float[L], of the past launches.
            tries: float[L].
            random: Draws.
        """
        usual, better, part = self.usual[:, places], self.better[:, places], self.part[places]
        one, other = _by_sort(usual, better, part, hits, tries)
        is_better = random.random(one.shape) < expit(other - one)
        past = np.where(is_better, better[:, :, None], usual[:, :, None])
        return np.where(random.random(len(part)) > part, better, usual), past


def two_sorts(hits: Floats, tries: Floats, centre: float, reach: float) -> TwoSorts:
    """Return the mixtures, as likely as past launches make them.

    Args:
        hits: float[L].
        tries: float[L].
        centre: Middle of the prior of the mean of all launches, in log-odds.
        reach: How far it goes on both sides; within, the mean has Jeffreys' prior.
    """
    steps = GOLDEN ** -np.arange(1.0, 6.0)
    point = ((0.5 + np.arange(1, POINTS + 1)[:, None] * steps) % 1.0).T
    part = USUAL_PART[0] + (USUAL_PART[1] - USUAL_PART[0]) * point[0]
    ratio = _evenly(BETTER, point[1])
    mean = expit(centre + (2.0 * point[2] - 1.0) * reach)
    low = mean / (part + (1.0 - part) * ratio)
    usual = _parameters(low, _evenly(USUAL_SPREAD, point[3]))
    better = _parameters(np.minimum(low * ratio, 0.9), _evenly(BETTER_SPREAD, point[4]))
    prior = 0.5 * np.log(mean) + 0.5 * np.log1p(-mean)
    likely = prior - logsumexp(prior) + np.logaddexp(*_by_sort(usual, better, part, hits, tries)).sum(axis=1)
    return TwoSorts(usual, better, part, likely)


def _by_sort(usual: Floats, better: Floats, part: Floats, hits: Floats, tries: Floats) -> tuple[Floats, Floats]:
    """Return float[N, L], logarithms of the probabilities that a launch is of a sort and does what it did."""
    one, other = (_log_likelihood(law, hits, tries) for law in (usual, better))
    return one + np.log(part)[:, None], other + np.log1p(-part)[:, None]


def _evenly(limits: tuple[float, float], point: Floats) -> Floats:
    return np.asarray(limits[0] * (limits[1] / limits[0]) ** point)


def _parameters(mean: Floats, spread: Floats) -> Floats:
    """Return α and β of the beta laws, float[2, N]; none varies more than a coin between 0 and 1 does."""
    varied = np.minimum(spread, 0.95 * np.sqrt((1 - mean) / mean))
    concentration = (1 - mean) / mean / varied**2 - 1
    return np.stack([mean * concentration, (1 - mean) * concentration])


def _log_likelihood(law: Floats, hits: Floats, tries: Floats) -> Floats:
    """Return float[N, L], beta-binomial but for the number of orders in which hits may come."""
    alpha, beta = law[:, :, None]
    return np.asarray(betaln(alpha + hits, beta + tries - hits) - betaln(alpha, beta))
