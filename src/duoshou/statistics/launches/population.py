"""How the rates of past launches are spread, and where their upper quarter lies, as surely as both are known.

Rates of launches follow a beta law, their hits are binomial, so that counts are beta-binomial. The law's mean and
spread are not plugged in: they are drawn by their likelihood, so that what six past launches tell stays unsure.
The spread's prior is flat in the coefficient of variation, as Gelman (2006) advises for the standard deviation between
groups; the mean's is Jeffreys'. With each law the past launches' own rates are drawn from their posterior, and the
bar is the upper quarter of these: what the shop has done so far, which is better known than a law that few tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, logit

Floats = NDArray[np.float64]
MEANS, SPREADS = 33, 30
WIDEST = 2.0
"""Coefficient of variation up to which rates may be spread: the best launches five times the mean."""
DRAWS = 800
SEED = 20_261_128
UPPER, LOWER = 0.75, 0.5
MONEY_TRIES = 1000.0
"""Tries for a visitor of the dearest product: from so many on, a binomial count is a Poisson count."""


@dataclass(frozen=True, slots=True)
class Population:
    """What the rates of a shop's launches may be, one entry of each array for each of equally likely draws.

    Attributes:
        alpha, beta: float[S], parameters of the beta law of a new launch.
        upper: float[S], the rate that the best quarter of the past launches exceeds.
        lower: float[S], their median.
        launches: Past launches that it was learnt from.
    """

    alpha: Floats
    beta: Floats
    upper: Floats
    lower: Floats
    launches: int

    @property
    def bar(self) -> float:
        """Rate above which a launch passes, as it is best known."""
        return float(self.upper.mean())

    @property
    def median(self) -> float:
        """Rate below which a launch fails, as it is best known."""
        return float(self.lower.mean())


def fit_population(hits: Floats, tries: Floats, *, upper: float = UPPER, lower: float = LOWER) -> Population | None:
    """Return how the rates of past launches are spread; None without two that anyone saw.

    Args:
        hits: float[L], successes of each past launch, those of independent tries (`thinned`).
        tries: float[L], tries of which they are.
        upper: Part of the launches that lie below the bar to pass.
        lower: Part of the launches that lie below the bar to fail.

    Raises:
        ValueError: If there are more hits than tries.
    """
    if hits.shape != tries.shape or (hits < 0).any() or (hits > tries).any():
        raise ValueError("successes must be 0 or more and at most as many as the tries")
    seen = tries > 0
    if seen.sum() < 2:
        return None
    k, n = hits[seen], tries[seen]
    random = np.random.default_rng(SEED)
    alpha, beta = _laws(k, n, random)
    rates = random.beta(alpha[:, None] + k, beta[:, None] + n - k)
    high, low = np.quantile(rates, (upper, lower), axis=1)
    return Population(alpha, beta, high, low, int(seen.sum()))


def _laws(k: Floats, n: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Return float[S], laws drawn by their posterior on the grid, evenly along it (Kitagawa's 1996 resampling)."""
    alpha, beta, likely = _grid(k, n)
    for won, tried in zip(k, n, strict=True):
        likely += betaln(alpha + won, beta + tried - won)
    likely -= len(k) * betaln(alpha, beta)
    reached = np.cumsum(np.exp(likely - likely.max()))
    places = np.searchsorted(reached, (np.arange(DRAWS) + 0.5) / DRAWS * reached[-1])
    random.shuffle(places)
    return alpha[places], beta[places]


def _grid(k: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the laws that are looked at, and the logarithm of the prior's weight of each."""
    rate = (k.sum() + 0.5) / (n.sum() + 1.0)
    reach = 5.0 * np.sqrt(1.0 / ((k.sum() + 0.5) * (1 - rate)) + min(WIDEST**2, 1.0) / len(k))
    mean = expit(logit(rate) + np.linspace(-reach, reach, MEANS))[:, None]
    # A beta law with its mean at m cannot vary more than a coin between 0 and 1 does.
    widest = np.minimum(WIDEST, 0.95 * np.sqrt((1 - mean) / mean))
    spread = widest * ((np.arange(SPREADS) + 0.5) / SPREADS)[None, :]
    concentration = (1 - mean) / mean / spread**2 - 1
    log_prior = 0.5 * np.log(mean) + 0.5 * np.log1p(-mean) + np.log(widest) + np.zeros_like(spread)
    return (mean * concentration).ravel(), ((1 - mean) * concentration).ravel(), log_prior.ravel()


def money_tries(visitors: Floats, value: Floats, unit: float) -> Floats:
    """Return tries whose rate of buyers is money per visitor, in 1,000 units for each try.

    Who sells at twice the price needs half the buyers: n visitors at value v count as 1,000 n × unit ÷ v. They are so
    many that counts of buyers among them are Poisson counts, and the beta law one of gamma.

    Args:
        visitors: float[L].
        value: float[L], what a buyer pays.
        unit: The same for all that are compared, no smaller than any value.
    """
    return np.asarray(visitors * MONEY_TRIES * unit / np.maximum(value, 1e-9))
