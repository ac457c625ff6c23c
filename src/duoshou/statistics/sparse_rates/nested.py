"""Hierarchical beta-binomial rates by empirical Bayes: all, group within all, unit within group.

A keyword with 40 clicks and no order has no rate of nothing: it has the rate of its campaign, and a little less. Rates
of the units of a group scatter around the group's as a beta law with mean m and concentration κ; κ is the same for all
groups of a level and is chosen by the marginal likelihood (beta-binomial; Robbins 1956, Efron and Morris 1975). A
unit's rate is then beta distributed: m κ + hits successes in κ + trials. A unit tells of its group what
n (κ + 1) ÷ (n + κ) trials of one rate would tell, so that a large one does not speak for all; that m itself is only
estimated makes the prior wider (Morris 1983).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import betaln

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDS = 3
CONCENTRATIONS = np.geomspace(1.0, 1e5, 61)


@dataclass(frozen=True, slots=True)
class Rates:
    """The rate of each unit; everything float[S].

    Attributes:
        prior: Rate of its group, which is what is known without its own hits.
        concentration: How many trials of its own outweigh the prior.
        mean: Posterior mean.
        low, high: 95 % interval.
        alpha, beta: Parameters of the posterior.
    """

    prior: Floats
    concentration: Floats
    mean: Floats
    low: Floats
    high: Floats
    alpha: Floats
    beta: Floats


def nested_rates(hits: Floats, trials: Floats, groups: Sequence[Ints] = ()) -> Rates:
    """Return the rates of units.

    Args:
        hits: float[S], successes.
        trials: float[S], tries; never fewer than the hits.
        groups: int[S] for each level, the widest first: the number of the group that each unit belongs to.
    """
    tried = np.maximum(np.asarray(trials, np.float64), 0.0)
    successes = np.clip(np.asarray(hits, np.float64), 0.0, tried)
    rate = successes / np.maximum(tried, 1e-12)
    least = 0.5 / (tried.sum() + 1.0)
    prior, own = np.full(len(tried), (successes.sum() + 0.5) / (tried.sum() + 1.0)), float(CONCENTRATIONS[-1])
    known = np.full(len(tried), tried.sum() + 1.0)
    for _ in range(ROUNDS):
        worth = tried * (own + 1.0) / (tried + own)
        prior, known = _priors(rate * worth, worth, groups, least)
        own = _concentration(successes, tried, prior)
    # A prior's mean that is known as from `known` trials adds its variance to that of the units around it.
    joint = 1.0 / (1.0 / (own + 1.0) + 1.0 / (known + 1.0)) - 1.0
    concentration = np.maximum(joint, 0.5 / prior)
    alpha = successes + concentration * prior
    beta = tried - successes + concentration * (1 - prior)
    return Rates(
        prior,
        concentration,
        alpha / (alpha + beta),
        np.asarray(stats.beta.ppf(0.025, alpha, beta)),
        np.asarray(stats.beta.ppf(0.975, alpha, beta)),
        alpha,
        beta,
    )


def _priors(hits: Floats, trials: Floats, groups: Sequence[Ints], least: float) -> tuple[Floats, Floats]:
    """Return for each unit the rate of its narrowest group, and the trials that it is known from."""
    whole = trials.sum() + 1.0
    prior, known = np.full(len(trials), (hits.sum() + 0.5) / whole), np.full(len(trials), whole)
    for group in groups:
        number = int(group.max()) + 1 if len(group) else 0
        summed = np.bincount(group, weights=hits, minlength=number).astype(np.float64)
        of = np.bincount(group, weights=trials, minlength=number).astype(np.float64)
        above = np.full(number, least)
        above[group] = prior
        concentration = _concentration(summed, of, above)
        prior = np.clip((summed + concentration * above) / (of + concentration), least, 1 - least)[group]
        known = (of + concentration)[group]
    return np.clip(prior, least, 1 - least), known


def _concentration(hits: Floats, trials: Floats, prior: Floats) -> float:
    """Return the likeliest concentration of the units' rates around their priors; with a single unit the least."""
    tried = trials > 0
    if tried.sum() < 2:
        return float(CONCENTRATIONS[0])
    k, n, m = hits[tried], trials[tried], prior[tried]
    a, b = CONCENTRATIONS[:, None] * m, CONCENTRATIONS[:, None] * (1 - m)
    likely = (betaln(k + a, n - k + b) - betaln(a, b)).sum(axis=1)
    return float(CONCENTRATIONS[int(np.argmax(likely))])
