"""A prior and measured effects: the posterior against closed forms, brute force, a published example and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from duoshou.statistics.pooling import Pooled, mixture_quantiles, pool, standard_error

EIGHT_SCHOOLS = ([28.0, 8, -3, 7, -1, 1, 18, 12], [15.0, 10, 16, 11, 9, 11, 10, 18])
values = st.floats(-2, 2).map(lambda one: round(one, 3))
errors = st.floats(0.01, 1).map(lambda one: round(one, 3))
tries = st.lists(st.tuples(values, errors), max_size=8)


def brute(y: list[float], s: list[float], mean: float, sd: float, between: float) -> tuple[float, float, float]:
    """Return posterior mean, 2.5 % and 97.5 % quantile over a grid of effect and deviation."""
    theta = np.linspace(mean - 8 * sd, mean + 8 * sd, 4001)[:, None]
    tau = np.linspace(0, 6 * between, 601)[None, :]
    log = -0.5 * ((theta - mean) / sd) ** 2 - 0.5 * (tau / between) ** 2
    for one, error in zip(y, s, strict=True):
        variance = error**2 + tau**2
        log = log - 0.5 * np.log(variance) - 0.5 * (one - theta) ** 2 / variance
    weight = np.exp(log - log.max())
    weight[:, 0] /= 2
    marginal = weight.sum(axis=1)
    marginal /= marginal.sum()
    cumulated = np.cumsum(marginal)
    low, high = (float(np.interp(part, cumulated, theta[:, 0])) for part in (0.025, 0.975))
    return float(marginal @ theta[:, 0]), low, high


def test_without_tries_it_is_the_prior() -> None:
    """Mean, interval and probability are those of the prior's normal distribution."""
    found = pool([], [], prior_mean=0.1, prior_sd=0.05, between=0.05)
    assert found.mean == pytest.approx(0.1)
    assert (found.low, found.high) == pytest.approx((0.1 - 1.959964 * 0.05, 0.1 + 1.959964 * 0.05), abs=1e-6)
    assert found.positive == pytest.approx(0.9772499, abs=1e-6)
    assert found.prior_weight == pytest.approx(1)
    assert found.between == pytest.approx(0.05 * math.sqrt(2 / math.pi), rel=0.01)


def test_with_one_effect_for_all_it_is_the_closed_form() -> None:
    """Without deviation between tries precisions add, and means weigh by them."""
    y, s = [0.2, -0.1, 0.05], [0.1, 0.2, 0.05]
    found = pool(y, s, prior_mean=0.1, prior_sd=0.08, between=0)
    weights = np.array([1 / 0.08**2, *(1 / one**2 for one in s)])
    mean = float(weights @ [0.1, *y] / weights.sum())
    half = 1.959964 / math.sqrt(weights.sum())
    assert (found.mean, found.low, found.high) == pytest.approx((mean, mean - half, mean + half), abs=1e-6)
    assert found.prior_weight == pytest.approx(weights[0] / weights.sum())


@pytest.mark.parametrize(
    ("y", "s", "prior"),
    [
        ([0.3], [0.1], (0.1, 0.1, 0.1)),
        ([0.3, -0.2, 0.4], [0.05, 0.05, 0.3], (0.1, 0.1, 0.1)),
        ([-0.4, -0.35, -0.5, -0.1, -0.3], [0.1] * 5, (0.2, 0.15, 0.15)),
        (*EIGHT_SCHOOLS, (0.0, 20.0, 10.0)),
    ],
)
def test_it_agrees_with_brute_force(y: list[float], s: list[float], prior: tuple[float, float, float]) -> None:
    """Summing over a fine grid of effect and deviation gives the same mean and interval."""
    mean, sd, between = prior
    found = pool(y, s, prior_mean=mean, prior_sd=sd, between=between)
    expected = brute(y, s, mean, sd, between)
    assert (found.mean, found.low, found.high) == pytest.approx(expected, abs=0.01 * sd)


def test_the_eight_schools_are_those_of_the_literature() -> None:
    """With priors that say little the mean effect is about 8 and its deviation about 5 (Gelman et al. 2013, 5.5)."""
    found = pool(*EIGHT_SCHOOLS, prior_mean=0, prior_sd=1000, between=10)
    assert found.mean == pytest.approx(7.9, abs=0.3)
    assert standard_error(found.low, found.high) == pytest.approx(5, abs=0.6)


@given(tries, st.floats(-0.5, 0.5), st.floats(0.02, 0.5))
def test_the_mean_lies_between_prior_and_tries(given_tries: list[tuple[float, float]], mean: float, sd: float) -> None:
    """Shrinking never goes beyond what was believed or measured, and the order of tries does not matter."""
    y, s = [one for one, _ in given_tries], [one for _, one in given_tries]
    found = pool(y, s, prior_mean=mean, prior_sd=sd, between=sd)
    assert min([mean, *y]) - 1e-9 <= found.mean <= max([mean, *y]) + 1e-9
    assert found.low < found.mean < found.high
    assert 0 <= found.positive <= 1
    assert 0 < found.prior_weight <= 1 + 1e-12
    turned = pool(y[::-1], s[::-1], prior_mean=mean, prior_sd=sd, between=sd)
    assert turned.mean == pytest.approx(found.mean, abs=1e-9)


@given(tries, st.floats(0.1, 20), st.floats(-1, 1))
def test_unit_and_origin_do_not_matter(given_tries: list[tuple[float, float]], scale: float, shift: float) -> None:
    """Measured in another unit, from another zero, the posterior moves along."""

    def moved(factor: float, by: float) -> Pooled:
        y = [factor * one + by for one, _ in given_tries]
        s = [factor * one for _, one in given_tries]
        return pool(y, s, prior_mean=0.1 * factor + by, prior_sd=0.2 * factor, between=0.1 * factor)

    plain, other = moved(1, 0), moved(scale, shift)
    assert other.mean == pytest.approx(scale * plain.mean + shift, abs=1e-6 * scale)
    assert other.low == pytest.approx(scale * plain.low + shift, abs=1e-6 * scale)


def test_a_vague_try_tells_nothing() -> None:
    """A measured effect with an interval that excludes nothing leaves the prior as it was."""
    before = pool([], [], prior_mean=0.1, prior_sd=0.05, between=0.05)
    after = pool([3.0], [50.0], prior_mean=0.1, prior_sd=0.05, between=0.05)
    assert (after.mean, after.low, after.high) == pytest.approx((before.mean, before.low, before.high), abs=1e-4)


def test_the_interval_covers_as_often_as_it_says() -> None:
    """Over 600 shops drawn from the prior, three tries each, the 90 % interval holds the effect nine times of ten."""
    draw = np.random.default_rng(7)
    held = 0
    for _ in range(600):
        effect, between = draw.normal(0.1, 0.1), abs(draw.normal(0, 0.1))
        s = draw.uniform(0.03, 0.2, 3)
        y = draw.normal(effect, np.hypot(s, between))
        found = pool(y.tolist(), s.tolist(), prior_mean=0.1, prior_sd=0.1, between=0.1, level=0.9)
        held += found.low <= effect <= found.high
    assert 0.87 <= held / 600 <= 0.93


@pytest.mark.parametrize(
    "wrong",
    [
        {"estimates": [0.1]},
        {"estimates": [0.1], "errors": [0.0]},
        {"estimates": [math.nan], "errors": [0.1]},
        {"prior_sd": 0.0},
        {"between": -1.0},
        {"level": 1.0},
    ],
)
def test_what_cannot_be_pooled_is_refused(wrong: dict[str, object]) -> None:
    """Numbers that make no model raise an error instead of giving a number."""
    asked: dict[str, object] = {"estimates": [], "errors": [], "prior_mean": 0.1, "prior_sd": 0.1, "between": 0.1}
    with pytest.raises(ValueError, match=r"above 0|level|each estimate"):
        pool(**(asked | wrong))  # type: ignore[arg-type]


def test_quantiles_of_many_mixtures_are_those_of_each() -> None:
    """A table of mixtures gives what each gives alone, and each quantile has its probability."""
    rng = np.random.default_rng(1)
    weights = rng.dirichlet(np.ones(4))
    means, deviations = rng.normal(0, 2, (5, 4)), rng.gamma(2, 1, (5, 4))
    parts = np.array([0.025, 0.5, 0.9])
    found = mixture_quantiles(parts, weights, means, deviations)
    for row in range(5):
        assert found[row] == pytest.approx(mixture_quantiles(parts, weights, means[row], deviations[row]), abs=1e-6)
        reached = [weights @ ndtr((each - means[row]) / deviations[row]) for each in found[row]]
        assert reached == pytest.approx(parts, abs=1e-6)
