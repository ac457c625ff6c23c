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


def others_controls(units: Floats, price: Floats, own: int) -> Floats:
    """Return what the other products tell of the demand of a day, float[D, 2].

    Their sales, in logs, follow the demand that all share, and their own prices; so their mean log price, weighed by
    sales, stands beside.

    Args:
        units: float[S, D], sales of the products; NaN where one was not on sale.
        price: float[S, D], their prices; NaN where unknown.
        own: Row of the product that is left out.
    """
    rows = np.arange(len(units)) != own
    sold = np.nan_to_num(units[rows])
    weights = sold.sum(axis=1)
    if not weights.sum():
        return np.zeros((units.shape[1], 2))
    # A product that was not on sale on a day takes its usual share along, or its start would look like demand.
    on_sale = np.isfinite(units[rows])
    usual = weights / np.maximum(on_sale.sum(axis=1), 1)
    expected = np.maximum((usual[:, None] * on_sale).sum(axis=0), 1e-9)
    demand = np.log((sold.sum(axis=0) + 0.5) / (expected + 0.5))
    logs = np.log(price[rows])
    apart = logs - np.nanmean(np.where(np.isfinite(logs).any(axis=1)[:, None], logs, 0.0), axis=1)[:, None]
    known = np.isfinite(apart)
    weighed = weights[:, None] * known
    mean_price = (weighed * np.nan_to_num(apart)).sum(axis=0) / np.maximum(weighed.sum(axis=0), 1e-9)
    return np.column_stack([demand, mean_price])
