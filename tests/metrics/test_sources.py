"""How each table may be added, and how it may not: trees, wholes, stocks, indices, signs, dates. Numbers by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.metrics.conftest import Toy

from duoshou.metrics import Flag, MetricValue, NotAnswerable
from duoshou.model import Period

MONDAY = date(2026, 11, 2)
DAY = Period.of_day(MONDAY)
WEEK = Period(MONDAY, MONDAY + timedelta(days=6))


def one(toy: Toy, metric: str, period: Period = DAY, **asked: Any) -> MetricValue:
    """Return the single value."""
    (row,) = toy.ask(metric, period=period, **asked).rows
    return row.values[metric]


def split(toy: Toy, metric: str, by: str, period: Period = DAY, **asked: Any) -> dict[str | None, Any]:
    """Return value by group."""
    return {
        row.dimensions[by]: row.values[metric].value for row in toy.ask(metric, period=period, by=[by], **asked).rows
    }


def test_a_tree_of_sources_is_read_on_one_level(toy: Toy) -> None:
    """Search 100 holds own 60 and other 40; with paid 50 the first level is 150, the second 100, never 250."""
    for path, level, visitors in (
        ("search", 1, 100),
        ("search > own", 2, 60),
        ("search > other", 2, 40),
        ("paid", 1, 50),
    ):
        row = {"source_path": path, "source_level": level, "visitors": visitors, "page_views": visitors * 2}
        toy.add("traffic_source_period", {"period_start": MONDAY, **row})
    assert split(toy, "visitors", "traffic_source") == {"search": 100, "paid": 50}
    assert one(toy, "page_views").value == 300
    deeper = split(toy, "visitors", "traffic_source", where={"source_level": "2"})
    assert deeper == {"search > own": 60, "search > other": 40}
    assert one(toy, "visitors", where={"traffic_source": "search > own"}).value == 60
    assert one(toy, "visitors").flags == {Flag.APPROXIMATE}


def order(toy: Toy, number: str, **more: Any) -> None:
    """Add an order of one line for 40."""
    row = {"order_id": number, "line_no": 1, "quantity": 1, "paid_amount": 40, "paid_on": MONDAY, "created_on": MONDAY}
    toy.add("order_line", {**row, **more})


def test_orders_that_name_no_source_are_not_asked_where_a_report_has_it(toy: Toy) -> None:
    """Two orders without a source and a report with 60 from search: the report answers, though orders come first."""
    order(toy, "1")
    order(toy, "2")
    row = {"source_path": "search", "source_level": 1, "paid_amount": 60, "visitors": 9}
    toy.add("traffic_source_period", {"period_start": MONDAY, **row})
    assert split(toy, "pay_amount", "traffic_source") == {"search": Decimal(60)}
    assert one(toy, "pay_amount").value == Decimal(80)


def test_what_no_file_names_cannot_be_split_by_it_and_is_said(toy: Toy) -> None:
    """Only orders without a source: all is of an unknown one, a named one is unknown and not 0, and it is said."""
    order(toy, "1")
    answered = toy.ask("pay_amount", "pay_orders", period=DAY, by=["traffic_source"])
    assert [row.dimensions["traffic_source"] for row in answered.rows] == [None]
    assert answered.rows[0].values["pay_amount"].value == Decimal(40)
    (note,) = answered.notes
    assert note.zh == "支付金额、支付订单数：现有文件没有写流量来源，不能按它拆开"
    assert "traffic source" in note.en
    assert one(toy, "pay_amount", where={"traffic_source": "search"}).value is None
    assert toy.ask("pay_amount", period=DAY).notes == ()


def test_a_figure_that_cannot_be_split_stays_unknown_beside_one_that_can(toy: Toy) -> None:
    """Visitors come by source, orders do not: the orders of a source are unknown, not 0."""
    order(toy, "1")
    row = {"source_path": "search", "source_level": 1, "visitors": 9}
    toy.add("traffic_source_period", {"period_start": MONDAY, **row})
    rows = toy.ask("pay_orders", "visitors", period=DAY, by=["traffic_source"]).rows
    told = {
        row.dimensions["traffic_source"]: (row.values["pay_orders"].value, row.values["visitors"].value) for row in rows
    }
    assert told == {"search": (None, 9), None: (1, None)}


def test_orders_of_which_some_name_a_source_are_split_by_it(toy: Toy) -> None:
    """One of two orders names its source: nothing is said, and the other is of an unknown one."""
    order(toy, "1", traffic_source="live")
    order(toy, "2")
    answered = toy.ask("pay_amount", period=DAY, by=["traffic_source"])
    assert {row.dimensions["traffic_source"]: row.values["pay_amount"].value for row in answered.rows} == {
        "live": Decimal(40),
        None: Decimal(40),
    }
    assert answered.notes == ()


def test_products_are_not_added_to_the_whole_shop(toy: Toy) -> None:
    """The shop's own row of a source answers; the products' rows only when a product is asked for."""
    for product, visitors in (("-", 100), ("p1", 70), ("p2", 60)):
        row = {"product_id": product, "source_path": "search", "source_level": 1, "visitors": visitors}
        toy.add("traffic_source_period", {"period_start": MONDAY, **row})
    assert split(toy, "visitors", "traffic_source") == {"search": 100}
    found = one(toy, "visitors", where={"product": "p1", "traffic_source": "search"})
    assert (found.value, found.source) == (70, "traffic_source_period/product")


def test_agents_are_not_added_to_the_whole_desk(toy: Toy) -> None:
    """The desk received 90, the agents 50 and 60: some customers spoke with both."""
    for agent, received, seconds in (("-", 90, 20), ("anna", 50, 10), ("bo", 60, 40)):
        row = {"agent": agent, "received": received, "first_response_seconds": seconds, "sales_amount": received}
        toy.add("inquiry_period", {"period_start": MONDAY, **row})
    assert one(toy, "received_customers").value == 90
    assert split(toy, "received_customers", "agent") == {"anna": 50, "bo": 60}
    assert split(toy, "first_response_time", "agent") == {"anna": 10, "bo": 40}


def test_agents_without_their_whole_are_added_approximately(toy: Toy) -> None:
    """Where the file has agents only, people are a rough sum and durations are weighted by people received."""
    for agent, received, seconds in (("anna", 50, 10), ("bo", 150, 40)):
        row = {"agent": agent, "received": received, "first_response_seconds": seconds}
        toy.add("inquiry_period", {"period_start": MONDAY, **row})
    assert (one(toy, "received_customers").value, one(toy, "received_customers").flags) == (
        200,
        frozenset({Flag.APPROXIMATE}),
    )
    assert one(toy, "first_response_time").value == pytest.approx((50 * 10 + 150 * 40) / 200)


def test_an_index_is_given_for_one_row_only(toy: Toy) -> None:
    """A popularity of 5000 is 5000; two terms, or two days, have none together."""
    for term, popularity in (("ball", 5000), ("doll", 300)):
        toy.add("search_term_period", {"term": term, "period_start": MONDAY, "demand_index": popularity})
    toy.add("search_term_period", {"term": "ball", "period_start": MONDAY + timedelta(days=1), "demand_index": 5100})
    assert one(toy, "search_popularity", where={"search_term": "ball"}).value == 5000
    assert split(toy, "search_popularity", "search_term") == {"ball": 5000, "doll": 300}
    both = one(toy, "search_popularity")
    assert (both.value, both.flags) == (None, frozenset({Flag.NOT_ADDITIVE}))
    days = one(toy, "search_popularity", Period(MONDAY, MONDAY + timedelta(days=1)), where={"search_term": "ball"})
    assert (days.value, Flag.NOT_ADDITIVE in days.flags) == (None, True)


def test_own_terms_and_terms_of_the_market_are_apart(toy: Toy) -> None:
    """1200 searched on the market, 30 of them came to the shop."""
    toy.add("search_term_period", {"term": "ball", "period_start": MONDAY, "searchers": 1200, "visitors": None})
    toy.add("search_term_period", {"scope": "own", "term": "ball", "period_start": MONDAY, "visitors": 30})
    assert one(toy, "market_searchers").value == 1200
    assert split(toy, "search_visitors", "search_term") == {"ball": 30}


def test_categories_and_providers_of_a_market_are_never_added(toy: Toy) -> None:
    """Toys hold dolls, and two providers estimate the same market: neither sum exists."""
    toy.add(
        "market_period",
        {"period_start": MONDAY, "amount": 1000},
        {"period_start": MONDAY, "amount": 900, "provider": "x"},
    )
    assert one(toy, "market_amount").value == 1000
    assert one(toy, "market_amount", shop="main").source == "market_period/category/platform"
    toy.add("market_period", {"period_start": MONDAY, "category": "dolls", "amount": 400})
    found = one(toy, "market_amount")
    assert (found.value, found.flags) == (None, frozenset({Flag.NOT_ADDITIVE}))
    assert split(toy, "market_amount", "category") == {"toys": 1000, "dolls": 400}
    assert one(toy, "market_amount", where={"category": "dolls"}).value == 400


def test_stock_is_the_last_value_of_each_code_added(toy: Toy) -> None:
    """Code a: 5 then 3, code b: 10 then 8: the stock of both days is 11, by code 3 and 8, never 26."""
    for day, a, b in ((0, 5, 10), (1, 3, 8)):
        for sku, units in (("a", a), ("b", b)):
            toy.add(
                "stock_day", {"sku": sku, "product_id": "p", "day": MONDAY + timedelta(days=day), "stock_units": units}
            )
    both = Period(MONDAY, MONDAY + timedelta(days=1))
    assert (one(toy, "stock_units", both).value, one(toy, "stock_units", both).flags) == (11, frozenset())
    assert split(toy, "stock_units", "sku", both) == {"a": 3, "b": 8}
    assert split(toy, "stock_units", "product", both) == {"p": 11}


def test_a_code_without_a_last_day_keeps_its_older_stock_marked(toy: Toy) -> None:
    """Code b has no row on the last day: its older value stands, and the sum says so. Two shops are added."""
    tuesday = MONDAY + timedelta(days=1)
    toy.add("stock_day", {"sku": "a", "day": MONDAY, "stock_units": 5}, {"sku": "b", "day": MONDAY, "stock_units": 10})
    toy.add("stock_day", {"sku": "a", "day": tuesday, "stock_units": 4})
    found = one(toy, "stock_units", Period(MONDAY, tuesday))
    assert (found.value, found.flags) == (14, frozenset({Flag.APPROXIMATE}))
    toy.add("stock_day", {"shop": "other", "sku": "a", "day": MONDAY, "stock_units": 100})
    assert one(toy, "stock_units").value == 115


def test_days_of_supply_divide_by_the_daily_sales(toy: Toy) -> None:
    """30 units on the shelf, 14 sold in 7 days, 2 a day: 15 days."""
    for day in range(7):
        toy.add("stock_day", {"sku": "a", "day": MONDAY + timedelta(days=day), "stock_units": 30})
        toy.add("shop_period", {"period_start": MONDAY + timedelta(days=day), "paid_units": 2})
    assert one(toy, "days_of_supply", WEEK).value == 15


def test_fees_are_signed_by_kind(toy: Toy) -> None:
    """Sales 100, commission −5, refund −20, transfer −70: net 75, fees 5; what failed or waits does not count."""
    for number, (kind, amount, status) in enumerate(
        [
            ("sales", 100, "settled"),
            ("commission", -5, None),
            ("refund", -20, "settled"),
            ("transfer", -70, "settled"),
            ("sales", 30, "pending"),
            ("sales", 40, "failed"),
        ]
    ):
        row = {"line": str(number), "kind": kind, "amount": amount, "status": status, "booked_on": MONDAY}
        toy.add("settlement", row)
    (settled,) = toy.ask("settled_net", "platform_fees", "settled_refunds", "pending_settlement", period=DAY).rows
    assert [value.value for value in settled.values.values()] == [75, 5, 20, 30]
    assert one(toy, "platform_fee_rate").value == pytest.approx(0.05)


def test_a_category_comes_from_the_product_master(toy: Toy) -> None:
    """Lines of two products of one category are one group; a product that the master lacks has none."""
    toy.add("product", {"product_id": "p1", "category": "toys"}, {"product_id": "p2", "category": "toys"})
    toy.add("product", {"product_id": "p1", "variant_id": "red", "category": "toys"})
    for order, product, amount in (("1", "p1", 10), ("2", "p2", 20), ("3", "p9", 5)):
        line = {"order_id": order, "product_id": product, "paid_amount": amount, "discount_seller": amount}
        toy.add("order_line", {**line, "paid_on": MONDAY, "created_on": MONDAY})
    assert split(toy, "discount_seller", "category") == {"toys": 30, None: 5}
    assert one(toy, "discount_seller", where={"category": "toys"}).value == 30


def test_targets_are_months(toy: Toy) -> None:
    """November's target is 3000 and 1500 were paid: 50 %; ten days of it have no target."""
    month = Period(date(2026, 11, 1), date(2026, 11, 30))
    toy.add("target", {"month": date(2026, 11, 1), "value": 3000})
    for day in range(30):
        toy.add("shop_period", {"period_start": date(2026, 11, 1) + timedelta(days=day), "paid_amount": 50})
    assert one(toy, "target_attainment", month).value == Decimal("0.5")
    part = one(toy, "target_attainment", Period(date(2026, 11, 1), date(2026, 11, 10)))
    assert (part.value, Flag.MISSING_DAYS in part.flags) == (None, True)


def test_a_day_without_content_is_not_a_missing_day(toy: Toy) -> None:
    """Live on Monday and Wednesday: the sum of three days misses nothing, but viewers may be the same people."""
    for day in (0, 2):
        row = {"content_id": f"c{day}", "viewers": 100, "paid_amount": 40, "views": 200}
        toy.add("content_period", {"day": MONDAY + timedelta(days=day), **row})
    three = Period(MONDAY, MONDAY + timedelta(days=2))
    assert (one(toy, "content_pay_amount", three).value, one(toy, "content_pay_amount", three).flags) == (
        80,
        frozenset(),
    )
    assert (one(toy, "content_viewers", three).value, one(toy, "content_viewers", three).flags) == (
        200,
        frozenset({Flag.APPROXIMATE}),
    )
    assert one(toy, "content_value_per_mille", three).value == 200


def test_commission_is_estimated_at_payment_and_certain_at_settlement(toy: Toy) -> None:
    """Two lines paid on Monday, one settled on Tuesday for less, one invalid: 12 estimated, 4 settled."""
    paid = {"paid_on": MONDAY, "paid_amount": 60}
    tuesday = MONDAY + timedelta(days=1)
    settled = {"status": "settled", "settled_on": tuesday, "settled_amount": 40, "commission": 4}
    toy.add("affiliate_order", {"line_id": "1", "order_id": "1", **paid, **settled})
    toy.add("affiliate_order", {"line_id": "2", "order_id": "2", **paid, "status": "invalid", "commission": 8})
    assert one(toy, "affiliate_commission").value == 12
    assert one(toy, "affiliate_settled_commission", Period.of_day(tuesday)).value == 4
    assert one(toy, "affiliate_settled_commission").value == 0


def test_a_refund_case_counts_when_it_was_applied_for_and_its_money_when_it_was_finished(toy: Toy) -> None:
    """Applied for on Monday, paid back on Tuesday: one case on Monday, the money on Tuesday, a day apart."""
    tuesday = MONDAY + timedelta(days=1)
    case = {"refund_id": "1", "order_id": "1", "amount": 20, "reason": "broken"}
    toy.add("refund", {**case, "status": "succeeded", "applied_on": MONDAY, "finished_on": tuesday})
    assert (one(toy, "refund_cases").value, one(toy, "refund_amount").value) == (1, 0)
    both = Period(MONDAY, tuesday)
    assert (one(toy, "refund_cases", Period.of_day(tuesday)).value, one(toy, "refund_amount", both).value) == (0, 20)
    assert one(toy, "refund_handling_time").value == 86400
    assert split(toy, "refund_cases", "reason", both) == {"broken": 1}


def test_scores_are_never_put_together(toy: Toy) -> None:
    """Service 4.8 and logistics 4.6 have no common score; each alone has."""
    for score, value in (("service", 4.8), ("logistics", 4.6)):
        toy.add("service_score", {"score": score, "day": MONDAY, "value": value})
    found = one(toy, "score_value")
    assert (found.value, found.flags) == (None, frozenset({Flag.NOT_ADDITIVE}))
    assert split(toy, "score_value", "score") == {"service": 4.8, "logistics": 4.6}
    (row,) = toy.ask("score_service", "score_logistics", period=DAY).rows
    assert [value.value for value in row.values.values()] == [4.8, 4.6]


def test_orders_that_name_no_shipping_say_nothing_of_dispatch(toy: Toy) -> None:
    """A file without shipping times gives no rate of 0 %."""
    toy.add("order_header", {"order_id": "1", "created_on": MONDAY, "paid_on": MONDAY, "status": "paid"})
    assert one(toy, "shipped_48h_rate").value is None
    shipped = {"shipped_on": MONDAY, "paid_on": MONDAY, "created_on": MONDAY, "status": "shipped"}
    toy.add("order_header", {"order_id": "2", **shipped})
    assert one(toy, "shipped_48h_rate").value == 0.5


def test_people_of_one_shop_per_platform_may_be_split_by_platform(toy: Toy) -> None:
    """One shop on each platform: by platform the visitors are those of the shops; two on one are refused."""
    for shop, platform, visitors in (("a", "taobao", 10), ("b", "jd", 20)):
        toy.add("shop_period", {"shop": shop, "platform": platform, "period_start": MONDAY, "visitors": visitors})
    assert split(toy, "visitors", "platform") == {"taobao": 10, "jd": 20}
    toy.add("shop_period", {"shop": "c", "platform": "jd", "period_start": MONDAY, "visitors": 5})
    with pytest.raises(NotAnswerable, match="shops"):
        toy.ask("visitors", period=DAY, by=["platform"])
