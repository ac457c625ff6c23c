"""Mixtures of two sorts of launches against SciPy's laws, an average over the prior, and shops drawn from it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.special import betaln, expit, logit, logsumexp

from duoshou.statistics.launches import chances, fit_population
from duoshou.statistics.launches.two_sorts import (
    BETTER,
    BETTER_SPREAD,
    GOLDEN,
    USUAL_PART,
    USUAL_SPREAD,
    two_sorts,
)

Floats = NDArray[np.float64]


def _prior(random: np.random.Generator, count: int, centre: float, reach: float) -> tuple[Floats, Floats, Floats]:
    """Return part, means and spreads of mixtures drawn from the prior, but for Jeffreys' weight of the mean."""
    part = random.uniform(*USUAL_PART, count)
    ratio, usual, better = (
        low * (high / low) ** random.random(count) for low, high in (BETTER, USUAL_SPREAD, BETTER_SPREAD)
    )
    mean = expit(random.uniform(centre - reach, centre + reach, count))
    low = mean / (part + (1 - part) * ratio)
    return part, np.stack([low, np.minimum(low * ratio, 0.9)]), np.stack([usual, better])


def _beta(mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
    size = (1 - mean) / mean / np.minimum(spread, 0.95 * np.sqrt((1 - mean) / mean)) ** 2 - 1
    return mean * size, (1 - mean) * size


def test_the_evidence_is_the_mean_likelihood_over_the_prior() -> None:
    """Of a hundred thousand mixtures drawn from the prior the mean likelihood is the evidence, to 6 %."""
    hits, tries = np.array([20.0, 24.0, 18.0, 60.0, 25.0]), np.full(5, 1200.0)
    centre, reach = float(logit(0.025)), 1.2
    part, means, spreads = _prior(np.random.default_rng(1), 100_000, centre, reach)
    likely = np.zeros(len(part))
    for won, tried in zip(hits, tries, strict=True):
        one, other = (
            np.exp(stats.betabinom.logpmf(won, tried, *_beta(mean, spread)))
            for mean, spread in zip(means, spreads, strict=True)
        )
        likely += np.log(part * one + (1 - part) * other)
    mean = part * means[0] + (1 - part) * means[1]
    weight = np.sqrt(mean * (1 - mean))
    orders = -np.log1p(tries) - betaln(hits + 1, tries - hits + 1)
    expected = logsumexp(likely, b=weight / weight.sum()) - orders.sum()
    assert two_sorts(hits, tries, centre, reach).evidence == pytest.approx(expected, abs=0.06)


def test_the_steps_are_those_of_five_dimensions() -> None:
    """The number that spreads the points solves x⁶ = x + 1."""
    assert abs(GOLDEN**6 - GOLDEN - 1) < 1e-12


def test_launches_at_two_points_are_told_from_those_of_one_hump() -> None:
    """Sixty launches at two points leave usual ones no rate of their own; those of one hump keep theirs."""
    random = np.random.default_rng(2)
    tries = np.full(60, 1500.0)
    apart = np.where(np.arange(60) < 48, 0.015, 0.05)
    for rates, alike in ((apart, True), (random.beta(1.8, 58.2, 60), False)):
        found = fit_population(random.binomial(1500, rates).astype(float), tries)
        assert found is not None
        unlucky = chances(found, np.array(14.0), np.array(1500.0))
        assert (unlucky.below < 0.9) == alike


def test_chances_hold_for_shops_of_two_sorts() -> None:
    """In shops drawn from the prior as many launches lie above the bar, and below the median, as the chances say."""
    random = np.random.default_rng(3)
    part, means, spreads = _prior(random, 250, float(logit(0.03)), 0.3)
    told, truth = [], []
    for shop in range(250):
        is_better = (random.random(30) > part[shop]).astype(int)
        alpha, beta = (np.array(one) for one in _beta(means[is_better, shop], spreads[is_better, shop]))
        rates = random.beta(alpha, beta)
        tries = np.full(30, 1200.0)
        hits = random.binomial(1200, rates).astype(float)
        found = fit_population(hits[:20], tries[:20])
        assert found is not None
        both = chances(found, hits[20:], tries[20:])
        median, bar = np.quantile(rates[:20], (0.5, 0.75))
        told.append(np.stack([both.above, both.below]))
        truth.append(np.stack([rates[20:] > bar, rates[20:] < median]))
    chance, came = np.concatenate(told, axis=1), np.concatenate(truth, axis=1)
    for side in range(2):
        for low, high in ((0.0, 0.1), (0.1, 0.4), (0.4, 0.7), (0.7, 0.95), (0.95, 1.0)):
            among = (chance[side] >= low) & (chance[side] <= high)
            assert came[side, among].mean() == pytest.approx(chance[side, among].mean(), abs=0.08)
        sure = chance[side] >= 0.95
        assert (~came[side, sure]).sum() <= stats.binom.ppf(0.99, sure.sum(), 0.05)
