"""Bayes factors of signatures against quadrature, and what they must say of planted causes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.signatures import Signature, shown, weigh

CORRELATION = np.array([[1.0, 0.4, 0.1], [0.4, 1.0, 0.0], [0.1, 0.0, 1.0]])
FIRST = Signature(np.array([-1.0, 0.0, 0.5]), np.array([0.3, 0.0, 0.2]))
SECOND = Signature(np.array([0.0, -1.0, 0.0]), np.array([0.0, 0.3, 0.0]))


def density(x: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> float:
    """The density of a multivariate normal law, from its definition."""
    gap = x - mean
    power = float(gap @ np.linalg.inv(covariance) @ gap)
    return math.exp(-0.5 * power) / math.sqrt((2 * math.pi) ** len(x) * float(np.linalg.det(covariance)))


@pytest.mark.parametrize("sizes", [[0.3], [0.1, 0.4, 1.6]])
def test_a_bayes_factor_is_the_mean_of_likelihood_ratios(sizes: list[float]) -> None:
    """The factor is the ratio of densities from their definition, the mean over the sizes that are equally likely."""
    x, variances = np.array([-0.4, 0.05, 0.3]), np.array([0.04, 0.02, 0.09])
    null = CORRELATION * np.sqrt(np.outer(variances, variances))
    likelihood = np.array([density(x, size * FIRST.loads, null + size**2 * np.diag(FIRST.spread**2)) for size in sizes])
    found = weigh(x[None], variances[None], CORRELATION, [FIRST], sizes=sizes)
    expected = math.log(likelihood.mean() / density(x, np.zeros(3), null))
    assert found.log_bayes_factor[0, 0] == pytest.approx(expected, abs=1e-9)
    assert found.size[0, 0] == pytest.approx(float(likelihood @ sizes / likelihood.sum()), rel=1e-9)


def test_vectors_may_each_have_a_correlation_of_their_own() -> None:
    """The evidence of each is that which it has alone with its correlation."""
    x = np.array([[-0.4, 0.05, 0.3], [-0.2, -0.5, 0.1]])
    variances = np.full_like(x, 0.04)
    correlations = np.stack([CORRELATION, np.eye(3)])
    found = weigh(x, variances, correlations, [FIRST, SECOND]).log_bayes_factor
    for row in range(2):
        alone = weigh(x[[row]], variances[[row]], correlations[row], [FIRST, SECOND]).log_bayes_factor
        assert found[[row]] == pytest.approx(alone, abs=1e-9)


@pytest.mark.parametrize("move", [0.0, 8.0, -8.0])
def test_what_may_move_either_way_says_nothing(move: float) -> None:
    """A component with a spread and no load is left out: the evidence is that of the others alone."""
    indifferent = Signature(np.array([-1.0, 0.0, 0.5]), np.array([0.3, 0.4, 0.2]))
    x, variances = np.array([[-0.4, move, 0.3]]), np.array([[0.04, 0.02, 0.09]])
    others = Signature(indifferent.loads[[0, 2]], indifferent.spread[[0, 2]])
    alone = weigh(x[:, [0, 2]], variances[:, [0, 2]], CORRELATION[np.ix_([0, 2], [0, 2])], [others])
    found = weigh(x, variances, CORRELATION, [indifferent])
    assert found.log_bayes_factor[0, 0] == pytest.approx(alone.log_bayes_factor[0, 0], abs=1e-9)


def test_a_cause_of_limited_size_is_weighed_by_its_own_sizes() -> None:
    """Only sizes that the cause can have count, each of them equally likely; without any there is no evidence."""
    x, variances, sizes = np.array([[-0.4, 0.05, 0.3]]), np.array([[0.04, 0.02, 0.09]]), [0.1, 0.4, 1.6]
    limited = Signature(FIRST.loads, FIRST.spread, least=0.3, most=1.0)
    found = weigh(x, variances, CORRELATION, [limited], sizes=sizes)
    alone = weigh(x, variances, CORRELATION, [FIRST], sizes=[0.4])
    assert found.log_bayes_factor[0, 0] == pytest.approx(alone.log_bayes_factor[0, 0], abs=1e-9)
    assert found.size[0, 0] == pytest.approx(0.4)


def test_a_move_the_other_way_speaks_against_a_cause() -> None:
    """An effect is positive: deviations against the loads are no evidence, however large."""
    x = -2.0 * FIRST.loads[None] * np.ones((1, 1))
    assert weigh(x, np.full((1, 3), 0.01), CORRELATION, [FIRST]).log_bayes_factor[0, 0] <= 0


def test_the_planted_cause_weighs_most() -> None:
    """Deviations drawn from one signature favour it over the other and over nothing, and its size is found."""
    rng = np.random.default_rng(3)
    sizes = rng.uniform(0.5, 1.5, 400)
    noise = rng.multivariate_normal(np.zeros(3), 0.01 * CORRELATION, 400)
    x = sizes[:, None] * FIRST.loads + noise
    found = weigh(x, np.full_like(x, 0.01), CORRELATION, [FIRST, SECOND])
    assert np.all(found.log_bayes_factor[:, 0] > np.maximum(found.log_bayes_factor[:, 1], 5))
    assert np.abs(found.size[:, 0] - sizes).mean() < 0.15


def test_noise_weighs_against_every_cause() -> None:
    """By Markov's inequality a Bayes factor above 1/p comes with at most the chance p when nothing happened."""
    rng = np.random.default_rng(5)
    x = rng.multivariate_normal(np.zeros(3), 0.04 * CORRELATION, 20_000)
    found = weigh(x, np.full_like(x, 0.04), CORRELATION, [FIRST, SECOND])
    # The mean is 1; it is estimated where the factor has a light tail, for effects smaller than the noise.
    small = weigh(x, np.full_like(x, 0.04), CORRELATION, [FIRST, SECOND], sizes=[0.1])
    assert np.exp(small.log_bayes_factor).mean(axis=0) == pytest.approx([1, 1], abs=0.03)
    for chance in (0.05, 0.01):
        assert (found.log_bayes_factor > -math.log(chance)).mean(axis=0).max() <= chance


def test_what_is_not_known_says_nothing() -> None:
    """A component that is NaN counts as if it were not there; of nothing known the factor is 1."""
    x, variances = np.array([[-0.5, np.nan, 0.2]]), np.full((1, 3), 0.01)
    whole = weigh(x, variances, CORRELATION, [FIRST])
    kept = [0, 2]
    part = Signature(FIRST.loads[kept], FIRST.spread[kept])
    alone = weigh(x[:, kept], variances[:, kept], CORRELATION[np.ix_(kept, kept)], [part])
    assert whole.log_bayes_factor == pytest.approx(alone.log_bayes_factor, abs=1e-4)
    nothing = weigh(np.full((1, 3), np.nan), variances, CORRELATION, [FIRST, SECOND])
    assert nothing.log_bayes_factor == pytest.approx(np.zeros((1, 2)), abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.permutations(range(3)))
def test_the_order_of_components_does_not_matter(values: list[float], order: list[int]) -> None:
    """Renaming components changes nothing."""
    x, variances = np.array([values]), np.array([[0.04, 0.02, 0.09]])
    moved = Signature(FIRST.loads[order], FIRST.spread[order])
    one = weigh(x, variances, CORRELATION, [FIRST])
    other = weigh(x[:, order], variances[:, order], CORRELATION[np.ix_(order, order)], [moved])
    assert one.log_bayes_factor == pytest.approx(other.log_bayes_factor, rel=1e-6, abs=1e-6)
    assert one.size == pytest.approx(other.size, rel=1e-6)


def test_no_vector_passed_over_could_have_told_more() -> None:
    """With a least evidence asked for, factors beyond it are the same, and none of the others lay beyond."""
    rng = np.random.default_rng(9)
    x = rng.normal(0, 0.4, (2000, 3))
    variances = np.full_like(x, 0.04)
    whole = weigh(x, variances, CORRELATION, [FIRST, SECOND]).log_bayes_factor
    part = weigh(x, variances, CORRELATION, [FIRST, SECOND], least=3.0).log_bayes_factor
    assert part[whole > 3] == pytest.approx(whole[whole > 3])
    assert ((part == whole) | (part == 0)).all()
    assert (part == 0).any()


ENDS = np.array([-1.1, -np.inf, -2.0])


@pytest.mark.parametrize("x", [[-1.1, 0.05, 0.6], [-0.4, -0.3, 1.5]])
def test_a_logarithm_that_ends_is_held_against_what_it_can_show(x: list[float]) -> None:
    """The factor is the ratio of densities with means that end; without an end it is as if none was given."""
    seen, variances, sizes = np.array(x), np.array([0.3, 0.02, 0.09]), [0.4, 3.0]
    null = CORRELATION * np.sqrt(np.outer(variances, variances))
    ends = np.exp(ENDS)
    likelihood = np.array(
        [
            density(
                seen,
                np.log(np.exp(size * FIRST.loads) * (1 - ends) + ends),
                null + size**2 * np.diag(FIRST.spread**2),
            )
            for size in sizes
        ]
    )
    found = weigh(seen[None], variances[None], CORRELATION, [FIRST], sizes=sizes, lowest=ENDS[None])
    expected = math.log(likelihood.mean() / density(seen, np.zeros(3), null))
    assert found.log_bayes_factor[0, 0] == pytest.approx(expected, abs=1e-9)
    endless = weigh(seen[None], variances[None], CORRELATION, [FIRST], lowest=np.full((1, 3), -np.inf))
    assert endless.log_bayes_factor == pytest.approx(
        weigh(seen[None], variances[None], CORRELATION, [FIRST]).log_bayes_factor
    )


@given(st.floats(-4, 4), st.floats(0.01, 1e4))
def test_what_a_move_shows_is_the_logarithm_of_its_mean_count(move: float, expected: float) -> None:
    """log((expected·eᵘ + ½) ÷ (expected + ½)), which nothing is below."""
    lowest = np.array(math.log(0.5 / (expected + 0.5)))
    found = float(shown(np.array(move), lowest))
    assert found == pytest.approx(math.log((expected * math.exp(move) + 0.5) / (expected + 0.5)), abs=1e-9)
    assert found >= lowest


def test_few_orders_that_all_cease_speak_for_a_cause_that_ends_all() -> None:
    """One expected order that does not come is what a stop of all sales shows, and not a third of it."""
    both, first = (Signature(np.array(loads), np.array([0.3, 0.3])) for loads in ([-1.0, -1.0], [-1.0, 0.0]))
    first = Signature(first.loads, np.array([0.3, 0.0]))
    ends = np.log(0.5 / (np.array([[20.0, 1.0]]) + 0.5))
    variances = np.array([[0.3, 1.0]])
    told = weigh(ends, variances, np.eye(2), [both, first], lowest=ends).log_bayes_factor[0]
    blind = weigh(ends, variances, np.eye(2), [both, first]).log_bayes_factor[0]
    assert told[0] - told[1] > max(blind[0] - blind[1], 0.0)
