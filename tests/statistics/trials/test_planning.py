"""Tests of how long a test must run."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.trials import plan_ab

Z = NormalDist().inv_cdf


def fixed(baseline: float, lift: float, power: float) -> float:
    """Return the units of both arms that one look at the end needs, by the textbook."""
    changed = baseline * (1 + lift)
    variance = baseline * (1 - baseline) + changed * (1 - changed)
    return float(2 * (Z(0.975) + Z(power)) ** 2 * variance / (baseline * lift) ** 2)


def test_one_day_is_the_textbook() -> None:
    """A test of a single day has the units of the fixed sample size formula."""
    needed = fixed(0.05, 0.1, 0.9)
    plan = plan_ab(0.05, 0.1, math.ceil(needed), whole_weeks=False)
    assert (plan.days, plan.units) == (1, math.ceil(needed))


def test_daily_looks_cost_little() -> None:
    """28 looks need more units than one, but at most 5 % more."""
    needed = fixed(0.05, 0.1, 0.9)
    plan = plan_ab(0.05, 0.1, needed / 26.7, whole_weeks=False)
    assert plan.days == 28
    assert 1 < plan.units / needed <= 1.05
    assert plan.curve[2].power == pytest.approx(0.9, abs=0.01)


def test_a_mean_needs_its_deviation() -> None:
    """Units of a mean are those of the formula 2·(z + z)²·2·σ²/δ²; without σ there is no plan."""
    needed = 4 * (Z(0.975) + Z(0.9)) ** 2 * 30.0**2 / 1.0
    plan = plan_ab(10.0, 0.1, math.ceil(needed), kind="mean", deviation=30.0, whole_weeks=False)
    assert plan.units == pytest.approx(needed, rel=1e-4)
    with pytest.raises(ValueError, match="deviation"):
        plan_ab(10.0, 0.1, 100, kind="mean")


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 0.3), st.floats(0.05, 0.5), st.floats(0.6, 0.95), st.sampled_from(["fixed", "open"]))
def test_a_plan_has_the_power_wanted(baseline: float, lift: float, power: float, horizon: Any) -> None:
    """The smallest lift is found with at least the power wanted, larger ones more surely and sooner."""
    plan = plan_ab(baseline, lift, fixed(baseline, lift, power) / 20, power=power, horizon=horizon)
    at = {round(point.lift / lift, 2): point for point in plan.curve}
    assert at[1.0].power >= power - 0.002
    assert at[0.5].power < at[1.0].power <= at[1.25].power + 1e-9
    assert at[1.25].mean_days <= at[1.0].mean_days <= plan.days
    assert plan.days % 7 == 0


def test_an_open_end_costs_more() -> None:
    """A test that may go on for ever needs more units for the same power, more arms need more, and so do rarer ones."""
    base = plan_ab(0.05, 0.1, 4000)
    assert plan_ab(0.05, 0.1, 4000, horizon="open").units > base.units
    assert plan_ab(0.05, 0.1, 4000, shares=(1, 1, 1)).units > base.units
    assert plan_ab(0.05, 0.1, 4000, shares=(9, 1)).units > base.units


@pytest.mark.parametrize(
    "wrong",
    [
        {"baseline": 0.0},
        {"baseline": 1.0},
        {"smallest_lift": 0.0},
        {"smallest_lift": 30.0},
        {"smallest_lift": -1.0},
        {"per_day": 0.0},
        {"shares": (1,)},
        {"shares": (1, 0)},
        {"level": 0.0},
        {"power": 0.01},
    ],
)
def test_plans_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    """What lies outside its range is named."""
    with pytest.raises(ValueError, match=r"baseline|lift|units|arms|level"):
        plan_ab(**{"baseline": 0.05, "smallest_lift": 0.1, "per_day": 1000.0, **wrong})
