"""Pass, fail or not enough data: where a new launch lies among the shop's launches.

A launch passes when the chance is 95 % that its rate lies above the upper quarter of the past launches, and fails when
it is 95 % that it lies below their median. The chance is a posterior one, with the past launches as the prior: a
martingale, so that stopping where it is high does not bias it (Edwards, Lindman and Savage 1963; Deng, Lu and Chen
2016). Of launches that come from where the past ones came from, at most one in twenty that ever pass is expected to lie
below the bar, and of those that ever fail above the median, however many are looked at and however often one looks. It
is no promise for one launch of a given rate just below the bar, and none where launches have become different from what
they were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import betainc

from duoshou.statistics.launches.chances import chances, law_weights
from duoshou.statistics.launches.population import Population

Floats = NDArray[np.float64]
SURE = 0.95
POWER = 0.8
LEAST_LAUNCHES = 8
"""Past launches from which on a bar is set: of eight, two are expected to lie above that of the best quarter."""
MOST_HITS = 100_000.0
HALVINGS = 40


class Verdict(StrEnum):
    """What is known of a launch."""

    PASSED = "pass"
    FAILED = "fail"
    NOT_ENOUGH = "not_enough_data"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a launch lies among the shop's launches.

    Attributes:
        verdict: Pass, fail, or not enough data.
        rate: Posterior mean of its rate.
        low, high: 95 % interval.
        above: Chance that it lies above the bar to pass.
        below: Chance that it lies below the median.
        bar: Rate from which on a launch passes, as best known.
        median: Median of the launches, as best known.
        needed: Further tries after which a verdict is due with a chance of four in five, if the launch is what it
            rather looks like; 0 where it only waits for its next check; None where it has one, or where no number would
            do.
        leans: The verdict that it then would be.
        launches: Past launches that the bar was learnt from.
    """

    verdict: Verdict
    rate: float
    low: float
    high: float
    above: float
    below: float
    bar: float
    median: float
    needed: int | None
    leans: Verdict
    launches: int

    def in_units(self, unit: float, tries: float) -> Judgement:
        """Return the same with rates in another unit, and what is needed in something that is so many tries.

        Args:
            unit: What a rate of one is.
            tries: Tries that one of what is counted stands for.
        """
        rates = {name: getattr(self, name) * unit for name in ("rate", "low", "high", "bar", "median")}
        needed = None if self.needed is None else int(np.ceil(self.needed / tries))
        return replace(self, **rates, needed=needed)


def chance_above(population: Population, hits: float, tries: float, limit: float) -> float:
    """Return the chance that the rate of a launch lies above a limit that is known."""
    at = min(max(limit, 0.0), 1.0)
    below = betainc(population.alpha + hits, population.beta + tries - hits, at)
    return 1.0 - min(float(_weight(population, hits, tries) @ below), 1.0)


def judge(
    population: Population,
    hits: float,
    tries: float,
    *,
    checked: tuple[float, float] | None = None,
    plan: bool = True,
) -> Judgement:
    """Return where a launch lies among the launches of a shop.

    Args:
        population: What the rates of past launches may be.
        hits: Its successes, as those of independent tries (`thinned`).
        tries: Its tries.
        checked: Its successes and tries at its last check, by which its verdict is; None: all.
        plan: Whether to reckon how many further tries are needed.

    Raises:
        ValueError: If there are more hits than tries.
    """
    if not 0 <= hits <= tries:
        raise ValueError("successes must be 0 or more and at most as many as the tries")
    weight = _weight(population, hits, tries)
    alpha, beta = population.alpha + hits, population.beta + tries - hits
    above, below = _both(population, hits, tries)
    verdict = _verdict(population, *(checked or (hits, tries)))
    # The odds against those of a launch that nobody has seen: a quarter lies above the bar, half below the median.
    unseen_above, unseen_below = _both(population, 0.0, 0.0)
    leans = Verdict.PASSED if above * unseen_below >= below * unseen_above else Verdict.FAILED
    needed = None
    if plan and verdict is Verdict.NOT_ENOUGH and population.launches >= LEAST_LAUNCHES:
        # What came since the last check may do already: then it waits for the next one only.
        waits = _verdict(population, hits, tries) is not Verdict.NOT_ENOUGH
        needed = 0 if waits else _needed(population, hits, tries, leans)
    return Judgement(
        verdict,
        float(weight @ (alpha / (alpha + beta))),
        _quantile(weight, alpha, beta, 0.025),
        _quantile(weight, alpha, beta, 0.975),
        above,
        below,
        population.bar,
        population.median,
        needed,
        verdict if verdict is not Verdict.NOT_ENOUGH else leans,
        population.launches,
    )


def _verdict(population: Population, hits: float, tries: float) -> Verdict:
    if population.launches < LEAST_LAUNCHES:
        return Verdict.NOT_ENOUGH
    above, below = _both(population, hits, tries)
    if above >= SURE:
        return Verdict.PASSED
    return Verdict.FAILED if below >= SURE else Verdict.NOT_ENOUGH


def _weight(population: Population, hits: float, tries: float) -> Floats:
    return law_weights(population, np.array(hits), np.array(tries))


def _both(population: Population, hits: float, tries: float) -> tuple[float, float]:
    found = chances(population, np.array(hits), np.array(tries))
    return float(found.above), float(found.below)


def _needed(population: Population, hits: float, tries: float, leans: Verdict) -> int | None:
    """Return how many further tries bring the verdict with a chance of four in five, by halving."""
    rate = _rate_if(population, hits, tries, leans)

    def is_told(more: float) -> bool:
        # The hits of that many tries, on the less lucky side.
        level = 1 - POWER if leans is Verdict.PASSED else POWER
        won = hits + min(float(stats.binom.ppf(level, max(int(more), 1), rate)), more)
        above, below = _both(population, won, tries + more)
        return above >= SURE if leans is Verdict.PASSED else below >= SURE

    most = MOST_HITS / max(rate, 1e-9)
    if not is_told(most):
        return None
    low, high = 0.0, float(np.log(most))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_told(float(np.exp(middle))) else (middle, high)
        if high - low < 0.02:
            break
    return int(np.ceil(np.exp(high)))


def _rate_if(population: Population, hits: float, tries: float, leans: Verdict) -> float:
    """Return the mean of its rate on the condition that it lies above the bar (below the median)."""
    weight = _weight(population, hits, tries)
    alpha, beta = population.alpha + hits, population.beta + tries - hits
    mean = alpha / (alpha + beta)
    if leans is Verdict.PASSED:
        chance = 1 - betainc(alpha, beta, population.upper)
        part = mean * (1 - betainc(alpha + 1, beta, population.upper))
    else:
        chance = betainc(alpha, beta, population.lower)
        part = mean * betainc(alpha + 1, beta, population.lower)
    return float(weight @ part / max(float(weight @ chance), 1e-300))


def _quantile(weight: Floats, alpha: Floats, beta: Floats, part: float) -> float:
    """Return a quantile of a mixture of beta laws, by halving."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if float(weight @ betainc(alpha, beta, middle)) < part else (low, middle)
    return (low + high) / 2
