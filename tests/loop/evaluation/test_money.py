"""What an effect is worth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from tests.loop.evaluation.arrays import FIRST, reader_of

from duoshou.loop.evaluation.estimate import Found
from duoshou.loop.evaluation.measure import PROFITS
from duoshou.loop.evaluation.money import MATURITY, Margin, margin_of, sold_more, worth_of
from duoshou.metrics import load_catalogue
from duoshou.model import Period
from duoshou.statistics.effects import Effect

DAYS = 60
PAST = Period(FIRST, FIRST + timedelta(days=29))
JUDGED = Period(FIRST + timedelta(days=30), FIRST + timedelta(days=36))


def known(before: float, after: float, cover: float = 1.0) -> dict[str, dict[str, Any]]:
    """Return 100 of sales a day that leave so much before and after the change, known of a part of them."""
    rates = np.where(np.arange(DAYS) < 30, before, after)
    base = 100.0 * cover
    return {
        "pay_amount": {"a": 100.0},
        "income": {"a": 100.0},
        "contributing_income": {"a": base},
        "contribution": {"a": rates * base},
    }


def margin(tables: dict[str, dict[str, Any]], days: int = DAYS) -> Margin:
    """Return the margin of product a."""
    return margin_of(reader_of(tables, days), "product", ("a",), PAST, JUDGED, 0.3)


def test_the_margin_before_and_after_is_told_once_the_days_have_settled() -> None:
    """Until refunds are in, what sells now is taken to leave what sales left before."""
    settled = margin(known(0.4, 0.25))
    assert [settled.rate, settled.after] == pytest.approx([0.4, 0.25])
    assert settled.basis == "contribution"
    early = JUDGED.end + timedelta(days=MATURITY - 1)
    days = (early - FIRST).days + 1
    tables = {name: {"a": np.broadcast_to(row["a"], (DAYS,))[:days]} for name, row in known(0.4, 0.25).items()}
    assert margin(tables, days).after == pytest.approx(0.4)


def test_costs_known_in_part_speak_for_all_and_say_so() -> None:
    """From half of the income on the known part stands for all; below it the margin of the settings does."""
    assert margin(known(0.4, 0.4)).caveats == ()
    part = margin(known(0.4, 0.4, 0.6))
    assert part.rate == pytest.approx(0.4)
    assert part.caveats == ("own_margin",)
    little = margin(known(0.4, 0.4, 0.4))
    assert (little.rate, little.caveats) == (0.3, ("assumed_margin",))


def test_refunds_are_in_the_margin() -> None:
    """Where a fifth of the sales is refunded, a unit of sales leaves four fifths of the rate."""
    tables = known(0.4, 0.4)
    tables["income"] = tables["contributing_income"] = {"a": 80.0}
    tables["contribution"] = {"a": 32.0}
    assert margin(tables).rate == pytest.approx(0.32)


def found(expected: float, seen: float, low: float, high: float) -> Found:
    """Return an effect on sales over a week."""
    total, days = seen - expected, np.full(7, seen / 7)
    ratio = (total / expected, low / expected, high / expected)
    effect = Effect(
        total / 7, low / 7, high / 7, total, low, high, *ratio, days, days, "synthetic_did", 0.95, 0.5, 9, ()
    )
    return Found(effect, JUDGED, PAST, np.ones(30))


def test_what_came_less_what_would_have_come_is_the_worth() -> None:
    """A cut of the price that sells more may still lose: 1,300 at 25 % leave less than 1,000 at 40 %."""
    margin = Margin(0.4, 0.25, 0.0, "contribution", 1.0)
    worth = worth_of(found(1000, 1300, 200, 400), margin, 0.95)
    assert worth.value == pytest.approx(1300 * 0.25 - 1000 * 0.4)
    assert [worth.low, worth.high] == pytest.approx([worth.value - 40, worth.value + 40])


def test_an_unsure_margin_widens_the_worth() -> None:
    """The error of the margin's move counts with all that was sold."""
    sure = worth_of(found(1000, 1300, 200, 400), Margin(0.4, 0.4, 0.0, "contribution", 1.0), 0.95)
    unsure = worth_of(found(1000, 1300, 200, 400), Margin(0.4, 0.4, 0.05, "contribution", 1.0), 0.95)
    assert sure.value == unsure.value == pytest.approx(120)
    assert unsure.high - unsure.value == pytest.approx(np.hypot(40, 1.96 * 0.05 * 1300), rel=1e-3)


def test_a_lower_price_sells_more_than_it_earns() -> None:
    """Twice the units at half the price leave what the same sales would at the former price, besides what they left."""
    later = np.arange(DAYS) >= 30
    reader = reader_of({"pay_amount": {"a": 100.0}, "pay_units": {"a": np.where(later, 20.0, 10.0)}}, DAYS)
    known = Margin(0.4, 0.1, 0.0, "contribution", 1.0)
    assert sold_more(reader, "product", ("a",), PAST, JUDGED, known) == pytest.approx(7 * (200 * 0.4 - 100 * 0.1))
    assert sold_more(reader_of({"pay_amount": {"a": 100.0}}, DAYS), "product", ("a",), PAST, JUDGED, known) == 0.0


def test_without_fees_the_costs_that_are_known_make_the_margin() -> None:
    """Goods and freight are known and fees are not: what is left after the known ones stands in, and it is said."""
    tables = known(0.4, 0.4) | {"known_margin": {"a": 45.0}, "costed_income": {"a": 100.0}}
    whole, part = margin(tables), margin({name: tables[name] for name in tables if not name.startswith("contribut")})
    assert whole.rate == pytest.approx(0.4)
    assert (whole.basis, whole.caveats) == ("contribution", ())
    assert part.rate == pytest.approx(0.45)
    assert (part.basis, part.caveats) == ("gross_margin", ("own_margin",))


def test_what_may_be_negative_is_measured_by_what_sales_leave() -> None:
    """Each metric of the catalogue that adds what lines leave: a logarithm of it may not exist."""
    metrics = load_catalogue().metrics.values()
    left = {one.key for one in metrics if {part.sum for part in one.source} & {"contribution", "gross_margin"}}
    assert left == PROFITS
