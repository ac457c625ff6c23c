"""The law of a number of pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from duoshou.statistics.demand import Law

MEANS = st.floats(0.01, 2000.0)
EXTRA = st.floats(0.0, 3.0)


def _law(mean: float, extra: float) -> Law:
    return Law(np.array([mean]), np.array([mean + extra * mean**2]))


@pytest.mark.parametrize(("mean", "extra"), [(0.3, 0.0), (4.0, 0.5), (60.0, 0.02), (60.0, 2.0)])
def test_tails_and_losses_are_the_sums_of_the_probabilities(mean: float, extra: float) -> None:
    """P(D ≥ s) and E(D − s)⁺ equal sums over the probabilities of SciPy's Poisson and negative binomial laws."""
    numbers = np.arange(20_000)
    chance = (
        stats.poisson.pmf(numbers, mean) if extra == 0 else stats.nbinom.pmf(numbers, 1 / extra, 1 / (1 + extra * mean))
    )
    law = _law(mean, extra)
    for pieces in (0, 1, 3, 50, 90):
        assert law.at_least(np.array([pieces]))[0] == pytest.approx(chance[numbers >= pieces].sum(), rel=1e-5, abs=1e-9)
        expected = (np.maximum(numbers - pieces, 0) * chance).sum()
        assert law.lost(np.array([pieces]))[0] == pytest.approx(expected, rel=1e-4, abs=1e-8)


@given(MEANS, EXTRA, st.floats(0.01, 0.995))
def test_a_quantile_is_the_least_number_that_reaches_its_probability(mean: float, extra: float, wanted: float) -> None:
    """P(D ≤ q) ≥ p, and P(D ≤ q − 1) < p."""
    law = _law(mean, extra)
    found = law.quantile(wanted)
    assert 1 - law.at_least(found + 1)[0] >= wanted - 1e-7
    assert found[0] == 0 or 1 - law.at_least(found)[0] < wanted + 1e-7


@given(MEANS, EXTRA, st.integers(0, 3000))
def test_losses_fall_with_the_stock_and_never_faster_than_it_grows(mean: float, extra: float, pieces: int) -> None:
    """0 ≤ E(D − s)⁺ − E(D − s − 1)⁺ = P(D > s) ≤ 1, and without stock all is lost."""
    law = _law(mean, extra)
    step = law.lost(np.array([pieces]))[0] - law.lost(np.array([pieces + 1]))[0]
    assert step == pytest.approx(law.at_least(np.array([pieces + 1]))[0], abs=1e-6 * max(mean, 1.0))
    assert law.lost(np.array([0]))[0] == pytest.approx(mean, rel=1e-6)
