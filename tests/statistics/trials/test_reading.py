"""Tests of reading a test between randomly assigned arms."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.trials import Outcomes, plan_ab, read_ab


def split(seed: int, rates: tuple[float, ...], days: int, per_day: int) -> Outcomes:
    """Return a simulated test with even shares."""
    chance = np.random.default_rng(seed)
    units = chance.multinomial(per_day, [1 / len(rates)] * len(rates), size=days)
    return Outcomes(units.astype(np.float64), chance.binomial(units, rates).astype(np.float64))


def test_a_clear_difference_is_decided_before_the_end() -> None:
    """An arm that is 20 % better is named early, with an interval above zero that holds the truth."""
    plan = plan_ab(0.05, 0.1, 4000)
    reading = read_ab(split(1, (0.05, 0.06), plan.days, 4000), plan)
    found = reading.comparisons[0]
    assert (reading.decision, reading.arm, reading.adopt, reading.more_days) == ("b_better", 1, True, 0)
    assert found.decided_on is not None
    assert found.decided_on < plan.days - 7
    assert 0 < found.low < 0.01 < found.high
