"""Simulated auctions for keywords, of which a shop is told daily totals only.

Each keyword has its rivals (bids × quality, lognormal around a level that drifts), several places of falling click
rates, and pays the next score ÷ its own quality. Demand has weekdays, a common and an own noise, and drifts. The curves
behind are known to the clairvoyant alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PLACES = np.array([1.0, 0.62, 0.4, 0.27, 0.18])
AUCTIONS = 1500
GRID = np.linspace(-4.0, 4.0, 321)
"""Logarithms of bid ÷ level of the rivals."""


@dataclass(frozen=True, slots=True)
class Market:
    """Keywords and their truth; arrays are float[S] or float[S, T]."""

    share: Floats
    price: Floats
    demand: Floats
    level: Floats
    value: Floats
    conversion: Floats
    start: Floats
    budget: float

    def at(self, bids: Floats, day: int) -> tuple[Floats, Floats]:
        """Return expected clicks and price of a click at bids of shape [..., S]."""
        place = np.clip((np.log(bids / self.level[:, day]) - GRID[0]) / (GRID[1] - GRID[0]), 0, len(GRID) - 1.001)
        low = place.astype(int)
        part = place - low
        rows = np.arange(self.share.shape[0])
        share, price = ((1 - part) * one[rows, low] + part * one[rows, low + 1] for one in (self.share, self.price))
        return self.demand[:, day] * share, np.minimum(price * self.level[:, day], bids)


def market(seed: int, keywords: int = 60, days: int = 116, *, places: int = 5, tight: float = 0.6) -> Market:
    """Return a market; its budget is the part `tight` of what the best bids without a budget would spend."""
    random = np.random.default_rng(seed)
    share, price = np.empty((keywords, len(GRID))), np.empty((keywords, len(GRID)))
    for one in range(keywords):
        rivals, spread = random.integers(3, 12), random.uniform(0.3, 0.9)
        own = np.sort(random.normal(0, spread, (AUCTIONS, rivals)) + random.normal(0, 0.3, rivals), axis=1)[:, ::-1]
        quality = random.normal(0, 0.2)
        share[one], price[one] = _curves(np.exp(own), np.exp(GRID + quality), np.exp(quality), places)
    conversion = random.beta(0.04 * 40, 0.96 * 40, keywords)
    value = np.exp(random.normal(np.log(80.0), 0.2, keywords)) * conversion
    volume = np.exp(random.normal(np.log(120.0), 1.0, keywords))
    week = 1 + 0.15 * np.sin(2 * np.pi * (np.arange(days) + random.uniform(0, 7)) / 7)
    common = np.exp(_walk(random, (1, days), 0.02) + random.normal(0, 0.06, (1, days)))
    demand = volume[:, None] * week * common * np.exp(_walk(random, (keywords, days), 0.02))
    demand = demand * np.exp(random.normal(0, 0.1, (keywords, days)))
    rival = np.exp(random.normal(np.log(2.0), 0.5, keywords))
    level = rival[:, None] * np.exp(_walk(random, (keywords, days), 0.01) + _walk(random, (1, days), 0.005))
    start = rival * np.exp(random.normal(0, 0.4, keywords))
    made = Market(share, price, demand, level, value, conversion, start, np.inf)
    return Market(share, price, demand, level, value, conversion, start, tight * _free(made))


def best(of: Market, day: int) -> tuple[Floats, float]:
    """Return the bids and the profit of one who knows everything of the day, under the day's budget."""
    bids = cheapest(of, day, np.exp(GRID[:, None]) * of.level[:, day], of.value)
    clicks, price = of.at(bids, day)
    return bids, float((clicks * (of.value - price)).sum())


def cheapest(of: Market, day: int, bids: Floats, value: Floats) -> Floats:
    """Return the best bids of those offered, float[P, S], by the true curves of a day, under the day's budget."""
    clicks, price = of.at(bids, day)
    cost, earned = clicks * price, clicks * value
    low, high = 0.0, 100.0
    chosen = np.argmax(earned - cost, axis=0)
    columns = np.arange(len(of.value))
    if cost[chosen, columns].sum() > of.budget:
        for _ in range(40):
            middle = (low + high) / 2
            chosen = np.argmax(earned - (1 + middle) * cost, axis=0)
            low, high = (middle, high) if cost[chosen, columns].sum() > of.budget else (low, middle)
        chosen = np.argmax(earned - (1 + high) * cost, axis=0)
    return np.asarray(bids[chosen, columns])


def _curves(rivals: Floats, scores: Floats, quality: float, places: int) -> tuple[Floats, Floats]:
    """Return clicks of a shown search, and price of a click, for every score."""
    first = rivals[:, :places]
    chance, paid = np.zeros(len(scores)), np.zeros(len(scores))
    for place in range(min(places, rivals.shape[1] + 1)):
        above = first[:, place - 1][:, None] > scores if place else np.ones((len(rivals), len(scores)), bool)
        below = first[:, place][:, None] if place < first.shape[1] else np.full((len(rivals), 1), 0.05)
        here = above & (below <= scores)
        chance += PLACES[place] * here.mean(axis=0) * 0.25
        paid += PLACES[place] * (here * below).mean(axis=0) * 0.25
    return chance, paid / np.maximum(chance, 1e-12) / quality


def _free(of: Market) -> float:
    """Return what the best bids without a budget spend in a day."""
    spent = []
    for day in range(0, of.demand.shape[1], 7):
        bids, _ = best(of, day)
        clicks, price = of.at(bids, day)
        spent.append(float((clicks * price).sum()))
    return float(np.mean(spent))


def _walk(random: np.random.Generator, shape: tuple[int, int], size: float) -> Floats:
    """Return a walk that is drawn back to nothing, so that it stays in bounds."""
    steps = random.normal(0, size, shape)
    walk = np.zeros(shape)
    for day in range(1, shape[1]):
        walk[:, day] = 0.99 * walk[:, day - 1] + steps[:, day]
    return walk
