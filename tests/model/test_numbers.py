"""Numbers as a shop writes them."""

from __future__ import annotations

from decimal import Decimal

from duoshou.model.numbers import amount, cents, count, point_change, rate, relative_change, runs, whole_amount


def test_money() -> None:
    """Two decimals, thousands apart, with the currency in the reader's language."""
    assert amount(Decimal("10644560.42"), "CNY", "zh") == "10,644,560.42 元"
    assert amount(Decimal("10644560.42"), "CNY", "en") == "10,644,560.42 CNY"
    assert amount(Decimal("-0.005"), "GBP", "zh") == "-0.01 GBP"
    assert [whole_amount(Decimal(one), "CNY", "zh") for one in ("1234.5", "-0.4")] == ["1,235 元", "0 元"]


def test_cents_are_of_the_number_as_it_is_written() -> None:
    """The nearest hundredth of what a float prints, not of its binary expansion."""
    assert str(cents(1.005)) == "1.01"
    assert str(cents(2.675)) == "2.68"
    assert str(cents(-0.1)) == "-0.10"
    assert str(cents(Decimal(7))) == "7.00"


def test_counts_and_rates() -> None:
    """Counts have no decimals, rates are in per cent."""
    assert count(541909) == "541,909"
    assert count(3.14159) == "3.14"
    assert rate(0.0231) == "2.31%"
    assert rate(Decimal(1)) == "100.00%"


def test_changes_have_a_sign() -> None:
    """A rise has a plus; no change has no sign."""
    assert relative_change(0.1234) == "+12.3%"
    assert relative_change(-0.00001) == "0.0%"
    assert point_change(-0.31) == "-0.31pp"


def test_unknown_is_a_dash() -> None:
    """What is not known is not zero."""
    assert {amount(None, "CNY", "zh"), count(None), rate(None), relative_change(None), point_change(None)} == {"—"}


def test_whole_numbers_in_a_row_are_told_as_runs() -> None:
    """Neighbours are put together, a lonely one stands alone."""
    assert runs([2, 3, 4, 9]) == ["2–4", "9"]
    assert runs([7]) == ["7"]
    assert runs([]) == []
