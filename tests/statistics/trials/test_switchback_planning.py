"""Tests of how long a switchback must run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from duoshou.statistics.trials import design_switchback, plan_switchback, read_switchback

HISTORY = 100 + np.random.default_rng(1).normal(0, 10, 140)


def test_white_noise_by_the_textbook() -> None:
    """With independent days the detectable effect is near (t + t)·2σ/√days, as of two samples."""
    plan = plan_switchback(HISTORY, 8.0)
    for option in plan.options:
        if option.unit == "day" and option.run == 1 and option.days >= 28:
            free = option.days - 9
            plain = (1.96 + 0.84) * (1 + 1.2 / free) * 2 * plan.deviation / math.sqrt(option.days)
            assert option.detectable == pytest.approx(plain, rel=0.2)


def test_the_shortest_that_will_do_is_proposed() -> None:
    """A larger effect needs no more days; the proposed one finds it, and no shorter one would."""
    lengths = []
    for effect in (6.0, 10.0, 20.0):
        plan = plan_switchback(HISTORY, effect)
        assert plan.days is not None
        lengths.append(plan.days)
        shorter = [option.detectable for option in plan.options if option.days < plan.days]
        assert all(detectable > effect for detectable in shorter)
        chosen = [o for o in plan.options if (o.days, o.unit, o.run) == (plan.days, plan.unit, plan.run)]
        assert chosen[0].detectable <= effect
    assert lengths == sorted(lengths, reverse=True)


def test_too_small_an_effect_is_not_promised() -> None:
    """Where even the longest would not do, no length is proposed, but what it would find is told."""
    plan = plan_switchback(HISTORY, 0.5)
    assert plan.days is None
    assert min(option.detectable for option in plan.options) > 0.5


def test_a_short_past_tells_nothing() -> None:
    """Fewer than four weeks of past give no plan."""
    plan = plan_switchback(HISTORY[:27], 8.0, units=("week",))
    assert (plan.days, plan.options, plan.run) == (None, (), 7)
    assert math.isnan(plan.deviation)


def test_weeks_cannot_be_tested_in_a_month() -> None:
    """Fewer than six pairs of weeks have too few schedules to ever reject at 5 %."""
    plan = plan_switchback(HISTORY, 30.0, units=("week",))
    assert all(math.isinf(option.detectable) == (option.days < 84) for option in plan.options)
    assert plan.days == 84


def test_carry_over_costs_days() -> None:
    """What is dropped makes the detectable effect larger, and runs end later than it."""
    plain, carried = plan_switchback(HISTORY, 10.0), plan_switchback(HISTORY, 10.0, carry_over=2)
    assert min(o.detectable for o in carried.options) > min(o.detectable for o in plain.options)
    assert all(option.run > 2 for option in carried.options)


def test_ratios_are_planned_on_logarithms() -> None:
    """For series of a hundred with a deviation of ten, 10 per cent and 10 units are about the same."""
    units, ratios = plan_switchback(HISTORY, 10.0), plan_switchback(HISTORY, 0.1, relative=True)
    for one, other in zip(units.options, ratios.options, strict=True):
        if math.isfinite(one.detectable) and one.detectable < 15:
            assert other.detectable == pytest.approx(one.detectable / 100, rel=0.25)


def test_a_plan_finds_what_it_promised() -> None:
    """Run as planned on fresh days, it finds the smallest effect about as often as was wanted."""
    plan = plan_switchback(HISTORY, 10.0, carry_over=1)
    assert plan.days is not None
    chance, found = np.random.default_rng(2), 0
    for seed in range(40):
        design = design_switchback(plan.days, plan.unit, carry_over=1, run=plan.run, seed=seed)
        outcome = 100 + chance.normal(0, plan.deviation, plan.days) + 10.0 * design.assignment
        p_value = read_switchback(outcome, None, design, history=HISTORY, most_draws=299).p_value
        found += p_value is not None and p_value <= 0.05
    assert found >= 27


@pytest.mark.parametrize("wrong", [{"smallest_effect": 0.0}, {"units": ()}, {"carry_over": 7}])
def test_plans_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    """There is an effect, a unit, and something left of a week."""
    with pytest.raises(ValueError, match="switchback"):
        plan_switchback(HISTORY, **{"smallest_effect": 5.0, **wrong})
