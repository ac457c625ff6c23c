"""连带率: how many pieces and different products an order holds, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from duoshou.analysts.basket.question import BasketQuestion, paid_lines

Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AttachRate:
    """What a basket holds.

    Attributes:
        baskets: How many there are.
        units: Pieces a basket, what shops call 连带率.
        products: Different products a basket.
        several: Share of the baskets with two or more different products.
    """

    baskets: int
    units: Share
    products: Share
    several: Share


def attach_rate(question: BasketQuestion) -> AttachRate | None:
    """Return what the baskets of the period hold; None without any."""
    lines: Any = paid_lines(question)
    baskets: Any = lines.group_by("basket").agg(
        units=lines["quantity"].coalesce(1).sum().cast("float64"),
        products=lines["product_id"].nunique().cast("float64"),
    )
    units, products = baskets["units"], baskets["products"]
    row = question.backend.execute(
        baskets.agg(
            number=baskets.count(),
            units=units.sum(),
            units_squared=(units * units).sum(),
            products=products.sum(),
            products_squared=(products * products).sum(),
            several=(products > 1).cast("int64").sum(),
        )
    ).to_pylist()[0]
    number = int(row["number"])
    if not number:
        return None
    return AttachRate(
        number,
        _mean(row["units"], row["units_squared"], number),
        _mean(row["products"], row["products_squared"], number),
        wilson(int(row["several"]), number),
    )


def wilson(part: int, whole: int) -> Share:
    """Return a share with the interval of Wilson (1927)."""
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z / (1 + square / whole) * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return Share(share, max(middle - half, 0.0), min(middle + half, 1.0))


def _mean(total: float, squares: float, number: int) -> Share:
    mean = total / number
    if number == 1:
        return Share(mean, mean, mean)
    variance = max(squares / number - mean * mean, 0.0) * number / (number - 1)
    half = Z * math.sqrt(variance / number)
    return Share(mean, max(mean - half, 1.0), mean + half)
