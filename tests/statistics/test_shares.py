"""Shares of many subjects, against simulation with known truth and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from duoshou.statistics.shares import shrunken_shares

Floats = NDArray[np.float64]
DAYS = 90


def drawn(seed: int, between: float) -> tuple[Floats, Floats, Floats]:
    """Return shares of forty subjects, and parts and wholes of ninety days of orders of 100, paid back or not."""
    random = np.random.default_rng(seed)
    true = np.clip(random.normal(0.15, between, 40), 0.01, 0.6)
    orders = random.poisson(random.lognormal(0.0, 1.2, (40, 1)), (40, DAYS))
    back = random.binomial(orders, true[:, None])
    return true, (100.0 * back).astype(np.float64), (100.0 * orders).astype(np.float64)


@pytest.mark.parametrize("between", [0.0, 0.04, 0.12])
def test_shares_come_nearer_to_the_truth_than_each_alone_and_than_one_for_all(between: float) -> None:
    """The error is below that of each subject's own share, and hardly above that of one share for all."""
    errors = []
    for seed in range(40):
        true, parts, wholes = drawn(seed, between)
        sold = wholes.sum(axis=1)
        own = parts.sum(axis=1) / np.maximum(sold, 1.0)
        one = np.full(40, parts.sum() / sold.sum())
        errors.append([((found - true) ** 2).mean() for found in (shrunken_shares(parts, wholes), own, one)])
    shrunken, own_error, one_error = np.sqrt(np.mean(errors, axis=0))
    assert shrunken < 0.9 * own_error
    assert shrunken < one_error + 0.005


def test_known_weights() -> None:
    """Two subjects of equal size whose days never scatter keep their shares; without any difference all have one."""
    wholes = np.full((2, 10), 50.0)
    assert shrunken_shares(wholes * [[0.1], [0.3]], wholes) == pytest.approx([0.1, 0.3])
    lumps = np.where(np.arange(10) % 2 == 0, 20.0, 0.0)
    assert shrunken_shares(np.stack([lumps, lumps[::-1]]), wholes) == pytest.approx([0.2, 0.2])


def test_subjects_without_a_whole_have_that_of_all() -> None:
    """Unknown days count for nothing; where nothing was sold at all the share is 0."""
    parts = np.array([[1.0, np.nan, 1.0], [np.nan, np.nan, np.nan]])
    wholes = np.array([[10.0, 10.0, 10.0], [5.0, np.nan, np.nan]])
    assert shrunken_shares(parts, wholes) == pytest.approx([0.1, 0.1])
    assert shrunken_shares(np.zeros((3, 4)), np.zeros((3, 4))).tolist() == [0.0, 0.0, 0.0]


@given(arrays(np.float64, (4, 6), elements=st.floats(0, 1e6)), arrays(np.float64, (4, 6), elements=st.floats(0, 1)))
def test_a_share_lies_between_its_own_and_that_of_all(wholes: Floats, rates: Floats) -> None:
    """However the days went, none is drawn beyond the share of all, nor away from it."""
    parts = wholes * rates
    found = shrunken_shares(parts, wholes)
    size = wholes.sum(axis=1)
    if size.sum() > 0:
        all_ = parts.sum() / size.sum()
        own = np.divide(parts.sum(axis=1), size, out=np.full(4, all_), where=size > 0)
        assert (found >= np.minimum(own, all_) - 1e-9).all()
        assert (found <= np.maximum(own, all_) + 1e-9).all()
