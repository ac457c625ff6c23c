"""Frequent sets of three and more items, grown from the frequent pairs, and the rules that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.baskets.counting import CHUNK, Baskets, Codes


@dataclass(frozen=True, slots=True)
class ItemSets:
    """Frequent sets of one size.

    Attributes:
        members: Codes of the items, ascending within a row; shape (sets, size).
        together: Baskets that hold all of them.
    """

    members: Codes
    together: Codes


@dataclass(frozen=True, slots=True)
class Rule:
    """Who takes `given` takes `then` too.

    Attributes:
        given: Codes of the items of the condition, ascending.
        then: Code of the item that follows.
        together: Baskets with all of them.
        confidence: Share of the baskets with `given` that hold `then`.
        lift: Confidence over the share of all baskets that hold `then`.
    """

    given: tuple[int, ...]
    then: int
    together: int
    confidence: float
    lift: float


def frequent_sets(baskets: Baskets, least: int, largest: int = 3) -> tuple[ItemSets, ...]:
    """Return the sets of 1, 2, …, `largest` items that lie together in at least `least` baskets, with exact counts.

    Each set is grown by items that stand behind its last one in the basket, so that it is met once a basket; a size
    without frequent sets ends the list (Agrawal and Srikant 1994: no set is more frequent than its parts).

    Args:
        baskets: The baskets.
        least: Least number of baskets, 1 or more.
        largest: Greatest number of items.
    """
    least = max(least, 1)
    support = baskets.support
    frequent = support >= least
    names = np.flatnonzero(frequent)
    levels = [ItemSets(names[:, None], support[names])] if names.size else []
    kept = baskets.only(frequent)
    following, places = kept.following, np.cumsum(frequent) - 1
    at, owner = np.arange(kept.items.size), places[kept.items]
    while levels and len(levels) < largest:
        grown = _grown(kept, levels[-1], following, at, owner, least)
        if grown is None:
            break
        level, at, owner = grown
        levels.append(level)
    return tuple(levels)


def _grown(
    baskets: Baskets, level: ItemSets, following: Codes, at: Codes, owner: Codes, least: int
) -> tuple[ItemSets, Codes, Codes] | None:
    """Return the sets one item larger, and where each occurs: position of its last item, and row of the set."""
    useful = following[at] > 0
    order = np.argsort(owner[useful], kind="stable")
    at, owner = at[useful][order], owner[useful][order]
    width = baskets.number_of_items
    found: list[tuple[Codes, Codes, Codes, Codes]] = []
    for start, end in _blocks(owner, following[at]):
        places, number = at[start:end], following[at[start:end]]
        first = np.repeat(places + 1, number)
        offset = np.arange(first.size) - np.repeat(np.cumsum(number) - number, number)
        place = first + offset
        keys = np.repeat(owner[start:end], number) * width + baskets.items[place]
        different, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        wanted = counts >= least
        if wanted.any():
            held = wanted[inverse]
            rows = (np.cumsum(wanted) - 1)[inverse[held]]
            found.append((different[wanted], counts[wanted], place[held], rows))
    if not found:
        return None
    keys = np.concatenate([one[0] for one in found])
    parents = keys // width
    members = np.column_stack((level.members[parents], keys - parents * width))
    before = np.cumsum([0, *(one[0].size for one in found)])
    owners = np.concatenate([one[3] + shift for one, shift in zip(found, before[:-1], strict=True)])
    together, places = (np.concatenate([one[index] for one in found]) for index in (1, 2))
    return ItemSets(members, together), places, owners


def _blocks(owner: Codes, work: Codes) -> Iterator[tuple[int, int]]:
    """Return from where to where occurrences are read at one time: whole sets, about `CHUNK` of work or one set."""
    ends = np.flatnonzero(np.concatenate((owner[1:] != owner[:-1], [True]))) + 1 if owner.size else owner
    done = np.cumsum(work)[ends - 1] if owner.size else work
    start, before = 0, 0
    while start < owner.size:
        index = int(np.searchsorted(done, before + CHUNK, side="right")) - 1
        index = max(index, int(np.searchsorted(ends, start, side="right")))
        yield start, int(ends[index])
        start, before = int(ends[index]), int(done[index])


def rules(levels: tuple[ItemSets, ...], baskets: int, least_confidence: float) -> list[Rule]:
    """Return the rules with one item behind them whose confidence is at least `least_confidence`.

    Args:
        levels: What `frequent_sets` found.
        baskets: Number of all baskets.
        least_confidence: 0…1; shares are compared as whole numbers of baskets would be, with no slack.
    """
    counted: dict[tuple[int, ...], int] = {}
    for level in levels:
        counted.update(zip(map(tuple, level.members.tolist()), level.together.tolist(), strict=True))
    found = []
    for members, together in counted.items():
        for then in members if len(members) > 1 else ():
            given = tuple(one for one in members if one != then)
            confidence = together / counted[given]
            if confidence >= least_confidence:
                lift = confidence * baskets / counted[then,]
                found.append(Rule(given, then, together, confidence, lift))
    return found
