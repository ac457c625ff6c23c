"""The largest of several scores."""

from __future__ import annotations

import numpy as np
import pytest

from duoshou.statistics.expectation.calibration import white_noise_correlation
from duoshou.statistics.expectation.scanning import scan_log_p, single_share
from duoshou.statistics.expectation.scores import two_sided
from duoshou.statistics.expectation.windows import Template


def test_a_scan_of_one_window_is_the_plain_test() -> None:
    """One score alone keeps its two-sided p-value."""
    z = np.array([1.2, 2.0, 4.5, 8.0])
    p = np.exp(scan_log_p(z, 1, single_share(np.eye(1))))
    assert p == pytest.approx(two_sided(z), rel=1e-6)


def test_the_scan_agrees_with_plain_simulation() -> None:
    """The probability of the largest of nested windows agrees with the share among 200,000 simulated series."""
    templates = [Template(length) for length in (1, 2, 3, 5, 7, 10, 14, 21, 28)]
    correlation = white_noise_correlation(templates)
    days = np.random.default_rng(7).standard_normal((200_000, 28))
    total = np.cumsum(days[:, ::-1], axis=1)
    largest = np.max([np.abs(total[:, t.length - 1]) / np.sqrt(t.length) for t in templates], axis=0)
    for limit in (1.5, 2.0, 2.6, 3.3):
        p = float(np.exp(scan_log_p(np.array([limit]), len(templates), single_share(correlation)))[0])
        assert p == pytest.approx(float(np.mean(largest >= limit)), rel=0.06)


def test_a_drift_is_nearly_a_shift_of_its_later_half() -> None:
    """The ramp's correlation with a step follows the closed form Σj / √(Σj²·n)."""
    correlation = white_noise_correlation([Template(14), Template(14, drift=True)])
    ramp = np.arange(1, 15)
    assert correlation[0, 1] == pytest.approx(ramp.sum() / np.sqrt((ramp**2).sum() * 14))
