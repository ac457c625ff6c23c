"""Days weighed by how gaps move."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.effects.timing import steady_weights

DAYS, START = 84, 70
TAUGHT = np.arange(DAYS) < START


def test_white_gaps_are_weighed_evenly_and_wandering_ones_late() -> None:
    """Without dependence every week counts about the same; of a random walk the last days count."""
    rng = np.random.default_rng(1)
    white = steady_weights(rng.normal(size=(30, DAYS)), TAUGHT, START, 0)
    assert white.sum() == pytest.approx(1)
    assert white.reshape(10, 7).sum(axis=1) == pytest.approx(0.1, abs=0.05)
    walk = steady_weights(np.cumsum(rng.normal(size=(30, DAYS)), axis=1), TAUGHT, START, 0)
    assert walk[-7:].sum() > 0.8


def test_the_weekdays_ahead_are_compared_with_the_same_weekdays() -> None:
    """Two weekend days ahead are compared with weekends if gaps differ by weekday."""
    rng = np.random.default_rng(2)
    week = np.where(np.arange(72) % 7 >= 5, 3.0, 0.0)
    gaps = rng.normal(size=(30, 1)) * week + 0.1 * rng.normal(size=(30, 72))
    weights = steady_weights(gaps, np.arange(72) < 70, 70, 5)  # day 0 is a Saturday, so are days 70 and 0
    assert weights[(np.arange(70) + 5) % 7 >= 5].sum() > 0.9
