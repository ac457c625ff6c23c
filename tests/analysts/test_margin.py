"""What a unit of sales leaves: the truest basis that is known, after refunds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysts.conftest import fill

from duoshou.analysts.margin import Margin, MarginBasis, margin_of
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

AS_OF = date(2026, 9, 30)
SOLD_ON = AS_OF - timedelta(days=60)
ASSUMED = 0.3
CATALOGUE = load_catalogue()
Rows = list[dict[str, Any]]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Return what closes the engines."""
    with ExitStack() as stack:
        yield stack


def line(number: int, *, refunded: int = 0, day: date = SOLD_ON, **money: int | None) -> tuple[dict[str, Any], ...]:
    """Return an order line of 100, and what is known of its costs."""
    order = {"order_id": str(number), "quantity": 1, "created_on": day, "paid_on": day, "status": "finished"}
    sold = {"paid_amount": Decimal(100), "first_paid_amount": Decimal(100), "refund_amount": Decimal(refunded)}
    known = {name: None if value is None else Decimal(value) for name, value in money.items()}
    return {**order, **sold}, {"order_id": str(number), "paid_on": day, "income": Decimal(100 - refunded), **known}


def costed(
    number: int, left: int, *, fees: int | None = None, refunded: int = 0, day: date = SOLD_ON
) -> tuple[dict[str, Any], ...]:
    """Return a line that leaves so much of 100 before fees, and so much less after them where they are known."""
    kept = 100 - refunded
    whole = {} if fees is None else {"contributing_amount": kept, "contribution": left - fees}
    return line(number, refunded=refunded, day=day, costed_amount=kept, gross_margin=left, **whole)


def margin(stack: ExitStack, rows: list[tuple[dict[str, Any], ...]], assumed: float = ASSUMED) -> Margin:
    """Return the margin of a shop of such lines."""
    connection = duckdb.connect()
    fill(connection, {"order_line": [one for one, _ in rows], "line_contribution": [one for _, one in rows]})
    backend = stack.enter_context(DuckDBBackend(connection))
    return margin_of(backend, CATALOGUE, AS_OF, today=AS_OF, shop=None, assumed=assumed)


def test_contribution_goes_before_gross_margin_and_gross_margin_before_a_guess(stack: ExitStack) -> None:
    """Whatever is truer and known of half of the sales is what speaks."""
    whole = margin(stack, [costed(number, 60, fees=20) for number in range(40)])
    assert (whole.basis, whole.caveats) == (MarginBasis.CONTRIBUTION, ())
    assert whole.rate == pytest.approx(0.4)
    goods = margin(stack, [costed(number, 60, fees=20 if number < 10 else None) for number in range(40)])
    assert goods.basis is MarginBasis.GROSS_MARGIN
    assert goods.rate == pytest.approx(0.6)
    assert "毛利" in goods.caveats[0].zh
    few = [costed(number, 60) if number < 10 else line(number) for number in range(40)]
    guess = margin(stack, few)
    assert guess.basis is MarginBasis.ASSUMED
    assert guess.rate == pytest.approx(ASSUMED)
    assert "30%" in guess.caveats[0].zh


def test_what_is_refunded_leaves_nothing(stack: ExitStack) -> None:
    """Platforms count sales before refunds: where a fifth comes back, four fifths of the margin are left of them."""
    found = margin(
        stack, [costed(number, 60 if number % 5 else 0, refunded=0 if number % 5 else 100) for number in range(40)]
    )
    assert found.refunded == pytest.approx(0.2)
    assert found.rate == pytest.approx(0.6 * 0.8)
    assert found.break_even == pytest.approx(1 / 0.48)
    guess = margin(stack, [line(number, refunded=0 if number % 5 else 100) for number in range(40)])
    assert guess.rate == pytest.approx(ASSUMED * 0.8)


def test_only_settled_days_speak(stack: ExitStack) -> None:
    """The last month, whose refunds are still to come, and what lies before three months are left out."""
    rows = [costed(number, 60) for number in range(40)]
    for place, back in enumerate((0, 30, 121, 300)):
        rows += [costed(100 * (place + 1) + one, 5, refunded=50, day=AS_OF - timedelta(days=back)) for one in range(40)]
    found = margin(stack, rows)
    assert found.rate == pytest.approx(0.6)
    assert found.refunded == 0


def test_no_spend_pays_where_sales_leave_nothing(stack: ExitStack) -> None:
    """A shop that sells at a loss is not told the break-even of one that does not."""
    found = margin(stack, [costed(number, 60, fees=65) for number in range(40)])
    assert found.basis is MarginBasis.CONTRIBUTION
    assert found.break_even == pytest.approx(100)
    assert "不剩毛利" in found.caveats[0].zh


def test_a_shop_that_sells_nothing_has_the_assumed_margin(stack: ExitStack) -> None:
    """Without sales nothing is known of what they leave."""
    connection = duckdb.connect()
    fill(connection, {})
    backend = stack.enter_context(DuckDBBackend(connection))
    empty = margin_of(backend, CATALOGUE, AS_OF, today=AS_OF, shop=None, assumed=ASSUMED)
    assert (empty.basis, empty.rate, empty.refunded) == (MarginBasis.ASSUMED, ASSUMED, 0.0)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(0, 99)), min_size=30, max_size=50))
def test_the_margin_is_that_of_the_sums(lines: list[tuple[int, int]]) -> None:
    """Whatever is sold and refunded in part: what is left of the sold money, in all."""
    with ExitStack() as stack:
        rows = [costed(number, left * (100 - back) // 100, refunded=back) for number, (left, back) in enumerate(lines)]
        found = margin(stack, rows)
        left = sum(part * (100 - back) // 100 for part, back in lines)
        if left > 0:
            assert found.rate == pytest.approx(max(0.01, left / (100 * len(lines))))
            assert found.rate * found.break_even == pytest.approx(1.0)
