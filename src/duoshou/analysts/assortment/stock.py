"""Stock against what was sold: sell-through, and stock that lies dead in money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.assortment.question import Range
from duoshou.model.numbers import cents

Floats = NDArray[np.float64]
RATE_WEEKS = 4
COVER_DAYS = 180
"""Days of cover from which on stock is slow: two seasons."""
KEEP_DAYS = 90
"""Days whose demand, at its upper limit, is kept before stock counts as dead."""


@dataclass(frozen=True, slots=True)
class Stocked:
    """The stock of a product.

    Attributes:
        units: Pieces in stock.
        a_day: Pieces sold on a day of the last four weeks.
        cover_low: Days for which it lasts at the upper limit of that rate, 95 %.
        sell_through: Sold in four weeks ÷ (sold + in stock).
        dead_units: Where the cover surely exceeds 180 days: pieces beyond what 90 days may sell at the upper limit.
        dead_money: What they cost; None where the cost of a piece is not known.
    """

    units: int
    a_day: float
    cover_low: float
    sell_through: float
    dead_units: int
    dead_money: Decimal | None


def stocked(found: Range) -> tuple[Stocked | None, ...]:
    """Return the stock of each product; None where no file tells it.

    The rate's upper limit is that of a Poisson count (Garwood 1936) of a quarter of the sales: they scatter more.
    """
    cost = unit_costs(found)
    return tuple(
        _stocked(float(found.stock[row]), float(found.units[row, -RATE_WEEKS:].sum()), cost[row])
        if np.isfinite(found.stock[row])
        else None
        for row in range(len(found.products))
    )


def unit_costs(found: Range) -> list[float | None]:
    """Return what a piece of each product costs, by what was sold of it; None where it is unknown."""
    costs: list[float | None] = []
    for row in range(len(found.products)):
        sold, income = float(found.amount[row].sum()), float(np.nansum(found.costed[row]))
        units = float(found.units[row].sum()) * (income / sold if sold > 0 else 0.0)
        costs.append(float(np.nansum(found.goods_cost[row])) / units if units > 0 else None)
    return costs


def _stocked(units: float, sold: float, cost: float | None) -> Stocked:
    days = RATE_WEEKS * 7
    upper = float(stats.chi2.ppf(0.975, 2 * (sold / 4 + 1)) / 2 * 4) / days
    low = units / upper
    dead = max(int(units - upper * KEEP_DAYS), 0) if low > COVER_DAYS else 0
    money = None if cost is None else cents(dead * cost)
    return Stocked(
        int(units),
        sold / days,
        low,
        sold / (sold + units) if sold + units > 0 else 0.0,
        dead,
        money,
    )
