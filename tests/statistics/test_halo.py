"""One score, some or all: who fell when noise is shared."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from duoshou.statistics.halo import Floats, Reach, compare_falls, noise_covariance

TRIALS = 120


def correlated(shared: float, m: int = 3) -> Floats:
    """Return the covariance of m scores of unit variance that share a part."""
    return np.asarray((1 - shared) * np.eye(m) + shared)


def answers(kind: Reach, size: float, shared: float, seed: int) -> tuple[Counter[Reach], int]:
    """Return how often each answer came, and how often a told one named other scores than those that fell."""
    rng = np.random.default_rng(seed)
    noise = correlated(shared)
    told: Counter[Reach] = Counter()
    wrong = 0
    for _ in range(TRIALS):
        effect = np.zeros(3)
        number = {Reach.NONE: 0, Reach.ONE: 1, Reach.SOME: 2, Reach.ALL: 3}[kind]
        fallen = rng.permutation(3)[:number]
        effect[fallen] = -size * rng.uniform(0.7, 1.3, number)
        found = compare_falls(rng.multivariate_normal(effect, noise), noise)
        told[found.reach] += 1
        wrong += found.reach is not Reach.CANNOT_TELL and set(found.members) != set(fallen)
    return told, wrong


@pytest.mark.parametrize("shared", [0.3, 0.7, 0.9])
@pytest.mark.parametrize("size", [3.0, 5.0, 8.0])
@pytest.mark.parametrize("kind", [Reach.ONE, Reach.SOME, Reach.ALL])
def test_a_told_answer_is_seldom_wrong(kind: Reach, size: float, shared: float) -> None:
    """At whatever size of fall and correlation, no more than one answer in twenty names the wrong scores."""
    _, wrong = answers(kind, size, shared, 17)
    assert wrong <= TRIALS / 20


@pytest.mark.parametrize("shared", [0.3, 0.7, 0.9])
def test_a_clear_fall_is_told(shared: float) -> None:
    """A fall of eight standard errors is told in most cases, a common one nearly always."""
    assert answers(Reach.ONE, 8.0, shared, 18)[0][Reach.ONE] >= 0.5 * TRIALS
    assert answers(Reach.SOME, 8.0, shared, 19)[0][Reach.SOME] >= 0.6 * TRIALS
    assert answers(Reach.ALL, 8.0, shared, 20)[0][Reach.ALL] >= 0.97 * TRIALS


def test_shared_noise_is_no_common_fall() -> None:
    """Without any fall no more than one answer in twenty tells one, however strongly the scores move together."""
    for shared in (0.3, 0.9):
        told, wrong = answers(Reach.NONE, 0.0, shared, 21)
        assert wrong <= TRIALS / 20
        assert told[Reach.ALL] <= TRIALS / 20


def test_weights_and_intervals_are_sound() -> None:
    """Weights add to one, each score's probability lies between 0 and 1, and intervals hold their estimate."""
    found = compare_falls(np.array([-1.0, 2.0, -9.0]), correlated(0.5))
    assert sum(found.weights.values()) == pytest.approx(1.0)
    assert all(-1e-12 <= one <= 1 + 1e-12 for one in found.item_weights)
    assert found.item_weights[1] == 0.0
    assert found.members == (2,)
    assert np.all(found.changes[:, 1] < found.changes[:, 0])
    assert np.all(found.changes[:, 0] < found.changes[:, 2])
    assert found.common[1] < found.common[0] < found.common[2]


def test_one_score_alone() -> None:
    """With a single score the answer is that one, or none."""
    assert compare_falls(np.array([-9.0]), np.eye(1)).members == (0,)
    assert compare_falls(np.array([3.0]), np.eye(1)).members == ()


def test_the_order_of_scores_does_not_matter() -> None:
    """Scores in another order get the same weights."""
    changes, noise = np.array([-4.0, -0.5, -5.0]), correlated(0.6)
    noise[0, 1] = noise[1, 0] = 0.3
    order = [2, 0, 1]
    one, other = compare_falls(changes, noise), compare_falls(changes[order], noise[np.ix_(order, order)])
    assert [one.item_weights[k] for k in order] == pytest.approx(list(other.item_weights))


@pytest.mark.parametrize(
    ("changes", "noise"),
    [
        ([], np.eye(0)),
        ([1.0], np.eye(2)),
        ([np.nan], np.eye(1)),
        ([1.0, 1.0], np.ones((2, 2))),
        ([1.0], np.zeros((1, 1))),
    ],
)
def test_unsound_input_is_refused(changes: list[float], noise: Floats) -> None:
    """Shapes that differ, NaN and covariances that are not positive definite raise."""
    with pytest.raises(ValueError, match=r"change|covariance"):
        compare_falls(np.array(changes), noise)


def test_the_covariance_is_that_of_the_many() -> None:
    """Normal rows give their covariance within a tenth, and a twentieth of wild rows does not double it."""
    rng = np.random.default_rng(4)
    truth = np.array([[1.0, 1.6, 0.2], [1.6, 4.0, 0.4], [0.2, 0.4, 0.25]])
    rows = rng.multivariate_normal(np.zeros(3), truth, 3000)
    np.testing.assert_allclose(noise_covariance(rows), truth, rtol=0.12)
    wild = rows.copy()
    wild[:150] += 100
    assert np.all(np.abs(noise_covariance(wild) / truth - 1) < 1.0)


def test_series_that_stand_still_keep_a_covariance() -> None:
    """Constant series are positive definite by their floor; too few rows raise."""
    found = noise_covariance(np.zeros((50, 2)), floor=1e-6)
    assert float(np.linalg.eigvalsh(found).min()) > 0
    with pytest.raises(ValueError, match="too few"):
        noise_covariance(np.zeros((5, 3)))
