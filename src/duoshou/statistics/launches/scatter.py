"""How much more than chance the days of one launch scatter, and how many independent tries they are worth.

A day's rate is the launch's own times a factor of the day, so that the variance of a day's hits is μ + κ μ², the
negative binomial one: days of many hits are worth less than as many coins. One divisor for all days (McCullagh and
Nelder 1989, 4.5) would take hits, who have many a day, for surer than they are. κ is found by moments, for days, for
weeks and for four weeks, because good days come in a row, and how a launch begins is not how it goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WEEK, MONTH = 7, 28


@dataclass(frozen=True, slots=True)
class Scatter:
    """Squared coefficients of variation of the factors that days, weeks and four weeks have of their own.

    Attributes:
        daily: Of a day's.
        weekly: Of a week's.
        monthly: Of four weeks'; 0 where no launch was seen for longer.
    """

    daily: float = 0.0
    weekly: float = 0.0
    monthly: float = 0.0


def scatter(hits: Floats, tries: Floats) -> Scatter:
    """Return how the days of launches scatter about the rate of each, beyond binomial chance.

    Args:
        hits: float[L, T], successes of each launch and day.
        tries: float[L, T], tries of which they are; NaN: unknown.
    """
    k, n = known(hits, tries)
    return Scatter(*(_factor(_blocks(k, days), _blocks(n, days)) for days in (1, WEEK, MONTH)))


def thinned(hits: Floats, tries: Floats, spread: Scatter) -> tuple[Floats, Floats]:
    """Return float[L, T], hits and tries of each day as so many independent ones.

    Args:
        hits: float[L, T], successes of each launch and day.
        tries: float[L, T], tries of which they are; NaN: unknown.
        spread: How days scatter.
    """
    k, n = known(hits, tries)
    if not n.any():
        return k, n
    usual = (k.sum() + 0.5) / (n.sum() + 1.0)
    # One usual hit is added, so that a launch without any is not taken for one that cannot scatter.
    rate = (k.sum(axis=1) + 1.0) / (n.sum(axis=1) + 1.0 / usual)
    expected = n * rate[:, None]
    excess = np.maximum.reduce(
        [
            factor * np.repeat(_blocks(expected, days), days, axis=1)[:, : n.shape[1]]
            for factor, days in ((spread.daily, 1), (spread.weekly, WEEK), (spread.monthly, MONTH))
        ]
    )
    return k / (1.0 + excess), n / (1.0 + excess)


def known(hits: Floats, tries: Floats) -> tuple[Floats, Floats]:
    """Return hits and tries of the days on which both are known; the others have none."""
    told = np.isfinite(hits) & np.isfinite(tries) & (tries > 0)
    return np.where(told, hits, 0.0), np.where(told, tries, 0.0)


def _blocks(values: Floats, days: int) -> Floats:
    """Return float[L, B], sums of so many days each, the last one of what days it has."""
    blocks = -(-values.shape[1] // days)
    padded = np.pad(values, ((0, 0), (0, blocks * days - values.shape[1])))
    return np.asarray(padded.reshape(len(values), blocks, days).sum(axis=2))


def _factor(k: Floats, n: Floats) -> float:
    """Return κ: what the squares about each launch's rate leave beyond chance, over what one κ would leave."""
    won, tried = k.sum(axis=1), np.maximum(n.sum(axis=1), 1e-12)
    rate, part = won / tried, n / tried[:, None]
    residual = ((k - n * rate[:, None]) ** 2).sum(axis=1)
    together = (part**2).sum(axis=1)
    chance = won * (1 - rate) * (1 - together)
    # K (K − 1) ÷ N² is unbiased for the squared rate.
    square = (n * n * (won * (won - 1) / tried**2)[:, None]).clip(0)
    slope = (square * (1 - 2 * part)).sum(axis=1) + square.sum(axis=1) * together
    return max(float((residual - chance).sum()), 0.0) / float(slope.sum()) if slope.sum() > 0 else 0.0
