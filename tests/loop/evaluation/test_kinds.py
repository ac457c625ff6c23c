"""Who competes with whom, and who is only of the same kind."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from duoshou.loop.evaluation.kinds import Kinds

KINDS = Kinds(
    {"own": 100.0, "near": 120.0, "dear": 300.0, "hat": 110.0, "unknown": 300.0},
    {"own": "shoes", "near": "shoes", "dear": "shoes", "hat": "hats"},
)
OTHERS = ["near", "dear", "hat", "unknown", "never sold"]


def test_of_a_category_those_at_a_like_price_compete_and_the_rest_are_peers() -> None:
    """Near in price: a rival. Of the category at another price: a peer. Of another or an unknown category: neither."""
    assert KINDS.rivals(["own"]) == {"near"}
    assert KINDS.peers(["own"], OTHERS)[0].tolist() == [False, False, True, False, False, False]


def test_of_several_subjects_a_peer_competes_with_none() -> None:
    """What is of the kind of one and a rival of another is left out."""
    both = Kinds({"a": 100.0, "b": 300.0, "c": 310.0, "d": 30.0}, dict.fromkeys("abcd", "shoes"))
    assert both.peers(["a", "b"], ["c", "d"])[0].tolist() == [False, False, True]


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.floats(1.0, 1000.0)), min_size=1, max_size=8))
def test_peers_go_both_ways_and_are_no_rivals(many: list[tuple[str, float]]) -> None:
    """Among the others the table is symmetric and disjoint from that of rivals; nobody is a peer of himself."""
    names = [str(place) for place in range(len(many))]
    prices = {name: price for name, (_, price) in zip(names, many, strict=True)}
    kinds = Kinds(prices, {name: category for name, (category, _) in zip(names, many, strict=True)})
    table = kinds.peers(["0"], names[1:])
    assert not table[:, 0].any()
    assert not np.diagonal(table).any()
    np.testing.assert_array_equal(table[1:, 1:], table[1:, 1:].T)
    for row, name in enumerate(names):
        told = {names[column] for column in np.flatnonzero(table[row])}
        assert not told & kinds.rivals([name])
