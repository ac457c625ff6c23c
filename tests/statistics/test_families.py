"""Tests of the control of many tests."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics import benjamini_hochberg

PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
         0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip


def test_example_of_the_paper() -> None:
    """Benjamini and Hochberg (1995, section 3.2) reject the first four of their fifteen p-values at 5 %."""
    assert benjamini_hochberg(PAPER, 0.05) == [True] * 4 + [False] * 11


def test_no_hypotheses_no_rejections() -> None:
    """An empty family is fine."""
    assert benjamini_hochberg([], 0.05) == []


@given(st.lists(st.floats(0, 1), max_size=40), st.randoms(use_true_random=False))
def test_order_does_not_matter(p_values: list[float], chance: random.Random) -> None:
    """Shuffling the p-values shuffles the answers with them."""
    places = list(range(len(p_values)))
    chance.shuffle(places)
    answers = benjamini_hochberg(p_values, 0.1)
    assert benjamini_hochberg([p_values[place] for place in places], 0.1) == [answers[place] for place in places]


@given(st.lists(st.floats(0, 1), max_size=40))
def test_between_bonferroni_and_no_control(p_values: list[float]) -> None:
    """It rejects whatever Bonferroni rejects, and nothing above the rate."""
    for p_value, rejected in zip(p_values, benjamini_hochberg(p_values, 0.1), strict=True):
        if p_value <= 0.1 / len(p_values):
            assert rejected
        if p_value > 0.1:
            assert not rejected


def test_nothing_wrong_is_rarely_called_wrong() -> None:
    """With 50 true nulls, a family has a rejection about as often as the rate says."""
    chance = random.Random(1)
    families = [[chance.random() for _ in range(50)] for _ in range(2000)]
    assert 60 < sum(any(benjamini_hochberg(family, 0.05)) for family in families) < 140
