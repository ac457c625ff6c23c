"""Tests of the tail probabilities against SciPy 1.16's values and closed forms."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics import beta_tail, poisson_upper_tail, student_t_two_sided


@pytest.mark.parametrize(
    ("x", "a", "b", "expected"),
    [
        (0.5, 2, 3, 0.6875),
        (0.01, 0.5, 0.5, 0.06376856085851985),
        (0.99, 10, 0.5, 0.6579281751567845),
        (0.3, 50, 80, 0.02070028791137334),
        (0.0, 2, 3, 0.0),
        (1.0, 2, 3, 1.0),
    ],
)
def test_incomplete_beta_is_scipys(x: float, a: float, b: float, expected: float) -> None:
    """I_x(a, b) equals `scipy.special.betainc`."""
    assert beta_tail(x, a, b) == pytest.approx(expected, rel=1e-11)


@given(st.floats(0.001, 0.999), st.integers(1, 12), st.integers(1, 12))
def test_incomplete_beta_of_whole_parameters_is_a_binomial_sum(x: float, a: int, b: int) -> None:
    """For whole a and b, I_x(a, b) is the chance of at least a successes in a + b − 1 trials, summed exactly."""
    p, n = Fraction(x), a + b - 1
    exact = sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(a, n + 1))
    assert beta_tail(x, a, b) == pytest.approx(float(exact), rel=1e-9, abs=1e-14)


def test_incomplete_beta_refuses_values_outside_its_range() -> None:
    """X beyond 1 is an error."""
    with pytest.raises(ValueError, match="incomplete beta"):
        beta_tail(1.1, 1, 1)


@pytest.mark.parametrize(
    ("t", "degrees", "expected"),
    [
        (2.0, 3, 0.13932596855884305),
        (15, 3, 0.000643119326933665),
        (4.2, 30, 0.00021978843421601978),
        (1, 2.5, 0.40406102727827364),
        (46, 3, 2.2618243178349713e-05),
    ],
)
def test_student_t_is_scipys(t: float, degrees: float, expected: float) -> None:
    """The two-sided tail equals `2 * scipy.stats.t.sf`."""
    assert student_t_two_sided(t, degrees) == pytest.approx(expected, rel=1e-11)


@given(st.floats(-50, 50))
def test_student_t_of_one_degree_is_cauchy(t: float) -> None:
    """With one degree of freedom the tail has the closed form 1 − 2·arctan|t|/π."""
    assert student_t_two_sided(t, 1) == pytest.approx(1 - 2 * math.atan(abs(t)) / math.pi, abs=1e-8)


def test_student_t_refuses_no_degrees() -> None:
    """Degrees of freedom are positive."""
    with pytest.raises(ValueError, match="degrees"):
        student_t_two_sided(1.0, 0)


@pytest.mark.parametrize(
    ("count", "mean", "expected"),
    [
        (5, 2.0, 0.052653017343711125),
        (1, 0.001, 0.0009995001666250082),
        (120, 80, 1.8190216415756687e-05),
        (50, 80, 0.9998692160234086),
        (30, 1.5, 1.6948871357554131e-28),
        (0, 3.0, 1.0),
        (1, 0.0, 0.0),
    ],
)
def test_poisson_tail_is_scipys(count: int, mean: float, expected: float) -> None:
    """The upper tail equals `scipy.stats.poisson.sf(count - 1, mean)`."""
    assert poisson_upper_tail(count, mean) == pytest.approx(expected, rel=1e-9)


@given(st.integers(1, 40), st.floats(0.01, 60))
def test_poisson_tail_falls_with_the_count(count: int, mean: float) -> None:
    """More is never more probable than less."""
    assert poisson_upper_tail(count + 1, mean) <= poisson_upper_tail(count, mean) + 1e-12


def test_poisson_tail_refuses_a_negative_mean() -> None:
    """A count has no negative mean."""
    with pytest.raises(ValueError, match="negative"):
        poisson_upper_tail(1, -1)
