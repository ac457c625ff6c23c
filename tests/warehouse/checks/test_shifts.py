"""Tests of the recognition of constant factors."""

from __future__ import annotations

import math
import random

import pytest

from duoshou.warehouse.checks.shifts import CENTS, DOUBLE, LEAST, deviations


def _logs(number: int, spread: float = 0.05) -> dict[int, float]:
    chance = random.Random(3)
    return {key: 4 + chance.gauss(0, spread) for key in range(number)}


@pytest.mark.parametrize("factor", [2.0, 0.5, 100.0, 0.01])
def test_factor_is_recognised(factor: float) -> None:
    """One value off by a factor is improbable, and its factor is named."""
    logs = _logs(40)
    logs[20] += math.log(factor)
    judged = {each.key: each for each in deviations(logs, (DOUBLE, CENTS))}
    assert judged[20].chance < 1e-4
    assert judged[20].factor == pytest.approx(factor)


def test_other_deviation_has_no_factor() -> None:
    """A value off by a third is improbable and explained by nothing."""
    logs = _logs(40)
    logs[20] += math.log(1.4)
    judged = {each.key: each for each in deviations(logs, (DOUBLE, CENTS))}
    assert judged[20].chance < 0.01
    assert judged[20].factor is None


def test_a_third_of_the_days_in_cents_does_not_hide_itself() -> None:
    """A file in 分 among the days does not widen the spread by which it is judged."""
    logs = _logs(60)
    for key in range(20):
        logs[key] += math.log(100)
    judged = {each.key: each for each in deviations(logs, (CENTS,))}
    assert all(judged[key].chance < 1e-4 and judged[key].factor == pytest.approx(100) for key in range(20))
    assert all(judged[key].chance > 1e-4 for key in range(20, 60))


def test_short_series_is_not_judged() -> None:
    """Too few values give no judgement."""
    assert deviations(_logs(LEAST - 1), (CENTS,)) == []


def test_values_that_always_tie_are_judged_by_the_error_of_measurement() -> None:
    """With the floor of rounding, a cent's difference is nothing and a percent is much."""
    logs = dict.fromkeys(range(30), 0.0)
    logs[5], logs[6] = 0.00001, 0.01
    judged = {each.key: each for each in deviations(logs, (DOUBLE, CENTS), floor=0.00001)}
    assert judged[5].chance > 0.2
    assert judged[6].chance < 1e-6
