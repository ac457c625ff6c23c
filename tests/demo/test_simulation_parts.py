"""The parts of the simulated shop against independent references."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from duoshou.demo.simulation import quantiles
from duoshou.demo.simulation.customers import Visits, beta, come_back, gamma
from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.streams import Streams

UNIFORM = (np.arange(2_000) + 0.5) / 2_000


def test_normal_quantile_agrees_with_the_standard_library() -> None:
    """Normal quantile agrees with the standard library."""
    expected = [NormalDist().inv_cdf(one) for one in UNIFORM]
    assert quantiles.normal(UNIFORM) == pytest.approx(expected, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("mean", [0.02, 0.7, 4.0, 9.99])
def test_poisson_quantile_inverts_the_sum_of_the_probabilities(mean: float) -> None:
    """Poisson quantile inverts the sum of the probabilities."""
    found = quantiles.poisson(np.full_like(UNIFORM, mean), UNIFORM)
    terms = [math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(80)]
    edges = np.cumsum(terms)
    assert (found == np.searchsorted(edges, UNIFORM)).all()


@pytest.mark.parametrize("mean", [10.0, 60.0, 4_000.0])
def test_poisson_quantile_of_a_large_mean_is_within_one_count(mean: float) -> None:
    """Poisson quantile of a large mean is within one count."""
    found = quantiles.poisson(np.full_like(UNIFORM, mean), UNIFORM)
    terms = [math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(int(mean * 2 + 60))]
    assert abs(found - np.searchsorted(np.cumsum(terms), UNIFORM)).max() <= 1


@pytest.mark.parametrize(("trials", "chance"), [(1, 0.3), (12, 0.03), (40, 0.2), (40, 0.9), (500, 0.4)])
def test_binomial_quantile_inverts_the_sum_of_the_probabilities(trials: int, chance: float) -> None:
    """Binomial quantile inverts the sum of the probabilities."""
    found = quantiles.binomial(np.full(len(UNIFORM), trials), np.full(len(UNIFORM), chance), UNIFORM)
    terms = [math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(trials + 1)]
    expected = np.searchsorted(np.cumsum(terms), UNIFORM)
    assert abs(found - expected).max() <= (0 if trials * min(chance, 1 - chance) < quantiles.EXACT_BELOW else 1)
    assert found.mean() == pytest.approx(trials * chance, rel=0.02)


def test_more_of_a_mean_never_gives_less_at_the_same_luck() -> None:
    """More of a mean never gives less at the same luck."""
    means = np.linspace(0, 60, 500)
    for luck in (0.01, 0.4, 0.97):
        assert (np.diff(quantiles.poisson(means, np.full(500, luck))) >= 0).all()


def test_split_keeps_the_total_and_the_shares() -> None:
    """Split keeps the total and the shares."""
    rng = np.random.default_rng(3)
    shares = rng.dirichlet(np.ones(31), 400)
    total = rng.integers(0, 900, 400)
    parts = quantiles.split(total, shares, rng.random(400))
    assert (parts.sum(axis=1) == total).all()
    assert (parts >= 0).all()
    assert abs(parts - total[:, None] * shares).max() <= 1 + 1e-9


@pytest.mark.parametrize("shape", [0.19, 1.0, 2.4])
def test_gamma_variates_have_the_moments_and_the_laplace_transform(shape: float) -> None:
    """Gamma variates have the moments and the laplace transform."""
    streams = Streams(5)
    drawn = gamma(streams, "test", streams.key("test", np.arange(200_000)), shape)
    assert drawn.mean() == pytest.approx(shape, rel=0.02)
    assert drawn.var() == pytest.approx(shape, rel=0.04)
    assert np.exp(-3 * drawn).mean() == pytest.approx(4**-shape, rel=0.01)


def test_beta_variates_have_the_moments() -> None:
    """Beta variates have the moments."""
    streams = Streams(6)
    drawn = beta(streams, "test", streams.key("test", np.arange(200_000)), 2.0, 2.2)
    assert drawn.mean() == pytest.approx(2.0 / 4.2, rel=0.01)
    assert drawn.var() == pytest.approx(2.0 * 2.2 / (4.2**2 * 5.2), rel=0.02)


def test_customers_come_back_as_their_process_says() -> None:
    """Customers come back as their process says."""
    rules = {"r": 0.5, "alpha": 40.0, "a": 2.0, "b": 2.2}
    count, horizon = 100_000, 121
    zero = np.zeros(count, dtype=np.int64)
    first = Visits(np.arange(count), zero, zero, zero, zero)
    again = np.zeros(count, dtype=np.int64)
    for _, visits in come_back(Streams(9), rules, first, zero, horizon):
        np.add.at(again, visits.buyer, 1)
    span = horizon - 1
    # Closed form of the BG/NBD process: no purchase in `span`, and the expected number (by Gauss' series).
    assert (again == 0).mean() == pytest.approx((40 / (40 + span)) ** 0.5, abs=0.006)
    ratio, term, series = span / (40 + span), 1.0, 1.0
    for k in range(400):
        term *= (0.5 + k) * (2.2 + k) / ((2.0 + 2.2 - 1 + k) * (k + 1)) * ratio
        series += term
    expected = (2.0 + 2.2 - 1) / (2.0 - 1) * (1 - (40 / (40 + span)) ** 0.5 * series)
    assert again.mean() == pytest.approx(expected, rel=0.02)


def test_a_name_and_a_key_give_the_same_numbers_whatever_is_around_them() -> None:
    """A name and a key give the same numbers whatever is around them."""
    streams = Streams(4)
    alone = streams.uniform("stars", streams.key("order", np.array([7]), np.array([3])))
    among = streams.uniform("stars", streams.key("order", np.array([1, 7, 9]), np.array([3, 3, 3])))
    assert alone[0] == among[1]
    assert len({float(one) for one in among}) == 3
    drawn = streams.uniform("stars", streams.key("order", np.arange(100_000)))
    assert drawn.mean() == pytest.approx(0.5, abs=0.004)
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.012


def test_every_kind_of_incident_does_something_or_is_a_fault_of_files() -> None:
    """Every kind of incident does something or is a fault of files."""
    from duoshou.demo.simulation.effects import CHANGES

    kinds = table("incidents")["kind"]
    assert {name for name, one in kinds.items() if not one.get("fault")} == set(CHANGES)
