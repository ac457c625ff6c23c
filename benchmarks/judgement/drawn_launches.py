"""Drawn launches whose law is known exactly, and the oracle that knows it: the most that anyone could pass.

The oracle knows the law of the rates, the bar, and how days scatter; it sees the same days. Its chance that a launch is
a hit is the exact posterior one. Of all decisions on what was seen up to an age, passing the launches of the highest
chances, as many as leave 5 % expected false among them, passes the most hits (Sun and Cai 2007). Who passes launches as
they come, and cannot take a pass back, passes at most as many by that age.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Law = Callable[[np.random.Generator, int], Floats]
NEW, DAYS, VISITORS = 6, 28, 60
AGES = (3, 7, 14, 21, 28)
UPPER = 0.75
PROMISED = 0.05
MANY, FINE, NODES = 400_000, 300, 21


@dataclass(frozen=True)
class World:
    """A law by which launches are drawn.

    Attributes:
        name: What it is.
        law: Draws rates.
        scatter: Standard deviation of the logarithm of a day's own factor.
    """

    name: str
    law: Law
    scatter: float = 0.0

    def rates(self) -> Floats:
        """Return float[FINE], rates that stand for equal parts of the law."""
        drawn = self.law(np.random.default_rng(0), MANY)
        return np.asarray(np.quantile(drawn, (np.arange(FINE) + 0.5) / FINE))


@dataclass(frozen=True)
class Drawn:
    """A drawn shop: its past launches first, then the new ones.

    Attributes:
        past: How many are past.
        rates: float[L], true rates.
        hits: float[L, T], successes of each day.
        tries: float[L, T], visitors of each day.
    """

    past: int
    rates: Floats
    hits: Floats
    tries: Floats

    @property
    def bar(self) -> float:
        """Rate above which a new one is a hit: the upper quarter of the past ones' true rates."""
        return float(np.quantile(self.rates[: self.past], UPPER))

    @property
    def is_hit(self) -> Bools:
        """Which of the new ones are hits."""
        return np.asarray(self.rates[self.past :] > self.bar)

    @property
    def is_low(self) -> Bools:
        """Which of the new ones lie below the median of the past ones."""
        return np.asarray(self.rates[self.past :] < np.median(self.rates[: self.past]))


def beta(random: np.random.Generator, count: int) -> Floats:
    """Return rates of the law that the test takes to be true."""
    return random.beta(1.8, 58.2, count)


def few_hits(random: np.random.Generator, count: int) -> Floats:
    """Return rates of which a fifth are hits and the others alike."""
    usual, hit = random.lognormal(np.log(0.02), 0.4, count), random.lognormal(np.log(0.06), 0.3, count)
    return np.where(random.random(count) < 0.2, hit, usual).clip(0, 0.9)


def two_points(random: np.random.Generator, count: int) -> Floats:
    """Return rates that lie at one of two points, a fifth at the higher one."""
    centre = np.where(random.random(count) < 0.2, 0.05, 0.015)
    return np.asarray(centre * random.lognormal(0, 0.05, count))


def skewed(random: np.random.Generator, count: int) -> Floats:
    """Return log-normal rates."""
    return random.lognormal(np.log(0.03), 0.7, count).clip(0, 0.9)


WORLDS = (
    World("beta", beta),
    World("a fifth are hits, the others alike", few_hits),
    World("two points", two_points),
    World("log-normal, days scatter by 60 %", skewed, 0.6),
)


def draw_shop(random: np.random.Generator, world: World, past: int) -> Drawn:
    """Return a shop whose launches have 60 visitors a day, more on some days than on others."""
    rates = world.law(random, past + NEW)
    tries = random.negative_binomial(2, 2 / (2 + VISITORS), (past + NEW, DAYS))
    daily = rates[:, None] * np.exp(random.normal(-(world.scatter**2) / 2, world.scatter, tries.shape))
    hits = random.binomial(tries, daily.clip(0, 0.9))
    return Drawn(past, rates, hits.astype(np.float64), tries.astype(np.float64))


def exact_chances(shop: Drawn, world: World, rates: Floats) -> Floats:
    """Return float[NEW, T], the chance after each day that each new launch is a hit, for who knows the law.

    The factor of a day is integrated by Gauss and Hermite's rule.

    Args:
        shop: The drawn shop.
        world: Its law.
        rates: float[R], rates that stand for equal parts of the law.
    """
    nodes, weight = np.polynomial.hermite_e.hermegauss(NODES if world.scatter else 1)
    factor = np.exp(world.scatter * nodes - world.scatter**2 / 2)
    daily = (rates[:, None] * factor).clip(1e-12, 0.9)
    hits, misses = shop.hits[shop.past :], (shop.tries - shop.hits)[shop.past :]
    # [NEW, T, R, nodes]: few enough for one product's days at a time.
    each = [
        np.log(np.exp(k[:, None, None] * np.log(daily) + m[:, None, None] * np.log1p(-daily)) @ weight + 1e-300)
        for k, m in zip(hits, misses, strict=True)
    ]
    likely = np.cumsum(np.array(each), axis=1)
    posterior = np.exp(likely - likely.max(axis=2, keepdims=True))
    posterior /= posterior.sum(axis=2, keepdims=True)
    return np.asarray(posterior @ (rates > shop.bar))


def passed_by_oracle(chances: Floats) -> Bools:
    """Return which launches the oracle passes: the likeliest, as many as leave 5 % expected false among them.

    Args:
        chances: float[L], of all launches at one age.
    """
    order = np.argsort(-chances, kind="stable")
    false = np.cumsum(1 - chances[order]) / np.arange(1, len(chances) + 1)
    passed = np.zeros(len(chances), dtype=np.bool_)
    passed[order[: int((false <= PROMISED).sum())]] = True
    return passed
