"""How days of launches scatter, and what they are worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from duoshou.statistics.launches import Scatter, scatter, thinned


def test_coins_do_not_scatter_and_days_with_a_factor_do() -> None:
    """A day's factor of variance κ is found a week's where its days share it; gaps do not matter."""
    random = np.random.default_rng(6)
    rates, tries = random.beta(2, 40, (120, 1)), np.full((120, 28), 200.0)

    def drawn(factor: np.ndarray) -> np.ndarray:
        return np.asarray(random.binomial(200, (rates * factor).clip(0, 1)), dtype=float)

    coins = scatter(drawn(np.ones((120, 28))), tries)
    assert coins.daily == pytest.approx(0, abs=0.01)
    assert coins.weekly == pytest.approx(0, abs=0.01)
    daily = drawn(random.gamma(4, 1 / 4, (120, 28)))
    assert scatter(daily, tries).daily == pytest.approx(0.25, rel=0.15)
    assert scatter(daily, tries).weekly == pytest.approx(0.25 / 7, rel=0.3)
    gaps = np.where(random.random((120, 28)) < 0.3, np.nan, daily)
    assert scatter(gaps, tries).daily == pytest.approx(0.25, rel=0.2)
    weekly = drawn(np.repeat(random.gamma(4, 1 / 4, (120, 4)), 7, axis=1))
    assert scatter(weekly, tries).weekly == pytest.approx(0.25, rel=0.25)
    assert scatter(weekly, tries).monthly == 0


def test_a_launch_that_begins_well_is_not_known_by_its_first_weeks() -> None:
    """Where four weeks have a factor of their own, further days of the same ones tell little."""
    random = np.random.default_rng(9)
    rates, tries = random.beta(20, 400, (400, 1)), np.full((400, 56), 200.0)
    factor = np.repeat(random.gamma(4, 1 / 4, (400, 2)), 28, axis=1)
    hits = np.asarray(random.binomial(200, (rates * factor).clip(0, 1)), dtype=float)
    found = scatter(hits, tries)
    assert found.monthly == pytest.approx(0.25, rel=0.2)
    # However many they were, the hits of four weeks are worth 1 ÷ κ at most.
    assert hits[:, :28].sum(axis=1).mean() > 200
    assert thinned(hits, tries, found)[0][:, :28].sum(axis=1).mean() < 1.1 / found.monthly


def test_days_that_scatter_are_worth_as_many_coins_as_give_their_variance() -> None:
    """The rate of thinned tries varies as a binomial one of so many tries does."""
    random = np.random.default_rng(7)
    tries = np.full((4000, 14), 100.0)
    hits = random.binomial(100, (0.05 * random.gamma(4, 1 / 4, tries.shape)).clip(0, 1)).astype(float)
    k, n = thinned(hits, tries, Scatter(0.25, 0.25 / 7))
    rate = k.sum(axis=1) / n.sum(axis=1)
    assert rate.var() == pytest.approx(0.05 * 0.95 / n.sum(axis=1).mean(), rel=0.12)


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.int64, st.tuples(st.integers(0, 5), st.integers(0, 20)), elements=st.integers(0, 40)),
    st.floats(0, 5),
    st.floats(0, 5),
)
def test_thinning_adds_nothing(hits: np.ndarray, daily: float, weekly: float) -> None:
    """Never more than there were, hits at most as many as tries, all of them without scatter; none gives none."""
    won = hits.astype(float)
    tries = won + 10.0
    found = scatter(won, tries)
    assert found.daily >= 0
    assert found.weekly >= 0
    k, n = thinned(won, tries, Scatter(daily, weekly))
    assert ((k >= 0) & (k <= n + 1e-12) & (n <= tries)).all()
    same = thinned(won, tries, Scatter())
    assert (same[0] == won).all()
    assert (same[1] == tries).all()
