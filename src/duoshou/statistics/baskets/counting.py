"""Exact counts of how often two items lie in one basket, in memory that does not grow with the number of pairs seen.

The items of a basket stand next to each other in one sorted array. All pairs at distance 1 in it are read at once, then
all at distance 2, and so on until no basket is long enough: no loop over baskets, and each pair is met exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Codes = NDArray[np.int64]
CHUNK = 1 << 20
"""Pairs that are held at one time before they are counted: 8 MiB."""
DENSE = 1 << 24
"""Up to so many possible pairs are counted in a full table, more by sorting."""


@dataclass(frozen=True, slots=True)
class Baskets:
    """Baskets of different items, sorted by basket and then by item.

    Attributes:
        items: Code of the item at each position.
        baskets: Code of the basket at each position; ascending.
        number_of_items: Codes of items lie below it.
        number_of_baskets: How many baskets there are, the empty ones too.
    """

    items: Codes
    baskets: Codes
    number_of_items: int
    number_of_baskets: int

    @classmethod
    def of(
        cls, baskets: ArrayLike, items: ArrayLike, *, number_of_baskets: int | None = None, number_of_items: int = 0
    ) -> Baskets:
        """Return the baskets of (basket, item) codes in any order; an item counts once a basket.

        Args:
            baskets: Codes of the baskets, 0 or more, one for each line.
            items: Codes of the items, 0 or more, one for each line.
            number_of_baskets: All baskets that count, also those without a line here; None: those with a line.
            number_of_items: Least number of items; more where a greater code occurs.

        Raises:
            ValueError: If lengths differ, a code is negative, or the codes are too great to be combined.
        """
        basket, item = np.asarray(baskets, dtype=np.int64), np.asarray(items, dtype=np.int64)
        if basket.shape != item.shape or basket.ndim != 1:
            raise ValueError("one basket and one item are needed for each line")
        if not basket.size:
            return cls(item, basket, number_of_items, number_of_baskets or 0)
        if basket.min() < 0 or item.min() < 0:
            raise ValueError("codes of baskets and items are 0 or more")
        width = max(int(item.max()) + 1, number_of_items)
        if (int(basket.max()) + 1) * width >= 1 << 63:
            raise ValueError("codes of baskets and items are too great: number them from 0")
        keys = basket * width + item
        if not (keys[1:] > keys[:-1]).all():
            keys.sort()
            keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
            basket = keys // width
            item = keys - basket * width
        if number_of_baskets is None:
            number_of_baskets = 1 + int((basket[1:] != basket[:-1]).sum())
        return cls(item, basket, width, number_of_baskets)

    @property
    def support(self) -> Codes:
        """In how many baskets each item lies."""
        return np.bincount(self.items, minlength=self.number_of_items)

    @property
    def following(self) -> Codes:
        """How many items of the same basket stand behind each position."""
        size = self.items.size
        if not size:
            return self.items
        last = np.flatnonzero(np.concatenate((self.baskets[1:] != self.baskets[:-1], [True])))
        lengths = np.diff(last, prepend=-1)
        return np.repeat(last, lengths) - np.arange(size)

    def only(self, wanted: NDArray[np.bool_]) -> Baskets:
        """Return the baskets with only the wanted items in them, as many baskets as before."""
        kept = wanted[self.items]
        if kept.all():
            return self
        return Baskets(self.items[kept], self.baskets[kept], self.number_of_items, self.number_of_baskets)


@dataclass(frozen=True, slots=True)
class PairCounts:
    """How often two items lie together, by ascending codes.

    Attributes:
        left: Code of one item; of pairs without direction the lesser one.
        right: Code of the other.
        together: Baskets that hold both, at least the number that was asked for.
    """

    left: Codes
    right: Codes
    together: Codes


def count_pairs(baskets: Baskets, least: int = 1) -> PairCounts:
    """Return every pair of different items that lies together in at least `least` baskets, with its exact count.

    Items in fewer baskets are left out beforehand, as no pair can be more frequent than its items.
    """
    support = baskets.support
    frequent = support >= max(least, 1)
    names = np.flatnonzero(frequent)
    number = names.size
    if number < 2:
        return PairCounts(*(np.empty(0, dtype=np.int64),) * 3)
    kept = baskets.only(frequent)
    places = np.cumsum(frequent) - 1
    items = kept.items if number == frequent.size else places[kept.items]
    keys, counts = _counted(_pair_keys(items, kept.following, number), number * number)
    wanted = counts >= least
    keys, counts = keys[wanted], counts[wanted]
    left = keys // number
    return PairCounts(names[left], names[keys - left * number], counts)


def joined_pairs(one: PairCounts, other: PairCounts) -> PairCounts:
    """Return the pairs of two sets of baskets that share no basket, counted together."""
    if not one.left.size or not other.left.size:
        return one if one.left.size else other
    width = 1 + int(max(one.right.max(), other.right.max()))
    keys, counts = _merged(one.left * width + one.right, one.together, other.left * width + other.right, other.together)
    left = keys // width
    return PairCounts(left, keys - left * width, counts)


def count_followers(baskets: Baskets, first: ArrayLike, second: ArrayLike, least: int = 1) -> PairCounts:
    """Return how often one item lies in the first and another in the second of two baskets, over given steps.

    Args:
        baskets: The baskets, with codes from 0.
        first: Code of the first basket of each step.
        second: Code of the second one.
        least: Pairs met in fewer steps are left out, and so are pairs of an item with itself.
    """
    highest = int(baskets.baskets[-1]) + 1 if baskets.baskets.size else 0
    shape = (max(highest, baskets.number_of_baskets), baskets.number_of_items)
    ones = np.ones(baskets.items.size, dtype=np.int64)
    held = sparse.csr_array((ones, (baskets.baskets, baskets.items)), shape=shape)
    found = sparse.coo_array(held[np.asarray(first)].T @ held[np.asarray(second)])
    row, column = (one.astype(np.int64) for one in found.coords)
    wanted = (row != column) & (found.data >= least)
    row, column, data = row[wanted], column[wanted], found.data[wanted]
    order = np.lexsort((column, row))
    return PairCounts(row[order], column[order], data[order])


def _pair_keys(items: Codes, following: Codes, number: int) -> Iterator[Codes]:
    """Return the keys of all pairs, some at a time, each time in the same memory.

    Positions are taken in the order of how many items follow them, so that those with a partner at some distance are
    the first so many: the item of a position is read once, and its partners by an index that steps on.
    """
    short = following.astype(np.uint16) if following.size and following.max() < 1 << 16 else following
    order = np.argsort(short, kind="stable")[::-1]
    reaching = following.size - np.cumsum(np.bincount(following))
    lefts, partner = items[order] * number, order.copy()
    chunk, filled = np.empty(min(CHUNK, int(reaching.sum())), dtype=np.int64), 0
    for many in reaching.tolist():
        partner[:many] += 1
        done = 0
        while done < many:
            some = min(many - done, chunk.size - filled)
            part, keys = slice(done, done + some), chunk[filled : filled + some]
            np.take(items, partner[part], out=keys, mode="clip")
            keys += lefts[part]
            done, filled = done + some, filled + some
            if filled == chunk.size:
                yield chunk
                filled = 0
    if filled:
        yield chunk[:filled]


def _counted(keys: Iterator[Codes], possible: int) -> tuple[Codes, Codes]:
    """Return the different keys, ascending, and how often each occurs."""
    if possible <= DENSE:
        return _counted_in_table(keys, possible)
    found, counts = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for chunk in keys:
        chunk.sort()
        starts = np.flatnonzero(np.concatenate(([True], chunk[1:] != chunk[:-1])))
        own, often = chunk[starts], np.diff(np.append(starts, chunk.size))
        found, counts = _merged(found, counts, own, often) if found.size else (own, often)
    return found, counts


def _counted_in_table(keys: Iterator[Codes], possible: int) -> tuple[Codes, Codes]:
    table = None
    for chunk in keys:
        counted = np.bincount(chunk, minlength=possible)
        if table is None:
            table = counted
        else:
            table += counted
    if table is None:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    found = np.flatnonzero(table)
    return found, table[found]


def _merged(left: Codes, left_counts: Codes, right: Codes, right_counts: Codes) -> tuple[Codes, Codes]:
    both = np.concatenate((left, right))
    order = np.argsort(both, kind="stable")
    both, counts = both[order], np.concatenate((left_counts, right_counts))[order]
    starts = np.flatnonzero(np.concatenate(([True], both[1:] != both[:-1])))
    return both[starts], np.add.reduceat(counts, starts)
