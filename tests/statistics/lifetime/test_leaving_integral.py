"""The integral over the unseen time of leaving, against adaptive quadrature and differences."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import hyp2f1

from duoshou.statistics.lifetime.leaving_integral import AT_ONCE, left_unseen

FORMS = st.floats(-4, 3).map(np.exp)
TIMES = st.floats(-6, 8).map(np.exp)


def one(parameters: tuple[float, ...], x: float, t: float, end: float) -> tuple[float, NDArray[np.float64]]:
    """Return value and slope of one customer."""
    value, slope = left_unseen(np.array(parameters), np.array([x]), np.array([t]), np.array([end]))
    return float(value[0]), slope[:, 0]


@given(FORMS, TIMES, FORMS, TIMES, st.integers(0, 300), st.floats(0.0, 0.999), st.floats(-2, 2).map(np.exp))
def test_value_and_slope_are_those_of_the_integral(
    r: float, alpha: float, s: float, beta: float, x: int, part: float, end: float
) -> None:
    """Whatever the parameters and the history, to nearly the precision of numbers."""
    t = part * end if x else 0.0
    near, parameters = min(alpha, beta), (r, alpha, s, beta)

    def fallen(y: float) -> float:
        passed = (near + t) * np.expm1(y)
        powers = (r + x) * np.log1p(passed / (alpha + t)) + (s + 1) * np.log1p(passed / (beta + t))
        return float(np.exp(y - powers))

    edges = np.linspace(0, np.log1p((end - t) / (near + t)), 30)
    whole = sum(quad(fallen, low, high, epsabs=0, epsrel=1e-12)[0] for low, high in pairwise(edges))
    expected = np.log(s) - (r + x) * np.log(alpha + t) - (s + 1) * np.log(beta + t) + np.log(whole * (near + t))
    value, slope = one(parameters, x, t, end)
    assert value == pytest.approx(expected, abs=1e-9)
    for place in range(4):
        step = 1e-4
        sides = []
        for side in (1 + step, 1 - step):
            moved = list(parameters)
            moved[place] *= side
            sides.append(one(tuple(moved), x, t, end)[0])
        difference = (sides[0] - sides[1]) / (2 * step * parameters[place])
        assert slope[place] * parameters[place] == pytest.approx(difference * parameters[place], abs=1e-3, rel=1e-4)


def test_it_is_what_the_hypergeometric_functions_stand_for() -> None:
    """Equation (18) of the source, for α above β and below."""
    for alpha, beta in ((10.6, 11.7), (11.7, 10.6), (3.0, 40.0)):
        r, s, x, ends = 0.55, 0.6, 2.0, np.array([30.43, 38.86])
        total, power, most = r + s + x, (s + 1 if alpha >= beta else r + x), max(alpha, beta)
        series = hyp2f1(total, power, total + 1, abs(alpha - beta) / (most + ends)) / (most + ends) ** total
        told = np.log(s / total * (series[0] - series[1]))
        assert one((r, alpha, s, beta), x, *ends)[0] == pytest.approx(told, abs=1e-11)


def test_nobody_left_unseen_without_time_and_many_are_told_in_parts() -> None:
    """A purchase at the very end leaves no time to leave; rows do not touch each other."""
    parameters = np.array([0.5, 4.0, 0.7, 9.0])
    value, slope = left_unseen(parameters, np.array([3.0]), np.array([10.0]), np.array([10.0]))
    assert value[0] == -np.inf
    assert np.isfinite(slope).all()
    x = np.asarray(np.arange(AT_ONCE + 7) % 5, dtype=np.float64)
    many = left_unseen(parameters, x, x * 2.0, np.full(x.size, 20.0))
    few = left_unseen(parameters, x[-7:], x[-7:] * 2.0, np.full(7, 20.0))
    np.testing.assert_array_equal(many[0][-7:], few[0])
    np.testing.assert_array_equal(many[1][:, -7:], few[1])
