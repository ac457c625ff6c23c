"""How the rates of past launches are spread, and how surely that is known.

Rates of launches follow a beta law, their hits are binomial, so that counts are beta-binomial. The law's mean and
spread are not plugged in: they are integrated over a grid with the weights of their likelihood, so that a bar set by
six past launches is as uncertain as it is. The spread's prior is flat in the coefficient of variation, as Gelman
(2006) advises for the standard deviation between groups; the mean's is Jeffreys'.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import betaln, expit, logit

Floats = NDArray[np.float64]
MEANS, SPREADS = 33, 30
WIDEST = 2.0
"""Coefficient of variation up to which rates may be spread: the best launches five times the mean."""
PRUNED = 1e-5
UPPER, LOWER = 0.75, 0.5
BLOCKS = (1, 7)
MONEY_TRIES = 1000.0
"""Tries for a visitor of the dearest product: from so many on, a binomial count is a Poisson count."""


@dataclass(frozen=True, slots=True)
class Population:
    """What the rates of a shop's launches may be, one entry of each array for each law that is still possible.

    Attributes:
        alpha, beta: float[G], parameters of the beta law.
        weight: float[G], how likely it is; adds up to one.
        upper: float[G], the rate that the best quarter exceeds.
        lower: float[G], the median.
        launches: Past launches that it was learnt from.
        dispersion: How much wider than binomial chance the days of one launch scatter.
    """

    alpha: Floats
    beta: Floats
    weight: Floats
    upper: Floats
    lower: Floats
    launches: int
    dispersion: float

    @property
    def bar(self) -> float:
        """Rate above which a launch passes, as it is best known."""
        return float(self.weight @ self.upper)

    @property
    def median(self) -> float:
        """Rate below which a launch fails, as it is best known."""
        return float(self.weight @ self.lower)


def fit_population(
    hits: Floats, tries: Floats, *, scatter: float = 1.0, upper: float = UPPER, lower: float = LOWER
) -> Population | None:
    """Return how the rates of past launches are spread; None without two that anyone saw.

    Args:
        hits: float[L], successes of each past launch.
        tries: float[L], tries of which they are.
        scatter: How much wider than binomial chance the days of one launch scatter (`dispersion`).
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
    k, n = hits[seen] / scatter, tries[seen] / scatter
    alpha, beta, log_prior = _grid(k, n)
    likely = np.zeros(len(alpha))
    for won, tried in zip(k, n, strict=True):
        likely += betaln(alpha + won, beta + tried - won)
    likely += log_prior - len(k) * betaln(alpha, beta)
    weight = np.exp(likely - likely.max())
    kept = weight > PRUNED
    alpha, beta, weight = alpha[kept], beta[kept], weight[kept]
    return Population(
        alpha,
        beta,
        weight / weight.sum(),
        np.asarray(stats.beta.ppf(upper, alpha, beta)),
        np.asarray(stats.beta.ppf(lower, alpha, beta)),
        int(seen.sum()),
        scatter,
    )


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


def dispersion(hits: Floats, tries: Floats) -> float:
    """Return how much wider than binomial chance the days of launches scatter about the rate of each; 1 at least.

    Pearson's statistic over its degrees of freedom (McCullagh and Nelder 1989, 4.5), by days and by weeks, the larger:
    good days come in a row.

    Args:
        hits: float[L, T], successes of each launch and day.
        tries: float[L, T], tries of which they are; NaN: unknown.
    """
    known = np.isfinite(hits) & np.isfinite(tries) & (tries > 0)
    k, n = np.where(known, hits, 0.0), np.where(known, tries, 0.0)
    return max(1.0, *(_pearson(k, n, days) for days in BLOCKS))


def _pearson(k: Floats, n: Floats, days: int) -> float:
    blocks = -(-k.shape[1] // days) if k.size else 0
    if blocks < 2:
        return 1.0
    padding = ((0, 0), (0, blocks * days - k.shape[1]))
    k, n = (np.pad(one, padding).reshape(len(one), blocks, days).sum(axis=2) for one in (k, n))
    whole, tried = k.sum(axis=1, keepdims=True), n.sum(axis=1, keepdims=True)
    rate = np.where(tried > 0, whole / np.maximum(tried, 1e-12), 0.0)
    variance = n * rate * (1 - rate)
    used = variance > 0
    freedom = used.sum() - (used.any(axis=1)).sum()
    if freedom < 1:
        return 1.0
    return float(((k - n * rate)[used] ** 2 / variance[used]).sum() / freedom)


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
