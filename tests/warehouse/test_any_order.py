"""The tables depend on the set of files alone: not on the order in which they come, nor on how often."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.warehouse.shop import Export, Shop

from duoshou.warehouse import rebuild

_ORDERS = st.sampled_from(["1", "2", "3", "4"])
_STATUS = st.sampled_from(["created", "paid", "shipped", "finished", "closed", None])
_MONEY = st.sampled_from([None, "0.00", "10.00", "33.34", "7.01"])
_SLOW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def header_exports(draw: st.DrawFn) -> Export:
    """Draw an export of a few orders."""
    orders = draw(st.lists(_ORDERS, min_size=1, max_size=4))
    rows = tuple((order, draw(_STATUS), draw(_MONEY), draw(_MONEY), "title", "2") for order in orders)
    return Export("header", rows, draw(st.integers(0, 3)))


@st.composite
def item_exports(draw: st.DrawFn) -> Export:
    """Draw an export of lines; orders may be cut by its edges, and lines may repeat."""
    rows: list[tuple[str | None, ...]] = []
    for order in draw(st.lists(_ORDERS, min_size=1, max_size=3, unique=True)):
        products = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3))
        rows.extend(
            (order, None, product, product, "1", "5.00", "5.00", draw(_MONEY), draw(_MONEY), draw(_STATUS))
            for product in products
        )
    return Export("item", tuple(rows), draw(st.integers(0, 3)))


@st.composite
def invoice_exports(draw: st.DrawFn) -> Export:
    """Draw an invoice list, of which the headers are summed up."""
    orders = draw(st.lists(st.sampled_from(["3", "4", "5"]), min_size=1, max_size=3, unique=True))
    rows = [
        (order, product, draw(st.sampled_from(["1", "-1", "3"])), "2.50")
        for order in orders
        for product in draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3))
    ]
    return Export("invoice", tuple(rows), draw(st.integers(0, 3)))


_EXPORTS = st.lists(
    st.one_of(header_exports(), item_exports(), invoice_exports()),
    min_size=2,
    max_size=5,
    unique_by=lambda export: export.content_hash,
)


@_SLOW
@given(exports=_EXPORTS, dice=st.randoms(use_true_random=False))
def test_any_permutation_and_repetition(
    new_shop: Callable[[], Shop], exports: list[Export], dice: random.Random
) -> None:
    """One batch in the order of export, single files in any order with repetitions, and a rebuild: the same tables."""
    expected = new_shop()
    expected.load(*exports)
    shuffled = new_shop()
    order = exports + dice.sample(exports, k=1)
    dice.shuffle(order)
    for export in order:
        shuffled.load(export)
    assert shuffled.tables() == expected.tables()
    before = shuffled.tables(with_arrival=True)
    rebuild(shuffled.store)
    assert shuffled.tables(with_arrival=True) == before


def invoice(order: str, products: str) -> list[tuple[str | None, ...]]:
    """Return the lines of one invoice."""
    return [(order, product, "1", "2.50") for product in products]


@_SLOW
@given(
    lists=st.lists(st.text("abcd", min_size=1, max_size=5), min_size=2, max_size=6),
    cuts=st.sets(st.integers(1, 25), max_size=4),
    dice=st.randoms(use_true_random=False),
)
def test_a_list_split_at_any_row(
    new_shop: Callable[[], Shop], lists: list[str], cuts: set[int], dice: random.Random
) -> None:
    """A list split at any rows gives the order lines and headers of the whole, whatever order the pieces come in."""
    lines = [line for number, products in enumerate(lists) for line in invoice(str(number), products)]
    bounds = [0, *sorted(cut for cut in cuts if cut < len(lines)), len(lines)]
    pieces = [
        Export("invoice", tuple(lines[a:b]), a, f"part {number}.csv")
        for number, (a, b) in enumerate(itertools.pairwise(bounds))
    ]
    if len({piece.content_hash for piece in pieces}) < len(pieces) or same_on_both_sides(pieces):
        return  # two files with the same content are one file; equal pieces are told apart by nothing
    whole, split = new_shop(), new_shop()
    whole.load(Export("invoice", tuple(lines), 99))
    dice.shuffle(pieces)
    for piece in pieces:
        split.load(piece)
    sql = "SELECT order_id, line_no, product_id, quantity, paid_amount FROM order_line ORDER BY ALL"
    assert split.rows(sql) == whole.rows(sql)
    sql = "SELECT order_id, paid_amount, refund_amount FROM order_header ORDER BY ALL"
    assert split.rows(sql) == whole.rows(sql)


def same_on_both_sides(pieces: list[Export]) -> bool:
    """Return whether an order has equal lines in two pieces, or two pieces that hold nothing else."""
    seen: dict[str | None, list[tuple[list[str | None], bool]]] = {}
    for piece in pieces:
        orders = {row[0] for row in piece.rows}
        for order in orders:
            products = sorted(str(row[1]) for row in piece.rows if row[0] == order)
            for other, alone in seen.get(order, []):
                if other == products or (alone and len(orders) == 1):
                    return True
            seen.setdefault(order, []).append((list(products), len(orders) == 1))
    return False


def test_many_pieces_of_one_order(new_shop: Callable[[], Shop]) -> None:
    """Files that hold nothing but one order come in the order of their names."""
    shop = new_shop()
    lines = invoice("1", "ab") + invoice("2", "cdefgh") + invoice("3", "i")
    pieces = [Export("invoice", tuple(lines[a : a + 2]), 0, f"part-{a // 2 + 8}.csv") for a in range(0, 10, 2)]
    for number in (3, 0, 4, 2, 1):
        shop.load(pieces[number])
    found = shop.rows(
        "SELECT string_agg(product_id, '' ORDER BY line_no) FROM order_line GROUP BY order_id ORDER BY order_id"
    )
    assert found == [("ab",), ("cdefgh",), ("i",)]
    assert shop.rows("SELECT paid_amount FROM order_header WHERE order_id = '2'") == [(Decimal("15.00"),)]


def test_later_list_with_fewer_lines_replaces(new_shop: Callable[[], Shop]) -> None:
    """An order that is not at a file's edge has the lines of its latest export, no others."""
    shop = new_shop()
    shop.load(Export("invoice", tuple(invoice("1", "a") + invoice("2", "bcd") + invoice("3", "e")), 1))
    shop.load(Export("invoice", tuple(invoice("0", "z") + invoice("2", "bd") + invoice("4", "e")), 2))
    assert shop.rows("SELECT product_id FROM order_line WHERE order_id = '2' ORDER BY line_no") == [("b",), ("d",)]


def test_a_piece_does_not_shorten_a_whole_list(new_shop: Callable[[], Shop]) -> None:
    """An order cut by a later file keeps the lines that an earlier file has in full."""
    shop = new_shop()
    shop.load(Export("invoice", tuple(invoice("1", "a") + invoice("2", "bcd") + invoice("3", "e")), 1))
    shop.load(Export("invoice", tuple(invoice("2", "cd") + invoice("3", "e")), 2))
    assert shop.rows("SELECT product_id FROM order_line WHERE order_id = '2' ORDER BY line_no") == [
        ("b",),
        ("c",),
        ("d",),
    ]
