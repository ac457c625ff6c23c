"""Actions chosen after an extreme: what comes back by itself is not called a success."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from duoshou.statistics.effects import Panel, effect_of_change, shrunken_expectation
from duoshou.statistics.effects.panel import Array

SUBJECTS, PRE, POST, CHOSEN = 20, 56, 14, 3


def worst_of_many(seed: int, keep: float) -> Panel:
    """Return the subject of twenty whose last three days were the worst against its month; nothing is done to any."""
    rng = np.random.default_rng(seed)
    days = PRE + POST
    wave: Array = np.empty((SUBJECTS, days))
    wave[:, 0] = rng.normal(0, 0.25, SUBJECTS)
    for day in range(1, days):
        wave[:, day] = keep * wave[:, day - 1] + rng.normal(0, 0.25 * np.sqrt(1 - keep**2), SUBJECTS)
    outcome = rng.poisson(40 * np.exp(wave)).astype(float)
    month = outcome[:, PRE - CHOSEN - 28 : PRE - CHOSEN].mean(axis=1)
    worst = int(np.argmin(outcome[:, PRE - CHOSEN : PRE].mean(axis=1) / month))
    return Panel(outcome[[worst]], PRE, days, selected=(PRE - CHOSEN, PRE), kind="count")


@pytest.mark.parametrize("keep", [0.2, 0.8])
def test_no_effect_after_the_worst_is_seldom_called_success(keep: float) -> None:
    """One in twenty of actions without effect at most seems to have worked; held against the days before, most do."""
    worked = naive = 0
    for seed in range(40):
        panel = worst_of_many(seed, keep)
        worked += effect_of_change(panel).total_low > 0
        own = panel.outcome[0]
        naive += own[PRE:].mean() > own[PRE - CHOSEN : PRE].mean() * 1.1
    assert worked <= 5  # binomial: more than 5 of 40 have a chance of 1.4 % at a rate of 5 %
    assert naive >= 28


def test_what_fades_fast_is_expected_back_and_what_lasts_is_not() -> None:
    """The expected return is nearer to the usual where deviations fade in a day than where they last for weeks."""
    fast, slow = (
        np.mean([shrunken_expectation(worst_of_many(seed, keep)).returned for seed in range(20)])
        for keep in (0.0, 0.97)
    )
    assert fast > slow
    assert fast > 0.6


def test_the_expectation_is_right_on_average() -> None:
    """What comes after the worst window, without action, is far nearer to the expectation than to that window."""
    apart, naive, held = [], [], 0
    for seed in range(40):
        panel = worst_of_many(seed, 0.7)
        said = shrunken_expectation(panel)
        came = float(panel.outcome[0, PRE:].mean())
        apart.append((came - said.estimate) / said.usual)
        naive.append((came - said.extreme) / said.usual)
        held += said.low <= came <= said.high
        assert said.extreme < said.usual
        assert said.expected.mean() == pytest.approx(said.estimate, rel=0.15)
    assert abs(float(np.mean(apart))) < 0.25 * float(np.mean(naive))
    assert held >= 31


def test_days_to_come_need_not_be_known() -> None:
    """The expectation is the same before anything after the start has been seen."""
    panel = worst_of_many(3, 0.5)
    ahead = panel.outcome.copy()
    ahead[:, PRE:] = np.nan
    assert shrunken_expectation(replace(panel, outcome=ahead)).estimate == shrunken_expectation(panel).estimate


def test_a_window_is_needed_and_enough_days() -> None:
    """Without columns that led to the action there is nothing to return from; a short past cannot tell."""
    panel = worst_of_many(1, 0.5)
    with pytest.raises(ValueError, match="columns"):
        shrunken_expectation(replace(panel, selected=None))
    short = Panel(panel.outcome[:, -20:], 6, 20, selected=(4, 6), kind="count")
    said = shrunken_expectation(short)
    assert (said.method, said.caveats) == ("cannot_tell", ("short_history",))
    assert np.isnan(said.estimate)
