"""How often a price moved: without moves nothing can be learnt of what they do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from statistics import median

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HELD_DAYS = 3
"""Days that a price must last to be one that buyers answered."""
NEAR_DAYS = 28
STEP = 0.03
"""Least step between two prices, relative: below it, coupons and rounding of paid prices look like moves."""


@dataclass(frozen=True, slots=True)
class Moves:
    """How a price moved.

    Attributes:
        levels: Different prices that were held for three days or more.
        moves: Steps from one held price to another.
        low: Least held price; NaN without any.
        high: Largest held price.
        held_days: Days at held prices.
    """

    levels: int
    moves: int
    low: float
    high: float
    held_days: int


def price_moves(price: Floats) -> Moves:
    """Return how often a price moved.

    A price is held while it stays within half a step of the median of its run so far. Levels are held prices that lie
    a step apart.

    Args:
        price: float[D], above 0; NaN days are passed over.
    """
    runs = _runs(np.log(price[np.isfinite(price)]).tolist())
    held = [(_middle(run), len(run)) for run in runs if len(run) >= HELD_DAYS]
    if not held:
        return Moves(0, 0, float("nan"), float("nan"), 0)
    at = np.array([level for level, _ in held])
    moves = int((np.abs(np.diff(at)) >= STEP).sum())
    ordered = np.sort(at)
    levels, last = 1, float(ordered[0])
    for value in ordered[1:]:
        if value - last >= STEP:
            levels, last = levels + 1, float(value)
    return Moves(
        levels, moves, float(np.exp(ordered[0])), float(np.exp(ordered[-1])), sum(length for _, length in held)
    )


def _runs(logs: list[float]) -> list[list[float]]:
    """Return the days in runs, each of which stays near the middle of its last `NEAR_DAYS`."""
    runs: list[list[float]] = []
    low, high = np.nan, np.nan
    for value, alike in groupby(logs):
        days = list(alike)
        while days:
            # what is near all days of the run is near their middle
            if high - STEP / 2 <= value <= low + STEP / 2:
                runs[-1] += days
                low, high = min(low, value), max(high, value)
                break
            may_be = low - STEP / 2 <= value <= high + STEP / 2
            if may_be and abs(value - median(runs[-1][-NEAR_DAYS:])) <= STEP / 2:
                runs[-1].append(days.pop())
                low, high = min(low, value), max(high, value)
            else:
                runs.append(days)
                low = high = value
                break
    return runs


def _middle(run: list[float]) -> float:
    """Return the median, at once where all are alike, as they mostly are."""
    return run[0] if run.count(run[0]) == len(run) else median(run)
