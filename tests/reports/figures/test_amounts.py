"""Numbers of figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.metrics import Unit
from duoshou.model import Language
from duoshou.reports.figures.amounts import Amounts, signed, signless, three_figures


@pytest.mark.parametrize(
    ("unit", "language", "largest", "label"),
    [
        (Unit.MONEY, "zh", 9_999, "元"),
        (Unit.MONEY, "zh", 10_000, "万元"),
        (Unit.MONEY, "zh", 2e8, "亿元"),
        (Unit.MONEY, "en", 9_999, "CNY"),
        (Unit.MONEY, "en", 50_000, "thousand CNY"),
        (Unit.MONEY, "en", 5e6, "million CNY"),
        (Unit.PEOPLE, "zh", 500, "人"),
        (Unit.PEOPLE, "zh", 50_000, "万人"),
        (Unit.COUNT, "zh", 50_000, "万"),
        (Unit.COUNT, "en", 500, ""),
        (Unit.RATE, "zh", 0.03, "%"),
        (Unit.SECONDS, "zh", 90_000, "秒"),
    ],
)
def test_an_axis_is_written_in_the_unit_that_a_shop_says(
    unit: Unit, language: Language, largest: float, label: str
) -> None:
    """元 below ten thousand, 万元 from there, 亿元 from a hundred million; English has its own steps."""
    assert Amounts(unit, language, "CNY").scale(largest).label == label


def test_another_currency_keeps_its_code() -> None:
    """元 is the word for one currency only."""
    assert Amounts(Unit.MONEY, "zh", "USD").scale(50_000).label == "万 USD"
    assert Amounts(Unit.MONEY, "zh", "USD").full(1.5) == "1.50 USD"


def test_numbers_in_words_are_full() -> None:
    """What is read out has all its figures and its unit; unknown is a dash."""
    assert Amounts(Unit.MONEY, "zh", "CNY").full(1_234_567.885) == "1,234,567.89 元"
    assert Amounts(Unit.RATE, "zh", "CNY").full(0.02315) == "2.32%"
    assert Amounts(Unit.PEOPLE, "en", "CNY").full(1234) == "1,234 people"
    assert Amounts(Unit.MONEY, "zh", "CNY").full(None) == "—"


def test_rates_change_in_points() -> None:
    """A change of a rate is no per cent of it."""
    assert Amounts(Unit.RATE, "zh", "CNY").full_change(-0.0031) == "−0.31 个百分点"
    assert Amounts(Unit.RATE, "en", "CNY").full_change(0.0031) == "+0.31 pp"
    assert Amounts(Unit.MONEY, "zh", "CNY").full_change(12.5) == "+12.50 元"


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_signs_are_true(value: float, decimals: int) -> None:
    """What is written has the sign of what it rounds to, and nothing has none."""
    for text in (signless(value, decimals), signed(value, decimals)):
        number = float(text.replace(",", "").replace("−", "-"))
        assert abs(number - value) <= 0.5 * 10**-decimals + 1e-6
        assert text.startswith("−") == (number < 0)
    assert signed(value, decimals).startswith("+") == (
        float(signless(value, decimals).replace(",", "").replace("−", "-")) > 0
    )


@pytest.mark.parametrize(("largest", "decimals"), [(0, 0), (0.05, 2), (9.8, 2), (12.3, 1), (123, 0), (99_999, 0)])
def test_three_figures(largest: float, decimals: int) -> None:
    """The largest change has three figures and never more than two decimals."""
    assert three_figures(largest) == decimals
