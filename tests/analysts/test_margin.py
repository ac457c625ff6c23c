"""What a unit of sales leaves: the truest basis that is known, after refunds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysts.conftest import fill

from duoshou.analysts.margin import Margin, MarginBasis, error_of_weeks, margin_of
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

AS_OF = date(2026, 9, 30)
SOLD_ON = AS_OF - timedelta(days=60)
ASSUMED = 0.3
CATALOGUE = load_catalogue()
Rows = list[dict[str, Any]]
Lines = list[tuple[dict[str, Any], ...]]


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
    assert (whole.basis, len(whole.caveats)) == (MarginBasis.CONTRIBUTION, 1)
    assert whole.rate == pytest.approx(0.4)
    goods = margin(stack, [costed(number, 60, fees=20 if number < 10 else None) for number in range(40)])
    assert goods.basis is MarginBasis.GROSS_MARGIN
    assert goods.rate == pytest.approx(0.6)
    assert "已知的都扣了" in goods.caveats[0].zh
    few = [costed(number, 60) if number < 10 else line(number) for number in range(40)]
    guess = margin(stack, few)
    assert guess.basis is MarginBasis.ASSUMED
    assert guess.rate == pytest.approx(ASSUMED)
    assert "30%" in guess.caveats[0].zh


def test_costs_that_are_known_count_though_others_are_not(stack: ExitStack) -> None:
    """Nobody tells the fees: freight of 7 and, of half of the lines, packaging of 2 are taken off the 60."""
    rows = [
        line(number, costed_amount=100, gross_margin=60, freight_cost=7, packaging_cost=2 if number % 2 else None)
        for number in range(40)
    ]
    found = margin(stack, rows)
    assert found.basis is MarginBasis.GROSS_MARGIN
    assert found.rate == pytest.approx(0.52)


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


def test_refunds_that_no_file_tells_are_not_none(stack: ExitStack) -> None:
    """Without a column of refunds none are taken off, and it is said, whatever the margin rests on."""
    untold: Lines = [
        (order | {"refund_amount": None}, left) for order, left in (costed(number, 60) for number in range(40))
    ]
    found = margin(stack, untold)
    assert found.refunded is None
    assert found.rate == pytest.approx(0.6)
    assert any("没有文件写明退款" in one.zh for one in found.caveats)
    uncosted: Lines = [(order | {"refund_amount": None}, left) for order, left in map(line, range(40))]
    guess = margin(stack, uncosted)
    assert "扣退款后" not in guess.caveats[0].zh
    assert any("no file tells refunds" in one.en for one in guess.caveats)


def test_only_settled_days_speak(stack: ExitStack) -> None:
    """The last month, whose refunds are still to come, and what lies before three months are left out."""
    rows = [costed(number, 60) for number in range(40)]
    for place, back in enumerate((0, 30, 121, 300)):
        rows += [costed(100 * (place + 1) + one, 5, refunded=50, day=AS_OF - timedelta(days=back)) for one in range(40)]
    found = margin(stack, rows)
    assert found.rate == pytest.approx(0.6)
    assert found.refunded == 0


def test_the_error_is_that_of_weeks_to_come() -> None:
    """Of shops whose margin and refunds move from week to week: 90 % of the next four weeks lie within 1.645 errors."""
    held, errors = [], []
    for seed in range(400):
        random = np.random.default_rng(seed)
        sold = random.gamma(4.0, 250.0, 112)
        back = np.repeat(np.clip(random.normal(0.1, 0.03, 16), 0, 1), 7)
        rate = np.repeat(random.normal(0.4, 0.05, 16), 7)
        refunded = sold * back
        income = sold - refunded
        left = income * rate
        seen, coming = slice(0, 84), slice(84, 112)
        error = error_of_weeks(left[seen], income[seen], refunded[seen], sold[seen])
        assert error is not None
        then, now = (
            float(left[one].sum() / income[one].sum() * (1 - refunded[one].sum() / sold[one].sum()))
            for one in (coming, seen)
        )
        errors.append(error)
        held.append(abs(then / now - 1) <= 1.645 * error)
    assert 0.84 <= np.mean(held) <= 0.94
    # By hand: weeks of equal sales whose rates scatter by .05 of .4 and .03 of .9, a twelfth and a quarter of that.
    assert np.mean(errors) == pytest.approx(np.hypot(0.05 / 0.4, 0.03 / 0.9) * np.sqrt(1 / 12 + 1 / 4), rel=0.1)


def test_few_weeks_tell_no_error() -> None:
    """Five weeks with sales tell none, nor does a margin of nothing; weeks without sales change nothing."""
    some = np.zeros(84)
    some[:35] = 100.0
    assert error_of_weeks(some * 0.4, some, some * 0, some) is None
    whole = np.full(84, 100.0)
    random = np.random.default_rng(2)
    left = whole * random.uniform(0.3, 0.5, 84)
    late = [np.concatenate([np.zeros(84), one]) for one in (left, whole, whole * 0, whole)]
    assert error_of_weeks(*late) == pytest.approx(error_of_weeks(left, whole, whole * 0, whole))
    assert error_of_weeks(whole * 0, whole, whole * 0, whole) is None
    assert error_of_weeks(whole * 0.4, whole, whole * 0.1, whole) == pytest.approx(0.0)


def test_the_error_of_a_shop_is_known_with_its_weeks(stack: ExitStack) -> None:
    """Twelve weeks of one margin have no error; a day of sales has none that is known, and that is said."""
    days = [AS_OF - timedelta(days=32 + 7 * week) for week in range(12)]
    steady = margin(stack, [costed(number, 60, fees=20, day=day) for number, day in enumerate(days)])
    assert steady.error == pytest.approx(0.0)
    assert steady.scale == pytest.approx(0.0)
    assert steady.caveats == ()
    once = margin(stack, [costed(number, 60, fees=20) for number in range(40)])
    assert (once.error, once.scale) == (None, 0.0)
    assert "误差" in once.caveats[0].zh


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
    assert (empty.basis, empty.rate, empty.refunded) == (MarginBasis.ASSUMED, ASSUMED, None)


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
