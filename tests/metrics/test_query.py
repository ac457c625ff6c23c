"""The shape of questions and answers."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from tests.metrics.conftest import Ask, Toy

from duoshou.metrics import NotAnswerable, UnknownName
from duoshou.metrics.buckets import comparison_frame, current_frame
from duoshou.model import Comparison, Grain, Period

DAY = date(2026, 11, 2)


def test_the_json_is_that_of_the_contract(toy: Toy) -> None:
    """Amounts are text with two digits, counts whole, rates fractions with points; flags a sorted list."""
    toy.add("shop_period", {"period_start": DAY, "visitors": 200, "buyers": 3, "paid_amount": "12.5"})
    toy.add("shop_period", {"period_start": date(2026, 10, 26), "visitors": 100, "buyers": 1, "paid_amount": 10})
    asked = ("pay_amount", "visitors", "pay_conversion_rate")
    result = toy.ask(*asked, period=Period.of_day(DAY), grain=Grain.DAY, comparison=Comparison.WEEK)
    found = json.loads(json.dumps(result.to_dict()))
    assert found == {
        "schema_version": 1,
        "period": {"from": "2026-11-02", "to": "2026-11-02"},
        "comparison": {"from": "2026-10-26", "to": "2026-10-26"},
        "grain": "day",
        "rows": [
            {
                "dimensions": {"period": "2026-11-02"},
                "values": {
                    "pay_amount": {
                        "value": "12.50",
                        "compare": "10.00",
                        "change": 0.25,
                        "source": "shop_period",
                        "flags": [],
                    },
                    "visitors": {"value": 200, "compare": 100, "change": 1.0, "source": "shop_period", "flags": []},
                    "pay_conversion_rate": {
                        "value": 0.015,
                        "compare": 0.01,
                        "change": pytest.approx(0.5),
                        "change_pp": pytest.approx(0.5),
                        "source": "shop_period",
                        "flags": [],
                    },
                },
            }
        ],
        "notes": [],
    }


def test_an_answer_is_a_table_too(toy: Toy) -> None:
    """For CSV every metric has value, flags and source, and with a comparison what it is held against."""
    toy.add("shop_period", {"period_start": DAY, "paid_amount": "12.5"})
    header, rows = toy.ask("pay_amount", period=Period.of_day(DAY), grain=Grain.DAY).table()
    assert header == ["period", "pay_amount", "pay_amount_flags", "pay_amount_source"]
    assert rows == [["2026-11-02", "12.50", "", "shop_period"]]
    compared = toy.ask("pay_amount", period=Period.of_day(DAY), comparison=Comparison.WEEK).table()[0]
    assert compared[:3] == ["pay_amount", "pay_amount_compare", "pay_amount_change"]


def test_every_bucket_appears(toy: Toy) -> None:
    """A year of one known day by week: 53 rows, one of them known, cut where the period is."""
    toy.add("shop_period", {"period_start": DAY, "page_views": 3})
    rows = toy.ask("page_views", period=Period(date(2026, 1, 1), date(2026, 12, 31)), grain=Grain.WEEK).rows
    assert len(rows) == 53
    assert [row.dimensions["period"] for row in rows][::52] == ["2026-W01", "2026-W53"]
    assert [row.values["page_views"].value for row in rows if row.values["page_views"].value] == [3]


def test_groups_come_largest_first(ask: Ask) -> None:
    """Within a bucket the rows are ordered by the first metric, the unknown last."""
    period = Period(date(2026, 9, 1), date(2026, 9, 30))
    rows = ask("net_pay_amount", period=period, by=["region", "device"]).rows
    values = [row.values["net_pay_amount"].value or 0 for row in rows]
    assert values == sorted(values, reverse=True)
    assert list(rows[0].dimensions) == ["region", "device"]


def test_names_are_resolved_once(toy: Toy) -> None:
    """Aliases and doubles lead to one column with the metric's own key."""
    result = toy.ask("支付金额", "pay_amount", "GMV", period=Period.of_day(DAY), by=["省份"])
    assert result.rows == ()
    (row,) = toy.ask("支付金额", "pay_amount", "GMV", period=Period.of_day(DAY)).rows
    assert list(row.values) == ["pay_amount"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"by": ["regoin"]}, "unknown_dimension"),
        ({"by": ["agent"]}, "cannot_split"),
        ({"where": {"campaign": "c1"}}, "cannot_split"),
        ({"shop": "a", "where": {"shop": "b"}}, "two_shops"),
    ],
)
def test_a_question_without_an_answer_says_why(asked: dict[str, object], code: str, toy: Toy) -> None:
    """Unknown, or not carried by any source: each has its own error and hint."""
    with pytest.raises((UnknownName, NotAnswerable)) as refused:
        toy.ask("pay_amount", period=Period.of_day(DAY), **asked)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_no_metric_is_an_error_message(toy: Toy) -> None:
    """A question needs a metric."""
    with pytest.raises(NotAnswerable):
        toy.ask(period=Period.of_day(DAY))


def test_a_filter_can_ask_for_the_unknown(toy: Toy) -> None:
    """An empty value stands for lines whose province nobody knows."""
    for order, province in (("1", "浙江"), ("2", None)):
        line = {"order_id": order, "province": province, "paid_amount": 5, "created_on": DAY, "paid_on": DAY}
        toy.add("order_line", line)
    (row,) = toy.ask("pay_orders", period=Period.of_day(DAY), where={"region": ""}).rows
    assert row.values["pay_orders"].value == 1


def test_a_filter_cannot_smuggle_sql(toy: Toy) -> None:
    """A value with quotes is a value."""
    toy.add("order_line", {"order_id": "1", "province": "x", "paid_amount": 5, "created_on": DAY, "paid_on": DAY})
    attack = {"region": "x' OR '1'='1"}
    (row,) = toy.ask("pay_amount", period=Period.of_day(DAY), where=attack).rows
    assert row.values["pay_amount"].value == 0
    assert toy.ask("pay_amount", period=Period.of_day(DAY), where=attack, by=["city"]).rows == ()


def test_price_bands_are_named(toy: Toy) -> None:
    """With bounds 10 and 50 a price of 10 belongs to 10–50; without bounds the quartiles are named."""
    for order, price in (("1", 9), ("2", 10), ("3", 49), ("4", 50)):
        line = {"order_id": order, "unit_price": price, "paid_amount": price, "created_on": DAY, "paid_on": DAY}
        toy.add("order_line", line)
    bounds = (Decimal(10), Decimal(50))
    rows = toy.ask("pay_orders", period=Period.of_day(DAY), by=["price_band"], price_bands=bounds).rows
    assert {row.dimensions["price_band"]: row.values["pay_orders"].value for row in rows} == {
        "<10": 1,
        "10–50": 2,
        "≥50": 1,
    }
    quartiles = toy.ask("pay_orders", period=Period.of_day(DAY), by=["price_band"]).rows
    assert {row.dimensions["price_band"] for row in quartiles} == {"<9.75", "9.75–29.50", "29.50–49.25", "≥49.25"}


def test_asking_again_compiles_nothing(toy: Toy) -> None:
    """The statement of a question is kept; only the days change."""
    toy.add("shop_period", {"period_start": DAY, "page_views": 3})
    toy.ask("page_views", period=Period.of_day(DAY))
    backend, _ = toy.opened()
    kept = [key for key in backend.memory if key[0] == "scan"]
    toy.ask("page_views", period=Period.of_day(date(2026, 11, 3)), comparison=Comparison.WEEK)
    assert [key for key in backend.memory if key[0] == "scan"] == kept


def test_counterparts_of_buckets() -> None:
    """Weeks of a period face weeks moved by the whole period; in a leap year 29 February faces 28 February."""
    three_weeks = Period(date(2026, 11, 2), date(2026, 11, 22))
    frame = comparison_frame(current_frame(three_weeks, Grain.WEEK), Grain.WEEK, Comparison.PREVIOUS)
    assert frame.buckets[0] == Period(date(2026, 10, 12), date(2026, 10, 18))
    february = Period(date(2028, 2, 28), date(2028, 3, 1))
    days = comparison_frame(current_frame(february, Grain.DAY), Grain.DAY, Comparison.YEAR)
    assert [bucket.start.day if bucket else None for bucket in days.buckets] == [28, 28, 1]
