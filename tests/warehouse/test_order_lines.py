"""Order lines: the same from both sides, adding up to the cent."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.warehouse.shop import Export, Shop

from duoshou.warehouse.allocation import money, share
from duoshou.warehouse.ledger import create_tables
from duoshou.warehouse.order_lines import derive

CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents) / 100)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    totals=st.tuples(*[st.one_of(st.none(), CENTS)] * 6),
    lines=st.lists(
        st.tuples(
            st.one_of(st.none(), CENTS), st.integers(-3, 100), st.one_of(st.none(), CENTS), st.one_of(st.none(), CENTS)
        ),
        min_size=1,
        max_size=9,
    ),
)
def test_lines_add_up_to_the_order(
    totals: tuple[Decimal | None, ...], lines: list[tuple[Decimal | None, int, Decimal | None, Decimal | None]]
) -> None:
    """Whatever the amounts, shares add up exactly, and item refunds stay as they are."""
    connection = fresh()
    connection.execute(
        "INSERT INTO order_header (shop, order_id, paid_amount, first_paid_amount, refund_amount, discount_seller, "
        "discount_platform, freight) VALUES ('s', '1', ?, ?, ?, ?, ?, ?)",
        list(totals),
    )
    for number, line in enumerate(lines, start=1):
        connection.execute(
            "INSERT INTO order_item (shop, order_id, line_no, amount, quantity, paid_amount, refund_amount) "
            "VALUES ('s', '1', ?, ?, ?, ?, ?)",
            [number, *line],
        )
    derive(connection, None)
    names = ("paid_amount", "first_paid_amount", "discount_seller", "discount_platform", "freight")
    sums = connection.execute(f"SELECT {', '.join(f'sum({name})' for name in names)} FROM order_line").fetchall()[0]
    paid, first, refund, *shared = totals
    assert sums[2:] == tuple(shared)
    if paid is not None:
        assert sums[0] == paid
    if first is not None:
        assert sums[1] == first
    found = [row[0] for row in connection.execute("SELECT refund_amount FROM order_line ORDER BY line_no").fetchall()]
    known = [line[3] for line in lines]
    assert all(mine is None or mine == got for mine, got in zip(known, found, strict=True))
    if refund is not None and all(mine is None for mine in known):
        assert sum(found) == refund
    connection.close()


def fresh() -> duckdb.DuckDBPyConnection:
    """Return a database in memory with empty tables."""
    connection = duckdb.connect()
    create_tables(connection)
    return connection


@given(total=st.integers(-(10**12), 10**12), weights=st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_shares_lie_within_a_cent(total: int, weights: list[int]) -> None:
    """Each share lies within one cent of its exact part, and has no other sign than the total."""
    whole = sum(weights)
    if whole == 0:
        return
    running, shares = 0, []
    connection = duckdb.connect()
    for weight in weights:
        running += weight
        numbers = (f"{number}::HUGEINT" for number in (total, weight, running, whole))
        row = connection.execute(f"SELECT {share(*numbers)}").fetchone()
        assert row is not None
        shares.append(int(row[0]))
    connection.close()
    assert sum(shares) == total
    assert all(abs(got * whole - total * weight) <= whole for got, weight in zip(shares, weights, strict=True))
    assert all(got * total >= 0 for got in shares)


def test_money_keeps_every_cent() -> None:
    """Cents become DECIMAL(18,2) without a floating-point number between."""
    connection = duckdb.connect()
    row = connection.execute(f"SELECT {money('999999999999999999::HUGEINT')}, typeof({money('1::HUGEINT')})").fetchone()
    assert row == (Decimal("9999999999999999.99"), "DECIMAL(18,2)")
    connection.close()


def header(order: str, paid: str | None, refund: str | None = None, status: str = "paid") -> tuple[str | None, ...]:
    """Return the cells of one order."""
    return (order, status, paid, refund, "both", "2")


def line(
    order: str,
    product: str,
    amount: str,
    *,
    paid: str | None = None,
    refund: str | None = None,
    status: str | None = None,
) -> tuple[str | None, ...]:
    """Return the cells of one line."""
    return (order, None, product, product, "1", amount, amount, paid, refund, status)


HEADERS = Export("header", (header("1", "100.00", "10.00", "finished"), header("2", "5.00")), 1)
ITEMS = Export(
    "item",
    (line("1", "a", "1.00"), line("1", "b", "1.00"), line("1", "c", "1.00"), line("3", "d", "9.00", paid="8.00")),
    2,
)


def test_either_order_of_arrival(new_shop: Callable[[], Shop]) -> None:
    """Header first, items first or both at once: the same lines."""
    shops = [new_shop(), new_shop(), new_shop()]
    shops[0].load(HEADERS, ITEMS)
    for first, second, shop in ((HEADERS, ITEMS, shops[1]), (ITEMS, HEADERS, shops[2])):
        shop.load(first)
        shop.load(second)
    assert shops[0].tables() == shops[1].tables() == shops[2].tables()
    found = shops[0].rows(
        "SELECT order_id, line_no, product_id, paid_amount, refund_amount, status FROM order_line ORDER BY 1, 2"
    )
    assert found == [
        ("1", 1, "a", Decimal("33.33"), Decimal("3.33"), "finished"),
        ("1", 2, "b", Decimal("33.34"), Decimal("3.34"), "finished"),
        ("1", 3, "c", Decimal("33.33"), Decimal("3.33"), "finished"),
        ("2", 1, None, Decimal("5.00"), None, "paid"),
        ("3", 1, "d", Decimal("8.00"), None, None),
    ]


def test_a_closed_order_keeps_what_was_paid_first(shop: Shop) -> None:
    """When a closed order shows 0 at last, the lines are 0 but remember their first amounts."""
    shop.load(
        Export("header", (header("1", "30.00"),), 1), Export("item", (line("1", "a", "10"), line("1", "b", "20")), 1)
    )
    shop.load(Export("header", (header("1", "0.00", "30.00", "closed"),), 2))
    assert shop.rows("SELECT paid_amount, first_paid_amount, refund_amount FROM order_line ORDER BY line_no") == [
        (Decimal("0.00"), Decimal("10.00"), Decimal("10.00")),
        (Decimal("0.00"), Decimal("20.00"), Decimal("20.00")),
    ]
