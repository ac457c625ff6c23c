"""Tests of reading a switchback."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.trials import design_switchback, read_switchback


def test_an_effect_without_noise_is_found_exactly() -> None:
    """On a series of weekdays and trend alone the estimate is the effect, and the interval shrinks to it."""
    design = design_switchback(56, seed=3)
    days = np.arange(56)
    outcome = 100 + days % 7 + 0.5 * days + 4.0 * design.assignment
    reading = read_switchback(outcome, None, design)
    assert reading.estimate == pytest.approx(4.0)
    assert (reading.low, reading.high) == pytest.approx((4.0, 4.0), abs=1e-6)
    assert reading.decision == "b_better"
