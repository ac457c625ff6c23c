"""The best bids under a budget: bid until a further click costs what it is worth, all worths divided by one factor.

With a budget the Lagrangian of expected profit has one multiplier for all targets: each is bid up to where its further
click costs value ÷ (1 + multiplier), and the multiplier is the least at which the whole keeps to the budget. It is
found by bisection; pacing is to solve again, each time with what is left of the budget and of the days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.bidding.curves import Curves

Floats = NDArray[np.float64]
STEP = 0.25
POINTS = 41
BISECTIONS = 40
MOST = 1e4
FULL = 0.97
"""Part of a budget from which on a day is taken to have run out."""
OVER = 1.1
"""Part of a budget above which a day cannot have been stopped by it: the budget is new."""
BACK_OFF = 0.3
"""Part of the budget by which is aimed below it while every day runs out."""


def aimed(budget: float, spent: Floats, clicks: Floats) -> float:
    """Return what to aim at, given what the latest days spent: less, as long as days run out of budget.

    A day that ran out hides how much more its bids would have bought; the same budget buys more clicks at lower bids.
    With few clicks a day that ran out may lie below the budget by a click or by chance: by the counting error of them.

    Args:
        budget: Of a day.
        spent: float[T] of the latest days at the bids of today.
        clicks: float[T], clicks of those days.
    """
    full = (FULL - 1 / np.sqrt(np.maximum(clicks, 1.0))) * budget
    out = float(np.mean((spent > 0) & (spent >= full) & (spent <= OVER * budget))) if len(spent) else 0.0
    return budget * (1 - BACK_OFF * out)


@dataclass(frozen=True, slots=True)
class Choice:
    """Bids and what a day of them is expected to bring; the arrays are float[S].

    Attributes:
        bid: New bid.
        clicks, cost, profit: Expected of a day.
        multiplier: What a further unit of budget would earn; 0 where the budget does not bind; None where even the
            lowest bids of the step cost more.
        held: bool[S], whether the step ended before the best bid was reached.
    """

    bid: Floats
    clicks: Floats
    cost: Floats
    profit: Floats
    multiplier: float | None
    held: NDArray[np.bool_]


def best_bids(
    curves: Curves,
    value: Floats,
    now: Floats,
    *,
    budget: float | None = None,
    step: float = STEP,
    fall: Floats | None = None,
    rise: Floats | None = None,
    cap: Floats | None = None,
    learned: Floats | None = None,
) -> Choice:
    """Return the bids of the next step.

    Args:
        curves: What a bid buys.
        value: float[S], expected margin of a click, with what a stated goal pays for it.
        now: float[S], bids of today.
        budget: Most that a day may cost; None: no limit.
        step: Most that a bid changes, as a part of it, up or down.
        fall: float[S], most that each may fall, as a part of it below 1; None: the step.
        rise: float[S], most that each may rise; None: the step.
        cap: float[S], bids that are not exceeded; a bid above it falls by the step. None: no limit.
        learned: float[S], what a click is worth beyond its margin for what it tells; the profit leaves it out.
    """
    half = np.linspace(0.0, 1.0, POINTS // 2 + 1)[:, None]
    up = np.log1p(np.full(len(now), step) if rise is None else rise)
    down = np.log1p(-np.full(len(now), step) if fall is None else -fall)
    bids = now * np.exp(np.concatenate([down * half[:0:-1], up * half]))
    further = curves.further * bids
    if cap is not None:
        further = np.where(bids <= cap * (1 + 1e-9), further, np.inf)
    cost = curves.cost_at(bids, now)
    columns = np.arange(len(now))
    wanted = value if learned is None else value + learned

    def place(multiplier: float) -> NDArray[np.int64]:
        found = (further <= wanted / (1 + multiplier)).sum(axis=0) - 1
        return np.asarray(np.maximum(found, 0), dtype=np.int64)

    def spent(multiplier: float) -> float:
        return float(cost[place(multiplier), columns].sum())

    multiplier: float | None = 0.0
    if budget is not None and spent(MOST) > budget:
        multiplier = None
    elif budget is not None and spent(0.0) > budget:
        low, high = 0.0, MOST
        for _ in range(BISECTIONS):
            middle = float(np.sqrt((1 + low) * (1 + high)) - 1)
            low, high = (middle, high) if spent(middle) > budget else (low, middle)
        multiplier = high
    at = place(MOST if multiplier is None else multiplier)
    bid = bids[at, columns]
    clicks, spend = curves.clicks_at(bid), cost[at, columns]
    held = (at == 0) | (at == POINTS - 1)
    return Choice(bid, clicks, spend, clicks * value - spend, multiplier, held)
