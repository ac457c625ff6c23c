"""Sales that were only moved are no gain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from duoshou.statistics.effects import Panel, displaced
from duoshou.statistics.effects.panel import Array

PRE, POST, AFTER = 70, 14, 14


def shop(seed: int, *, moved: float = 0.0, late: float = 0.0) -> tuple[Panel, Array]:
    """Return a subject that gains 60 a day, taken in part from three others and from the two weeks after."""
    rng = np.random.default_rng(seed)
    days = PRE + POST + AFTER
    demand = np.cumsum(rng.normal(0, 0.01, days)) + rng.normal(0, 0.15, 7)[np.arange(days) % 7]
    expected = 100 * np.exp(demand + rng.normal(0, 0.2, (13, 1)))
    during = (np.arange(days) >= PRE) & (np.arange(days) < PRE + POST)
    expected[0] += 60 * during - 60 * late * (np.arange(days) >= PRE + POST)
    expected[1:4] -= 60 * moved / 3 * during
    outcome = rng.poisson(expected).astype(float)
    return Panel(outcome[[0, *range(4, 13)]], PRE, PRE + POST, kind="count"), outcome[1:4]


def test_what_others_lost_is_taken_off() -> None:
    """Half of the gain came from others: the net effect is half, and both are seen."""
    moved, net, held = [], [], 0
    for seed in range(6):
        panel, others = shop(seed, moved=0.5)
        found = displaced(panel, others)
        moved.append(found.moved.estimate / POST)
        net.append(found.net.estimate / POST)
        held += found.net.low <= 30 * POST <= found.net.high
        assert found.net.estimate == pytest.approx(found.own.total + found.parts["others"].total)
    assert np.mean(moved) == pytest.approx(-30, abs=8)
    assert np.mean(net) == pytest.approx(30, abs=9)
    assert held >= 5


def test_what_the_weeks_after_lost_is_taken_off() -> None:
    """Buyers had stocked up: the fall after the end is found although the judged days stand between."""
    falls = []
    for seed in range(6):
        panel, _ = shop(seed, late=0.4)
        found = displaced(panel, after=AFTER)
        assert list(found.parts) == ["after"]
        falls.append(found.parts["after"].estimate)
    assert np.mean(falls) == pytest.approx(-24, abs=6)


def test_days_before_are_judged_and_teach_the_effect_nothing() -> None:
    """Buyers who waited: the fall before the start is found and does not raise the effect."""
    owns, falls = [], []
    for seed in range(6):
        panel, _ = shop(seed)
        outcome = panel.outcome.copy()
        outcome[0, PRE - 7 : PRE] = np.round(outcome[0, PRE - 7 : PRE] * 0.7)
        found = displaced(replace(panel, outcome=outcome), before=7)
        owns.append(found.own.estimate)
        falls.append(found.parts["before"].relative)
    assert np.mean(owns) == pytest.approx(60, abs=10)
    assert np.mean(falls) == pytest.approx(-0.3, abs=0.07)


def test_nothing_moved_is_seldom_called_moved() -> None:
    """Where nothing was displaced the interval of what moved holds 0."""
    panels = [shop(seed) for seed in range(8)]
    assert sum(displaced(panel, others).moved.high < 0 for panel, others in panels) <= 2


def test_questions_that_make_no_sense_are_refused() -> None:
    """No place to look at, days that are not there, other subjects of other days, a rate."""
    panel, others = shop(1)
    rate = replace(panel, kind="rate", trials=panel.outcome + 1)
    for wrong, before, after in ((panel, 0, 0), (panel, 0, AFTER + 1), (panel, PRE, 0), (panel, -1, 0), (rate, 0, 1)):
        with pytest.raises(ValueError, match=r"."):
            displaced(wrong, before=before, after=after)
    with pytest.raises(ValueError, match="others"):
        displaced(panel, others[:, 1:])
