"""Bids followed step by step over eight weeks of simulated auctions, against one who knows everything.

    python benchmarks/bidding.py [--markets N] [--keywords S] [--tight PART] [--places P] [--every DAYS]

Printed is the profit of the last four weeks as a share of the clairvoyant's, of each way to bid.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from bidding_market import Market, best, cheapest, market
from numpy.typing import NDArray

from duoshou.statistics.bidding import aimed, best_bids, fit_curves, learning, rises, variation, varied
from duoshou.statistics.sparse_rates import nested_rates

Floats = NDArray[np.float64]
BEFORE = 60
WEEKS = 8
FAR = 4
"""Multiple of the budget that the bids of the start would cost, above which steps are what takes longest."""
OPEN = 7
"""Days whose orders are not told yet."""


@dataclass
class Told:
    """What the platform has told so far: float[S, days]."""

    bids: Floats
    clicks: Floats
    cost: Floats
    orders: Floats
    sales: Floats
    start: Floats
    budget: float
    every: int
    steps: int = 0


Bidder = Callable[[Told, Floats], Floats]


def run(of: Market, bidder: Bidder, seed: int, every: int = 7) -> float:
    """Return the profit of the last four weeks as a share of the clairvoyant's."""
    random = np.random.default_rng([seed, 99])
    keywords, days = of.demand.shape
    told = Told(*(np.full((keywords, days), np.nan) for _ in range(5)), of.start, of.budget, every)
    now, profit, perfect = of.start, 0.0, 0.0
    for day in range(BEFORE + 7 * WEEKS):
        if day >= BEFORE and (day - BEFORE) % every == 0:
            known = Told(
                *(one[:, :day] for one in (told.bids, told.clicks, told.cost)),
                *(one[:, : day - OPEN] for one in (told.orders, told.sales)),
                of.start, of.budget, every, (day - BEFORE) // every,
            )  # fmt: skip
            now = bidder(known, now)
        earned = _day(of, told, now, day, random)
        if day >= BEFORE + 28:
            profit += earned
            perfect += best(of, day)[1]
    return profit / perfect


def _day(of: Market, told: Told, bids: Floats, day: int, random: np.random.Generator) -> float:
    """Let a day pass, the budget stopping it when it is spent; return its expected profit."""
    clicks, price = of.at(bids, day)
    part = min(1.0, of.budget / float((clicks * price).sum()))
    seen = random.poisson(clicks).astype(float)
    paid = price * np.exp(random.normal(0, 0.15, len(bids)) / np.sqrt(np.maximum(seen, 1)))
    if (seen * paid).sum() > of.budget:
        seen = random.binomial(seen.astype(int), of.budget / float((seen * paid).sum())).astype(float)
        paid = paid * min(1.0, of.budget / max(float((seen * paid).sum()), 1e-9))
    told.bids[:, day], told.clicks[:, day], told.cost[:, day] = bids, seen, seen * paid
    clicks = clicks * part
    orders = random.binomial(seen.astype(int), of.conversion).astype(float)
    told.orders[:, day] = orders
    told.sales[:, day] = orders * of.value / of.conversion
    return float((clicks * (of.value - price)).sum())


@dataclass
class Worth:
    """Margin of a click by drawn rates, its relative error, and the clicks that it is known from: float[S]."""

    value: Floats
    error: Floats
    trials: Floats


def worth(told: Told) -> Worth:
    """Return what a click is worth."""
    clicks = np.nansum(told.clicks[:, : told.orders.shape[1]], axis=1)
    orders, sales = told.orders.sum(axis=1), told.sales.sum(axis=1)
    rates = nested_rates(orders, clicks)
    middle = sales.sum() / max(orders.sum(), 1.0)
    value = (sales + 10 * middle) / (orders + 10)
    trials = rates.alpha + rates.beta
    spread = np.sqrt(rates.alpha * rates.beta / (trials + 1)) / trials
    return Worth(rates.mean * value, np.hypot(spread / rates.mean, 0.6 / np.sqrt(orders + 10)), trials)


@dataclass(frozen=True)
class Ours:
    """Bid by the curves under the budget, with what clicks tell, varied a little until the curves are known.

    Attributes:
        step: Most that a bid changes.
        curious: Whether what a click tells is paid for.
        leaping: Whether what is hardly clicked may rise by several steps.
        known: Worth of a click, float[S]; None: as it is told.
    """

    step: float = 0.25
    curious: bool = True
    leaping: bool = True
    known: Floats | None = None

    def __call__(self, told: Told, now: Floats) -> Floats:
        """Return the bids of the next step."""
        found, curves = worth(told), fit_curves(told.clicks, told.cost, told.bids)
        value = found.value if self.known is None else self.known
        learned = np.zeros_like(value)
        if self.curious and self.known is None:
            pending = np.nansum(told.clicks[:, told.orders.shape[1] :], axis=1)
            learned = learning(curves, value, found.error, found.trials, pending)
        clicks, cost = told.clicks[:, -7:], told.cost[:, -7:]
        budget = aimed(told.budget, np.nansum(cost, axis=0), np.nansum(clicks, axis=0))
        rise = rises(np.nanmean(clicks, axis=1), self.step) if self.leaping else None
        cap = np.maximum(value, 0.05)
        chosen = best_bids(curves, value, now, budget=budget, step=self.step, rise=rise, cap=cap, learned=learned)
        return varied(chosen.bid, told.steps, variation(curves))


def constant(_: Told, now: Floats) -> Floats:
    """Leave the bids."""
    return now


def _recent(told: Told, days: int = 28) -> tuple[Floats, Floats, Floats]:
    end = told.orders.shape[1]
    chosen = slice(max(0, end - days), end)
    return told.clicks[:, chosen].sum(axis=1), told.cost[:, chosen].sum(axis=1), told.sales[:, chosen].sum(axis=1)


def target(goal: float) -> Bidder:
    """Bid for a fixed return: value of a click so far ÷ the goal, as large changes as it asks."""

    def bidder(told: Told, now: Floats) -> Floats:
        clicks, cost, sales = _recent(told, 56)
        all_ = sales.sum() / max(clicks.sum(), 1)
        wanted = (sales + 20 * all_) / (clicks + 20) / goal
        paid = np.where(clicks > 0, cost / np.maximum(clicks, 1), now)
        return np.clip(now * wanted / paid, now / 2, now * 2)

    return bidder


def usual(goal: float) -> Bidder:
    """Raise by a tenth what returns more than the goal, lower by a tenth what returns less."""

    def bidder(told: Told, now: Floats) -> Floats:
        _, cost, sales = _recent(told)
        return np.where(sales >= goal * cost, now * 1.1, now * 0.9)

    return bidder


BIDDERS: dict[str, Bidder] = {
    "ours": Ours(),
    "ours, not curious": Ours(curious=False),
    "ours, not leaping": Ours(leaping=False),
    "constant": constant,
    "target 1.25": target(1.25),
    "target 1.5": target(1.5),
    "target 2": target(2.0),
    "rule 1.25": usual(1.25),
    "rule 1.5": usual(1.5),
    "rule 2": usual(2.0),
}


def knowing_worth(step: float) -> Callable[[Market], Bidder]:
    """Return one who bids as we do and knows what a click is worth."""
    return lambda of: Ours(step, known=of.value)


def knowing_curves(step: float, *, worth_too: bool) -> Callable[[Market], Bidder]:
    """Return one who knows yesterday's curves, and the worth of a click or only what we know of it."""

    def oracle(of: Market) -> Bidder:
        def bidder(told: Told, now: Floats) -> Floats:
            value = of.value if worth_too else worth(told).value
            steps = np.exp(np.linspace(np.log(1 - step), np.log(1 + step), 61))[:, None]
            return cheapest(of, told.bids.shape[1] - 1, now * steps, value)

        return bidder

    return oracle


ORACLES: dict[str, Callable[[Market], Bidder]] = {
    "worth known": knowing_worth(0.25),
    "worth, steps of half": knowing_worth(0.5),
    "curves known": knowing_curves(0.25, worth_too=False),
    "both, in steps": knowing_curves(0.25, worth_too=True),
    "both, at once": knowing_curves(0.9, worth_too=True),
}


def said(name: str, found: list[float], markets: list[Market]) -> str:
    """Return the mean and the least share, and the mean of those markets whose start costs far beyond the budget."""
    share = np.array(found)
    far = np.array([float(np.prod(one.at(one.start, BEFORE), axis=0).sum()) > FAR * one.budget for one in markets])
    apart = (
        f" far {far.sum()} of them {share[far].mean():.3f}, others {share[~far].mean():.3f}"
        if 0 < far.sum() < len(far)
        else ""
    )
    return f"{name:20} mean {share.mean():.3f} least {share.min():.3f}{apart}"


def main() -> None:
    """Print the shares."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--markets", type=int, default=10)
    asked.add_argument("--keywords", type=int, default=60)
    asked.add_argument("--tight", type=float, default=0.6)
    asked.add_argument("--places", type=int, default=5)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--every", type=int, default=1)
    asked.add_argument("--only", default="")
    asked.add_argument("--oracle", action="store_true", help="also those who know a part of the truth")
    given = asked.parse_args()
    seeds = range(given.first, given.first + given.markets)
    markets = [
        market(seed, given.keywords, BEFORE + 7 * WEEKS, tight=given.tight, places=given.places) for seed in seeds
    ]
    for name, bidder in BIDDERS.items():
        if given.only and given.only not in name:
            continue
        started = time.process_time()
        found = [run(one, bidder, seed, given.every) for seed, one in zip(seeds, markets, strict=True)]
        print(f"{said(name, found, markets)} {time.process_time() - started:.1f} s")
    if given.oracle:
        for name, oracle in ORACLES.items():
            found = [run(one, oracle(one), seed, given.every) for seed, one in zip(seeds, markets, strict=True)]
            print(said(name, found, markets))


if __name__ == "__main__":
    main()
