"""Prices as people write them into the ledger."""

from __future__ import annotations

from decimal import Decimal

import pytest

from duoshou.app.assortment import planned_price


@pytest.mark.parametrize(
    ("written", "price"),
    [
        ("79.9", "79.9"),
        ("¥1,299.00", "1299.00"),
        ("99元", "99"),
        (" ￥59 ", "59"),
        ("", None),
        ("八折", None),
        ("0", None),
        ("-5", None),
        ("nan", None),
        ("Infinity", None),
        ("99-89", None),
        ("79,90", None),
        ("1e400", None),
        ("12345678", None),
    ],
)
def test_a_price_is_read_or_left_out(written: str, price: str | None) -> None:
    """An amount with or without its currency is a price; words, zero and less are none."""
    assert planned_price(written) == (None if price is None else Decimal(price))
