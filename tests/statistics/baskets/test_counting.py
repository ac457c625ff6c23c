"""Counts of pairs and sets against a count by hand, over any baskets."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.baskets import (
    Baskets,
    count_followers,
    count_pairs,
    counting,
    frequent_sets,
    joined_pairs,
    rules,
    sets,
)

Lists = list[list[int]]
ANY = st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=25)


def baskets_of(lists: Lists) -> Baskets:
    """Return the baskets of lists of items."""
    lines = [(number, item) for number, basket in enumerate(lists) for item in basket]
    baskets, items = zip(*lines, strict=True) if lines else ((), ())
    return Baskets.of(np.array(baskets, dtype=int), np.array(items, dtype=int), number_of_baskets=len(lists))


def by_hand(lists: Lists, size: int, least: int) -> dict[tuple[int, ...], int]:
    """Return the frequent sets of one size, counted one basket after the other."""
    counts = Counter(one for basket in lists for one in combinations(sorted(set(basket)), size))
    return {key: value for key, value in counts.items() if value >= least}


@given(ANY, st.integers(1, 3), st.sampled_from([(1 << 23, 1 << 24), (3, 0), (2, 1 << 24)]))
def test_pairs_are_those_counted_by_hand(lists: Lists, least: int, limits: tuple[int, int]) -> None:
    """In a table or by sorting, in one chunk or in many, each pair has the count that a walk over the baskets gives."""
    with patch.object(counting, "CHUNK", limits[0]), patch.object(counting, "DENSE", limits[1]):
        found = count_pairs(baskets_of(lists), least)
    told = dict(zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.together.tolist(), strict=True))
    assert told == by_hand(lists, 2, least)
    assert list(told) == sorted(told)


@given(ANY, ANY)
def test_pairs_of_parts_make_the_pairs_of_the_whole(lists: Lists, more: Lists) -> None:
    """Baskets counted in two parts and joined give what they give counted at one time."""
    one, other = (count_pairs(baskets_of(part)) for part in (lists, more))
    whole = count_pairs(baskets_of([*lists, *more]))
    for name in ("left", "right", "together"):
        assert getattr(joined_pairs(one, other), name).tolist() == getattr(whole, name).tolist()


@given(ANY, st.integers(1, 3), st.sampled_from([1 << 23, 4]))
def test_sets_of_every_size_are_those_counted_by_hand(lists: Lists, least: int, chunk: int) -> None:
    """Sets of one to five items have the count that a walk over the baskets gives."""
    with patch.object(sets, "CHUNK", chunk):
        levels = frequent_sets(baskets_of(lists), least, 5)
    for size, level in enumerate(levels, start=1):
        told = dict(zip(map(tuple, level.members.tolist()), level.together.tolist(), strict=True))
        assert told == by_hand(lists, size, least)
    assert len(levels) == 5 or not by_hand(lists, len(levels) + 1, least)


@given(ANY, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_and_repeated_lines_change_nothing(lists: Lists, random: object) -> None:
    """The baskets are the same in whatever order, and however often, their lines come."""
    shuffled = [sorted(basket + basket, key=lambda _: random.random()) for basket in lists]  # type: ignore[attr-defined]
    one, other = count_pairs(baskets_of(lists)), count_pairs(baskets_of(shuffled))
    assert one.together.tolist() == other.together.tolist()
    assert one.left.tolist() == other.left.tolist()


@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=5), min_size=2, max_size=15))
def test_followers_are_those_counted_by_hand(lists: Lists) -> None:
    """Of steps from each basket to the next, the counts are those of a walk over them; no item follows itself."""
    steps = np.arange(len(lists) - 1)
    found = count_followers(baskets_of(lists), steps, steps + 1)
    counts = Counter(
        (one, other) for first, second in pairwise(lists) for one in set(first) for other in set(second) if one != other
    )
    assert (
        dict(zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.together.tolist(), strict=True))
        == counts
    )


def test_a_rule_tells_confidence_and_lift() -> None:
    """Of ten baskets four hold bread and three of them butter, which lies in five: confidence 3/4, lift 3/2."""
    bread, butter = 0, 1
    lists = [[bread, butter]] * 3 + [[bread]] + [[butter]] * 2 + [[2]] * 4
    found = {(one.given, one.then): one for one in rules(frequent_sets(baskets_of(lists), 1), 10, 0.7)}
    assert list(found) == [((bread,), butter)]
    rule = found[(bread,), butter]
    assert (rule.together, rule.confidence, rule.lift) == (3, 0.75, 1.5)


@pytest.mark.parametrize(("baskets", "items"), [([0, 1], [0]), ([-1], [0]), ([0], [-1]), ([1 << 61], [9])])
def test_codes_that_cannot_be_counted_are_refused(baskets: list[int], items: list[int]) -> None:
    """Lines without an item, negative codes and codes beyond 63 bits are an error and no wrong count."""
    with pytest.raises(ValueError, match=r"basket|codes"):
        Baskets.of(np.array(baskets), np.array(items))
