"""The comparison with the days just before: right where the truth is known, honest about its error, and joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.effects import Panel, effect_of_change
from duoshou.statistics.effects.nearby import alike_days, comparisons, nearby_effect, recent_moves

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


@given(st.integers(0, 1000), st.floats(0.1, 100.0))
def test_the_answer_does_not_depend_on_the_unit_of_amounts(seed: int, factor: float) -> None:
    """Amounts in fen or in yuan give the same relative effect."""
    values = shop(np.random.default_rng(seed), 8, 0.2)
    one, other = (nearby_effect(Panel(k * values, START, DAYS, kind="amount"), np.arange(1, 8)) for k in (1.0, factor))
    assert one is not None
    assert other is not None
    assert one.estimate == pytest.approx(other.estimate, abs=1e-9)


def test_a_trend_that_went_on_goes_on() -> None:
    """Products that grow or fall steadily by up to one per cent a day are expected to go on so."""
    random = np.random.default_rng(6)
    slopes = random.uniform(-0.01, 0.01, 24)
    slopes[0] = 0.01
    line = np.log(400) + np.outer(slopes, np.arange(DAYS))
    values = random.poisson(np.exp(line)).astype(np.float64)
    found = nearby_effect(Panel(values, START, DAYS, kind="count"), np.arange(1, 24))
    assert found is not None
    mean = np.log(values[0, START:].mean() / values[0, :START].mean())
    assert abs(found.estimate) < 0.15 * mean


def test_companions_tell_of_a_level_that_single_sales_hide() -> None:
    """Sales of a few a day follow visitors that wander; with the visitors known the error is smaller."""
    random = np.random.default_rng(7)
    line = np.log(800) + np.cumsum(random.normal(0, 0.05, (40, DAYS)), axis=1)
    visitors = random.poisson(np.exp(line)).astype(np.float64)
    sales = random.poisson(0.004 * visitors).astype(np.float64)
    errors = []
    for companions in (None, visitors[None]):
        found = nearby_effect(Panel(sales, START, DAYS, kind="count", companions=companions), np.arange(1, 40))
        assert found is not None
        errors.append(np.sqrt(np.mean(found.errors**2)))
    assert errors[1] < 0.9 * errors[0]


def test_what_companions_do_after_the_start_is_not_looked_at() -> None:
    """A change may move visitors, too: their days from the start on make no difference."""
    values = shop(np.random.default_rng(8), 12, 0.3)
    known, other = 10 * values[None], 10 * values[None]
    other = np.where(np.arange(DAYS) < START, other, np.nan)
    one, two = (effect_of_change(Panel(values, START, DAYS, kind="count", companions=each)) for each in (known, other))
    assert one.relative == two.relative


def test_recent_moves_are_those_of_the_unit_apart_from_the_donors() -> None:
    """A subject that doubled moved by the logarithm of its recent mean ÷ its whole one; what is unknown did not."""
    values = np.full((3, 40), 1e6)
    values[0, 20:] *= 2
    values[2] = np.nan
    table = recent_moves(values, np.ones((3, 40)))
    weight = 0.5 ** (np.arange(39, -1, -1) / 4)
    assert table[0, 0] == pytest.approx(np.log(values[0] @ weight / weight.sum() / values[0].mean()), abs=1e-4)
    np.testing.assert_allclose(table[:, 1:], 0.0, atol=1e-9)


def test_peers_tell_what_moves_the_kind() -> None:
    """Three kinds of products, each with a season of its own: with the kinds known the error is smaller."""
    random = np.random.default_rng(13)
    kind = np.arange(36) % 3
    seasons = np.cumsum(random.normal(0, 0.03, (3, DAYS)), axis=1)
    values = random.poisson(np.exp(6 + seasons[kind] + random.normal(0, 0.05, (36, DAYS)))).astype(np.float64)
    peers = kind[:, None] == kind
    panels = (Panel(values, START, DAYS, kind="count", peers=one) for one in (None, peers))
    alone, told = (nearby_effect(one, np.arange(1, 36)) for one in panels)
    assert alone is not None
    assert told is not None
    assert told.error() < 0.7 * alone.error()
    assert abs(told.estimate) < 0.05


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
