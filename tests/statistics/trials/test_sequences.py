"""Tests of bounds that hold at all times."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.trials.sequences import (
    mixing_variance,
    needed_information,
    sequence_bounds,
    sequence_p_values,
)


def test_the_published_bound() -> None:
    """Equation 2.2 of Waudby-Smith et al. (2024), √(2(nρ²+1)/(n²ρ²)·log(√(nρ²+1)/α)), times √n."""
    n, rho, level = 400.0, 0.3, 0.05
    scale = n * rho**2
    published = math.sqrt(2 * (scale + 1) / (n**2 * rho**2) * math.log(math.sqrt(scale + 1) / level))
    assert sequence_bounds(np.array([n]), rho**2, level)[0] == pytest.approx(published * math.sqrt(n))


def test_noise_rarely_ever_crosses() -> None:
    """Over 2,000 looks at pure noise at most 5 % of the paths ever leave the bound."""
    paths = np.cumsum(np.random.default_rng(3).normal(size=(2_000, 2_000)), axis=1)
    places = np.arange(1.0, 2_001.0)
    bounds = sequence_bounds(places, mixing_variance(0.1, 0.05, 0.9), 0.05)
    crossed = (np.abs(paths) / np.sqrt(places) >= bounds).any(axis=1)
    assert 0.005 < crossed.mean() <= 0.05


@given(st.floats(0.01, 2), st.floats(0.001, 0.2), st.floats(0.5, 0.99))
def test_the_bound_is_narrowest_where_it_is_needed(effect: float, level: float, power: float) -> None:
    """At the information that the effect needs no other mixture has a lower bound."""
    information = np.array([needed_information(effect, level, power)])
    best = mixing_variance(effect, level, power)
    here = sequence_bounds(information, best, level)[0]
    for factor in (0.5, 0.9, 1.1, 2.0):
        assert here <= sequence_bounds(information, factor * best, level)[0] + 0.002


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=20), st.floats(0.001, 0.5))
def test_p_values_agree_with_the_bounds(z: list[float], level: float) -> None:
    """The p-value falls to the level exactly when the bound of that level is crossed, and never rises again."""
    scores, information = np.array(z), np.arange(1.0, len(z) + 1)
    p_values = sequence_p_values(scores, information, 0.5)
    crossed = np.maximum.accumulate(np.abs(scores) >= sequence_bounds(information, 0.5, level))
    clear = np.abs(np.abs(scores) - sequence_bounds(information, 0.5, level)).min() > 1e-9
    assert not clear or ((p_values <= level) == crossed).all()
    assert (np.diff(p_values) <= 0).all()


def test_no_effect_cannot_be_planned_for() -> None:
    """An effect of 0 is refused."""
    with pytest.raises(ValueError, match="cannot be 0"):
        mixing_variance(0.0, 0.05, 0.9)
