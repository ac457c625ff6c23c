"""The moves behind a vector of deviations, against sampling from the model and against its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.signatures import SIZES, Signature, explained

SIGNATURE = Signature(np.array([1.0, -0.5, 0.0]), np.array([0.2, 0.3, 0.0]))
NOISE = np.array([[0.04, 0.02, 0.0], [0.02, 0.25, 0.0], [0.0, 0.0, 0.09]])


def drawn(random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return true moves and what is seen of them, from the model itself."""
    size = random.choice(SIZES, size=(count, 1))
    true = size * SIGNATURE.loads + size * SIGNATURE.spread * random.normal(size=(count, 3))
    return true, true + random.multivariate_normal(np.zeros(3), NOISE, size=count)


def test_the_moves_are_those_of_draws_that_look_alike() -> None:
    """Of two million draws those near a vector have the mean and the covariance that are stated."""
    true, seen = drawn(np.random.default_rng(3), 2_000_000)
    x = np.array([0.6, 0.4, 0.1])
    near = (np.abs(seen - x) < 0.1).all(axis=1)
    found = explained(x, NOISE, SIGNATURE)
    assert near.sum() > 2000
    assert found.mean == pytest.approx(true[near].mean(axis=0), abs=0.015)
    assert found.covariance == pytest.approx(np.cov(true[near].T), abs=0.006)


def test_intervals_hold_the_true_moves_as_often_as_they_say_and_are_nearer_than_what_was_seen() -> None:
    """Nine of ten weakly seen moves lie within 1.645 deviations, and the error is less than that of the noise."""
    true, seen = drawn(np.random.default_rng(4), 800)
    found = [explained(one, NOISE, SIGNATURE) for one in seen]
    means = np.stack([one.mean for one in found])
    deviations = np.stack([np.sqrt(np.diag(one.covariance)) for one in found])
    held = np.abs(true - means)[:, :2] <= 1.645 * deviations[:, :2]
    assert held.mean(axis=0) == pytest.approx([0.9, 0.9], abs=0.03)
    errors = [float(((one - true)[:, 1] ** 2).mean()) for one in (means, seen)]
    assert errors[0] < 0.8 * errors[1]


@given(st.lists(st.floats(-2, 2), min_size=3, max_size=3), st.sampled_from(SIZES))
def test_without_spread_one_size_gives_its_loads(x: list[float], size: float) -> None:
    """Where a signature leaves nothing open, what was seen changes nothing."""
    rigid = Signature(SIGNATURE.loads, np.zeros(3))
    found = explained(np.array(x), NOISE, rigid, sizes=[size])
    assert found.mean == pytest.approx(size * rigid.loads)
    assert found.covariance == pytest.approx(np.zeros((3, 3)), abs=1e-12)


@given(st.floats(-1, 1))
def test_a_move_without_noise_is_what_was_seen(move: float) -> None:
    """Of a component that is known exactly nothing else is believed, and one that may move either way is as seen."""
    noise = np.diag([1e-12, 0.25, 0.09])
    free = Signature(SIGNATURE.loads, np.array([0.2, 0.3, 0.4]))
    found = explained(np.array([move, 0.3, move]), noise, free)
    assert found.mean[[0, 2]] == pytest.approx([move, move], abs=1e-6)
    assert found.covariance[2, 2] == pytest.approx(0.09)


def test_what_is_not_known_follows_the_others() -> None:
    """A rate that no file tells is taken from the size of the effect, with its spread."""
    found = explained(np.array([1.0, np.nan, 0.0]), NOISE, SIGNATURE, sizes=[1.0])
    assert found.mean[1] == pytest.approx(-0.5)
    assert found.covariance[1, 1] == pytest.approx(0.09)
