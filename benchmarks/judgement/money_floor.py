"""How closely the money of an incident can be told: two oracles that know place, days, margin and what is usual.

*Draw* knows as well which part of the sales the incident takes on average. Which orders were not placed is a draw
about that, which no file shows: of sales S in orders of v each its variance is v·S (a compound Poisson law; v as if all
orders were alike, so that the truth is no better). *Sales* counts the sales of the days against the mean of the four
weeks before, weekdays known: it errs as such a forecast does in the shop without incidents, around these days.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.judgement.books import Array
from benchmarks.judgement.days import Days
from benchmarks.judgement.effects import FEN, RATE_DAYS, Shop
from benchmarks.judgement.oracle import AFTER, BEFORE, NORMAL, weekday_factor
from benchmarks.judgement.subjects import Place

STEPS = 60
WEEKS_BEFORE = 28
LEAST_BEFORE = 14


@dataclass(frozen=True, slots=True)
class Floor:
    """Standard deviations of what the oracles say of one incident's money, in the currency's unit.

    Attributes:
        draw: Of the one that knows the part that is lost on average.
        sales: Of the one that counts sales; None where the books keep none of the place alone.
    """

    draw: float
    sales: float | None


def floor_of(shop: Shop, key: str, place: Place, first: int, last: int, days: Days) -> Floor | None:
    """Return how closely the loss of an incident at a place from day `first` to `last` can be told; None if unknown."""
    lost = shop.effect(key, place, "revenue")
    if lost is None:
        return None
    start = shop.by_key[key]["start"]
    rate = shop.contribution_rate(start)
    before = slice(max(start - RATE_DAYS, 0), max(start, 1))
    revenue, orders = shop.usual(place, "revenue"), shop.usual(place, "orders")
    whole = revenue is None or orders is None
    earned, placed = (shop.ledger.quiet[f"product.{name}"].sum(axis=1) for name in ("revenue", "orders"))
    if revenue is not None and orders is not None:
        earned, placed = revenue, orders
    order = float(earned[before].sum()) / max(float(placed[before].sum()), 1.0)
    draw = rate * math.sqrt(order * abs(float(lost[first : last + 1].sum()))) / FEN
    if whole:
        return Floor(draw, None)
    return Floor(draw, rate * forecast_error(earned, days, first, last - first + 1) / FEN)


def forecast_error(series: Array, days: Days, start: int, length: int) -> float:
    """Return by how much a sum of days errs that is foretold by the mean of four weeks before (root mean square).

    Args:
        series: Daily values of the shop without incidents.
        days: What the days are; only usual ones count.
        start: Day around which it is tried.
        length: Days of the sum.
    """
    values = np.where(days.is_usual, series.astype(float), np.nan)
    factor = weekday_factor(values, days.weekday)
    level = values / np.where(factor > 0, factor, np.nan)
    errors = []
    for day in range(max(start - BEFORE, WEEKS_BEFORE), min(start + AFTER, len(series) - length) + 1):
        before, ahead = level[day - WEEKS_BEFORE : day], slice(day, day + length)
        known = ~np.isnan(values[ahead])
        if (~np.isnan(before)).sum() >= LEAST_BEFORE and known.any():
            apart = values[ahead][known].sum() - np.nanmean(before) * factor[ahead][known].sum()
            errors.append(apart * length / known.sum())
    return float(np.sqrt(np.mean(np.square(errors)))) if errors else 0.0


def typical_error(deviations: Sequence[float], amounts: Sequence[float]) -> float:
    """Return the median relative error of unbiased normal estimates, one of each amount.

    It is the m at which half of them are expected to lie within: the mean of 2Φ(m·|amount| ÷ deviation) − 1 is ½.
    """
    scales = [abs(amount) / max(deviation, 1e-12) for deviation, amount in zip(deviations, amounts, strict=True)]
    low, high = 0.0, 1.0
    while _within(high, scales) < 0.5 and high < 1e9:
        high *= 2
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if _within(middle, scales) >= 0.5 else (middle, high)
    return (low + high) / 2


def _within(error: float, scales: Sequence[float]) -> float:
    return sum(2 * NORMAL.cdf(error * scale) - 1 for scale in scales) / len(scales)
