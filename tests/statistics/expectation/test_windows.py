"""Sums over windows against the covariance of their days, written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.expectation import Design, Kind, Panel, fit
from duoshou.statistics.expectation.filtering import DAMPING
from duoshou.statistics.expectation.links import mean_of, slope_of, variance_parts
from duoshou.statistics.expectation.model import Model
from duoshou.statistics.expectation.panel import FloatArray
from duoshou.statistics.expectation.windows import Template, moments, moments_of

DAYS, AHEAD = 120, 20
PARTS = ("actual", "expected", "variance", "trials", "days")


def _model(seed: int, kind: Kind) -> Model:
    """Return a fit of four series with gaps, some of which bend, on a calendar with phases that meet."""
    random = np.random.default_rng(seed)
    day = np.arange(DAYS + AHEAD)
    columns = np.stack([day % 30 < 4, day % 30 == 2, day > DAYS + 5], axis=1).astype(np.float64)
    typical = np.exp(random.normal(2, 1, (4, 1)) + columns[:, 0] * 0.5 + np.outer(random.normal(0, 0.02, 4), day))
    values = random.poisson(typical).astype(np.float64)
    trials = values + random.poisson(typical) + 1.0
    values[:, DAYS:] = np.nan
    values[random.random(values.shape) < 0.05] = np.nan
    panel = Panel(values, np.full(4, kind), trials if kind == Kind.RATE else None)
    design = Design(columns, ("a", "b", "c"), day % 7)
    return fit(panel, design, train_until=DAYS, windowed=False, detectable=False).models[0]


def _written_out(model: Model, row: int, first: int, weights: FloatArray) -> tuple[float, float]:
    """Return mean and variance of a weighted sum by walking level and trend through the days."""
    length, kind, noise = len(weights), model.block.kind, model.effects.noise
    days = slice(first, first + length)
    state = np.array([model.states.level[row, first], model.states.trend[row, first]])
    own, cross, bent = (
        getattr(model.states, name)[row, first] for name in ("level_variance", "covariance", "trend_variance")
    )
    step = np.array([[1.0, 1.0], [0.0, DAMPING]])
    powers = [np.linalg.matrix_power(step, lag) for lag in range(length)]
    spread = [np.array([[own, cross], [cross, bent]])]
    walked = np.diag([model.walk.level[row], model.walk.trend[row]])
    for _ in range(length - 1):
        spread.append(step @ spread[-1] @ step.T + walked)
    paths = np.array(
        [[(powers[max(j - i, 0)] @ spread[min(i, j)] @ powers[max(i - j, 0)].T)[0, 0] for i in range(length)]
         for j in range(length)]
    )  # fmt: skip
    level = np.array([(power @ state)[0] for power in powers])
    trials = model.block.trials[row, days]
    mean = mean_of(kind, level + model.season[row, days], trials)
    slope = slope_of(kind, mean, trials)
    columns = model.columns[days]
    paths = paths + columns @ model.effects.covariance[row] @ columns.T
    pure, shared = variance_parts(kind, mean, trials, noise.unit[row], noise.extra[row])
    lag = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    together = pure if kind == Kind.LEVEL else shared
    scatter = np.sqrt(np.outer(together, together)) * noise.autocorrelation[row] ** lag
    if kind != Kind.LEVEL:
        scatter = scatter + np.diag(pure)
    return float(weights @ mean), float(weights @ (np.outer(slope, slope) * paths + scatter) @ weights)


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([Kind.COUNT, Kind.RATE, Kind.LEVEL]),
    st.lists(st.integers(30, DAYS + AHEAD - 1), min_size=1, max_size=6),
    st.integers(1, 25),
)
def test_windows_have_the_moments_of_their_days(seed: int, kind: Kind, ends: list[int], length: int) -> None:
    """Mean and variance of each sum are those of the covariance of its days, and windows change no other's."""
    model = _model(seed, kind)
    found = moments_of(model, np.array(ends), Template(length))
    for place, end in enumerate(ends):
        alone = moments(model, end, Template(length))
        for name in PARTS:
            assert getattr(found, name)[:, place] == pytest.approx(getattr(alone, name), rel=1e-9, abs=1e-9)
        first = end - length + 1
        for row in range(4):
            weights = model.block.known[row, first : end + 1].astype(np.float64)
            mean, variance = _written_out(model, row, first, weights)
            assert found.expected[row, place] == pytest.approx(mean, rel=1e-9, abs=1e-9)
            assert found.variance[row, place] == pytest.approx(variance, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.RATE, Kind.LEVEL])
def test_sums_of_counted_days_ahead_are_sums_of_those_days(kind: Kind) -> None:
    """Days ahead count although nobody knows them, each as much as is asked for."""
    model = _model(3, kind)
    counted = np.concatenate([np.tri(AHEAD), np.eye(AHEAD), np.linspace(0, 1, AHEAD)[None]])
    found = moments_of(model, np.array([DAYS + AHEAD - 1]), Template(AHEAD), counted=counted)
    for place, weights in enumerate(counted):
        for row in range(4):
            mean, variance = _written_out(model, row, DAYS, weights)
            assert found.expected[row, place] == pytest.approx(mean, rel=1e-9, abs=1e-9)
            assert found.variance[row, place] == pytest.approx(variance, rel=1e-7, abs=1e-9)
