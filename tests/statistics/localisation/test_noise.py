"""Background, tail and dispersion learnt from a case."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.localisation.dispersion import event_size, fit_dispersion, variance_power
from duoshou.statistics.localisation.noise import fit_background, fit_tail


@pytest.mark.parametrize(
    ("scale", "share"), [(0.01, 0.0), (0.01, 0.6), (0.05, 0.2), (0.05, 0.6), (0.2, 0.0), (0.2, 0.2)]
)
def test_the_scale_of_the_bulk_is_found_beside_moved_leaves(scale: float, share: float) -> None:
    """Up to three fifths of the leaves may have moved without the scale losing more than a tenth."""
    generator = np.random.default_rng(3)
    moved = int(20_000 * share)
    x = np.concatenate([generator.normal(0, scale, 20_000 - moved), generator.normal(1.2, 0.05, moved)])
    background = fit_background(x)
    assert background.scale == pytest.approx(scale, rel=0.1)
    assert abs(background.centre) < scale / 5


def test_a_move_common_to_all_becomes_the_centre() -> None:
    """Where no leaf stayed at its forecast, the centre is where they went."""
    background = fit_background(np.random.default_rng(1).normal(0.4, 0.03, 5_000))
    assert background.centre == pytest.approx(0.4, abs=0.01)
    assert background.scale == pytest.approx(0.03, rel=0.1)


def test_a_background_of_nothing_is_a_background() -> None:
    """No leaves, one leaf and leaves without any scatter are no fault."""
    for x in (np.empty(0), np.zeros(1), np.zeros(100)):
        background = fit_background(x)
        assert background.scale > 0
        assert np.isfinite(background.log_density(x)).all()


def test_the_tail_errs_to_the_side_of_silence_for_normal_noise() -> None:
    """An exponential tail gives a far distance a larger probability than the normal law does."""
    distances = np.abs(np.random.default_rng(5).normal(0, 1, 50_000))
    tail = fit_tail(distances)
    normal = {4.0: -9.67, 5.0: -14.37, 6.0: -20.05}  # log of the two-sided normal probability
    for distance, log_probability in normal.items():
        assert log_probability < tail.log_exceedance(np.array([distance]))[0] < log_probability / 2


@pytest.mark.parametrize("disturbed", [0.0, 0.2])
@pytest.mark.parametrize(("events", "relative"), [(1.0, 0.0), (4.0, 0.0), (1.0, 0.01)])
def test_dispersion_is_recovered_from_cells(events: float, relative: float, disturbed: float) -> None:
    """Variance events·F + relative·F² is found within a quarter; disturbed cells raise it less than twofold."""
    generator = np.random.default_rng(11)
    expected = np.exp(generator.uniform(np.log(20), np.log(20_000), 6_000))
    actual = expected + generator.normal(0, np.sqrt(events * expected + relative * expected**2))
    actual[generator.random(6_000) < disturbed] *= 0.6
    found = fit_dispersion(actual, expected, np.zeros(6_000, dtype=np.int32), 1.0, 0.0)
    for size in (100.0, 5_000.0):
        ratio = found.per_unit(np.array([size]))[0] / (events + relative * size)
        assert 0.75 < ratio < (2.0 if disturbed else 1.25)


def test_counts_and_relative_noise_differ_in_their_variance_power() -> None:
    """Taylor's exponent is near 1 for Poisson counts and near 2 for noise in proportion to size."""
    generator = np.random.default_rng(7)
    expected = np.exp(generator.normal(4, 1.5, 5_000))
    counts = generator.poisson(expected).astype(float)
    assert variance_power(counts, expected) == pytest.approx(1.0, abs=0.2)
    assert variance_power(expected * generator.normal(1, 0.05, 5_000), expected) == pytest.approx(2.0, abs=0.2)


def test_the_power_of_equal_leaves_is_unknown() -> None:
    """Leaves of one size do not tell how scatter grows."""
    assert np.isnan(variance_power(np.arange(200.0) % 3 + 99, np.full(200, 100.0)))


def test_an_event_of_whole_numbers_is_one() -> None:
    """Counts have unit events, amounts the size of a small one."""
    assert event_size(np.array([0.0, 3.0, 7.0])) == 1.0
    assert event_size(np.array([0.0, 19.9, 39.8, 120.5])) == pytest.approx(23.88)
    assert event_size(np.zeros(3)) == 1.0
