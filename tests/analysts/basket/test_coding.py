"""Pairs counted from codes are the pairs that the engine counts."""

from __future__ import annotations

from datetime import date

import pytest
from tests.analysts.basket.conftest import asked, order
from tests.analysts.basket.test_engines import shape
from tests.analysts.conftest import Opened

from duoshou.analysts.basket import BasketKind, coding
from duoshou.analysts.basket.coding import counted_by_codes
from duoshou.analysts.basket.counting import counted_in_engine
from duoshou.engine import Backend
from duoshou.model import Period


@pytest.mark.parametrize("kind", list(BasketKind))
@pytest.mark.parametrize("least", [1, 5, 60])
@pytest.mark.parametrize("lines", [10**9, 700])
def test_codes_count_what_the_engine_counts(
    known: Backend, monkeypatch: pytest.MonkeyPatch, kind: BasketKind, least: int, lines: int
) -> None:
    """Whether they are fetched at one time or in parts, the counts of both ways are equal."""
    monkeypatch.setattr(coding, "MOST_LINES", lines)
    question = asked(known, kind=kind, least=least)
    found, expected = counted_by_codes(question), counted_in_engine(question)
    assert found.products == expected.products
    assert shape(found) == shape(expected)
    assert found.sizes.months.tolist() == expected.sizes.months.tolist()
    assert found.sizes.several.tolist() == expected.sizes.several.tolist()


def test_a_month_without_orders_is_none(opened: Opened) -> None:
    """Only months in which something was bought are told, and an order counts in the month of its first line."""
    lines = [*order(1, 0, ["a", "b"]), *order(2, 58, ["a", "b"])]
    lines[1]["paid_on"] = date(2026, 4, 1)
    for question in (
        asked(opened(order_line=lines[:2] + lines[3:]), least=1),
        asked(opened(order_line=lines), least=1),
    ):
        found, expected = counted_by_codes(question), counted_in_engine(question)
        assert shape(found) == shape(expected)
        assert found.sizes.months.tolist() == expected.sizes.months.tolist() == [2026 * 12 + 3, 2026 * 12 + 4]


def test_no_lines_are_no_pairs(known: Backend) -> None:
    """A period without orders gives nothing, and no error."""
    nothing = asked(known)
    found = counted_by_codes(type(nothing)(known, Period(date(2020, 1, 1), date(2020, 2, 1)), None, "CNY"))
    assert found.products == ()
    assert not found.sizes.baskets.size
    assert not found.pairs.left.size
