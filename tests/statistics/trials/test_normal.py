"""Tests of normal tails and of Student's t on the normal scale."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.distributions import student_t_two_sided
from duoshou.statistics.trials.normal import density, normal_score, quantile_above, student_bound, upper_tail


def test_tails_far_out() -> None:
    """P(Z ≥ 10) is 7.619853e-24 (Abramowitz and Stegun, table 26.2), where 1 − Φ would be 0."""
    assert upper_tail(np.array([0.0, 10.0])) == pytest.approx([0.5, 7.619853e-24], rel=1e-6)
    assert quantile_above(7.619853e-24) == pytest.approx(10.0, abs=1e-6)


@given(st.floats(-8, 8))
def test_tail_and_density_are_those_of_the_standard_library(z: float) -> None:
    """Tail and density agree with Python's own normal distribution."""
    assert upper_tail(np.array(z)) == pytest.approx(NormalDist().cdf(-z), rel=1e-9)
    assert density(np.array(z)) == pytest.approx(NormalDist().pdf(z))


@given(st.floats(0.5, 4), st.floats(10, 500))
def test_a_bound_of_student_is_as_rare_as_that_of_the_normal(z: float, degrees: float) -> None:
    """The t that is returned has the normal tail of z, to one part in twenty."""
    tail = 2 * float(upper_tail(np.array(z)))
    assert student_t_two_sided(student_bound(z, degrees), degrees) == pytest.approx(tail, rel=0.05)
    assert student_bound(-z, degrees) == -student_bound(z, degrees)
    assert normal_score(student_bound(z, degrees), degrees) == pytest.approx(z)


def test_infinite_degrees_are_the_normal() -> None:
    """Without end of degrees of freedom, and for an infinite bound, nothing changes."""
    assert student_bound(2.5, math.inf) == 2.5
    assert student_bound(math.inf, 20) == math.inf
    assert normal_score(-2.5, math.inf) == -2.5
