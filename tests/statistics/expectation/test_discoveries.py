"""False discoveries on arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics import benjamini_hochberg
from duoshou.statistics.expectation import adjusted, hierarchical, simes

probabilities = st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=40)


@given(probabilities, st.sampled_from([0.01, 0.05, 0.2]))
def test_adjusted_values_reject_what_the_step_up_procedure_rejects(p: list[float], rate: float) -> None:
    """An adjusted value at most the rate is a rejection of Benjamini and Hochberg."""
    values = adjusted(np.array(p))
    near = np.abs(values - rate) < 1e-12
    assert np.all(((values <= rate) == np.array(benjamini_hochberg(p, rate))) | near)


@given(probabilities)
def test_dependence_costs_the_harmonic_sum(p: list[float]) -> None:
    """Benjamini and Yekutieli's values are the others times 1 + 1/2 + … + 1/m, at most 1."""
    factor = np.sum(1 / np.arange(1, len(p) + 1))
    free = np.array(p) * 0 + adjusted(np.array(p) / 1e6) * factor
    assert adjusted(np.array(p) / 1e6, dependent=True) == pytest.approx(np.minimum(free, 1.0))


def test_what_was_not_tested_does_not_count() -> None:
    """NaN stays NaN and does not enlarge the family."""
    values = adjusted(np.array([0.01, np.nan, 0.04]))
    assert np.isnan(values[1])
    assert values[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(adjusted(np.array([np.nan]))).all()


def test_simes_by_hand() -> None:
    """Min over ranks of p·m/rank, per group; a group without tests says 1."""
    result = simes(np.array([0.03, 0.02, 0.5, np.nan]), np.array([0, 0, 1, 2]))
    assert result == pytest.approx([0.03, 0.5, 1.0])


def test_a_group_full_of_troubles_does_not_loosen_the_bar_of_a_quiet_one() -> None:
    """A middling p-value in a quiet group is not carried along, as it is by one step-up over everything."""
    p = np.concatenate([np.full(40, 1e-6), [0.03], np.linspace(0.3, 0.95, 9)])
    group = np.repeat([0, 1], [40, 10])
    together = adjusted(p) <= 0.05
    apart = hierarchical(p, group, 0.05)
    assert together[40]
    assert not apart[40]
    assert apart[:40].all()
