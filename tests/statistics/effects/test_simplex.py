"""Weights on the simplex: the conditions of an optimum, whatever the problem."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.effects.simplex import simplex_weights


@given(size=st.integers(1, 12), rows=st.integers(1, 15), seed=st.integers(0, 10_000), ridge=st.floats(1e-6, 10))
def test_the_answer_meets_the_conditions_of_an_optimum(size: int, rows: int, seed: int, ridge: float) -> None:
    """Weights are not negative and add to one; no weight's gradient is less than that of those in use."""
    rng = np.random.default_rng(seed)
    table, aim = rng.normal(size=(rows, size)), rng.normal(size=rows)
    gram, linear = table.T @ table + ridge * np.eye(size), table.T @ aim
    start = rng.dirichlet(np.ones(size)) if seed % 2 else None
    weights = simplex_weights(gram, linear, start)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    gradient = gram @ weights - linear
    scale = np.abs(gram).max() + np.abs(linear).max()
    assert gradient.min() >= gradient @ weights - 1e-7 * scale


def test_two_weights_have_a_closed_form() -> None:
    """The better mixture of two columns is the clipped projection."""
    gram = np.array([[2.0, 0.5], [0.5, 1.0]])
    for linear in (np.array([1.0, 0.2]), np.array([9.0, 0.0]), np.array([0.0, 9.0])):
        best = (linear[0] - linear[1] - gram[0, 1] + gram[1, 1]) / (gram[0, 0] + gram[1, 1] - 2 * gram[0, 1])
        assert simplex_weights(gram, linear)[0] == pytest.approx(np.clip(best, 0, 1))


def test_shapes_must_agree() -> None:
    """A matrix of another size is refused."""
    with pytest.raises(ValueError, match="n × n"):
        simplex_weights(np.eye(2), np.ones(3))
