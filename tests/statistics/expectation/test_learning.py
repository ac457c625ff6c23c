"""What a day teaches, against the formulae written out for one series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.expectation.learning import PATIENCE, Day, learn
from duoshou.statistics.expectation.links import Noise
from duoshou.statistics.expectation.panel import Kind


def _written_out(
    day: tuple[float, float, float, float], noise: tuple[float, float], before: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return level, variance and streak after a known day: gamma conjugacy with the worth of the day's scatter."""
    value, trials, offset, doubt = day
    unit, extra = noise
    level, variance, streak = before
    mean = trials * np.exp(level + offset)
    pure, shared = unit * mean, (extra + doubt) * mean**2
    total = pure + shared + variance * mean**2
    skewness = (pure + 2 * (total - pure)) / mean / np.sqrt(total)
    below, above = 3 * np.sqrt(total), (3 + (9 - 1) / 6 * skewness) * np.sqrt(total)
    side = 1 if value - mean > above else -1 if mean - value > below else 0
    streak = 0 if side == 0 else streak + side if side * streak >= 0 else side
    off = value - mean
    if abs(streak) <= PATIENCE:
        off = min(max(off, -below), above)
    worth = pure / (pure + shared) / unit
    shape, rate = 1 / variance, 1 / variance / mean
    more, longer = shape + worth * (mean + off), rate + worth
    return level + np.log(more / longer / (shape / rate)), 1 / more, streak


@given(
    st.tuples(st.floats(0, 500).map(np.round), st.floats(0.3, 3), st.floats(-2, 2), st.floats(0, 0.5)),
    st.tuples(st.floats(0.5, 20), st.floats(0, 1)),
    st.tuples(st.floats(-2, 5), st.floats(1e-3, 1), st.integers(-9, 9)),
)
def test_a_count_teaches_as_much_as_it_is_worth(
    day: tuple[float, float, float, float], noise: tuple[float, float], before: tuple[float, float, float]
) -> None:
    """Level, variance and streak are those of the gamma posterior; an unknown day leaves them as they were."""
    value, trials, offset, doubt = (np.array([one]) for one in day)
    level, variance, streak = (np.array([float(one)]) for one in before)
    scatter = Noise(np.array([noise[0]]), np.array([noise[1]]), np.zeros(1))
    lesson = learn(
        Kind.AMOUNT, Day(value, trials, np.ones(1, dtype=np.bool_), offset, doubt), scatter, level, variance, streak
    )
    wanted = _written_out(day, noise, before)
    assert (level + lesson.step)[0] == pytest.approx(wanted[0], rel=1e-9, abs=1e-9)
    assert lesson.left[0] == pytest.approx(wanted[1])
    assert lesson.streak[0] == wanted[2]
    nothing = learn(
        Kind.AMOUNT, Day(value, trials, np.zeros(1, dtype=np.bool_), offset, doubt), scatter, level, variance, streak
    )
    assert (nothing.step[0], nothing.left[0], nothing.streak[0]) == (0.0, variance[0], streak[0])
