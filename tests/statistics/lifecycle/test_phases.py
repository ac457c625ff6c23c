"""Phases of series of counts against series whose phases are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from duoshou.statistics.lifecycle import common_index, latest_phases
from duoshou.statistics.lifecycle.phases import SHORTEST

PERIODS = 80
BREAK = 60
SEASON = 1 + 0.4 * np.sin(np.arange(PERIODS) / 52 * 2 * np.pi)
Floats = NDArray[np.float64]


def drawn(path: Floats, *, series: int = 150, least: float = 20.0, seed: int = 1) -> tuple[Floats, Floats]:
    """Return counts with scatter half as large again as Poisson's along exp(path), and the levels of the series."""
    random = np.random.default_rng(seed)
    levels = least * np.exp(random.exponential(0.8, series))
    mean = levels[:, None] * SEASON * np.exp(path)
    return random.poisson(random.gamma(mean / 0.5, 0.5)).astype(np.float64), levels


FLAT, LEVELS = drawn(np.zeros(PERIODS))
INDEX = common_index(FLAT)


def test_the_index_is_the_season() -> None:
    """What moves all alike is found to a few hundredths, though some series take off and others fade."""
    moved = FLAT.copy()
    moved[:15] *= np.linspace(0.2, 5, PERIODS)
    moved[15:30] *= np.linspace(3, 0.2, PERIODS)
    assert common_index(moved) == pytest.approx(SEASON / SEASON.mean(), rel=0.12)
    assert common_index(FLAT[:3]) == pytest.approx(np.ones(PERIODS))


def test_a_steady_series_has_one_phase_and_no_slope() -> None:
    """False cuts are rare, and the interval of the slope holds nothing in 95 of 100."""
    found = latest_phases(FLAT, INDEX)
    assert (found.start > found.first).mean() < 0.03
    assert ((found.slope_low <= 0) & (found.slope_high >= 0)).mean() == pytest.approx(0.95, abs=0.04)
    assert found.dispersion.mean() == pytest.approx(1.5, abs=0.15)
    assert np.median(found.level / LEVELS) == pytest.approx(SEASON.mean(), rel=0.05)


@pytest.mark.parametrize("slope", [-0.06, 0.06])
def test_a_turn_is_found_with_its_day_and_slope(slope: float) -> None:
    """Series that turn in one week are seen to have turned about then, by as much a week."""
    path = np.where(np.arange(PERIODS) < BREAK, 0.0, slope * (np.arange(PERIODS) - BREAK))
    counts, _ = drawn(path, seed=2)
    found = latest_phases(counts, INDEX)
    assert np.median(found.start) == pytest.approx(BREAK, abs=2)
    cut = found.start > BREAK - 15
    assert cut.mean() > 0.9
    assert ((found.start_low <= BREAK) & (found.start_high >= BREAK))[cut].mean() > 0.8
    assert np.median(found.slope[cut]) == pytest.approx(slope, rel=0.15)
    # The index was found from other series; its error is in no interval.
    assert ((found.slope_low <= slope) & (found.slope_high >= slope))[cut].mean() > 0.75


def test_a_step_is_a_new_phase_without_slope() -> None:
    """After a fall by six tenths the series goes on flat, and the level before it is known."""
    counts, levels = drawn(np.where(np.arange(PERIODS) < BREAK, 0.0, np.log(0.4)), seed=3)
    found = latest_phases(counts, INDEX)
    assert np.median(found.start) == BREAK
    assert np.nanmedian(found.before / (levels * SEASON.mean())) == pytest.approx(1, rel=0.1)
    assert np.nanmedian(found.level / found.before) == pytest.approx(0.4, rel=0.1)
    assert ((found.slope_low <= 0) & (found.slope_high >= 0)).mean() > 0.88


def test_deviations_that_last_widen_the_interval() -> None:
    """Where a week is like the week before, a slope is less sure: the intervals hold it all the same."""
    random = np.random.default_rng(4)
    lasting = np.zeros((150, PERIODS))
    for period in range(1, PERIODS):
        lasting[:, period] = 0.5 * lasting[:, period - 1] + random.normal(0, 0.12, 150)
    counts = random.poisson(LEVELS[:, None] * SEASON * np.exp(lasting)).astype(np.float64)
    found = latest_phases(counts, common_index(counts))
    whole = found.start == found.first
    assert whole.mean() > 0.93
    assert ((found.slope_low <= 0) & (found.slope_high >= 0))[whole].mean() > 0.88


def test_a_series_begins_with_its_first_count() -> None:
    """Weeks before the first sale are no phase; a series of three weeks has no slope; nothing gives nothing."""
    counts = FLAT[:6].copy()
    counts[:3, :50] = 0.0
    counts[3, :] = 0.0
    counts[4, : PERIODS - SHORTEST + 1] = 0.0
    found = latest_phases(counts, INDEX)
    assert found.first.tolist() == [50, 50, 50, PERIODS, PERIODS - SHORTEST + 1, 0]
    assert (found.start >= found.first).all()
    assert np.isnan(found.slope[[3, 4]]).all()
    assert len(latest_phases(np.zeros((0, 10)), np.ones(10)).slope) == 0


@settings(max_examples=30)
@given(arrays(np.float64, (3, 25), elements=st.integers(0, 400).map(float)), st.floats(0.5, 20))
def test_the_phases_do_not_depend_on_the_order_of_series_and_are_possible(counts: Floats, scale: float) -> None:
    """Whatever the counts: limits in order, no number that is none where a slope is told."""
    index = np.full(25, scale)
    found = latest_phases(counts, index)
    assert ((found.start_low <= found.start) & (found.start <= found.start_high)).all()
    assert (found.level > 0).all()
    told = np.isfinite(found.slope)
    assert (found.slope_low[told] <= found.slope[told]).all()
    assert latest_phases(counts[::-1], index).start[::-1].tolist() == found.start.tolist()
