"""Budgets by Thompson sampling against closed forms, and with known truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, betabinom

from duoshou.statistics.exploration import learn, shares


def test_shares_are_the_chance_to_be_the_best() -> None:
    """For two places with steady rates the share is the integral of one density times the other's distribution."""
    wins, tries = np.array([[20.0, 30.0]]), np.array([[1000.0, 1000.0]])
    found = shares(learn(wins, tries, speeds=(1.0,)), np.random.default_rng(1), draws=40_000)
    rate = 50.5 / 2001
    first, second = (beta(won + rate, 1000 - won + 1 - rate) for won in (20, 30))
    wanted = quad(lambda x: second.pdf(x) * first.cdf(x), 0, 0.2, limit=200, points=[0.02, 0.03])[0]
    assert found.best[1] == pytest.approx(wanted, abs=0.01)
    assert found.low[1] == pytest.approx(second.ppf(0.05), rel=0.02)


def test_speeds_are_weighed_by_the_beta_binomial_chance() -> None:
    """The score of nothing forgotten is the beta-binomial distribution of SciPy, up to what all speeds share."""
    wins, tries = np.array([[3.0], [5.0]]), np.array([[50.0], [60.0]])
    found = learn(wins, tries, speeds=(1.0, 0.9))
    rate = 8.5 / 111
    wanted = []
    for speed in (1.0, 0.9):
        up, down = 3 * speed + rate, 47 * speed + 1 - rate
        wanted.append(betabinom(60, up, down).logpmf(5))
    assert found.beliefs[0].score - found.beliefs[1].score == pytest.approx(wanted[0] - wanted[1])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 500)), min_size=2, max_size=6), st.floats(0, 0.4))
def test_shares_add_up_and_keep_the_floor(counts: list[tuple[int, int]], floor: float) -> None:
    """Whatever the counts, shares add up to one and no place that is kept lies below the floor."""
    wins = np.array([[float(won) for won, _ in counts]])
    tries = np.array([[float(won + lost) for won, lost in counts]])
    found = shares(learn(wins, tries), np.random.default_rng(0), floor=floor, draws=300)
    assert found.share.sum() == pytest.approx(1.0)
    kept = found.share[~found.stopped]
    assert (kept >= min(floor, 1 / len(kept)) - 1e-9).all()
    assert (found.share[found.stopped] <= 1e-12).all()


def test_a_place_that_is_clearly_worse_is_let_go() -> None:
    """A place at a tenth of the best rate gets nothing more, and one that nobody knows yet gets some."""
    wins, tries = np.array([[500.0, 50.0, 0.0]]), np.array([[10_000.0, 10_000.0, 0.0]])
    found = shares(learn(wins, tries), np.random.default_rng(0), floor=0.02)
    assert list(found.stopped) == [False, True, False]
    assert found.share[2] >= 0.02


def test_rates_that_changed_are_forgotten_and_steady_ones_are_not() -> None:
    """After a change the forgetful speeds weigh most; without one what is never forgotten does."""
    steady = np.tile([[50.0, 80.0]], (30, 1))
    tries = np.full((30, 2), 1000.0)
    assert learn(steady, tries).weights[0] > 0.5
    changed = steady.copy()
    changed[15:] = [120.0, 30.0]
    assert learn(changed, tries).weights[0] < 0.01
    found = shares(learn(changed, tries), np.random.default_rng(0))
    assert found.share[0] > 0.95


def test_counts_that_cannot_be_are_refused() -> None:
    """More successes than tries raise an error."""
    with pytest.raises(ValueError, match="successes"):
        learn(np.array([[5.0]]), np.array([[3.0]]))
