"""The interval from donors that nothing happened to."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.effects.donors import Relatives
from duoshou.statistics.effects.panel import Array
from duoshou.statistics.effects.placebo import placebo_effect, steadiness, without_each
from duoshou.statistics.effects.synthetic import own_scatter, synthetic_difference_in_differences

DONORS, DAYS, START = 22, 60, 46


def relatives(seed: int, effect: float = 0.0) -> Relatives:
    """Return a subject and donors around 1, with two shared factors and noise."""
    rng = np.random.default_rng(seed)
    factors = np.cumsum(rng.normal(0, 0.03, (2, DAYS)), axis=1)
    values = 1 + rng.uniform(0, 1, (DONORS + 1, 2)) @ factors + rng.normal(0, 0.05, (DONORS + 1, DAYS))
    values[0, START:] += effect
    return Relatives(values[0], values[1:], 1.0, np.arange(DAYS) < START, np.arange(1, len(values)))


def test_leaving_one_out_by_its_moments_is_leaving_it_out() -> None:
    """Weights of each donor as treated are those of the estimator run on the other donors."""
    found = relatives(1)
    main = synthetic_difference_in_differences(
        np.vstack([found.own, found.donors]),
        np.arange(DONORS + 1) == 0,
        START,
        scatter=own_scatter(found.donors[:, :START]),
    )
    units, times = without_each(found, START, main)
    everyone = own_scatter(found.donors[:, :START])
    for place in (0, 7, 21):
        treated = np.arange(DONORS) == place
        alone = synthetic_difference_in_differences(found.donors, treated, START, scatter=everyone[~treated])
        assert units[place][~treated] == pytest.approx(alone.unit_weights, abs=1e-6)
        assert units[place, place] == 0
        assert times[place] == pytest.approx(alone.time_weights, abs=2e-3)


def test_the_error_is_that_of_estimates_without_an_effect() -> None:
    """Over many panels the estimate scatters as its standard error says, and moves with the effect one to one."""
    ratios = []
    for seed in range(40):
        without, with_effect = (
            placebo_effect(relatives(seed, size), START, 0, np.zeros((DAYS, 0))) for size in (0.0, 0.3)
        )
        ratios.append(without.estimate / without.error)
        assert with_effect.estimate - without.estimate == pytest.approx(0.3)
        low, high = without.interval(0.9)
        assert (without.p_value() < 0.1) == (low > 0 or high < 0)
    assert 0.75 < float(np.std(ratios)) < 1.3


def test_gaps_that_stray_for_weeks_are_less_steady_than_gaps_of_the_same_scatter_that_do_not() -> None:
    """Among many even units one that wanders stands out; among even ones none does."""
    rng = np.random.default_rng(3)
    before: Array = rng.normal(size=(30, 98))
    assert np.ptp(steadiness(before, 14) / before.std(axis=1)) < 0.2
    before[4] = np.sin(np.arange(98) / 15) * np.sqrt(2)
    steady = steadiness(before, 14) / before.std(axis=1)
    assert steady[4] == steady.max()
    assert steady[4] > 1.5 * np.median(steady)
