"""The equations of many series against a dense inverse of each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.expectation.basis import basis_of
from duoshou.statistics.expectation.equations import Equations, variances_of
from duoshou.statistics.expectation.panel import Design, FloatArray

SERIES, DAYS = 3, 150


def _design(random: np.random.Generator, phases: int, *, weekly: bool) -> Design:
    """Return phases of any days and strength, some of which meet, one of which has no day."""
    columns = (random.random((DAYS, phases)) < random.random(phases) * 0.4) * random.normal(1, 0.5, (DAYS, phases))
    if phases:
        columns[:, 0] = 0
    return Design(columns, tuple("ab"[number % 2] for number in range(phases)), np.arange(DAYS) % 7 if weekly else None)


def _walk(knots: int) -> FloatArray:
    change = np.diff(np.eye(knots), axis=0)
    return np.asarray(change.T @ change + 1e-6 * np.eye(knots))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 12), st.booleans())
def test_solution_is_that_of_a_dense_inverse(seed: int, phases: int, weekly: bool) -> None:
    """Coefficients, variances, effective parameters and covariance agree, whichever columns share days."""
    random = np.random.default_rng(seed)
    basis = basis_of(_design(random, phases, weekly=weekly))
    knots, count = basis.level.shape[1], basis.effects.shape[1]
    columns = np.concatenate([basis.level, basis.effects], axis=1)
    weights = random.gamma(1.0, 2.0, (SERIES, DAYS)) * (random.random((SERIES, DAYS)) < 0.8)
    working = random.normal(0, 3, (SERIES, DAYS))
    mean, precision = random.normal(0, 1, (SERIES, count)), random.gamma(2.0, 3.0, (SERIES, count)) + 0.1
    walk = random.gamma(2.0, 0.1, SERIES) + 1e-3
    equations = Equations(columns, knots)
    found = equations.solve(weights, working, (mean, precision), walk)
    covariance = equations.covariance(found)
    for row in range(SERIES):
        information = columns.T @ (weights[row][:, None] * columns)
        penalty = np.diag(np.concatenate([np.zeros(knots), precision[row]]))
        penalty[:knots, :knots] = _walk(knots) / walk[row]
        target = columns.T @ working[row]
        target[knots:] += precision[row] * mean[row]
        inverse = np.linalg.inv(information + penalty)
        assert found.coefficients[row] == pytest.approx(inverse @ target, rel=1e-7, abs=1e-7)
        assert found.variances[row] == pytest.approx(np.diag(inverse), rel=1e-7)
        assert found.parameters[row] == pytest.approx(np.sum(inverse * information), rel=1e-7)
        assert covariance[row] == pytest.approx(inverse[knots:, knots:], rel=1e-7, abs=1e-9)
    coefficients = random.normal(0, 1, (SERIES, knots + count))
    assert equations.times(coefficients) == pytest.approx(coefficients @ columns.T)
    spread = variances_of(basis.effects, covariance)
    written = np.einsum("tq,sqr,tr->st", basis.effects, covariance, basis.effects)
    assert spread == pytest.approx(written, rel=1e-9, abs=1e-12)
