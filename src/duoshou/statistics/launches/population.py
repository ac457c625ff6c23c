"""How the rates of past launches are spread, and where their upper quarter lies, as surely as both are known.

Rates of launches follow a beta law, or a mixture of two (`two_sorts`), their hits are binomial, so that counts are
beta-binomial. The law's mean and spread are not plugged in: they are drawn by their likelihood, so that what six past
launches tell stays unsure. The spread's prior is flat in the coefficient of variation, as Gelman (2006) advises for the
standard deviation between groups; the mean's is Jeffreys'. One sort and two are held for equally likely, and weigh as
what the past launches did has it (Bayesian model averaging, Hoeting and others 1999). With each law the past launches'
own rates are drawn from their posterior, and the bar is the upper quarter of these: what the shop has done so far,
which is better known than a law that few tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, expit, logit, logsumexp

from duoshou.statistics.launches.two_sorts import two_sorts

Floats = NDArray[np.float64]
MEANS, SPREADS = 33, 30
WIDEST = 2.0
"""Coefficient of variation up to which rates may be spread: the best launches five times the mean."""
DRAWS = 800
SEED = 20_261_128
UPPER, LOWER = 0.75, 0.5
MOST_TOLD = 120
"""Past launches by which one sort and two are told apart: so many tell it."""
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
    alpha, beta, likely = _one_sort(k, n)
    some = slice(None, None, -(-len(k) // MOST_TOLD))
    two = two_sorts(k[some], n[some], *_middle(k[some], n[some]))
    against = likely if some.step == 1 else _one_sort(k[some], n[some])[2]
    # Draws of two sorts, by the chance that there are.
    count = round(DRAWS * float(expit(two.evidence - logsumexp(against))))
    one = _places(likely, DRAWS - count, random)
    new, past = two.drawn(_places(two.likely, count, random), k, n, random)
    laws = np.stack([alpha[one], beta[one]])
    past = np.concatenate([np.repeat(laws[:, :, None], len(k), axis=2), past], axis=1)
    high, low = np.quantile(random.beta(past[0] + k, past[1] + n - k), (upper, lower), axis=1)
    alpha, beta = np.concatenate([laws, new], axis=1)
    return Population(alpha, beta, high, low, int(seen.sum()))


def _one_sort(k: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the beta laws that are looked at, and the logarithm of prior weight × likelihood of each."""
    alpha, beta, likely = _grid(k, n)
    likely -= logsumexp(likely)
    for won, tried in zip(k, n, strict=True):
        likely += betaln(alpha + won, beta + tried - won)
    likely -= len(k) * betaln(alpha, beta)
    return alpha, beta, likely


def _places(likely: Floats, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return int[S], laws drawn by their posterior, evenly along it (Kitagawa's 1996 resampling)."""
    reached = np.cumsum(np.exp(likely - likely.max()))
    places = np.searchsorted(reached, (np.arange(count) + 0.5) / max(count, 1) * reached[-1])
    random.shuffle(places)
    return np.asarray(places, dtype=np.int64)


def _middle(k: Floats, n: Floats) -> tuple[float, float]:
    """Return where the mean of all launches lies, in log-odds, and how far from it at the most."""
    rate = (k.sum() + 0.5) / (n.sum() + 1.0)
    reach = 5.0 * np.sqrt(1.0 / ((k.sum() + 0.5) * (1 - rate)) + min(WIDEST**2, 1.0) / len(k))
    return float(logit(rate)), float(reach)


def _grid(k: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the laws that are looked at, and the logarithm of the prior's weight of each."""
    centre, reach = _middle(k, n)
    mean = expit(centre + np.linspace(-reach, reach, MEANS))[:, None]
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
