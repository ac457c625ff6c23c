"""Tests of the tail of a sample."""

from __future__ import annotations

import math
import random

import pytest

from duoshou.statistics import exceedance


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_tail_of_an_exponential_is_its_own(scale: float) -> None:
    """Of an exponential sample the tail is continued in its closed form e^(−x/scale), far beyond the largest value."""
    chance = random.Random(4)
    sample = [chance.expovariate(1 / scale) for _ in range(5000)]
    for multiple in (2, 5, 12):
        found = exceedance(multiple * scale, sample)
        assert found is not None
        assert math.log(found) == pytest.approx(-multiple, rel=0.08)


def test_inside_the_sample_it_is_a_share() -> None:
    """Below the threshold the sample itself is counted."""
    sample = [float(value) for value in range(100)]
    assert exceedance(50.0, sample) == 0.5
    assert exceedance(-1.0, sample) == 1.0


def test_small_samples_cannot_tell() -> None:
    """Fewer than twenty values have no tail."""
    assert exceedance(3.0, [1.0] * 19) is None


def test_beyond_a_constant_sample_nothing_is_possible() -> None:
    """Values that never vary leave no room for a larger one."""
    assert exceedance(2.0, [1.0] * 30) == 0.0
