"""How far two items lie together more, or less, often than chance would have them.

Two kinds of chance are asked. Of independent items `left × right ÷ baskets` baskets would hold both, and the count is
hypergeometric (Fisher's exact test). Where nearly every basket holds one item that expects too much of every pair, and
where some hold hundreds too little. So the second kind takes as given how many partners each item had, all items of its
baskets but itself: partners drawn at random give a pair `partners × partners ÷ Σ s(s − 1)` baskets, `s` being the sizes
of the baskets (the configuration model of Molloy and Reed 1995), a sum of rare events that a Poisson count bounds.
A pair differs from chance only where it differs from both, in the same direction: the larger p-value counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammainccinv, gammaincinv, gammaln, pdtr, pdtrc

from duoshou.statistics.baskets.counting import PairCounts
from duoshou.statistics.baskets.tails import hypergeometric_tails

Floats = NDArray[np.float64]
LEVEL = 0.95
CLASSES_AN_OCTAVE = 8
"""Classes of weight in which pairs that were never seen are counted: 9 % wide."""
LEAST_SPREAD, MOST_SPREAD = -7.0, 12.0


@dataclass(frozen=True, slots=True)
class LiftPrior:
    """A gamma distribution of the true lifts over all pairs.

    Attributes:
        shape: The larger, the more alike the lifts of all pairs.
        rate: Shape over the mean lift.
    """

    shape: float
    rate: float


@dataclass(frozen=True, slots=True)
class Association:
    """What is known of each pair, one entry a pair.

    Attributes:
        lift: Count over what independent items would give.
        expected: What chance would give, given how many partners each item has.
        shrunk: Count over `expected`, drawn towards the other pairs as far as the count is small (posterior median).
        low: Lower end of the 95 % interval of `shrunk`.
        high: Upper end.
        more: Chance of so many or more together.
        fewer: Chance of so few or fewer.
    """

    lift: Floats
    expected: Floats
    shrunk: Floats
    low: Floats
    high: Floats
    more: Floats
    fewer: Floats


def fit_prior(
    together: Floats | NDArray[np.int64], expected: Floats, unseen_expected: Floats, unseen_weight: Floats
) -> LiftPrior:
    """Return the gamma prior under which the counts of all pairs are likeliest (negative binomial; DuMouchel 1999).

    Args:
        together: Counts of the pairs that were seen.
        expected: What chance would give of each.
        unseen_expected: The same of pairs that were never seen together, of which one may stand for many.
        unseen_weight: How many pairs each of those stands for.
    """

    def loss(at: NDArray[Any]) -> float:
        shape, rate = np.exp(at[0]), np.exp(at[0] - at[1])
        seen = gammaln(shape + together) - gammaln(shape) + together * np.log(expected / (rate + expected))
        seen = seen + shape * np.log(rate / (rate + expected))
        unseen = shape * np.log(rate / (rate + unseen_expected)) * unseen_weight
        return -float(seen.sum() + unseen.sum())

    total = float(expected.sum() + (unseen_expected * unseen_weight).sum())
    if not together.size or total <= 0:
        return LiftPrior(1.0, 1.0)
    start = np.array([0.0, np.log(max(float(together.sum()), 0.5) / total)])
    bounds = [(LEAST_SPREAD, MOST_SPREAD), (start[1] - 8, start[1] + 8)]
    found = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return LiftPrior(float(np.exp(found.x[0])), float(np.exp(found.x[0] - found.x[1])))


def unseen_pairs(
    weights: NDArray[np.int64], pairs: PairCounts, factor: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what chance would give of pairs that were never seen together, by classes of weight, and how many are.

    Args:
        weights: Partners of each item that is looked at, or whatever its expected counts are proportional to.
        pairs: The pairs that were seen, codes as positions in `weights`.
        factor: Expected count of a pair over the product of its two weights.
    """
    steps = np.floor(np.log2(np.maximum(weights, 1)) * CLASSES_AN_OCTAVE).astype(np.int64)
    _, of = np.unique(steps, return_inverse=True)
    number = np.bincount(of)
    mean = np.bincount(of, weights=weights) / number
    both = np.outer(number, number).astype(np.float64)
    np.fill_diagonal(both, number * (number - 1) / 2)
    seen = np.zeros_like(both)
    low, high = np.minimum(of[pairs.left], of[pairs.right]), np.maximum(of[pairs.left], of[pairs.right])
    np.add.at(seen, (low, high), 1)
    upper = np.triu_indices(number.size)
    return (np.outer(mean, mean) * factor)[upper], np.maximum(both - seen, 0)[upper]


def associate(
    pairs: PairCounts,
    support: NDArray[np.int64],
    baskets: int,
    expected: Floats,
    prior: LiftPrior,
) -> Association:
    """Return lifts, intervals and chances of pairs.

    Args:
        pairs: The pairs and their counts.
        support: Number of baskets of each item, by its code.
        baskets: Number of all baskets.
        expected: What chance would give of each pair, given the partners of its items.
        prior: Of the lifts.
    """
    left, right = support[pairs.left], support[pairs.right]
    return _associated(pairs.together, left, right, baskets, expected, prior)


def associate_transitions(
    pairs: PairCounts, first: NDArray[np.int64], second: NDArray[np.int64], steps: int, prior: LiftPrior
) -> Association:
    """Return the same of an item in one basket and another in the next: the sizes of baskets do not disturb there.

    Args:
        pairs: Item of the first, item of the second basket, and in how many steps.
        first: Steps whose first basket holds an item, by its code.
        second: Steps whose second basket does.
        steps: Number of all steps.
        prior: Of the lifts.
    """
    left, right = first[pairs.left], second[pairs.right]
    return _associated(pairs.together, left, right, steps, left * right / max(steps, 1), prior)


def _associated(
    together: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    baskets: int,
    expected: Floats,
    prior: LiftPrior,
) -> Association:
    independent = left * right / max(baskets, 1)
    shape, rate = prior.shape + together, prior.rate + expected
    edge = (1 - LEVEL) / 2
    low, middle, high = gammaincinv(shape, edge), gammaincinv(shape, 0.5), gammainccinv(shape, edge)
    exact_more, exact_fewer = hypergeometric_tails(together, baskets, left, right)
    more = np.maximum(exact_more, np.where(together > 0, pdtrc(together - 1.0, expected), 1.0))
    fewer = np.maximum(exact_fewer, pdtr(together, expected))
    lift = np.divide(together, independent, out=np.full(together.shape, np.nan), where=independent > 0)
    return Association(lift, expected, middle / rate, low / rate, high / rate, more, fewer)
