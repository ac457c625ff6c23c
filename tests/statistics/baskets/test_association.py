"""Lifts and chances of pairs against closed forms and simulations with known truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, fisher_exact, hypergeom

from duoshou.statistics.baskets import (
    LiftPrior,
    PairCounts,
    adjusted_p_values,
    associate,
    fit_prior,
    unseen_pairs,
)
from duoshou.statistics.baskets.tails import hypergeometric_tails


def one_pair(together: int) -> PairCounts:
    """Return a single pair of the items 0 and 1."""
    return PairCounts(np.array([0]), np.array([1]), np.array([together]))


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 60))
def test_chance_is_that_of_fishers_exact_test(together: int, left: int, right: int, neither: int) -> None:
    """Where partners ask for less, the chance of so many together is that of the exact test of the table."""
    baskets = together + left + right + neither
    if not baskets:
        return
    support = np.array([together + left, together + right])
    found = associate(one_pair(together), support, baskets, np.array([1e-12]), LiftPrior(1, 1))
    table = [[together, left], [right, neither]]
    assert found.more[0] == pytest.approx(fisher_exact(table, "greater").pvalue, rel=1e-6)
    found = associate(one_pair(together), support, baskets, np.array([1e6]), LiftPrior(1, 1))
    assert found.fewer[0] == pytest.approx(fisher_exact(table, "less").pvalue, rel=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_values_are_those_of_scipy(p_values: list[float]) -> None:
    """Both procedures give what SciPy gives, and what is not listed counts as a test with the p-value 1."""
    for dependence, method in (("positive", "bh"), ("any", "by")):
        found = adjusted_p_values(p_values, dependence=dependence)  # type: ignore[arg-type]
        assert found == pytest.approx(false_discovery_control(p_values, method=method))
        longer = false_discovery_control([*p_values, *[1.0] * 25], method=method)
        listed = adjusted_p_values(p_values, len(p_values) + 25, dependence)  # type: ignore[arg-type]
        assert listed == pytest.approx(longer[: len(p_values)])


def test_a_family_of_thousands_is_adjusted_as_scipy_adjusts_it() -> None:
    """The harmonic number of a large family is that of the sum."""
    p_values = np.random.default_rng(1).random(5000) ** 4
    assert adjusted_p_values(p_values) == pytest.approx(false_discovery_control(p_values, method="by"), rel=1e-9)


def test_the_prior_is_found_again_from_counts_drawn_with_it() -> None:
    """From 20,000 pairs with lifts of a known gamma distribution, shape and mean are told within 10 per cent."""
    random = np.random.default_rng(2)
    shape, mean = 2.5, 1.3
    expected = random.gamma(1.0, 4.0, 20_000)
    counts = random.poisson(expected * random.gamma(shape, mean / shape, expected.size))
    seen = counts > 0
    found = fit_prior(counts[seen], expected[seen], expected[~seen], np.ones(int((~seen).sum())))
    assert found.shape == pytest.approx(shape, rel=0.1)
    assert found.shape / found.rate == pytest.approx(mean, rel=0.1)


def test_intervals_of_shrunk_lifts_hold_the_truth() -> None:
    """94 to 96 per cent of the intervals hold the true lift, and shrinking halves the error of rare pairs."""
    random = np.random.default_rng(3)
    number, shape = 20_000, 4.0
    support = np.full(2 * number, 100)
    expected = random.gamma(1.0, 2.0, number) + 0.05
    truth = random.gamma(shape, 1 / shape, number)
    counts = random.poisson(expected * truth)
    prior = fit_prior(counts, expected, np.empty(0), np.empty(0))
    pairs = PairCounts(np.arange(number), np.arange(number, 2 * number), counts)
    found = associate(pairs, support, 100_000, expected, prior)
    assert 0.94 < float(((found.low <= truth) & (truth <= found.high)).mean()) < 0.96
    rare = expected < 2
    raw = counts[rare] / expected[rare] - truth[rare]
    assert float((np.abs(found.shrunk[rare] - truth[rare])).mean()) < 0.5 * float(np.abs(raw).mean())


def test_unseen_pairs_stand_for_every_pair_once() -> None:
    """Seen and unseen pairs add up to all pairs, and so do their expectations within the width of a class."""
    support = np.random.default_rng(4).integers(1, 500, 60)
    seen = PairCounts(np.array([0, 3, 5]), np.array([1, 9, 44]), np.array([2, 1, 7]))
    expected, weight = unseen_pairs(support, seen, 0.01)
    assert weight.sum() + 3 == 60 * 59 / 2
    whole = 0.01 * (support.sum() ** 2 - (support**2).sum()) / 2
    own = 0.01 * float((support[seen.left] * support[seen.right]).sum())
    assert math.isclose(float((expected * weight).sum()), whole - own, rel_tol=0.05)


def test_where_nothing_was_counted_the_prior_is_flat_and_finite() -> None:
    """Without pairs there is a prior all the same, and associating nothing gives nothing."""
    prior = fit_prior(np.empty(0), np.empty(0), np.empty(0), np.empty(0))
    nothing = PairCounts(*(np.empty(0, dtype=np.int64),) * 3)
    assert associate(nothing, np.array([3]), 3, np.empty(0), prior).lift.size == 0


def test_tails_are_those_of_scipy() -> None:
    """Of counts on both sides of the mode, rare and sure, both tails are those of SciPy's distribution."""
    random = np.random.default_rng(6)
    baskets = 5000
    left, right = random.integers(1, 2000, 200), random.integers(1, 2000, 200)
    together = hypergeom.rvs(baskets, left, right, random_state=random)
    together = np.clip(together + random.integers(-30, 30, 200), 0, np.minimum(left, right))
    more, fewer = hypergeometric_tails(together, baskets, left, right)
    assert more == pytest.approx(hypergeom.sf(together - 1, baskets, left, right), rel=1e-7, abs=1e-12)
    assert fewer == pytest.approx(hypergeom.cdf(together, baskets, left, right), rel=1e-7, abs=1e-12)
