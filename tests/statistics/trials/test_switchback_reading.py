"""Tests of reading a switchback."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.trials import SwitchbackDesign, design_switchback, read_switchback
from duoshou.statistics.trials.switchback import draws


def least_squares_t(outcome: np.ndarray, state: np.ndarray, weekday: int = 0) -> tuple[float, float]:
    """Return coefficient and t of the state beside weekdays and trend, by the textbook."""
    days = len(outcome)
    week = np.eye(7)[(np.arange(days) + weekday) % 7]
    table = np.column_stack([state, week, np.arange(days)])
    solution, _, rank, _ = np.linalg.lstsq(table, outcome, rcond=None)
    left = outcome - table @ solution
    variance = float(left @ left) / (days - int(rank))
    return float(solution[0]), float(solution[0] / math.sqrt(variance * np.linalg.pinv(table.T @ table)[0, 0]))


def test_an_effect_without_noise_is_found_exactly() -> None:
    """On a series of weekdays and trend alone the estimate is the effect, and the interval shrinks to it."""
    design = design_switchback(56, seed=3)
    days = np.arange(56)
    outcome = 100 + days % 7 + 0.5 * days + 4.0 * design.assignment
    reading = read_switchback(outcome, None, design)
    assert reading.estimate == pytest.approx(4.0)
    assert (reading.low, reading.high) == pytest.approx((4.0, 4.0), abs=1e-6)
    assert reading.decision == "b_better"


def test_exact_enumeration_by_the_textbook() -> None:
    """Where days are independent, p is the share of all 64 schedules with a least squares t as large."""
    outcome = np.random.default_rng(5).normal(size=28)
    history = np.arange(60.0) % 2  # a saw has no level that wanders, so days count alike
    design = design_switchback(28, run=2, seed=8)
    states, exact = draws(design, 64, 0)
    own = least_squares_t(outcome, design.assignment.astype(float))
    others = [abs(least_squares_t(outcome, row.astype(float))[1]) for row in states]
    reading = read_switchback(outcome, None, design, history=history)
    assert exact
    assert (reading.exact, reading.schedules) == (True, 64)
    assert reading.estimate == pytest.approx(own[0])
    assert reading.p_value == pytest.approx(np.mean(np.array(others) >= abs(own[1]) - 1e-9))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_the_interval_is_the_inverted_test(seed: int) -> None:
    """Effects just inside the interval are not rejected when taken out of the outcome, those outside are."""
    design = design_switchback(28, run=2, seed=seed)
    chance = np.random.default_rng(seed)
    outcome, history = chance.normal(size=28), chance.normal(size=60)
    reading = read_switchback(outcome, None, design, history=history, level=0.1)
    for limit, sign in ((reading.low, -1), (reading.high, 1)):
        if math.isfinite(limit):
            for shift, rejected in ((-1e-4, False), (1e-4, True)):
                without = outcome - (limit + sign * shift) * design.assignment
                p_value = read_switchback(without, None, design, history=history, level=0.1).p_value
                assert p_value is not None
                assert (p_value <= 0.1) == rejected


def test_no_effect_is_rejected_no_more_often_than_the_level() -> None:
    """If any of all schedules was drawn, each p-value is as rare as it says: the test is exact on any series."""
    outcome = np.cumsum(np.random.default_rng(9).standard_t(2, size=28))
    design = design_switchback(28, run=2, seed=0)
    states, _ = draws(design, 64, 0)
    p_values = [
        read_switchback(outcome, None, _with(design, row), history=np.arange(30.0) % 4).p_value for row in states
    ]
    for level in (0.05, 0.1, 0.2, 0.5):
        assert np.mean([p_value is not None and p_value <= level for p_value in p_values]) <= level


def _with(design: SwitchbackDesign, states: np.ndarray) -> SwitchbackDesign:
    return SwitchbackDesign(design.days, design.runs, design.carry_over, design.avoided, design.seed, states)


def test_carry_over_does_not_touch_the_estimate() -> None:
    """Whatever happens on the days after a switch, the reading is the same."""
    design = design_switchback(56, carry_over=1, seed=4)
    chance = np.random.default_rng(4)
    outcome = chance.normal(100, 3, 56) + 10.0 * design.assignment
    disturbed = outcome + np.where(design.used, 0.0, 500.0)
    one, other = read_switchback(outcome, None, design), read_switchback(disturbed, None, design)
    assert (one.estimate, one.low, one.high) == pytest.approx((other.estimate, other.low, other.high))
    assert one.dropped == int((~design.used).sum())
    assert one.days_read[0] + one.days_read[1] == int(design.used.sum())


def test_ratios_are_read_on_logarithms() -> None:
    """An effect of a fifth on a series of ratios is read as a fifth; a day without sales counts as unknown."""
    design = design_switchback(42, seed=5)
    noise = np.exp(np.random.default_rng(5).normal(0, 0.03, 42))
    outcome = 200 * noise * np.where(design.assignment == 1, 1.2, 1.0)
    outcome[10] = 0.0
    reading = read_switchback(outcome, None, design, relative=True, smallest_effect=0.05)
    assert reading.low < 0.2 < reading.high
    assert reading.estimate == pytest.approx(0.2, abs=0.03)
    assert (reading.decision, reading.missing, reading.caveats) == ("b_better", 1, ("missing_days",))


def test_a_schedule_that_was_not_kept_is_not_read_as_random() -> None:
    """Where a day was not in the state drawn it is named, and nothing is decided."""
    design = design_switchback(42, seed=6)
    outcome = np.random.default_rng(6).normal(100, 1, 42) + 20.0 * design.assignment
    actual = design.assignment.copy()
    actual[12] = 1 - actual[12]
    reading = read_switchback(outcome, actual.tolist(), design)
    assert (reading.randomised, reading.deviating, reading.decision) == (False, (12,), "cannot_tell_yet")
    assert reading.caveats == ("schedule_deviates",)
    assert reading.more_days is None
    kept = read_switchback(outcome, design.assignment.tolist(), design)
    assert (kept.randomised, kept.decision) == (True, "b_better")


def test_before_the_end_nothing_is_decided() -> None:
    """Half way there is an estimate and the days still to come, and no decision however clear it looks."""
    design = design_switchback(42, seed=7)
    outcome = np.random.default_rng(7).normal(100, 1, 42) + 20.0 * design.assignment
    outcome[28:] = np.nan
    reading = read_switchback(outcome, None, design)
    assert reading.estimate == pytest.approx(20, abs=1.5)
    assert (reading.decision, reading.more_days, reading.caveats) == ("cannot_tell_yet", 14, ("not_finished",))


def test_no_difference_is_said_of_small_ones() -> None:
    """An interval inside what is worth having means no difference; without such a size it is not said."""
    design = design_switchback(56, seed=8)
    outcome = np.random.default_rng(80).normal(100, 1, 56)
    assert read_switchback(outcome, None, design, smallest_effect=5.0).decision == "no_difference"
    reading = read_switchback(outcome, None, design)
    assert reading.decision == "cannot_tell_yet"
    assert reading.more_days is not None


def test_too_little_is_not_told() -> None:
    """Without a day known, or with a single state, there are no numbers; a single pair of weeks has no limits."""
    design = design_switchback(14, seed=9)
    nothing = read_switchback(np.full(14, np.nan), None, design)
    assert math.isnan(nothing.estimate)
    assert (nothing.p_value, nothing.decision, nothing.more_days) == (None, "cannot_tell_yet", 14)
    assert "too_few_days" in nothing.caveats
    weeks = design_switchback(28, "week", seed=9)
    outcome = np.random.default_rng(9).normal(size=28) + 50.0 * weeks.assignment
    reading = read_switchback(outcome, None, weeks)
    assert (reading.low, reading.high) == (-math.inf, math.inf)
    assert (reading.schedules, reading.decision) == (4, "cannot_tell_yet")
    assert "too_few_schedules" in reading.caveats


def test_known_drivers_sharpen_the_reading() -> None:
    """A driver that moves the outcome and is given makes the interval narrower."""
    design = design_switchback(56, seed=10)
    chance = np.random.default_rng(10)
    driver = chance.normal(size=(56, 1))
    outcome = chance.normal(0, 1, 56) + 5 * driver[:, 0] + design.assignment
    plain, told = read_switchback(outcome, None, design), read_switchback(outcome, None, design, extra=driver)
    assert told.high - told.low < 0.5 * (plain.high - plain.low)


def test_intervals_cover_on_series_that_wander() -> None:
    """On series with a wandering level about 95 % of the intervals hold the effect, 5 % reject none."""
    chance, covered, rejected = np.random.default_rng(11), 0, 0
    for seed in range(80):
        level = np.cumsum(chance.normal(0, 0.5, 42)) + chance.normal(0, 1, 42)
        design = design_switchback(42, carry_over=1, seed=seed)
        still = read_switchback(level, None, design, most_draws=299)
        moved = read_switchback(level + 2.0 * design.assignment, None, design, most_draws=299)
        covered += moved.low <= 2.0 <= moved.high
        rejected += still.p_value is not None and still.p_value <= 0.05
    assert covered >= 70
    assert rejected <= 10


def test_lengths_must_agree() -> None:
    """Outcome, states and drivers have the days of the design."""
    design = design_switchback(14, seed=0)
    for arguments in (
        (np.ones(13), None, design),
        (np.ones(14), [1] * 13, design),
        (np.full(14, np.inf), None, design),
    ):
        with pytest.raises(ValueError, match="each day"):
            read_switchback(*arguments)
