"""Tests of reading a test between randomly assigned arms."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.trials import AbPlan, AbReading, Guard, Outcomes, plan_ab, read_ab

PLAN = plan_ab(0.05, 0.1, 4000)
OPEN = plan_ab(0.05, 0.1, 4000, horizon="open")


def split(seed: int, rates: tuple[float, ...], days: int, per_day: int = 4000) -> Outcomes:
    """Return a simulated test with even shares."""
    chance = np.random.default_rng(seed)
    units = chance.multinomial(per_day, [1 / len(rates)] * len(rates), size=days)
    return Outcomes(units.astype(np.float64), chance.binomial(units, rates).astype(np.float64))


def upto(outcomes: Outcomes, days: int) -> Outcomes:
    """Return the first days."""
    squares = None if outcomes.squares is None else outcomes.squares[:days]
    return Outcomes(outcomes.units[:days], outcomes.totals[:days], squares)


def test_a_clear_difference_is_decided_before_the_end() -> None:
    """An arm that is 20 % better is named early, with an interval above zero that holds the truth."""
    reading = read_ab(split(1, (0.05, 0.06), PLAN.days), PLAN)
    found = reading.comparisons[0]
    assert (reading.decision, reading.arm, reading.adopt, reading.more_days) == ("b_better", 1, True, 0)
    assert found.decided_on is not None
    assert found.decided_on < PLAN.days - 7
    assert 0 < found.low < 0.01 < found.high
    assert 0 < found.relative_low < 0.2 < found.relative_high
    assert found.p_value is not None
    assert found.p_value < 0.05
    assert reading.caveats == ("read_past_decision",)


@pytest.mark.parametrize("plan", [PLAN, OPEN])
def test_arms_named_the_other_way_round(plan: AbPlan) -> None:
    """Swapping the arms swaps the decision and mirrors the interval."""
    outcomes = split(2, (0.05, 0.06), 14)
    one = read_ab(outcomes, plan)
    other = read_ab(Outcomes(outcomes.units[:, ::-1], outcomes.totals[:, ::-1]), plan)
    assert (one.decision, other.decision, other.arm, other.adopt) == ("b_better", "a_better", None, False)
    for found, mirrored in ((one.comparisons[0], other.comparisons[0]),):
        assert mirrored.low == pytest.approx(-found.high, abs=1e-8)
        assert mirrored.high == pytest.approx(-found.low, abs=1e-8)
        assert mirrored.estimate == pytest.approx(-found.estimate, abs=1e-8)
        assert 1 + mirrored.relative == pytest.approx(1 / (1 + found.relative), rel=1e-6)


@pytest.mark.parametrize("plan", [PLAN, OPEN])
def test_what_was_decided_stands(plan: AbPlan) -> None:
    """Read day by day, a reading is undecided with fewer and fewer days to go, and then stays as it was decided."""
    outcomes = split(3, (0.05, 0.056), plan.days)
    readings = [read_ab(upto(outcomes, day + 1), plan) for day in range(plan.days)]
    decisions = [reading.decision for reading in readings]
    first = decisions.index("b_better")
    assert set(decisions[:first]) == {"cannot_tell_yet"}
    assert set(decisions[first:]) == {"b_better"}
    assert {reading.comparisons[0].decided_on for reading in readings[first:]} == {first}


def test_the_course_shows_every_look() -> None:
    """The band holds the estimate at each look; without an end it only ever narrows, with one it closes at the end."""
    outcomes = split(14, (0.05, 0.05), PLAN.days)
    for plan in (PLAN, OPEN):
        course = read_ab(outcomes, plan).comparisons[0].course
        assert course.days.tolist() == list(range(PLAN.days))
        widths = course.highs - course.lows
        assert (widths[:-1] >= widths[1:]).all()
    last = read_ab(outcomes, PLAN).comparisons[0].course
    assert (last.lows <= last.estimates).all()
    assert (last.estimates <= last.highs).all()
    assert math.isinf(last.highs[0])


def test_days_still_needed_at_a_fixed_horizon() -> None:
    """Undecided, it says the days up to the horizon; before the first day all of them."""
    reading = read_ab(split(4, (0.05, 0.05), 5), PLAN)
    assert (reading.decision, reading.more_days) == ("cannot_tell_yet", PLAN.days - 5)
    assert reading.comparisons[0].p_value is None
    nothing = read_ab(Outcomes(np.zeros((0, 2)), np.zeros((0, 2))), PLAN)
    assert (nothing.decision, nothing.more_days, nothing.days) == ("cannot_tell_yet", PLAN.days, 0)
    assert math.isnan(nothing.comparisons[0].estimate)
    assert nothing.caveats == ("too_few_events",)


def test_equal_arms_are_called_equal() -> None:
    """Arms with exactly equal rates end in "no difference", with an interval inside what is worth having."""
    units = np.full((PLAN.days, 2), 2000.0)
    for plan in (PLAN, replace(OPEN, units=4 * OPEN.units)):
        outcomes = Outcomes(np.tile(units, (4, 1)), np.full((4 * PLAN.days, 2), 100.0))
        reading = read_ab(outcomes, plan)
        found = reading.comparisons[0]
        assert reading.decision == "no_difference"
        assert -plan.smallest_effect < found.low <= 0 <= found.high < plan.smallest_effect
        assert reading.more_units == 0


def test_an_end_without_a_decision_says_what_is_missing() -> None:
    """At the end of a horizon too short to tell, it says so and how many more units the estimate would need."""
    plan = replace(PLAN, units=8000, days=2)
    units = np.full((2, 2), 2000.0)
    reading = read_ab(Outcomes(units, np.array([[100.0, 108.0], [100.0, 108.0]])), plan)
    assert (reading.decision, reading.finished, reading.caveats) == ("cannot_tell_yet", True, ("horizon_spent",))
    assert reading.more_units is not None
    assert reading.more_units > 8000


def test_an_early_close_spends_what_is_left() -> None:
    """A test that closes early has narrower limits at its last day than one that goes on, and says that it did."""
    outcomes = split(5, (0.05, 0.053), 10)
    going, closed = read_ab(outcomes, PLAN), read_ab(outcomes, PLAN, closed=True)
    assert closed.comparisons[0].high - closed.comparisons[0].low < going.comparisons[0].high - going.comparisons[0].low
    assert "closed_early" in closed.caveats
    assert closed.finished
    assert not going.finished


def test_days_that_add_nothing_are_no_looks() -> None:
    """A last day without units spends what is left on the day before, and changes no number."""
    outcomes = split(5, (0.05, 0.053), 10)
    idle = Outcomes(np.vstack([outcomes.units, np.zeros((2, 2))]), np.vstack([outcomes.totals, np.zeros((2, 2))]))
    closed, later = read_ab(outcomes, PLAN, closed=True), read_ab(idle, PLAN, closed=True)
    assert later.comparisons[0].low == closed.comparisons[0].low
    assert later.comparisons[0].course.days.tolist() == closed.comparisons[0].course.days.tolist()
    assert later.finished


def test_a_wrong_split_voids_the_reading() -> None:
    """Where units were not split as planned nothing is decided, however large the difference."""
    chance = np.random.default_rng(6)
    units = chance.multinomial(4000, [0.45, 0.55], size=20)
    outcomes = Outcomes(units.astype(float), chance.binomial(units, (0.05, 0.08)).astype(float))
    reading = read_ab(outcomes, PLAN)
    assert (reading.valid, reading.decision, reading.adopt, reading.more_units) == (
        False,
        "cannot_tell_yet",
        False,
        None,
    )
    assert reading.comparisons[0].decision == "cannot_tell_yet"
    assert "sample_ratio_mismatch" in reading.caveats


def test_missing_days_are_left_out_and_named() -> None:
    """A day without numbers changes nothing but the caveats."""
    outcomes = split(7, (0.05, 0.05), 6)
    units, totals = outcomes.units.copy(), outcomes.totals.copy()
    units[2] = totals[2] = math.nan
    gap = read_ab(Outcomes(units, totals), PLAN)
    whole = read_ab(Outcomes(np.delete(units, 2, 0), np.delete(totals, 2, 0)), PLAN)
    assert gap.caveats == ("missing_days",)
    assert (gap.comparisons[0].low, gap.comparisons[0].high) == (whole.comparisons[0].low, whole.comparisons[0].high)
    assert gap.days == 5


def test_guards_hold_or_are_harmed() -> None:
    """A guard that clearly fell in the better arm forbids to adopt it; one that cannot have fallen far holds."""
    outcomes = split(8, (0.05, 0.065), PLAN.days)
    fell, kept = split(9, (0.30, 0.25), PLAN.days), split(10, (0.3, 0.3), PLAN.days)
    few = split(11, (0.01, 0.01), PLAN.days, 40)
    reading = read_ab(outcomes, PLAN, guards=[Guard(fell, 0.02), Guard(kept, 0.05), Guard(few, 0.05)])
    assert [guard.state for guard in reading.guards] == ["harmed", "holds", "cannot_tell_yet"]
    assert (reading.decision, reading.adopt) == ("b_better", False)
    assert reading.guards[0].high < 0
    risen = read_ab(outcomes, PLAN, guards=[Guard(fell, 0.02, higher_is_better=False)])
    assert (risen.guards[0].state, risen.adopt) == ("holds", True)


def test_several_arms_by_holms_procedure() -> None:
    """The clear arm is found first; then the second is tested at a milder level than Bonferroni's."""
    plan = plan_ab(0.05, 0.1, 6000, shares=(1, 1, 1))
    units = np.full((1, 3), plan.units / 3)
    error = math.sqrt(2 * 0.05 * 0.95 / units[0, 0])
    won = np.round(units * np.array([0.05, 0.05 + 8 * error, 0.05 + 2.1 * error]))
    both = read_ab(Outcomes(units, won), plan)
    assert [one.decision for one in both.comparisons] == ["b_better", "b_better"]
    assert both.comparisons[1].low >= 0
    assert both.arm == 1
    alone = read_ab(Outcomes(units, np.round(units * np.array([0.05, 0.05, 0.05 + 2.1 * error]))), plan)
    assert alone.comparisons[1].decision != "b_better"


def test_values_are_read_like_rates() -> None:
    """A mean of values far apart is decided as well, its interval around the true difference."""
    plan = plan_ab(10.0, 0.1, 2000, kind="mean", deviation=20.0)
    chance = np.random.default_rng(12)
    values = chance.gamma(0.25, 40.0, (plan.days, 2, 1000)) * np.array([1.0, 1.2])[None, :, None]
    outcomes = Outcomes(np.full((plan.days, 2), 1000.0), values.sum(axis=2), (values**2).sum(axis=2))
    reading = read_ab(outcomes, plan)
    found = reading.comparisons[0]
    assert reading.decision == "b_better"
    assert found.low < 2.0 < found.high


def naively_different(outcomes: Outcomes) -> bool:
    """Return whether a plain test at 5 % is ever significant when it is made every day."""
    units, won = np.cumsum(outcomes.units, axis=0), np.cumsum(outcomes.totals, axis=0)
    pooled = won.sum(axis=1) / units.sum(axis=1)
    gaps = won[:, 1] / units[:, 1] - won[:, 0] / units[:, 0]
    return bool((np.abs(gaps) > 1.96 * np.sqrt(pooled * (1 - pooled) * (1 / units).sum(axis=1))).any())


def test_daily_reading_keeps_its_error() -> None:
    """Over daily looks at equal arms, about 5 % at most are called different, and a quarter by naive peeking."""
    plan, units = replace(PLAN, units=28 * 4000, days=28), np.full((28, 2), 2000)
    chance = np.random.default_rng(13)
    tests = [Outcomes(units.astype(float), chance.binomial(units, 0.05).astype(float)) for _ in range(150)]
    called = [read_ab(outcomes, plan).decision in {"a_better", "b_better"} for outcomes in tests]
    assert sum(called) <= 14
    assert sum(naively_different(outcomes) for outcomes in tests) >= 27


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.03, 0.07), st.integers(1, 12), st.sampled_from([PLAN, OPEN]))
def test_a_reading_is_consistent(seed: int, rate: float, days: int, plan: AbPlan) -> None:
    """The interval holds the estimate, lies on the side that was decided, and agrees with the relative one."""
    reading: AbReading = read_ab(split(seed, (0.05, rate), days), plan)
    found = reading.comparisons[0]
    assert found.low <= found.estimate <= found.high
    assert found.relative_low <= found.relative <= found.relative_high
    if found.decision == "b_better":
        assert found.low >= 0
    if found.decision == "a_better":
        assert found.high <= 0
    assert (found.decided_on is None) == (found.decision == "cannot_tell_yet")
    assert (reading.more_days == 0) == (reading.decision != "cannot_tell_yet")


def test_outcomes_must_fit_the_plan() -> None:
    """Other arms or another kind than planned are refused."""
    units = np.full((1, 2), 100.0)
    with pytest.raises(ValueError, match="planned"):
        read_ab(Outcomes(units, units, units), PLAN)
    with pytest.raises(ValueError, match="arms"):
        read_ab(Outcomes(units, units), PLAN, guards=[Guard(Outcomes(np.ones((1, 3)), np.ones((1, 3))), 0.1)])
