"""A discount that ends is told from a price that stays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from duoshou.analysts.pricing.discounts import mainly_short, moves


def prices(*runs: tuple[float, int]) -> NDArray[np.float64]:
    """Return a price a day from prices and their days."""
    return np.concatenate([np.full(days, float(price)) for price, days in runs])


def test_a_discount_that_ends_is_two_moves_and_a_lasting_one_is_none_of_them() -> None:
    """A week at 80 is short; 80 for two months is not, nor is a rise, nor a discount that still runs."""
    assert moves(prices((100, 60), (80, 7), (100, 60))) == (2, 2)
    assert moves(prices((100, 60), (80, 60), (100, 60))) == (0, 2)
    assert moves(prices((100, 60), (120, 7), (100, 60))) == (0, 2)
    assert moves(prices((100, 60), (80, 7))) == (0, 1)
    assert moves(np.full(30, np.nan)) == (0, 0)


def test_days_without_a_price_part_nothing() -> None:
    """A discount is the same one over days on which nothing was sold."""
    known = prices((100, 60), (80, 7), (100, 60))
    known[[3, 61, 62, 90]] = np.nan
    assert moves(known) == (2, 2)


def test_the_past_is_said_to_be_short_discounts_where_it_was() -> None:
    """Three discounts outweigh one lasting change; lasting changes alone, or no change, say nothing."""
    often = prices((100, 30), (80, 5), (100, 30), (80, 5), (100, 30), (80, 5), (100, 30), (90, 60))
    assert mainly_short([often])
    assert not mainly_short([prices((100, 60), (90, 60), (95, 60))])
    assert not mainly_short([prices((100, 60))])
    assert not mainly_short([])


@given(st.lists(st.sampled_from([70.0, 80.0, 90.0, 100.0]), max_size=60))
def test_short_moves_are_moves(days: list[float]) -> None:
    """However prices went, no more moves were short than there were, and each discount has two."""
    short, number = moves(np.array(days))
    assert short >= 0
    assert short % 2 == 0
    assert number < max(len(days), 1)
