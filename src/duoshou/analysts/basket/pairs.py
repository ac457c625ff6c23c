"""Pairs of products that differ from chance: complements, substitutes, and what follows in the next purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.basket.counts import Counted, Counts, Steps
from duoshou.analysts.basket.question import FALSE_RATE
from duoshou.statistics.baskets import (
    Association,
    PairCounts,
    adjusted_p_values,
    associate,
    associate_transitions,
    fit_prior,
    unseen_pairs,
)

MOST_IN_CATEGORY = 1500
"""Of a larger category only so many products, those sold most, are looked at for substitutes."""


class Relation(StrEnum):
    """What a pair is.

    COMPLEMENT: Together more than chance.
    SUBSTITUTE: Of one category, the same buyers buy both, but not together.
    APART: Of one category and together less than chance; whether the same buyers buy both is not known, or they do not.
    FOLLOWS: The second is bought in the purchase after the first, more than chance.
    """

    COMPLEMENT = "complement"
    SUBSTITUTE = "substitute"
    APART = "apart"
    FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class Product:
    """A product by id, latest title and category; the category None where no file tells it."""

    id: str
    title: str
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two products and how far they differ from chance.

    Attributes:
        left: One of them; of `follows` the one bought first.
        right: The other.
        relation: What they are.
        together: Baskets with both, or steps from one to the other.
        with_left: Baskets, or steps, with the left one.
        with_right: Baskets, or steps, with the right one.
        lift: Count over that of independent products.
        expected: What chance would give, given how many partners each product had in each month.
        shrunk: Count over `expected`, drawn to the other pairs as far as it is small.
        low: Lower end of its 95 % interval.
        high: Upper end.
        false_rate: Least false discovery rate at which it is told, over all pairs that were looked at.
        buyers: Known buyers of both, in whatever orders; None: not looked at, or no buyer is known.
        buyers_of_either: Known buyers of one of them at least.
    """

    left: Product
    right: Product
    relation: Relation
    together: int
    with_left: int
    with_right: int
    lift: float | None
    expected: float
    shrunk: float
    low: float
    high: float
    false_rate: float
    buyers: int | None = None
    buyers_of_either: int | None = None

    @property
    def confidence(self) -> float:
        """Share of the baskets with the left one that hold the right one too."""
        return self.together / self.with_left if self.with_left else 0.0


def expected_by_partners(counted: Counted, left: Counts, right: Counts) -> NDArray[np.float64]:
    """Return what chance would give of pairs, summed over the months in which both were sold."""
    found = np.zeros(left.size)
    for month, pairs in enumerate(counted.sizes.pairs.tolist()):
        if pairs:
            own = counted.partners[:, month]
            found += own[left] * (own[right] / pairs)
    return found


def complements(counted: Counted, least: int, names: Mapping[str, Product]) -> tuple[tuple[Pair, ...], int]:
    """Return the pairs that lie together more than chance, the surest lift first, and how many were looked at."""
    number = len(counted.products)
    looked = number * (number - 1) // 2
    pairs = counted.pairs
    if not pairs.left.size:
        return (), looked
    support = counted.support.sum(axis=1)
    expected = expected_by_partners(counted, pairs.left, pairs.right)
    unseen = unseen_pairs(counted.partners.sum(axis=1), pairs, 1 / float(counted.sizes.pairs.sum()))
    prior = fit_prior(pairs.together, expected, *unseen)
    often = pairs.together >= least
    kept = PairCounts(pairs.left[often], pairs.right[often], pairs.together[often])
    found = associate(kept, support, int(counted.sizes.baskets.sum()), expected[often], prior)
    rates = adjusted_p_values(found.more, looked)
    told = np.flatnonzero(rates <= FALSE_RATE)
    order = told[np.argsort(-found.low[told], kind="stable")]
    return _pairs(order, kept, found, rates, (support, support), counted.products, names, Relation.COMPLEMENT), looked


def apart(counted: Counted, names: Mapping[str, Product]) -> tuple[tuple[Pair, ...], int]:
    """Return the pairs of one category that lie together less than chance, and how many were looked at."""
    pairs = _of_one_category(counted, names)
    if not pairs.left.size:
        return (), 0
    support = counted.support.sum(axis=1)
    expected = expected_by_partners(counted, pairs.left, pairs.right)
    nothing = np.empty(0)
    known = expected > 0
    pairs = PairCounts(pairs.left[known], pairs.right[known], pairs.together[known])
    expected = expected[known]
    prior = fit_prior(pairs.together, expected, nothing, nothing)
    found = associate(pairs, support, int(counted.sizes.baskets.sum()), expected, prior)
    rates = adjusted_p_values(found.fewer)
    told = np.flatnonzero(rates <= FALSE_RATE)
    order = told[np.argsort(found.high[told], kind="stable")]
    return _pairs(order, pairs, found, rates, (support, support), counted.products, names, Relation.APART), rates.size


def followers(steps: Steps, products: Sequence[str], names: Mapping[str, Product]) -> tuple[tuple[Pair, ...], int]:
    """Return what follows in the next purchase more than chance, and how many pairs were looked at."""
    looked = len(products) * (len(products) - 1)
    pairs = steps.pairs
    if not pairs.left.size or not steps.number:
        return (), looked
    expected = steps.first[pairs.left] * steps.second[pairs.right] / steps.number
    total = float(steps.first.sum()) * float(steps.second.sum()) - float((steps.first * steps.second).sum())
    rest = max(looked - pairs.left.size, 0)
    left = max(total / steps.number - float(expected.sum()), 0.0)
    unseen = (np.array([left / rest]), np.array([float(rest)])) if rest and left else (np.empty(0), np.empty(0))
    prior = fit_prior(pairs.together, expected, *unseen)
    found = associate_transitions(pairs, steps.first, steps.second, steps.number, prior)
    rates = adjusted_p_values(found.more, looked)
    told = np.flatnonzero(rates <= FALSE_RATE)
    order = told[np.argsort(-found.low[told], kind="stable")]
    both = (steps.first, steps.second)
    return _pairs(order, pairs, found, rates, both, products, names, Relation.FOLLOWS), looked


def _of_one_category(counted: Counted, names: Mapping[str, Product]) -> PairCounts:
    """Return all pairs of products of one category, those never together too."""
    number = len(counted.products)
    keys = counted.pairs.left * number + counted.pairs.right
    support = counted.support.sum(axis=1)
    members: dict[str, list[int]] = {}
    for place, one in enumerate(counted.products):
        category = names[one].category
        if category:
            members.setdefault(category, []).append(place)
    lefts, rights = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for places in members.values():
        most = np.array(sorted(sorted(places, key=lambda one: -int(support[one]))[:MOST_IN_CATEGORY]), dtype=np.int64)
        above, below = np.triu_indices(most.size, 1)
        lefts.append(most[above])
        rights.append(most[below])
    left, right = np.concatenate(lefts), np.concatenate(rights)
    wanted = left * number + right
    at = np.minimum(np.searchsorted(keys, wanted), max(keys.size - 1, 0))
    if not keys.size:
        return PairCounts(left, right, np.zeros(left.size, dtype=np.int64))
    return PairCounts(left, right, np.where(keys[at] == wanted, counted.pairs.together[at], 0))


def _pairs(
    order: NDArray[np.int64],
    pairs: PairCounts,
    found: Association,
    rates: NDArray[np.float64],
    support: tuple[Counts, Counts],
    products: Sequence[str],
    names: Mapping[str, Product],
    relation: Relation,
) -> tuple[Pair, ...]:
    told = []
    for index in order.tolist():
        left, right = int(pairs.left[index]), int(pairs.right[index])
        lift = float(found.lift[index])
        told.append(
            Pair(
                names[products[left]],
                names[products[right]],
                relation,
                int(pairs.together[index]),
                int(support[0][left]),
                int(support[1][right]),
                None if np.isnan(lift) else lift,
                float(found.expected[index]),
                float(found.shrunk[index]),
                float(found.low[index]),
                float(found.high[index]),
                float(rates[index]),
            )
        )
    return tuple(told)
