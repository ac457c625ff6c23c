"""Bids followed step by step in simulated auctions of which only daily totals are told."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from duoshou.statistics.bidding import aimed, best_bids, fit_curves, varied

Floats = NDArray[np.float64]
TARGETS, DAYS, BEFORE, AUCTIONS = 40, 90, 34, 1500


class Auctions:
    """Second-price auctions for targets of different rivals; curves are averages over drawn rival bids."""

    def __init__(self, seed: int) -> None:
        """Draw the market."""
        self.random = np.random.default_rng(seed)
        centre = self.random.normal(0.7, 0.4, TARGETS)
        spread = self.random.uniform(0.5, 0.9, TARGETS)
        self.rivals = np.sort(
            np.exp(centre[:, None] + spread[:, None] * self.random.normal(size=(TARGETS, AUCTIONS))), axis=1
        )
        self.paid = np.concatenate([np.zeros((TARGETS, 1)), np.cumsum(self.rivals, axis=1)], axis=1) / AUCTIONS
        self.volume = np.exp(self.random.normal(4.0, 0.8, TARGETS))
        self.value = np.exp(self.random.normal(1.0, 0.4, TARGETS))
        self.start = np.exp(centre + self.random.normal(0, 0.4, TARGETS))
        self.budget = 0.5 * float(self.at(self.value)[1].sum())

    def at(self, bids: Floats) -> tuple[Floats, Floats]:
        """Return expected clicks and cost of a day."""
        won = np.array([np.searchsorted(row, bid) for row, bid in zip(self.rivals, bids, strict=True)])
        return self.volume * won / AUCTIONS, self.volume * self.paid[np.arange(TARGETS), won]

    def best(self) -> float:
        """Return the profit of one who knows all: bids in proportion to the value, within the budget."""
        parts = np.linspace(0.05, 1.0, 400)
        found = [self.at(part * self.value) for part in parts]
        return max(
            float((clicks * self.value - cost).sum()) for clicks, cost in found if float(cost.sum()) <= self.budget
        )


def followed(seed: int) -> tuple[float, float]:
    """Return the profit of the last four of eight weeks as a part of the best, followed and of bids left alone."""
    market = Auctions(seed)
    bids, clicks, cost = (np.full((TARGETS, DAYS), np.nan) for _ in range(3))
    now, earned = market.start, []
    for day in range(DAYS):
        if day >= BEFORE:
            curves = fit_curves(clicks[:, :day], cost[:, :day], bids[:, :day])
            yesterday = slice(day - 1, day)
            budget = aimed(market.budget, cost[:, yesterday].sum(axis=0), clicks[:, yesterday].sum(axis=0))
            chosen = best_bids(curves, market.value, now, budget=budget, cap=market.value)
            now = varied(chosen.bid, day)
        earned.append(_day(market, now, bids, clicks, cost, day))
    best = market.best()
    return float(np.mean(earned[-28:])) / best, float(np.mean(earned[:BEFORE])) / best


def _day(market: Auctions, now: Floats, bids: Floats, clicks: Floats, cost: Floats, day: int) -> float:
    expected, spent = market.at(now)
    # A day whose budget is gone ends.
    part = min(1.0, market.budget / float(spent.sum()))
    demand = np.exp(market.random.normal(0, 0.05) + market.random.normal(0, 0.1, TARGETS))
    bids[:, day], clicks[:, day] = now, market.random.poisson(part * expected * demand)
    cost[:, day] = clicks[:, day] * spent / np.maximum(expected, 1e-9)
    return part * float((expected * market.value - spent).sum())


@pytest.mark.parametrize("seed", [1, 2])
def test_bids_that_are_followed_come_near_those_of_one_who_knows_all(seed: int) -> None:
    """More than nine tenths of the clairvoyant's profit in the last four weeks, and far more than untouched bids."""
    share, untouched = followed(seed)
    assert share > 0.9
    assert share > untouched + 0.2
