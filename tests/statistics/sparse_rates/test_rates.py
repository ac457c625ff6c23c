"""Rates of rare events against known truths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats

from duoshou.statistics.sparse_rates import nested_rates, told_apart, trials_needed


def drawn(seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return hits, trials, groups and true rates of 2,000 keywords in 40 campaigns."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(40), 50)
    centre = random.beta(0.03 * 150, 0.97 * 150, 40)
    rate = random.beta(centre[group] * 80, (1 - centre[group]) * 80)
    trials = np.round(random.lognormal(3.5, 1.2, 2000))
    return random.binomial(trials.astype(int), rate).astype(np.float64), trials, group, rate


def test_shrunken_rates_are_nearer_to_the_truth_and_intervals_hold_it() -> None:
    """Half of the squared error of raw rates at most, 95 % of the truths inside, and the group tells something."""
    hits, trials, group, rate = drawn()
    found = nested_rates(hits, trials, [group])
    alone = nested_rates(hits, trials)
    raw = hits / np.maximum(trials, 1)
    error = np.mean((found.mean - rate) ** 2)
    assert error < 0.4 * np.mean((raw - rate) ** 2)
    assert error < np.mean((alone.mean - rate) ** 2)
    assert ((found.low <= rate) & (rate <= found.high)).mean() == pytest.approx(0.95, abs=0.015)


def test_the_concentration_is_that_of_the_simulation() -> None:
    """Units that scatter with κ = 80 around their groups are found to do so."""
    hits, trials, group, _ = drawn(3)
    assert nested_rates(hits, trials, [group]).concentration[0] == pytest.approx(80, rel=0.4)


def test_a_single_unit_is_its_own_rate_and_nothing_tried_is_the_prior() -> None:
    """Without others nothing can be borrowed; without trials there is only what the others say."""
    one = nested_rates(np.array([5.0]), np.array([100.0]))
    assert one.mean[0] == pytest.approx(0.05, rel=0.1)
    assert one.low[0] < 0.03
    assert one.high[0] > 0.08
    found = nested_rates(np.array([5.0, 6.0, 0.0]), np.array([100.0, 120.0, 0.0]))
    assert found.mean[2] == pytest.approx(found.prior[2])


@given(arrays(np.float64, 12, elements=st.integers(0, 50).map(float)))
def test_a_mean_lies_between_the_unit_and_its_group(hits: NDArray[np.float64]) -> None:
    """Shrinkage never overshoots, and intervals hold the mean."""
    trials = np.full(12, 50.0)
    found = nested_rates(hits, trials, [np.repeat([0, 1, 2], 4)])
    raw = hits / trials
    assert (found.mean >= np.minimum(raw, found.prior) - 1e-9).all()
    assert (found.mean <= np.maximum(raw, found.prior) + 1e-9).all()
    assert ((found.low <= found.mean + 1e-12) & (found.mean <= found.high + 1e-12)).all()


def test_what_is_told_is_wrong_in_one_of_twenty_at_most() -> None:
    """Of keywords told to lie below a limit at 3 %, fewer than 5 % truly do not: the priors are only estimated."""
    wrongs, told_in_all = 0, 0
    for seed in range(6):
        hits, trials, group, rate = drawn(seed)
        found = nested_rates(hits, trials, [group])
        chosen = told_apart(1 - stats.beta.cdf(0.025, found.alpha, found.beta), 0.03)
        wrongs += int((rate[chosen] >= 0.025).sum())
        told_in_all += int(chosen.sum())
    assert told_in_all > 500
    assert wrongs / told_in_all < 0.05


def test_told_apart_is_the_largest_such_set() -> None:
    """By hand; what is unknown is never told."""
    wrong = np.array([0.01, 0.2, 0.03, np.nan, 0.1])
    assert told_apart(wrong, 0.05).tolist() == [True, False, True, False, True]
    assert told_apart(np.array([0.3]), 0.05).tolist() == [False]
    assert told_apart(np.zeros(0)).tolist() == []


def test_trials_needed_are_the_textbooks() -> None:
    """A rate of 2 % against a limit of 3 %: z² p (1 − p) ÷ d² trials in all."""
    assert trials_needed(0.02, 0.03, 0) == pytest.approx(1.6449**2 * 0.025 * 0.975 / 0.01**2, abs=2)
    assert trials_needed(0.02, 0.03, 10_000) == 0
    assert trials_needed(0.03, 0.03, 5) is None
