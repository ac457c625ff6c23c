"""Several effects in one total."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.effects import Effect, combine

NOTHING = np.zeros(1)
PLAIN = Effect(1, 0, 2, 10, 2, 18, 0.1, 0, 0.2, NOTHING, NOTHING, "synthetic_did", 0.9, 0.04, 8, ())


def effect(total: float, below: float, above: float) -> Effect:
    """Return an effect with this total, and limits so far from it."""
    return replace(PLAIN, total=total, total_low=total - below, total_high=total + above)


def test_independent_errors_add_in_squares_and_common_ones_plainly() -> None:
    """3 and 4 make 5 if independent, 7 if they err together, √37 half way, on each side by itself."""
    found = combine([effect(10, 3, 6), effect(-2, 4, 8)], dependence=0.5)
    assert found.estimate == 8
    assert found.independent == pytest.approx((3, 18))
    assert found.dependent == pytest.approx((1, 22))
    assert found.low == pytest.approx(8 - math.sqrt(37))
    assert found.high == pytest.approx(8 + math.sqrt(4 * 37))
    assert (found.told, found.untold, found.caveats) == (2, 0, ())


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 9), st.floats(0.1, 9)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_dependence_only_widens(parts: list[tuple[float, float, float]], dependence: float) -> None:
    """The interval lies between that of independent and that of common errors, and p agrees with it."""
    found = combine([effect(*part) for part in parts], dependence=dependence)
    slack = 1e-9
    assert found.dependent[0] - slack <= found.low <= found.independent[0] + slack
    assert found.independent[1] - slack <= found.high <= found.dependent[1] + slack
    assert found.p_value is not None
    if abs(found.p_value - 0.1) > 1e-6:
        assert (found.p_value < 0.1) == (found.low > 0 or found.high < 0)


def test_what_cannot_be_told_is_counted_not_dropped() -> None:
    """Effects without a number are named as missing; if all are, so is the total."""
    untold = replace(PLAIN, method="cannot_tell", total=math.nan, total_low=math.nan, total_high=math.nan)
    found = combine([effect(10, 1, 1), untold])
    assert (found.estimate, found.told, found.untold, found.caveats) == (10, 1, 1, ("untold",))
    nothing = combine([untold])
    assert math.isnan(nothing.estimate)
    assert nothing.p_value is None


def test_unlike_levels_and_impossible_dependence_are_refused() -> None:
    """Intervals of different coverage cannot be joined."""
    with pytest.raises(ValueError, match="level"):
        combine([PLAIN, replace(PLAIN, level=0.95)])
    with pytest.raises(ValueError, match="level"):
        combine([])
    with pytest.raises(ValueError, match="dependence"):
        combine([PLAIN], dependence=1.5)
