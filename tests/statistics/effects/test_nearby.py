"""The comparison with the days just before: right where the truth is known, honest about its error, and joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.effects import Panel, effect_of_change
from duoshou.statistics.effects.nearby import alike_days, comparisons, error_at, mixed_by, nearby_effect

DAYS, START = 84, 63


def shop(random: np.random.Generator, units: int, lift: float, step: float = 0.05) -> np.ndarray:
    """Return counts of products whose levels wander fast, of which the first was changed."""
    line = 4 + np.cumsum(random.normal(0, step, (units, DAYS)), axis=1) + np.cumsum(random.normal(0, 0.03, DAYS))
    line[0, START:] += np.log1p(lift)
    return random.poisson(np.exp(line)).astype(np.float64)


def test_a_shared_move_is_no_effect_and_a_step_is_found_exactly() -> None:
    """Without noise the full share of the donors leaves only the change of the subject itself."""
    base = np.outer([3e6, 1e6, 2e6, 5e6, 4e6, 1e6, 2e6], np.r_[np.ones(START), np.full(DAYS - START, 0.7)])
    base[0, START:] *= 1.25
    found = nearby_effect(Panel(base, START, DAYS, kind="count"), np.arange(1, 7))
    assert found is not None
    assert found.estimate == pytest.approx(np.log(1.25), abs=1e-3)
    assert np.abs(found.donors).max() < 1e-3


def test_equal_days_before_are_the_plain_ratio_of_sums() -> None:
    """With weights that never fade and no share of the donors the comparison is that of two means."""
    values = shop(np.random.default_rng(1), 3, 0.0)
    past = np.ones((3, START))
    table = comparisons(values, np.ones_like(values), past, slice(START, DAYS), np.full(3, 1e-9))
    plain = np.log(values[:, START:].mean(axis=1) / values[:, :START].mean(axis=1))
    np.testing.assert_allclose(table[12], plain, atol=1e-9)


def test_too_few_donors_give_no_answer() -> None:
    """Four donors cannot tell how far a comparison errs."""
    assert nearby_effect(Panel(shop(np.random.default_rng(2), 5, 0.0), START, DAYS), np.arange(1, 5)) is None


def test_days_on_which_drivers_stood_otherwise_teach_nothing() -> None:
    """A festival before and none in the judged days: its days are left out; after a step only later days count."""
    drivers = np.zeros((DAYS, 2))
    drivers[10:14, 0] = 1
    drivers[40:, 1] = 1
    panel = Panel(shop(np.random.default_rng(3), 7, 0.0), START, DAYS, regressors=drivers)
    assert np.flatnonzero(alike_days(panel)).tolist() == list(range(40, START))


def test_the_error_follows_size_as_chance_does() -> None:
    """Errors whose variance is a + b ÷ size give this variance back for a size of one's own."""
    random = np.random.default_rng(4)
    sizes = random.uniform(1, 60, 20_000)
    errors = random.normal(0, np.sqrt(0.01 + 0.3 / sizes))
    assert error_at(5.0, errors, sizes) == pytest.approx(np.sqrt(0.07), rel=0.05)
    assert error_at(1e9, errors, sizes) == pytest.approx(0.1, rel=0.05)


@given(st.integers(0, 1000), st.floats(0.1, 10.0))
def test_weights_are_shares_that_do_not_depend_on_the_unit(seed: int, factor: float) -> None:
    """Weights are not negative, add to one, favour the smallest error, and errors may be in any unit."""
    errors = np.random.default_rng(seed).normal(0, [[1.0], [0.5], [2.0]], (3, 24))
    weights = mixed_by(errors)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1.0)
    assert np.argmax(weights) == np.argmin((errors**2).mean(axis=1))
    np.testing.assert_allclose(mixed_by(factor * errors), weights, atol=1e-9)


@given(st.integers(0, 1000), st.floats(0.1, 100.0))
def test_the_answer_does_not_depend_on_the_unit_of_amounts(seed: int, factor: float) -> None:
    """Amounts in fen or in yuan give the same relative effect."""
    values = shop(np.random.default_rng(seed), 8, 0.2)
    one, other = (nearby_effect(Panel(k * values, START, DAYS, kind="amount"), np.arange(1, 8)) for k in (1.0, factor))
    assert one is not None
    assert other is not None
    assert one.estimate == pytest.approx(other.estimate, abs=1e-9)


@pytest.mark.parametrize("units", [12, 26])
def test_intervals_hold_the_truth_where_levels_wander(units: int) -> None:
    """Of 60 changes among products that wander fast about nine of ten lie within intervals of 90 %."""
    random = np.random.default_rng(5)
    held = 0
    for _ in range(60):
        effect = effect_of_change(Panel(shop(random, units, 0.3), START, DAYS, kind="count"))
        assert effect.relative_low < effect.relative < effect.relative_high
        assert effect.total == pytest.approx(effect.estimate * (DAYS - START))
        held += effect.relative_low <= 0.3 <= effect.relative_high
    assert held >= 48
