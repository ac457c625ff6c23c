"""Whether the prices of the past moved for some days or for good, which decides what an elasticity can be used for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from duoshou.model import Text

Floats = NDArray[np.float64]
STEP = 0.02
"""Part by which a price must differ to be another one."""
SHORT_DAYS = 28
MAINLY_SHORT = Text(
    "历史上的改价多是短期优惠：买家会等、会囤，长期改价的反应通常比这小",
    "most moves of the past were short discounts: buyers wait and stock up, a lasting change does less",
)


def moves(prices: Floats) -> tuple[int, int]:
    """Return how many moves of one product's price began or ended a short discount, and how many moves there were.

    A price below the one before that rose back towards it within four weeks was a short discount: two moves.

    Args:
        prices: float[D]; NaN on days without one.
    """
    runs = _runs(prices)
    short = sum(
        level < before * (1 - STEP) and after > (level + before) / 2 and last - first < SHORT_DAYS
        for (before, *_), (level, first, last), (after, *_) in zip(runs, runs[1:], runs[2:], strict=False)
    )
    return 2 * short, max(len(runs) - 1, 0)


def mainly_short(prices: Iterable[Floats]) -> bool:
    """Return whether more than half of the moves of some products' prices were those of short discounts."""
    counted = [moves(one) for one in prices]
    return 2 * sum(short for short, _ in counted) > sum(number for _, number in counted)


def _runs(prices: Floats) -> list[tuple[float, int, int]]:
    """Return the prices that followed one another, each with its first and last day."""
    runs: list[tuple[float, int, int]] = []
    for day in np.flatnonzero(np.isfinite(prices) & (prices > 0)):
        price = float(prices[day])
        if runs and abs(price / runs[-1][0] - 1) <= STEP:
            runs[-1] = (runs[-1][0], runs[-1][1], int(day))
        else:
            runs.append((price, int(day), int(day)))
    return runs
