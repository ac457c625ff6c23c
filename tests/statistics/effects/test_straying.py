"""How far units strayed: against plain numbers, and whatever all units share left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.effects.straying import straying


def strayed(weeks: np.ndarray, event: float = 0.5) -> np.ndarray:
    """Return the straying of units whose weeks have these levels, beside three that never move."""
    values = 1e6 * np.repeat(np.vstack([np.atleast_2d(weeks), np.ones((3, weeks.shape[-1]))]), 7, axis=1)
    return straying(values, np.ones_like(values), np.full(len(values), event))


def test_it_is_the_change_from_week_to_week_apart_from_the_others() -> None:
    """Weeks that alternate by a factor stray by its logarithm; what all units share is no straying."""
    weeks = np.repeat(np.where(np.arange(8) % 2, 1.2, 1.0), 7)
    shared = np.exp(np.linspace(0, 1, 56))
    values = 1e6 * np.vstack([weeks * shared, shared, shared, shared])
    found = straying(values, np.ones_like(values), np.full(4, 0.5))
    assert found[0] == pytest.approx(np.log(1.2), abs=1e-3)
    np.testing.assert_allclose(found[1:], 0.0, atol=1e-6)


def test_a_level_left_lately_counts_beside_the_changes() -> None:
    """Ten weeks, the last two a fifth lower: one change among nine, and the whole distance from the weeks before."""
    found = strayed(np.r_[np.ones(8), np.full(2, 0.8)])
    step = np.log(0.8)
    assert found[0] == pytest.approx(np.sqrt(step**2 / 9 + step**2), rel=1e-4)
    assert found[1] == pytest.approx(0.0, abs=1e-9)


def test_a_level_left_long_ago_is_the_level_now() -> None:
    """The same step eight weeks ago is one change among nine."""
    assert strayed(np.r_[np.ones(2), np.full(8, 0.8)])[0] == pytest.approx(-np.log(0.8) / 3, rel=1e-4)


def test_two_weeks_have_no_weeks_before_to_be_held_against() -> None:
    """Of two weeks only the change between them is known."""
    assert strayed(np.array([1.0, 1.1]))[0] == pytest.approx(np.log(1.1), rel=1e-4)


@given(st.integers(0, 1000), st.floats(0.1, 10.0))
def test_it_depends_neither_on_the_unit_nor_on_what_all_share(seed: int, factor: float) -> None:
    """Amounts may be in any unit, and a shared trend of the logarithm is nobody's straying."""
    random = np.random.default_rng(seed)
    values = random.gamma(50.0, 2.0, (5, 70))
    event = np.full(5, 1e-6)
    one = straying(values, np.ones_like(values), event)
    assert one.min() >= 0
    np.testing.assert_allclose(straying(factor * values, np.ones_like(values), factor * event), one, rtol=1e-6)
    weeks = np.repeat(np.exp(random.normal(0, 0.1, 10)), 7)
    np.testing.assert_allclose(straying(values * weeks, np.ones_like(values), event), one, rtol=1e-4)
