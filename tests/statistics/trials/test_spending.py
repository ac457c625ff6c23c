"""Tests of group sequential boundaries."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.trials.spending import Boundaries, boundaries, spent, with_bounds

FIFTHS = (0.2, 0.4, 0.6, 0.8, 1.0)
DAYS = tuple((day + 1) / 28 for day in range(28))
FRACTIONS = st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True).map(
    lambda parts: (*(part / 100 for part in sorted(parts)), 1.0)
)


def test_published_boundaries_of_five_looks() -> None:
    """Lan and DeMets' spending function like O'Brien and Fleming gives the boundaries of its published tables."""
    assert boundaries(FIFTHS, 0.05).bounds == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4)


def test_published_critical_values_of_equal_looks() -> None:
    """O'Brien and Fleming's own and Pocock's boundaries spend 5 % (Jennison and Turnbull, 2000, tables 2.1, 2.3)."""
    pocock = with_bounds(FIFTHS, (2.413,) * 5)
    fleming = with_bounds(FIFTHS, tuple(2.040 / math.sqrt(fraction) for fraction in FIFTHS))
    for both in (pocock, fleming):
        assert sum(part.sum() for part in both.crossing(0.0)) == pytest.approx(0.05, abs=1e-4)


def test_one_look_is_the_plain_test() -> None:
    """A single look has the two-sided quantile of the normal distribution, and its power."""
    one = boundaries((1.0,), 0.05)
    assert one.bounds[0] == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-9)
    assert one.crossing(3.0)[0][0] == pytest.approx(NormalDist().cdf(3.0 - 1.959964), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(FRACTIONS, st.floats(0.001, 0.2))
def test_the_level_is_spent_as_the_function_says(fractions: tuple[float, ...], level: float) -> None:
    """Whatever the looks, the error up to each of them is that of the spending function, the same on both sides."""
    above, below = boundaries(fractions, level).crossing(0.0)
    assert above == pytest.approx(below, abs=1e-12)
    wanted = [spent(fraction, level) for fraction in fractions]
    assert np.cumsum(above + below) == pytest.approx(wanted, abs=1e-8)


def test_crossing_agrees_with_simulation() -> None:
    """Simulated Brownian motion with a drift crosses as often, and as early, as the integration says."""
    drift, looks = 2.5, boundaries(DAYS, 0.05)
    steps = np.random.default_rng(1).normal(drift / 28, math.sqrt(1 / 28), (40_000, 28))
    scores = np.cumsum(steps, axis=1) / np.sqrt(np.array(DAYS))
    crossed = scores >= looks.bounds
    first = np.where(crossed.any(axis=1), crossed.argmax(axis=1), 28)
    seen = np.bincount(first, minlength=29)[:28] / 40_000
    assert np.abs(seen - looks.crossing(drift)[0]).max() < 0.004
    assert seen.sum() == pytest.approx(looks.crossing(drift)[0].sum(), abs=0.008)


def test_a_test_closed_early_spends_the_rest() -> None:
    """A last look before all the information is there has what is left of the level."""
    fractions = (0.2, 0.4, 0.6)
    assert sum(part.sum() for part in boundaries(fractions, 0.05, closed=True).crossing(0.0)) == pytest.approx(0.05)
    assert boundaries(fractions, 0.05).bounds[2] == pytest.approx(2.6803, abs=1e-4)


def test_limits_of_the_stagewise_order() -> None:
    """The drift found gives the probability asked for, and rises with what was seen."""
    looks = boundaries(FIFTHS, 0.05)
    found = [looks.drift_at(2, z, 0.025) for z in (2.7, 3.0, 3.5)]
    for z, drift in zip((2.7, 3.0, 3.5), found, strict=True):
        assert looks.at_least(2, z, drift) == pytest.approx(0.025, abs=1e-6)
    assert all(after > before for before, after in pairwise(found))
    assert looks.drift_at(2, float(looks.bounds[2]), 0.025) > 0


def test_the_stagewise_estimate_is_right_in_the_median() -> None:
    """Half of the tests end above their true drift, half below, and 95 % of the limits hold it."""
    drift, looks = 2.0, boundaries(FIFTHS, 0.05)
    steps = np.random.default_rng(2).normal(drift / 5, math.sqrt(0.2), (1_500, 5))
    scores = np.cumsum(steps, axis=1) / np.sqrt(np.array(FIFTHS))
    chances = [_chance(looks, row, drift) for row in scores]
    assert np.mean(np.array(chances) < 0.5) == pytest.approx(0.5, abs=0.04)
    assert np.mean([0.025 < chance < 0.975 for chance in chances]) == pytest.approx(0.95, abs=0.018)


def _chance(looks: Boundaries, row: np.ndarray, drift: float) -> float:
    crossed = np.flatnonzero(np.abs(row) >= looks.bounds)
    stop = int(crossed[0]) if len(crossed) else 4
    return looks.at_least(stop, float(row[stop]), drift)


@pytest.mark.parametrize(
    ("fractions", "level"), [((), 0.05), ((0.5, 0.4), 0.05), ((0.0, 1.0), 0.05), ((1.0, 1.2), 0.05), ((1.0,), 1.0)]
)
def test_looks_that_make_no_sense_are_refused(fractions: tuple[float, ...], level: float) -> None:
    """Fractions must rise and end once; a level lies between 0 and 1."""
    with pytest.raises(ValueError, match=r"look|level"):
        boundaries(fractions, level)


def test_bounds_that_make_no_sense_are_refused() -> None:
    """There is one positive bound for each look."""
    with pytest.raises(ValueError, match="bound"):
        with_bounds((0.5, 1.0), (2.0,))
