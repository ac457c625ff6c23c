"""Tables of a shop made by hand, opened as the engine opens them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from duoshou.model import Period

FIRST = date(2026, 3, 1)
PERIOD = Period(FIRST, FIRST + timedelta(days=119))


def day(number: int) -> date:
    """Return a day of the period by its number, from 0."""
    return FIRST + timedelta(days=number)


def lines(product: str, prices: Mapping[int, Iterable[str]], **other: Any) -> list[dict[str, Any]]:
    """Return order lines of a product: for each day by its number the unit prices at which a piece was sold."""
    return [
        {
            "order_id": f"{product}-{number}-{place}",
            "product_id": product,
            "created_on": day(number),
            "unit_price": price,
            **other,
        }
        for number, sold in prices.items()
        for place, price in enumerate(sold)
    ]


def priced(until: int, *levels: tuple[int, str], each: int = 2) -> dict[int, list[str]]:
    """Return what was sold a day, `each` pieces, at the price of the last level that had begun."""
    return {
        number: [[price for since, price in levels if since <= number][-1]] * each
        for number in range(levels[0][0], until)
    }
