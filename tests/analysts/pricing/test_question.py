"""Prices of days, read from order lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
from tests.analysts.conftest import fill
from tests.analysts.pricing.conftest import AS_OF, asked

from duoshou.analysts.pricing.question import Priced, read_priced, read_sold
from duoshou.engine.reader import DuckDBBackend

DAYS = 120
FIRST = AS_OF - timedelta(days=DAYS - 1)


def line(place: int, number: int, price: float, **other: Any) -> dict[str, Any]:
    """Return a paid line of a day by its number."""
    day = FIRST + timedelta(days=place)
    pieces = other.pop("quantity", 2)
    amount = (Decimal(str(price)) * pieces).quantize(Decimal("0.01"))
    whole = {"order_id": f"{place}-{number}", "product_id": "a", "sku": "a", "quantity": pieces, "unit_price": price}
    days = {"created_on": day, "paid_on": day, "status": "finished"}
    return whole | days | {"paid_amount": amount, "first_paid_amount": amount} | other


def priced(rows: Sequence[Mapping[str, Any]], first: date = FIRST) -> Priced:
    """Return what is read of the rows."""
    connection = duckdb.connect()
    fill(connection, {"order_line": rows})
    with DuckDBBackend(connection) as backend:
        sold = read_sold(asked(backend), first)
        assert sold is not None
        found = read_priced(asked(backend), sold)
    assert found is not None
    return found


def sale(place: int) -> float:
    """Return 100, and 80 in one week of four."""
    return 80.0 if place // 7 % 4 == 1 else 100.0


def test_the_price_of_a_day_is_the_unit_price() -> None:
    """Coupons on some orders do not move it; the price of the order's day counts, not of its payment."""
    rows = []
    for place in range(DAYS):
        for number in range(4):
            paid = {"first_paid_amount": Decimal(150)} if number == 0 else {}
            rows.append(line(place, number, sale(place), **paid))
    rows.append(line(20, 9, 100.0, created_on=FIRST + timedelta(days=20), paid_on=FIRST + timedelta(days=36)))
    found = priced(rows)
    assert np.allclose(found.price[0], [sale(place) for place in range(DAYS)])
    assert found.has_one[0]
    assert found.sees_price[0]


def test_where_the_unit_price_never_moves_what_is_paid_counts() -> None:
    """A list price that stands while every order is paid with a discount is no price."""
    rows = []
    for place in range(DAYS):
        amount = Decimal(str(sale(place))) * 2
        rows += [line(place, number, 100.0, paid_amount=amount, first_paid_amount=amount) for number in range(3)]
    assert np.allclose(priced(rows).price[0], [sale(place) for place in range(DAYS)])


def test_a_variant_that_sold_in_sales_only_is_not_dear_in_them() -> None:
    """Where variants cost the same a product has one middle price, whichever variant sells."""
    rows = []
    for place in range(DAYS):
        names = ("a", "b") if sale(place) == 100 else ("a", "c", "c", "c")
        rows += [line(place, number, sale(place), sku=name) for number, name in enumerate(names)]
    found = priced(rows)
    assert np.allclose(found.price[0], [sale(place) for place in range(DAYS)])
    assert found.has_one[0]


def test_variants_that_cost_differently_do_not_move_the_price() -> None:
    """Days on which the dear variant sells are not dear days."""
    rows = []
    for place in range(DAYS):
        dear = 1 + place % 5
        rows += [line(place, number, 100.0, sku="small") for number in range(3)]
        rows += [line(place, 10 + number, 150.0, sku="large") for number in range(dear)]
    price = priced(rows).price[0]
    assert np.ptp(np.log(price)) < 1e-9
    assert 100 < price[-1] < 150


def test_prices_of_quantities_are_no_price_of_a_day() -> None:
    """Where who buys many pays less on most days, no elasticity is asked for."""
    rows = []
    for place in range(DAYS):
        rows += [line(place, number, sale(place)) for number in range(3)]
        rows += [line(place, 10 + number, 0.85 * sale(place), quantity=20) for number in range(2)]
    found = priced(rows)
    assert not found.has_one[0]
    assert not found.is_told(0)


def test_a_closed_day_is_no_day_without_demand() -> None:
    """A shop that sells on six days a week was closed on the seventh; who sells on the six sells daily."""
    rows = [line(place, number, sale(place), quantity=10) for place in range(DAYS) if place % 7 for number in range(3)]
    found = priced(rows)
    assert np.isnan(found.units[0][7::7]).all()
    assert found.sees_price[0]


def test_a_seldom_seller_does_not_tell_its_price() -> None:
    """Three days in ten without a sale are too many."""
    rows = [line(place, 0, sale(place), quantity=1) for place in range(DAYS) if place % 10 < 7]
    assert not priced(rows).sees_price[0]
