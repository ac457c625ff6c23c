"""Tests of the check of the split."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.trials.sample_ratio import CONCENTRATION, sample_ratio


def test_one_unit_by_hand() -> None:
    """After one unit the Bayes factor is the prior mean over the planned share, 1: no evidence either way."""
    assert sample_ratio(np.array([[1.0, 0.0]]), (1, 1)).p_value == 1.0


def test_the_factor_is_the_beta_binomial_over_the_binomial() -> None:
    """With two arms p is the binomial chance of the counts over their beta-binomial chance, worked out by products."""
    counts, half = (30, 70), CONCENTRATION / 2
    mixed = math.prod((half + i) for i in range(counts[0])) * math.prod((half + i) for i in range(counts[1]))
    mixed /= math.prod(CONCENTRATION + i for i in range(100))
    found = sample_ratio(np.array([counts], dtype=float), (0.5, 0.5))
    assert found.p_value == pytest.approx(0.5**100 / mixed)
    assert found.observed == (0.3, 0.7)


def test_right_splits_are_seldom_called_wrong() -> None:
    """Over 200 looks a right split is called wrong in at most as many tests as the level says."""
    chance = np.random.default_rng(4)
    called = [
        sample_ratio(chance.multinomial(50, [0.2, 0.3, 0.5], size=200).astype(float), (2, 3, 5), level=0.1).mismatch
        for _ in range(200)
    ]
    assert np.mean(called) <= 0.1


def test_a_wrong_split_is_found_and_dated() -> None:
    """52 in place of 50 per cent of 10,000 a day are found within the first days."""
    units = np.random.default_rng(5).multinomial(10_000, [0.52, 0.48], size=14).astype(float)
    found = sample_ratio(units, (1, 1))
    assert found.mismatch
    assert found.day is not None
    assert found.day < 5
    assert sample_ratio(units[: found.day], (1, 1)).mismatch is False


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=10))
def test_p_never_rises_and_arms_may_be_swapped(rows: list[tuple[int, int]]) -> None:
    """More days can only lower p; naming the arms the other way round changes nothing."""
    units = np.array(rows, dtype=float).reshape(-1, 2)
    values = [sample_ratio(units[:looks], (1, 1)).p_value for looks in range(len(rows) + 1)]
    assert all(after <= before for before, after in pairwise(values))
    assert sample_ratio(units[:, ::-1], (1, 1)).p_value == pytest.approx(values[-1])


def test_unknown_days_are_left_out() -> None:
    """A day that is unknown neither helps nor hurts; without any unit no share is named."""
    units = np.array([[math.nan, 3.0], [50.0, 60.0]])
    assert sample_ratio(units, (1, 1)).p_value == sample_ratio(units[1:], (1, 1)).p_value
    assert math.isnan(sample_ratio(units[:1], (1, 1)).observed[0])


@pytest.mark.parametrize(("shares", "level"), [((1,), 0.01), ((1, 0), 0.01), ((1, 1), 0.0)])
def test_shares_that_make_no_sense_are_refused(shares: tuple[float, ...], level: float) -> None:
    """Each arm has a positive share."""
    with pytest.raises(ValueError, match="share"):
        sample_ratio(np.ones((1, 2)), shares, level=level)
