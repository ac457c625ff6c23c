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
    white = steady_weights(rng.normal(size=(30, DAYS)), TAUGHT, START, 0, np.zeros((DAYS, 0)))
    assert white.sum() == pytest.approx(1)
    assert white.reshape(10, 7).sum(axis=1) == pytest.approx(0.1, abs=0.05)
    walk = steady_weights(np.cumsum(rng.normal(size=(30, DAYS)), axis=1), TAUGHT, START, 0, np.zeros((DAYS, 0)))
    assert walk[-7:].sum() > 0.8


def test_the_weekdays_ahead_are_compared_with_the_same_weekdays() -> None:
    """Two weekend days ahead are compared with weekends if gaps differ by weekday."""
    rng = np.random.default_rng(2)
    week = np.where(np.arange(72) % 7 >= 5, 3.0, 0.0)
    gaps = rng.normal(size=(30, 1)) * week + 0.1 * rng.normal(size=(30, 72))
    weights = steady_weights(
        gaps, np.arange(72) < 70, 70, 5, np.zeros((72, 0))
    )  # day 0 is a Saturday, so are days 70 and 0
    assert weights[(np.arange(70) + 5) % 7 >= 5].sum() > 0.9


def test_a_driver_ahead_is_compared_with_days_that_had_it() -> None:
    """Where units answer differently to a festival, a festival ahead is compared with the festival before."""
    rng = np.random.default_rng(3)
    festival = np.isin(np.arange(DAYS), [20, 21, 22, START, START + 1, START + 2]).astype(float)
    gaps = 4 * rng.normal(size=(30, 1)) * festival + rng.normal(size=(30, DAYS))
    weights = steady_weights(gaps, TAUGHT, START, 0, festival[:, None])
    assert weights[20:23].sum() == pytest.approx(3 / (DAYS - START), abs=0.08)
    assert steady_weights(gaps, TAUGHT, START, 0, np.zeros((DAYS, 0)))[20:23].sum() < weights[20:23].sum() / 2
