"""Contributions depend on the files and the settings, not on the order in which either came."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.warehouse.shop import Export, HandInterpreter, Shop

from duoshou.settings import parse_settings
from duoshou.sources import TypedSelect
from duoshou.warehouse import Store, rebuild, undo
from duoshou.warehouse.archive import Entry

FORMS = {
    "sold": (
        "order_item",
        {"order_id": "VARCHAR", "sku": "VARCHAR", "quantity": "BIGINT", "paid_amount": "DECIMAL(18,2)",
         "refund_amount": "DECIMAL(18,2)", "status": "VARCHAR", "paid_at": "TIMESTAMP", "paid_on": "DATE"},
    ),
    "costs": (
        "cost",
        {"sku": "VARCHAR", "valid_from": "DATE", "unit_cost": "DECIMAL(18,4)", "freight": "DECIMAL(18,4)"},
    ),
    "bill": (
        "settlement",
        {"statement_id": "VARCHAR", "line": "VARCHAR", "order_id": "VARCHAR", "kind": "VARCHAR",
         "amount": "DECIMAL(18,2)"},
    ),
    "case": (
        "refund",
        {"refund_id": "VARCHAR", "order_id": "VARCHAR", "amount": "DECIMAL(18,2)", "status": "VARCHAR"},
    ),
}  # fmt: skip
RULES = "[[costs.rule]]\nplatform_fee_rate = 0.05\nfreight_per_order = 3.5\npackaging_per_order = 0.8\n"
DEARER = "[[costs.rule]]\nplatform_fee_rate = 0.06\nfreight_per_order = 4\npackaging_per_order = 0.8\n"


@dataclass(frozen=True)
class MoneyExport(Export):
    """One made-up file of sales, costs or bookings."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers of the layout."""
        return tuple(FORMS[self.layout][1])


class MoneyInterpreter(HandInterpreter):
    """Types them."""

    def selects(self, entry: Entry, parquet: Path) -> Sequence[TypedSelect]:
        """Return the one query of `entry`."""
        table, types = FORMS[entry.layout]
        columns = ", ".join(f"try_cast({name} AS {type_}) AS {name}" for name, type_ in types.items())
        read = f"read_parquet('{parquet}', file_row_number = true)"
        sql = f"SELECT {columns}, file_row_number + 2 AS source_row, 0::UBIGINT AS fault_mask FROM {read}"
        return [TypedSelect(table, sql, tuple(types), (), "", False)]


def money_shop(new_shop: Callable[[], Shop], text: str = RULES) -> Shop:
    """Return a shop that reads these files under the settings `text`."""
    shop = new_shop()
    with_settings(shop, text)
    return shop


def with_settings(shop: Shop, text: str) -> None:
    """Open the shop's warehouse under other settings."""
    shop.store = Store(shop.store.workspace, parse_settings(text, environment={})[0], MoneyInterpreter())


def table(shop: Shop) -> list[tuple[Any, ...]]:
    """Return the rows without what depends on when a file was imported."""
    return shop.rows("SELECT * EXCLUDE (batch_id, loaded_at) FROM line_contribution ORDER BY ALL")


def total(shop: Shop) -> Decimal | None:
    """Return the contribution of all lines."""
    found: Decimal | None = shop.rows("SELECT sum(contribution) FROM line_contribution")[0][0]
    return found


def sold(*rows: tuple[str, str, str, str, str | None], exported: int = 1) -> MoneyExport:
    """Return an export of lines: order, code, units, paid, refunded."""
    day = "2026-01-01 02:00:00"
    cells = tuple((*row, "finished", day, "2026-01-01") for row in rows)
    return MoneyExport("sold", cells, exported)


ORDERS, CODES = st.sampled_from(["1", "2", "3", "4", "5"]), st.sampled_from(["a", "b", "c"])
MONEY = st.integers(0, 9_999).map(lambda cents: f"{cents / 100:.2f}")
SOLD = st.builds(
    lambda orders, rows, exported: sold(
        *((order, *cells) for order, lines in zip(orders, rows, strict=False) for cells in lines), exported=exported
    ),
    st.lists(ORDERS, min_size=1, max_size=3, unique=True),
    st.lists(
        st.lists(
            st.tuples(CODES, st.sampled_from(["1", "2"]), MONEY, st.one_of(st.none(), MONEY)), min_size=1, max_size=3
        ),
        min_size=3,
        max_size=3,
    ),
    st.integers(0, 3),
)
COSTS = st.builds(
    lambda rows, exported: MoneyExport("costs", tuple(rows), exported),
    st.lists(
        st.tuples(CODES, st.sampled_from([None, "2026-01-01", "2026-02-01"]), MONEY, st.one_of(st.none(), MONEY)),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 3),
)
BILLS = st.builds(
    lambda rows, exported: MoneyExport("bill", tuple(("s", *row) for row in rows), exported),
    st.lists(
        st.tuples(
            st.sampled_from(["x", "y", "z"]),
            st.one_of(st.none(), ORDERS),
            st.sampled_from(["sales", "commission", "tax"]),
            MONEY,
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 3),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    exports=st.lists(
        st.one_of(SOLD, COSTS, BILLS), min_size=2, max_size=5, unique_by=lambda export: export.content_hash
    ),
    dice=st.randoms(use_true_random=False),
)
def test_any_order_of_arrival(new_shop: Callable[[], Shop], exports: list[MoneyExport], dice: random.Random) -> None:
    """One batch, single files in any order with a change of settings between, and a rebuild: the same contributions."""
    whole = money_shop(new_shop)
    whole.load(*exports)
    shuffled = money_shop(new_shop, DEARER)
    dice.shuffle(exports)
    for number, export in enumerate(exports):
        if number == len(exports) - 1:
            with_settings(shuffled, RULES)
        shuffled.load(export)
    assert table(shuffled) == table(whole)
    rebuild(shuffled.store)
    assert table(shuffled) == table(whole)


def test_a_bill_reaches_an_order_that_was_there(new_shop: Callable[[], Shop]) -> None:
    """Fees are estimated until the order is settled; a cost sheet reaches all orders."""
    shop = money_shop(new_shop)
    shop.load(sold(("1", "a", "1", "100.00", None), ("2", "a", "2", "50.00", None)))
    assert total(shop) is None
    shop.load(MoneyExport("costs", (("a", None, "20", None),), 2))
    assert total(shop) == Decimal(100) + 50 - 60 - Decimal("7.50") - 7 - Decimal("1.60")
    shop.load(MoneyExport("bill", (("s", "1", "1", "sales", "100"), ("s", "2", "1", "commission", "-3.21")), 3))
    rows = shop.rows("SELECT order_id, platform_fees, fee_basis FROM line_contribution ORDER BY 1")
    assert rows == [("1", Decimal("3.21"), "actual"), ("2", Decimal("2.50"), "estimated")]


def test_a_booking_that_moves_to_another_order(new_shop: Callable[[], Shop]) -> None:
    """The order that a corrected statement no longer names is not settled any more."""
    shop = money_shop(new_shop)
    shop.load(sold(("1", "a", "1", "100.00", None), ("2", "a", "2", "50.00", None)))
    shop.load(MoneyExport("bill", (("s", "1", "1", "commission", "-9.00"),), 2))
    shop.load(MoneyExport("bill", (("s", "1", "2", "commission", "-9.00"),), 3))
    rows = shop.rows("SELECT order_id, platform_fees, fee_basis FROM line_contribution ORDER BY 1")
    assert rows == [("1", Decimal("5.00"), "estimated"), ("2", Decimal("9.00"), "actual")]


def test_a_case_reaches_an_order_that_was_there_and_leaves_the_one_it_no_longer_names(
    new_shop: Callable[[], Shop],
) -> None:
    """A case that succeeds takes its money off; corrected to another order it does so there, as after a rebuild."""
    shop = money_shop(new_shop)
    shop.load(sold(("1", "a", "1", "100.00", None), ("2", "a", "1", "50.00", None)))
    kept = "SELECT order_id, kept_amount FROM line_contribution ORDER BY 1"
    shop.load(MoneyExport("case", (("c", "1", "30.00", "succeeded"),), 2))
    assert shop.rows(kept) == [("1", Decimal(70)), ("2", Decimal(50))]
    shop.load(MoneyExport("case", (("c", "2", "30.00", "succeeded"),), 3))
    assert shop.rows(kept) == [("1", Decimal(100)), ("2", Decimal(20))]
    before = table(shop)
    rebuild(shop.store)
    assert table(shop) == before


def test_changed_settings_are_taken_up_without_a_file(new_shop: Callable[[], Shop]) -> None:
    """A writer that brings nothing publishes once after a change of the cost settings, and never without one."""
    shop = money_shop(new_shop)
    shop.load(sold(("1", "a", "1", "100.00", None)), MoneyExport("costs", (("a", None, "20", None),), 2))
    before = total(shop)
    first = shop.store.snapshot()
    with shop.store.writer("test"):
        pass
    assert shop.store.snapshot() == first
    with_settings(shop, DEARER)
    assert shop.store.costs_changed()
    with shop.store.writer("test"):
        pass
    assert not shop.store.costs_changed()
    assert (before, total(shop)) == (Decimal("70.70"), Decimal("69.20"))


def test_undo_does_not_bring_old_settings_back(new_shop: Callable[[], Shop]) -> None:
    """A kept snapshot that rests on former settings is not the way back."""
    shop = money_shop(new_shop)
    shop.load(sold(("1", "a", "1", "100.00", None)), MoneyExport("costs", (("a", None, "20", None),), 2))
    with_settings(shop, DEARER)
    shop.load(sold(("2", "a", "1", "100.00", None), exported=3))
    assert undo(shop.store).way == "replay"
    assert total(shop) == Decimal("69.20")


@pytest.mark.parametrize(("valid_from", "expected"), [("2026-01-01", "20.00"), ("2025-12-31", "12.00")])
def test_the_sheet_wins_over_the_settings(new_shop: Callable[[], Shop], valid_from: str, expected: str) -> None:
    """For the same code and day the imported cost counts; a later day of the settings still replaces it."""
    text = RULES + '[[costs.unit]]\nsku = "a"\nvalid_from = 2026-01-01\ncost = 12\n'
    shop = money_shop(new_shop, text)
    shop.load(sold(("1", "a", "1", "100.00", None)), MoneyExport("costs", (("a", valid_from, "20", None),), 2))
    assert shop.rows("SELECT goods_cost FROM line_contribution") == [(Decimal(expected),)]
