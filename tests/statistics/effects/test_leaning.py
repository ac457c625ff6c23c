"""The mixture that errs least, and its error: against least squares, the closed form, and fresh draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.effects.leaning import error_at, error_of, leaned, mixed_by


def test_the_error_follows_size_as_chance_does() -> None:
    """Errors whose variance is a + b ÷ size give this variance back for a size of one's own."""
    random = np.random.default_rng(4)
    sizes = random.uniform(1, 60, 20_000)
    errors = random.normal(0, np.sqrt(0.01 + 0.3 / sizes))
    assert error_at(5.0, errors, sizes) == pytest.approx(np.sqrt(0.07), rel=0.05)
    assert error_at(1e9, errors, sizes) == pytest.approx(0.1, rel=0.05)


@given(st.integers(0, 1000), st.floats(0.1, 10.0))
def test_weights_are_shares_that_do_not_depend_on_the_unit(seed: int, factor: float) -> None:
    """Weights are not negative, add to one, favour the smallest error, and errors may be in any unit."""
    errors = np.random.default_rng(seed).normal(0, [[1.0], [0.5], [2.0]], (3, 24))
    weights = mixed_by(errors)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1.0)
    assert np.argmax(weights) == np.argmin((errors**2).mean(axis=1))
    np.testing.assert_allclose(mixed_by(factor * errors), weights, atol=1e-9)


def test_what_placebos_show_is_foretold() -> None:
    """Where the error of an estimate follows a hint by a half, the hint is taken off by a half."""
    random = np.random.default_rng(9)
    hint = random.normal(0, 0.2, 4000)
    errors = np.stack([0.5 * hint + random.normal(0, 0.01, 4000), hint])
    estimate, left = leaned(np.array([0.3, 0.1]), errors, 1, np.ones(4000))
    assert estimate == pytest.approx(0.25, abs=0.005)
    assert left.std() == pytest.approx(0.01, rel=0.05)


def test_with_plenty_of_placebos_it_is_the_best_linear_combination() -> None:
    """Weights of two estimates that may be negative come out as least squares with a sum of one has them."""
    random = np.random.default_rng(10)
    trend, noise = random.normal(0, 0.3, 20_000), random.normal(0, 0.05, (2, 20_000))
    errors = np.stack([trend, 2 * trend]) + noise
    moments = errors @ errors.T
    best = np.linalg.solve(moments, np.ones(2))
    own = np.array([0.2, 0.45])
    assert leaned(own, errors, 2, np.ones(20_000))[0] == pytest.approx(own @ best / best.sum(), abs=0.005)


def test_errors_are_those_of_leaving_each_out() -> None:
    """The error of a placebo is what the estimate errs for it when the others alone have taught the slopes."""
    random = np.random.default_rng(11)
    errors = random.normal(0, 0.1, (4, 30))
    _, left = leaned(np.zeros(4), errors, 2, np.ones(30))
    shares = mixed_by(errors[:2])
    scale = np.sqrt(np.mean((shares @ errors[:2]) ** 2))
    for place in (0, 7, 29):
        rest = np.arange(30) != place
        mixed = shares @ errors[:2]
        columns = np.vstack([errors[:2] - mixed, errors[2:]])
        gram = columns[:, rest] @ columns[:, rest].T / scale**2 + 4 * np.eye(4)
        slopes = -np.linalg.solve(gram, columns[:, rest] @ mixed[rest] / scale**2)
        assert left[place] == pytest.approx(mixed[place] + slopes @ columns[:, place], rel=1e-3)


def test_a_subject_that_strays_more_errs_more_where_straying_tells() -> None:
    """Where errors are in proportion to straying the error follows it; where they are not it hardly does."""
    random = np.random.default_rng(12)
    strays = np.exp(random.normal(np.log(0.1), 0.5, 400))
    for power, expected in ((1.0, 0.2), (0.0, 0.1)):
        errors = random.normal(0, 0.1 * (strays / 0.1) ** power)
        assert error_of(errors, np.ones(400), strays, 1.0, 0.2) == pytest.approx(expected, rel=0.1)


@given(st.integers(0, 1000), st.floats(0.1, 10.0))
def test_the_error_is_in_the_unit_of_the_errors(seed: int, factor: float) -> None:
    """Errors twice as large make an error twice as large, and straying counts relative to that of others."""
    random = np.random.default_rng(seed)
    errors, sizes, strays = random.normal(0, 0.1, 40), random.uniform(1, 9, 40), random.uniform(0.05, 0.3, 40)
    one = error_of(errors, sizes, strays, 3.0, 0.1)
    assert error_of(factor * errors, sizes, strays, 3.0, 0.1) == pytest.approx(factor * one, rel=1e-3)
    assert error_of(errors, sizes, factor * strays, 3.0, factor * 0.1) == pytest.approx(one, rel=1e-6)
