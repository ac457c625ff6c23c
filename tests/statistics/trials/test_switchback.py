"""Tests of the design of switchbacks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.trials import SwitchbackDesign, design_switchback
from duoshou.statistics.trials.switchback import draws, run_lengths, weekdays

FORTNIGHTS = st.integers(1, 8)
CARRY_OVERS = st.integers(0, 3)


def designs() -> st.SearchStrategy[SwitchbackDesign]:
    """Return whole-fortnight designs without avoided days."""
    return st.builds(
        lambda fortnights, carry, unit, seed: design_switchback(14 * fortnights, unit, carry_over=carry, seed=seed),
        FORTNIGHTS,
        CARRY_OVERS,
        st.sampled_from(["day", "week"]),
        st.integers(0, 1000),
    )


@given(designs())
def test_weekdays_are_balanced(design: SwitchbackDesign) -> None:
    """In every fortnight each weekday is once in each state, and each day that is read has its match a week on."""
    weeks = design.assignment.reshape(-1, 2, 7)
    assert (weeks.sum(axis=1) == 1).all()
    used = design.used.reshape(-1, 2, 7)
    assert (used[:, 0] == used[:, 1]).all()


@given(designs())
def test_what_is_read_is_past_the_carry_over(design: SwitchbackDesign) -> None:
    """On a day that is read the state was the same on all days of the carry-over before it."""
    for day in np.flatnonzero(design.used):
        before = design.assignment[max(0, day - design.carry_over) : day + 1]
        assert (before == before[0]).all()


@given(designs(), st.integers(0, 100))
def test_which_days_are_read_does_not_depend_on_the_draw(design: SwitchbackDesign, seed: int) -> None:
    """Every schedule that could have been drawn has each run in one state, so the same days are read."""
    states, _ = draws(design, 20, seed)
    for start, end in zip(design.starts, [*design.starts[1:], design.days], strict=True):
        assert (states[:, start:end] == states[:, [start]]).all()


def test_all_schedules_are_listed_once() -> None:
    """Two weeks of single days have 2⁷ schedules, each day in either state in half of them."""
    states, exact = draws(design_switchback(14, seed=0), 128, 0)
    assert exact
    assert len({row.tobytes() for row in states}) == 128
    assert (states.mean(axis=0) == 0.5).all()


def test_drawn_schedules_are_fair() -> None:
    """Random schedules put each day in either state equally often, independently in each run."""
    states, exact = draws(design_switchback(56, seed=1), 4000, 0)
    assert not exact
    assert np.abs(states.mean(axis=0) - 0.5).max() < 0.04
    assert abs(float(np.corrcoef(states[:, 0], states[:, 1])[0, 1])) < 0.05


def test_seeds_draw_different_schedules() -> None:
    """A new seed draws a new schedule, the same seed the same."""
    drawn = [design_switchback(56, seed=seed).assignment.tobytes() for seed in range(20)]
    assert len(set(drawn)) == 20
    assert design_switchback(56, seed=7).assignment.tobytes() == drawn[7]


def test_avoided_days_are_in_no_state() -> None:
    """A festival is left out, and so are the days after it on which what came before may still be felt."""
    avoid = [day in {16, 17} for day in range(28)]
    design = design_switchback(28, carry_over=1, avoid=avoid, seed=2)
    assert design.assignment[16:18].tolist() == [-1, -1]
    assert (np.delete(design.assignment, [16, 17]) >= 0).all()
    assert not design.used[16:19].any()


def test_lengths_of_runs() -> None:
    """A week is cut into as many runs as there is room for."""
    assert [run_lengths(shortest) for shortest in (1, 2, 3, 4, 7)] == [
        (1, 1, 1, 1, 1, 1, 1),
        (3, 2, 2),
        (4, 3),
        (7,),
        (7,),
    ]
    assert weekdays(3, 6).argmax(axis=1).tolist() == [6, 0, 1]


def test_an_odd_length_is_cut_off() -> None:
    """A length that is no whole fortnight ends where it ends."""
    design = design_switchback(18, seed=3)
    assert design.assignment.shape == (18,)
    assert design.starts[-1] == 17


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 1},
        {"days": 14, "avoid": [True] * 14},
        {"days": 14, "avoid": [False]},
        {"days": 14, "carry_over": 7},
        {"days": 14, "run": 2, "carry_over": 2},
        {"days": 14, "run": 8},
    ],
)
def test_designs_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    """There are days to use, and something of each run is left to read."""
    with pytest.raises(ValueError, match=r"switchback|run"):
        design_switchback(**{"seed": 0, **wrong})
