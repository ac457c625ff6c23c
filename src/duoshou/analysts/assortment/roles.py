"""What a product is for: the practitioners' roles beside the matrix of growth and share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.assortment.question import Basis, Range
from duoshou.analysts.assortment.stages import Life

Floats = NDArray[np.float64]
RECENT_WEEKS = 13
LEAST_UNITS = 30
"""Pieces in 13 weeks below which prices, visitors and margins of a product say little of its role."""
LEAST_PRODUCTS = 8
"""Products without which quarters of the range mean nothing."""
CHEAPER = 0.9
"""Price of a week, as a part of the product's usual one, at which its sales count as sold in a promotion."""
MOSTLY = 0.5


class Role(StrEnum):
    """What a product is for.

    TRAFFIC: 引流款, it brings visitors, at less margin than usual.
    PROFIT: 利润款, it leaves much, at more margin than usual.
    CAMPAIGN: 活动款, most of it is sold in promotions.
    IMAGE: 形象款, dear and rarely sold.
    NONE: None of them by the stated thresholds.
    CANNOT_TELL: Too few pieces, or too small a range.
    """

    TRAFFIC = "traffic"
    PROFIT = "profit"
    CAMPAIGN = "campaign"
    IMAGE = "image"
    NONE = "none"
    CANNOT_TELL = "cannot_tell"


class Quadrant(StrEnum):
    """Share of a product above the range's mean, growth surely above nothing or not (Henderson 1970)."""

    STAR = "star"
    CASH_COW = "cash_cow"
    QUESTION_MARK = "question_mark"
    DOG = "dog"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a product has a role; quarters and middles of the shop's own range.

    Attributes:
        visitors: Visitors of 13 weeks, upper quarter.
        margin_rate: Margin ÷ sales, the middle.
        money: What is left in 13 weeks, upper quarter.
        price: Price of a piece, upper tenth.
        units: Pieces of 13 weeks, the middle.
        share: Share of the money, the mean.
    """

    visitors: float | None
    margin_rate: float | None
    money: float
    price: float
    units: float
    share: float


def thresholds(found: Range, money: Floats) -> Thresholds | None:
    """Return the thresholds of the range; None where it is too small."""
    units, sold, visitors, rate = _recent(found)
    selling = units > 0
    if selling.sum() < LEAST_PRODUCTS:
        return None
    price = sold[selling] / units[selling]
    seen = visitors[np.isfinite(visitors) & selling]
    return Thresholds(
        float(np.quantile(seen, 0.75)) if len(seen) >= LEAST_PRODUCTS else None,
        float(np.median(rate[selling & np.isfinite(rate)])) if found.basis is not Basis.SALES else None,
        float(np.quantile(money[selling], 0.75)),
        float(np.quantile(price, 0.9)),
        float(np.median(units[selling])),
        1.0 / float(selling.sum()),
    )


def roles(found: Range, money: Floats, limits: Thresholds | None) -> tuple[Role, ...]:
    """Return the role of each product, the first that fits: image, campaign, profit, traffic."""
    units, sold, visitors, rate = _recent(found)
    promoted = _promoted(found)
    result = []
    for row in range(len(found.products)):
        if limits is None or units[row] <= 0:
            result.append(Role.CANNOT_TELL)
            continue
        dear = sold[row] / units[row] >= limits.price and units[row] < limits.units
        if dear:
            result.append(Role.IMAGE)
        elif units[row] < LEAST_UNITS:
            result.append(Role.CANNOT_TELL)
        elif promoted[row] > MOSTLY:
            result.append(Role.CAMPAIGN)
        elif limits.margin_rate is None:
            result.append(Role.CANNOT_TELL)
        elif money[row] >= limits.money and rate[row] >= limits.margin_rate:
            result.append(Role.PROFIT)
        elif limits.visitors is not None and visitors[row] >= limits.visitors and rate[row] < limits.margin_rate:
            result.append(Role.TRAFFIC)
        else:
            result.append(Role.NONE)
    return tuple(result)


def quadrants(money: Floats, lives: tuple[Life, ...], limits: Thresholds | None) -> tuple[Quadrant, ...]:
    """Return the quadrant of each product; one whose growth is open on both sides cannot be told."""
    whole = max(float(np.maximum(money, 0).sum()), 1e-9)
    result = []
    for value, life in zip(money, lives, strict=True):
        if limits is None or life.slope_low is None or life.slope_high is None:
            result.append(Quadrant.CANNOT_TELL)
            continue
        large, grows = value / whole >= limits.share, life.slope_low > 0
        if large:
            result.append(Quadrant.STAR if grows else Quadrant.CASH_COW)
        else:
            result.append(Quadrant.QUESTION_MARK if grows else Quadrant.DOG)
    return tuple(result)


def _recent(found: Range) -> tuple[Floats, Floats, Floats, Floats]:
    """Return pieces, sales, visitors and margin rate of the last 13 weeks."""
    units, sold = (one[:, -RECENT_WEEKS:].sum(axis=1) for one in (found.units, found.amount))
    seen = found.visitors[:, -RECENT_WEEKS:]
    visitors = np.where(np.isfinite(seen).any(axis=1), np.nansum(seen, axis=1), np.nan)
    margin, income = (one[:, -RECENT_WEEKS:].sum(axis=1) for one in (found.margin, found.margin_income))
    return units, sold, visitors, np.where(income > 0, margin / np.maximum(income, 1e-9), np.nan)


def _promoted(found: Range) -> Floats:
    """Return the part of the pieces that were sold in weeks whose price lay a tenth below the product's usual one."""
    units, sold = found.units[:, -2 * RECENT_WEEKS :], found.amount[:, -2 * RECENT_WEEKS :]
    price = np.where(units > 0, sold / np.maximum(units, 1e-9), np.nan)
    with np.errstate(all="ignore"):
        usual = np.nanquantile(np.where(np.isfinite(price).any(axis=1, keepdims=True), price, 0.0), 0.75, axis=1)
    cheap = price < CHEAPER * usual[:, None]
    return np.asarray((units * cheap).sum(axis=1) / np.maximum(units.sum(axis=1), 1e-9))
