"""Findings keep their identity from one day to the next."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from duoshou.model import Confidence, Finding, Impact, Period, Subject, Text


def finding(detected_on: date, name: str = "千牛订单") -> Finding:
    """Return a finding about a missing day, detected on `detected_on`."""
    return Finding(
        kind="data.missing_day",
        subject=Subject("source", "order_line", name),
        period=Period.of_day(date(2026, 11, 20)),
        detected_on=detected_on,
        headline=Text("缺一天", "a day is missing"),
        confidence=Confidence.CERTAIN,
    )


def test_the_same_fact_tomorrow_is_the_same_finding() -> None:
    """The id depends neither on the day of detection nor on the wording of the name."""
    assert finding(date(2026, 11, 21)).id == finding(date(2026, 11, 22), name="orders").id


def test_another_fact_is_another_finding() -> None:
    """Kind, subject and period make the id."""
    first = finding(date(2026, 11, 21))
    assert replace(first, kind="data.copied_day", id="").id != first.id
    assert replace(first, period=Period.of_day(date(2026, 11, 19)), id="").id != first.id


def test_json_shape_carries_both_languages_and_plain_values() -> None:
    """Texts are objects with zh and en, periods have from and to, money is text."""
    impact = Impact(Decimal("12.50"), "CNY", Decimal(0), Decimal(20), Text("一天", "one day"))
    shape = replace(finding(date(2026, 11, 21)), impact=impact).to_dict()
    assert json.loads(json.dumps(shape)) == shape
    assert shape["headline"] == {"zh": "缺一天", "en": "a day is missing"}
    assert shape["period"] == {"from": "2026-11-20", "to": "2026-11-20"}
    assert shape["impact"]["amount"] == "12.50"
    assert shape["confidence"] == "certain"
