"""Tests that hold their level with few donors."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.effects import conformal_p_value, rank_p_value
from duoshou.statistics.effects.panel import Array
from duoshou.statistics.effects.synthetic import fit_weights, own_scatter, unit_penalties

DAYS, START = 60, 50
TREATED = np.arange(4) == 0


def units(seed: int, effect: float = 0.0) -> Array:
    """Return four units with common days, own autoregressive noise of unit size, the first treated."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(4, DAYS))
    for day in range(1, DAYS):
        noise[:, day] = 0.3 * noise[:, day - 1] + np.sqrt(1 - 0.09) * noise[:, day]
    outcomes = rng.normal(size=(1, DAYS)) * 2 + noise
    outcomes[0, START:] += effect
    return np.asarray(outcomes)


def test_without_an_effect_small_p_values_are_as_rare_as_they_say() -> None:
    """Of 200 tests without an effect about a tenth lie below .1."""
    values = np.array([conformal_p_value(units(seed), TREATED, START) for seed in range(200)])
    assert 0.04 <= np.mean(values <= 0.1) <= 0.18
    assert values.min() >= 1 / DAYS


def test_an_effect_is_found_and_its_true_size_is_not_refused() -> None:
    """Three donors suffice to see an effect of three deviations, and the test of that size lets it pass."""
    found = [conformal_p_value(units(seed, 3.0), TREATED, START) for seed in range(20)]
    size = [conformal_p_value(units(seed, 3.0), TREATED, START, effect=3.0) for seed in range(20)]
    assert np.mean(np.array(found) <= 0.1) >= 0.9
    assert np.mean(np.array(size) <= 0.1) <= 0.3


def test_blocks_go_round() -> None:
    """The p value is the share of cyclic shifts whose block is as large, counted one by one."""
    outcomes = units(5, 1.0)
    value = conformal_p_value(outcomes, TREATED, START)
    penalties = unit_penalties(1, DAYS - START, own_scatter(outcomes[1:]))
    gap = outcomes[0] - fit_weights(outcomes[1:].T, outcomes[0], penalties) @ outcomes[1:]
    residual = np.abs(gap - gap.mean())
    blocks = np.array([np.roll(residual, shift)[START:].sum() for shift in range(DAYS)])
    assert value == pytest.approx(np.mean(blocks >= blocks[0] - 1e-9))


def test_a_rank_among_nine_donors_never_falls_below_a_tenth() -> None:
    """The smallest attainable value is one by the number of units."""
    donors = np.array([1.0, -2, 3, -4, 5, -6, 7, -8, 9])
    assert rank_p_value(100, donors) == pytest.approx(0.1)
    assert rank_p_value(-5.5, donors) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="donors"):
        rank_p_value(1, donors[:0])


def test_nothing_to_compare_is_refused() -> None:
    """All treated, none treated, or no days after."""
    for treated, start in ((np.ones(4, bool), 9), (np.zeros(4, bool), 9), (TREATED, 0), (TREATED, DAYS)):
        with pytest.raises(ValueError, match="treated units"):
            conformal_p_value(units(1), treated, start)
