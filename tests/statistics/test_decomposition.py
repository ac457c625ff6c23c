"""Exact decomposition of products and ratios."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.decomposition import (
    logarithmic_mean,
    mix_and_rate,
    product_effects,
    settled,
    shapley_effects,
)

positive = st.floats(1e-6, 1e9, allow_subnormal=False)
anything = st.one_of(st.just(0.0), st.floats(-1e6, 1e6, allow_subnormal=False))
states = st.integers(1, 5).flatmap(
    lambda size: st.tuples(
        st.lists(anything, min_size=size, max_size=size), st.lists(anything, min_size=size, max_size=size)
    )
)
counts = st.integers(0, 10**6)
part = st.tuples(counts, counts, counts, counts)


def divisia(before: Sequence[str], after: Sequence[str]) -> list[float]:
    """Return the contributions by the formula of the paper in 60 digits."""
    with localcontext() as context:
        context.prec = 60
        old, new = [Decimal(float(one)) for one in before], [Decimal(float(one)) for one in after]
        v0, v1 = math.prod(old, start=Decimal(1)), math.prod(new, start=Decimal(1))
        mean = v0 if v0 == v1 else (v1 - v0) / (v1 / v0).ln()
        return [float(mean * (b / a).ln()) for a, b in zip(old, new, strict=True)]


def by_permutations(before: Sequence[int], after: Sequence[int]) -> list[float]:
    """Return the Shapley values by their definition: the mean over every order in which the factors change."""
    total = [Fraction(0)] * len(before)
    orders = list(permutations(range(len(before))))
    for order in orders:
        state = [Fraction(one) for one in before]
        for one in order:
            value = math.prod(state, start=Fraction(1))
            state[one] = Fraction(after[one])
            total[one] += math.prod(state, start=Fraction(1)) - value
    return [float(one / len(orders)) for one in total]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["5356", "0.00634802", "2570.32"], ["6479", "0.00200648", "2919.68"]),
        (["50", "0.2", "3"], ["80", "0.5", "2"]),
        (["100", "0.5"], ["50", "1"]),
        (["1000000", "2", "3"], ["1000000.000001", "2", "3.0000000001"]),
        (["0.000001", "1000000000"], ["1000000", "0.001"]),
    ],
)
def test_positive_factors_follow_the_paper(before: list[str], after: list[str]) -> None:
    """Against the formula of Ang (2004) in 60 digits, near and far, and where the product does not change."""
    found = product_effects([float(one) for one in before], [float(one) for one in after])
    expected = divisia(before, after)
    size = math.prod(float(one) for one in after)
    assert found.contributions[:, 0] == pytest.approx(expected, rel=1e-12, abs=1e-15 * size)
    assert not found.by_shapley[0]


def test_two_sectors_add_up() -> None:
    """Activity, structure and intensity of two sectors: the sum over rows is the change of the aggregate, 96 − 50."""
    found = product_effects([[50.0, 50.0], [0.2, 0.8], [3.0, 0.5]], [[80.0, 80.0], [0.5, 0.5], [2.0, 0.4]])
    reference = [divisia(["50", "0.2", "3"], ["80", "0.5", "2"]), divisia(["50", "0.8", "0.5"], ["80", "0.5", "0.4"])]
    assert found.contributions.T.tolist() == [pytest.approx(row) for row in reference]
    assert found.contributions.sum() == pytest.approx(46)


@pytest.mark.parametrize(
    ("before", "after"),
    [([0, 3, 4], [2, 3, 5]), ([2, 0, 4], [0, 7, 4]), ([-2, 3], [2, 5]), ([0, 0, 0, 0], [1, 2, 3, 4]), ([5], [0])],
)
def test_zeros_and_signs_follow_the_definition_of_shapley(before: list[int], after: list[int]) -> None:
    """Against the mean over every order of the factors, in fractions."""
    found = product_effects(before, after)
    assert found.contributions[:, 0] == pytest.approx(by_permutations(before, after), abs=1e-12)
    assert found.by_shapley[0]
    assert shapley_effects(before, after).contributions[:, 0] == pytest.approx(found.contributions[:, 0])


@given(states)
def test_a_product_leaves_nothing_over(pair: tuple[list[float], list[float]]) -> None:
    """Whatever the factors, zero and negative ones included, the contributions are the change to 1e-9."""
    before, after = pair
    found = product_effects(before, after)
    change = math.prod(after) - math.prod(before)
    # Below the smallest normal number, digits are lost one by one.
    scale = max(
        sys.float_info.min / 1e-9,
        abs(math.prod(after)),
        abs(math.prod(before)),
        float(np.abs(found.contributions).max()),
    )
    assert math.fsum(found.contributions[:, 0]) == pytest.approx(change, abs=1e-9 * scale)
    moved = found.multipliers[:, 0] * (np.array(after) - before)
    assert moved == pytest.approx(found.contributions[:, 0], rel=1e-6, abs=1e-9 * scale)


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=4))
def test_time_reversed_the_contributions_change_their_sign(pairs: list[tuple[float, float]]) -> None:
    """Going back undoes exactly what going forth did, and an unchanged factor contributes nothing."""
    before, after = np.array(pairs).T
    forth, back = product_effects(before, after), product_effects(after, before)
    scale = float(np.abs(forth.contributions).max())
    assert forth.contributions == pytest.approx(-back.contributions, rel=1e-9, abs=1e-12 * scale)
    stays = product_effects([*before, 7.0], [*after, 7.0])
    assert stays.contributions[-1, 0] == pytest.approx(0, abs=1e-9 * 7 * scale)


@given(st.lists(st.tuples(positive, positive), min_size=3, max_size=3))
def test_a_factor_that_is_a_product_can_be_split_further(pairs: list[tuple[float, float]]) -> None:
    """The product a × (b × c) gives b and c what a × b × c gives them, through the multiplier of the inner product."""
    before, after = np.array(pairs).T
    flat = product_effects(before, after).contributions[:, 0]
    outer = product_effects([before[0], before[1] * before[2]], [after[0], after[1] * after[2]])
    inner = product_effects(before[1:], after[1:])
    nested = outer.multipliers[1, 0] * inner.contributions[:, 0]
    assert nested == pytest.approx(flat[1:], rel=1e-6, abs=1e-9 * float(np.abs(flat).max()))


def test_many_rows_are_as_one_by_one() -> None:
    """Rows do not touch each other, whichever method each of them takes."""
    generator = np.random.default_rng(5)
    before, after = generator.normal(size=(2, 3, 200)) * (generator.random((2, 3, 200)) > 0.1)
    together = product_effects(before, after)
    assert together.by_shapley.any()
    assert not together.by_shapley.all()
    for row in range(200):
        alone = product_effects(before[:, row], after[:, row])
        assert alone.contributions[:, 0] == pytest.approx(together.contributions[:, row], rel=1e-12, abs=1e-15)


def test_the_unknown_stays_unknown() -> None:
    """A row with NaN or an infinite factor is NaN and spoils no other row."""
    found = product_effects([[1, 2, math.inf], [3, math.nan, 1]], [[2, 2, 1], [4, 1, 1]]).contributions
    assert found[:, 0].sum() == pytest.approx(5)
    assert np.isnan(found[:, 1]).all()
    assert not np.isfinite(found[:, 2]).all()


def test_no_rows() -> None:
    """No row gives no row."""
    assert product_effects(np.empty((3, 0)), np.empty((3, 0))).contributions.shape == (3, 0)


@pytest.mark.parametrize(("before", "after"), [([1, 2], [1]), ([], []), ([[[1]]], [[[1]]])])
def test_shapes_must_fit(before: list[Any], after: list[Any]) -> None:
    """Factors that do not face each other are refused."""
    with pytest.raises(ValueError, match="same shape"):
        product_effects(before, after)


@given(positive, positive)
def test_the_logarithmic_mean_lies_between(first: float, second: float) -> None:
    """Between geometric and arithmetic mean (Carlson, 1972), the value itself for equal numbers, symmetric."""
    mean = float(logarithmic_mean(first, second))
    assert math.sqrt(first) * math.sqrt(second) * (1 - 1e-12) <= mean <= (first + second) / 2 * (1 + 1e-12)
    assert float(logarithmic_mean(first, first)) == first
    assert float(logarithmic_mean(second, first)) == pytest.approx(mean, rel=1e-12)


def test_mix_and_rate_by_hand() -> None:
    """Two products, the good one loses traffic and both keep their conversion: all of it is mix."""
    found = mix_and_rate([60, 40], [1000, 2000], [30, 60], [500, 3000])
    w0, w1, middle = 1 / 3, 1 / 7, (100 / 3000 + 90 / 3500) / 2
    assert found.rate == pytest.approx([0, 0], abs=1e-15)
    assert found.mix == pytest.approx([(w1 - w0) * (0.06 - middle), (w0 - w1) * (0.02 - middle)])
    assert found.contributions.sum() == pytest.approx(90 / 3500 - 100 / 3000)


def test_rates_alone() -> None:
    """With unchanged traffic everything is rate, weighted by the traffic."""
    found = mix_and_rate([60, 40], [1000, 2000], [30, 50], [1000, 2000])
    assert found.mix == pytest.approx([0, 0], abs=1e-15)
    assert found.rate == pytest.approx([-0.03 / 3, 0.005 * 2 / 3])


def test_a_part_of_one_state_only_is_all_mix() -> None:
    """A product that appears or disappears has no change of its own rate; a numerator without denominator is rate."""
    found = mix_and_rate([10, 5, 0, 0], [100, 50, 0, 0], [10, 0, 8, 2], [100, 0, 50, 0])
    assert found.rate == pytest.approx([0, 0, 0, 2 / 150], abs=1e-15)
    assert found.mix[2] > 0
    assert found.contributions.sum() == pytest.approx(20 / 150 - 15 / 150)


@given(st.lists(part, min_size=1, max_size=30))
def test_parts_leave_nothing_over(parts: list[tuple[int, int, int, int]]) -> None:
    """Whatever the parts, empty ones included, mix and rate together are the change of the ratio to 1e-9."""
    n0, d0, n1, d1 = (list(column) for column in zip(*parts, strict=True))
    if not sum(d0) or not sum(d1):
        with pytest.raises(ValueError, match="other than zero"):
            mix_and_rate(n0, d0, n1, d1)
        return
    found = mix_and_rate(n0, d0, n1, d1)
    before, after = Fraction(sum(n0), sum(d0)), Fraction(sum(n1), sum(d1))
    scale = max(float(before), float(after), float(np.abs(found.contributions).max()))
    assert math.fsum(found.contributions) == pytest.approx(float(after - before), abs=1e-9 * scale)


@pytest.mark.parametrize("wrong", [([1], [1], [1], [1, 2]), ([[1]], [[1]], [[1]], [[1]])])
def test_parts_must_fit(wrong: tuple[list[float], list[float], list[float], list[float]]) -> None:
    """Columns of unequal length are refused."""
    with pytest.raises(ValueError, match="one-dimensional"):
        mix_and_rate(*wrong)


def test_settling_moves_the_largest_only() -> None:
    """What is left over goes where it is smallest in proportion; nothing to settle stays as it is."""
    assert settled([[3.0], [-10.0], [1.0]], [-6.5]).tolist() == [[3.0], [-10.5], [1.0]]
    assert settled(np.empty((0, 2)), [0.0, 0.0]).size == 0
