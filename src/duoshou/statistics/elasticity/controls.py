"""What else moves the sales of a product: the weekday, slow change, and the demand that others see."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WEEK = 7
KNOT_DAYS = 91
"""Days between two bends of the slow trend: what is slower than a quarter is no answer to a price move."""


def day_controls(days: int, first_weekday: int = 0, *, knot_days: int = KNOT_DAYS) -> Floats:
    """Return weekdays and a trend of straight pieces, float[D, K].

    Args:
        days: Number of days.
        first_weekday: Weekday of the first, Monday 0.
        knot_days: Days between two bends.
    """
    day = np.arange(days)
    weekday = (day + first_weekday) % WEEK
    flags = (weekday[:, None] == np.arange(1, WEEK)[None, :]).astype(np.float64)
    bends = np.arange(0, max(days - knot_days // 2, 1), knot_days)
    trend = np.maximum(day[:, None] - bends[None, :], 0) / knot_days
    return np.column_stack([flags, trend])


def others_controls(units: Floats, price: Floats) -> Floats:
    """Return what the other products of each product tell of the demand of a day, float[S, D, 2].

    Their sales, in logs, follow the demand that all share, and their own prices; so their mean log price, weighed by
    sales, stands beside. All are sums over the products less the product's own part.

    Args:
        units: float[S, D], sales of the products; NaN where one was not on sale.
        price: float[S, D], their prices; NaN where unknown.
    """
    sold, on_sale = np.nan_to_num(units), np.isfinite(units)
    weights = sold.sum(axis=1)
    # A product that was not on sale on a day takes its usual share along, or its start would look like demand.
    usual = (weights / np.maximum(on_sale.sum(axis=1), 1))[:, None] * on_sale
    logs = np.log(price)
    known = np.isfinite(logs)
    middle = np.where(known, logs, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    weighed = weights[:, None] * known
    apart = weighed * np.where(known, logs - middle[:, None], 0.0)
    demand = np.log((_others(sold) + 0.5) / (np.maximum(_others(usual), 1e-9) + 0.5))
    mean_price = _others(apart) / np.maximum(_others(weighed), 1e-9)
    # where no other's price counts a remainder of rounding must not
    is_told = _others((weighed > 0).astype(np.float64)) > 0.5
    others_sold = weights.sum() - weights > 0
    found = np.stack([demand, np.where(is_told, mean_price, 0.0)], axis=2)
    return np.asarray(np.where(others_sold[:, None, None], found, 0.0))


def _others(parts: Floats) -> Floats:
    return np.asarray(parts.sum(axis=0) - parts)
