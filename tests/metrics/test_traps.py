"""The mistakes that a shop's numbers invite. Each test shows the toy data on which the mistake would be made."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.metrics.conftest import Toy

from duoshou.metrics import Flag, MetricValue, NotAnswerable
from duoshou.model import Comparison, Grain, Period

MONDAY = date(2026, 11, 2)
WEEK = Period(MONDAY, MONDAY + timedelta(days=6))
ROUGH = frozenset({Flag.APPROXIMATE})
GAPS = frozenset({Flag.MISSING_DAYS})
FEW = frozenset({Flag.SMALL_SAMPLE})
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def one(toy: Toy, metric: str, period: Period, **asked: Any) -> MetricValue:
    """Return the only value of an answer."""
    (row,) = toy.ask(metric, period=period, **asked).rows
    return row.values[metric]


def shop_days(period: Period, **figures: object) -> list[dict[str, object]]:
    """Return one equal shop day for each day of a period."""
    return [{"period_start": day, **figures} for day in period]


def test_visitors_of_days_are_not_the_visitors_of_the_week(toy: Toy) -> None:
    """Mon–Sun 100 visitors each, the platform's week 430: the week is 430; six days make 600, marked."""
    toy.add("shop_period", *shop_days(WEEK, visitors=100))
    toy.add("shop_period", {"grain": "week", "period_start": MONDAY, "visitors": 430})
    stored = one(toy, "visitors", WEEK)
    assert (stored.value, stored.flags) == (430, frozenset())
    part = one(toy, "visitors", Period(MONDAY, MONDAY + timedelta(days=5)))
    assert (part.value, part.flags) == (600, ROUGH)
    assert one(toy, "visitor_days", WEEK).value == 700


def test_a_week_is_answered_by_its_row_and_its_days_by_theirs(toy: Toy) -> None:
    """Days 100 each and a week row 430: by week 430 exactly, by day seven times 100 exactly."""
    toy.add("shop_period", *shop_days(WEEK, visitors=100))
    toy.add("shop_period", {"grain": "week", "period_start": MONDAY, "visitors": 430})
    (week,) = toy.ask("visitors", period=WEEK, grain=Grain.WEEK).rows
    assert week.dimensions == {"period": "2026-W45"}
    assert (week.values["visitors"].value, week.values["visitors"].flags) == (430, frozenset())
    days = [row.values["visitors"] for row in toy.ask("visitors", period=WEEK, grain=Grain.DAY).rows]
    assert [(day.value, day.flags) for day in days] == [(100, frozenset())] * 7


def test_a_month_row_answers_a_whole_month_only(toy: Toy) -> None:
    """November stored as 900 visitors and nothing else: November is 900, its first half unknown."""
    toy.add("shop_period", {"grain": "month", "period_start": NOVEMBER.start, "visitors": 900, "paid_amount": 5000})
    assert one(toy, "visitors", NOVEMBER).value == 900
    assert one(toy, "pay_amount", NOVEMBER).value == Decimal(5000)
    half = one(toy, "visitors", Period(NOVEMBER.start, date(2026, 11, 15)))
    assert (half.value, half.source, half.flags) == (None, None, GAPS)


def test_a_conversion_rate_is_not_the_mean_of_rates(toy: Toy) -> None:
    """1 of 10 buys on Monday (10 %), 90 of 100 on Tuesday (90 %): together 91 of 110, not 50 %."""
    toy.add("shop_period", {"period_start": MONDAY, "visitors": 10, "buyers": 1})
    toy.add("shop_period", {"period_start": MONDAY + timedelta(days=1), "visitors": 100, "buyers": 90})
    rate = one(toy, "pay_conversion_rate", Period(MONDAY, MONDAY + timedelta(days=1)))
    assert rate.value == pytest.approx(91 / 110)
    assert rate.flags == ROUGH


def test_both_sides_of_a_ratio_come_from_one_source(toy: Toy) -> None:
    """The platform says 50 buyers of 1000 visitors, the orders name 2 buyers: the rate is 5 %, never 2 of 1000."""
    toy.add("shop_period", {"period_start": MONDAY, "visitors": 1000, "buyers": 50})
    toy.add(
        "order_line", {"order_id": "1", "buyer_key": "a", "created_on": MONDAY, "paid_on": MONDAY, "paid_amount": 9}
    )
    toy.add(
        "order_line", {"order_id": "2", "buyer_key": "b", "created_on": MONDAY, "paid_on": MONDAY, "paid_amount": 9}
    )
    rate = one(toy, "pay_conversion_rate", Period.of_day(MONDAY))
    assert (rate.value, rate.source) == (0.05, "shop_period")


def test_orders_with_several_lines_are_counted_once(toy: Toy) -> None:
    """One order of three lines at 10, freight 6 on the first: 1 order, 1 buyer, 3 lines, 30 paid, freight 6."""
    for line in (1, 2, 3):
        toy.add(
            "order_line",
            {
                "order_id": "7",
                "line_no": line,
                "product_id": f"p{line}",
                "buyer_key": "a",
                "paid_amount": 10,
                "freight": 6 if line == 1 else 0,
                "created_on": MONDAY,
                "paid_on": MONDAY,
            },
        )
    toy.add("order_header", {"order_id": "7", "buyer_key": "a", "created_on": MONDAY, "paid_on": MONDAY})
    names = ("orders", "pay_orders", "pay_buyers", "pay_lines", "pay_amount", "freight")
    (row,) = toy.ask(*names, period=Period.of_day(MONDAY)).rows
    assert [row.values[name].value for name in names] == [1, 1, 1, 3, Decimal(30), Decimal(6)]
    by_product = toy.ask("pay_orders", period=Period.of_day(MONDAY), by=["product"]).rows
    assert [part.values["pay_orders"].value for part in by_product] == [1, 1, 1]


def test_visitors_of_products_are_not_the_visitors_of_the_shop(toy: Toy) -> None:
    """Two products with 60 and 70 visitors: by product exact, for the shop 130 only approximately."""
    toy.add("product_period", {"product_id": "p1", "period_start": MONDAY, "visitors": 60})
    toy.add("product_period", {"product_id": "p2", "period_start": MONDAY, "visitors": 70})
    split = toy.ask("visitors", period=Period.of_day(MONDAY), by=["product"]).rows
    assert [(row.dimensions["product"], row.values["visitors"].value) for row in split] == [("p2", 70), ("p1", 60)]
    assert not any(row.values["visitors"].flags for row in split)
    whole = one(toy, "visitors", Period.of_day(MONDAY))
    assert (whole.value, whole.flags, whole.source) == (130, ROUGH, "product_period")
    assert one(toy, "visitors", Period.of_day(MONDAY), where={"product": "p1"}).flags == frozenset()


def test_orders_of_products_are_not_the_orders_of_the_shop(toy: Toy) -> None:
    """The platform counts an order with two products for each of them: 5 and 6 orders are not surely 11."""
    toy.add("product_period", {"product_id": "p1", "period_start": MONDAY, "paid_orders": 5, "paid_amount": 50})
    toy.add("product_period", {"product_id": "p2", "period_start": MONDAY, "paid_orders": 6, "paid_amount": 60})
    assert one(toy, "pay_orders", Period.of_day(MONDAY)).flags == ROUGH
    amount = one(toy, "pay_amount", Period.of_day(MONDAY))
    assert (amount.value, amount.flags) == (Decimal(110), frozenset())


def test_a_refund_counts_on_its_own_day_or_on_the_day_of_payment(toy: Toy) -> None:
    """100 paid on Monday, 30 of it refunded on Friday: the refund is Friday's, the refund rate Monday's."""
    friday = MONDAY + timedelta(days=4)
    line = {"order_id": "1", "paid_amount": 100, "refund_amount": 30, "created_on": MONDAY, "paid_on": MONDAY}
    toy.add("order_line", {**line, "refunded_on": friday})
    toy.add("order_line", {"order_id": "2", "paid_amount": 50, "created_on": friday, "paid_on": friday})
    days = toy.ask(
        "refund_amount", "refund_rate", "net_pay_amount", period=Period(MONDAY, friday), grain=Grain.DAY
    ).rows
    assert [row.values["refund_amount"].value for row in days] == [0, 0, 0, 0, 30]
    assert days[0].values["refund_rate"].value == pytest.approx(0.3)
    assert days[4].values["refund_rate"].value == 0
    assert [row.values["net_pay_amount"].value for row in days] == [70, 0, 0, 0, 50]


def test_an_order_that_closed_after_payment_still_counts_as_paid(toy: Toy) -> None:
    """Paid 80, refunded in full, the new export shows 0: 80 was paid, 0 stays. An order never paid counts nowhere."""
    paid = {"order_id": "1", "paid_amount": 0, "first_paid_amount": 80, "refund_amount": 80, "status": "closed"}
    toy.add("order_line", {**paid, "created_on": MONDAY, "paid_on": MONDAY, "refunded_on": MONDAY})
    toy.add("order_line", {"order_id": "2", "paid_amount": 0, "status": "closed", "created_on": MONDAY})
    (row,) = toy.ask("pay_amount", "pay_orders", "net_pay_amount", period=Period.of_day(MONDAY)).rows
    assert [value.value for value in row.values.values()] == [Decimal(80), 1, Decimal(0)]


def test_a_cancellation_line_is_a_refund_on_its_own_day(toy: Toy) -> None:
    """A plain invoice list: 5 × 2.00 sold on Monday, C1 takes 3 × 2.00 back on Tuesday."""
    tuesday = MONDAY + timedelta(days=1)
    toy.add("order_line", {"order_id": "1", "quantity": 5, "paid_amount": 10, "created_on": MONDAY, "paid_on": MONDAY})
    back = {"order_id": "C1", "quantity": -3, "paid_amount": 0, "refund_amount": 6, "status": "closed"}
    toy.add("order_line", {**back, "created_on": tuesday, "paid_on": tuesday, "refunded_on": tuesday})
    names = ("pay_amount", "refund_amount", "net_pay_amount", "pay_orders", "pay_units")
    first, second = toy.ask(*names, period=Period(MONDAY, tuesday), grain=Grain.DAY).rows
    assert [first.values[name].value for name in names] == [10, 0, 10, 1, 5]
    assert [second.values[name].value for name in names] == [0, 6, -6, 0, 0]


def test_a_share_without_a_whole_is_refused(toy: Toy) -> None:
    """30 of p1 and 10 of p2: p1 has 75 % of the products' sum; without a split there is no share."""
    for product, amount in (("p1", 30), ("p2", 10)):
        toy.add(
            "order_line",
            {
                "order_id": product,
                "product_id": product,
                "paid_amount": amount,
                "created_on": MONDAY,
                "paid_on": MONDAY,
            },
        )
    with pytest.raises(NotAnswerable, match="split"):
        toy.ask("pay_amount_share", period=WEEK)
    rows = toy.ask("pay_amount_share", period=Period.of_day(MONDAY), by=["product"]).rows
    assert [row.values["pay_amount_share"].value for row in rows] == [0.75, 0.25]


def test_young_days_are_provisional_until_their_refunds_have_matured(toy: Toy) -> None:
    """Paid on 2 and on 20 November, asked on the 25th: the refund rate of the 2nd is settled, that of the 20th not."""
    late = date(2026, 11, 20)
    for order, day in (("1", MONDAY), ("2", late)):
        toy.add(
            "order_line",
            {"order_id": order, "paid_amount": 100, "refund_amount": 0, "created_on": day, "paid_on": day},
        )
    asked = date(2026, 11, 25)
    assert Flag.PROVISIONAL not in one(toy, "refund_rate", Period.of_day(MONDAY), as_of=asked).flags
    assert Flag.PROVISIONAL in one(toy, "refund_rate", Period.of_day(late), as_of=asked).flags
    assert Flag.PROVISIONAL not in one(toy, "pay_amount", Period.of_day(late), as_of=asked).flags


def test_maturity_counts_from_the_newest_export(toy: Toy) -> None:
    """Paid on 2 November, the file made on the 5th, asked in December: no file has seen the later refunds."""
    line = {"order_id": "1", "paid_amount": 100, "refund_amount": 0, "created_on": MONDAY, "paid_on": MONDAY}
    toy.add("order_line", {**line, "exported_at": "2026-11-05 08:00:00"})
    assert Flag.PROVISIONAL in one(toy, "refund_rate", Period.of_day(MONDAY), as_of=date(2026, 12, 20)).flags


def test_a_day_that_was_never_exported_again_stays_provisional(toy: Toy) -> None:
    """2 November exported on the 3rd only, 3 November again on the 28th: only the 3rd is settled in December."""
    tuesday = MONDAY + timedelta(days=1)
    for day, exported in ((MONDAY, "2026-11-03 02:00:00"), (tuesday, "2026-11-28 02:00:00")):
        toy.add("ad_period", {"day": day, "cost": 10, "sales_amount": 30, "exported_at": exported})
    days = toy.ask("ad_sales", "ad_cost", period=Period(MONDAY, tuesday), grain=Grain.DAY).rows
    assert [Flag.PROVISIONAL in row.values["ad_sales"].flags for row in days] == [True, False]
    assert not any(row.values["ad_cost"].flags for row in days)


def test_a_month_of_orders_that_was_not_imported_is_not_a_month_of_nothing(toy: Toy) -> None:
    """An order a day in September and November, none in October: October is unknown, a quiet Sunday is 0."""
    september = Period(date(2026, 9, 1), date(2026, 9, 30))
    for day in (*september, *(one for one in NOVEMBER if one.weekday() != 6)):
        toy.add("order_line", {"order_id": str(day), "paid_amount": 1, "created_on": day, "paid_on": day})
    october = one(toy, "pay_amount", Period(date(2026, 10, 1), date(2026, 10, 31)))
    assert (october.value, october.source, october.flags) == (None, None, GAPS)
    autumn = one(toy, "pay_amount", Period(september.start, NOVEMBER.end))
    assert (autumn.value, autumn.flags) == (55, GAPS)
    sunday = one(toy, "pay_amount", Period.of_day(date(2026, 11, 8)))
    assert (sunday.value, sunday.flags) == (0, frozenset())


def test_currencies_are_never_added(toy: Toy) -> None:
    """10 CNY and 10 USD are not 20 of anything; units are, and each currency can be asked for."""
    for order, currency in (("1", "CNY"), ("2", "USD")):
        line = {"order_id": order, "currency": currency, "paid_amount": 10, "created_on": MONDAY, "paid_on": MONDAY}
        toy.add("order_line", line)
    day = Period.of_day(MONDAY)
    with pytest.raises(NotAnswerable, match="CNY, USD") as refused:
        toy.ask("pay_amount", period=day)
    assert refused.value.hint is not None
    assert "--by currency" in refused.value.hint.en
    assert one(toy, "pay_units", day).value == 2
    assert one(toy, "pay_amount", day, where={"currency": "USD"}).value == 10
    rows = toy.ask("pay_amount", period=day, by=["currency"]).rows
    assert {row.dimensions["currency"]: row.values["pay_amount"].value for row in rows} == {"CNY": 10, "USD": 10}


def test_report_levels_are_never_added(toy: Toy) -> None:
    """The plan report says 100 spent, the keyword report of the same plan 90: the cost is 100, by keyword 90."""
    day = {"day": MONDAY, "campaign": "c1", "clicks": 10}
    toy.add("ad_period", {**day, "cost": 100})
    toy.add("ad_period", {**day, "report_level": "keyword", "target": "dress", "cost": 90})
    whole = one(toy, "ad_cost", Period.of_day(MONDAY))
    assert (whole.value, whole.source) == (Decimal(100), "ad_period/plan/15d")
    (row,) = toy.ask("ad_cost", period=Period.of_day(MONDAY), by=["keyword"]).rows
    assert row.dimensions == {"keyword": "dress"}
    assert (row.values["ad_cost"].value, row.values["ad_cost"].source) == (Decimal(90), "ad_period/keyword/15d")


def test_attribution_windows_are_never_added(toy: Toy) -> None:
    """The same day exported with 3 and with 15 days of attribution: cost 100 once, sales those of 15 days."""
    day = {"day": MONDAY, "campaign": "c1", "cost": 100}
    toy.add("ad_period", {**day, "attribution_window_days": 3, "sales_amount": 200})
    toy.add("ad_period", {**day, "attribution_window_days": 15, "sales_amount": 300})
    (row,) = toy.ask("ad_cost", "ad_sales", "roas", period=Period.of_day(MONDAY)).rows
    assert [value.value for value in row.values.values()] == [Decimal(100), Decimal(300), 3.0]
    assert row.values["roas"].source == "ad_period/plan/15d"


def test_terminals_are_not_added_to_the_whole(toy: Toy) -> None:
    """Wireless 80, pc 30, all 100 visitors: the shop has 100; by terminal 80 and 30, without the whole."""
    for terminal, visitors in (("all", 100), ("wireless", 80), ("pc", 30)):
        toy.add("shop_period", {"period_start": MONDAY, "terminal": terminal, "visitors": visitors})
    assert one(toy, "visitors", Period.of_day(MONDAY)).value == 100
    rows = toy.ask("visitors", period=Period.of_day(MONDAY), by=["terminal"]).rows
    assert {row.dimensions["terminal"]: row.values["visitors"].value for row in rows} == {"wireless": 80, "pc": 30}
    assert one(toy, "visitors", Period.of_day(MONDAY), where={"terminal": "pc"}).value == 30


def test_terminals_without_their_whole_are_added_only_approximately(toy: Toy) -> None:
    """Wireless 80 and pc 30 visitors, no row for all: 110 people approximately, but 200 + 50 views exactly."""
    toy.add("shop_period", {"period_start": MONDAY, "terminal": "wireless", "visitors": 80, "page_views": 200})
    toy.add("shop_period", {"period_start": MONDAY, "terminal": "pc", "visitors": 30, "page_views": 50})
    people, views = (one(toy, name, Period.of_day(MONDAY)) for name in ("visitors", "page_views"))
    assert (people.value, people.flags) == (110, ROUGH)
    assert (views.value, views.flags) == (250, frozenset())


def test_people_of_several_shops_are_not_added(toy: Toy) -> None:
    """Two shops with 100 visitors and 10 paid each: 20 paid together, but who visits both is counted twice."""
    for shop in ("a", "b"):
        toy.add("shop_period", {"shop": shop, "period_start": MONDAY, "visitors": 100, "paid_amount": 10})
    day = Period.of_day(MONDAY)
    assert one(toy, "pay_amount", day).value == 20
    with pytest.raises(NotAnswerable, match="shops"):
        toy.ask("visitors", period=day)
    assert one(toy, "visitors", day, shop="a").value == 100
    assert len(toy.ask("visitors", period=day, by=["shop"]).rows) == 2


def test_platforms_are_not_added(toy: Toy) -> None:
    """A Taobao and a JD shop, 10 paid each: JD counts orders placed, so the sum is unknown and the answer says why."""
    for shop, platform in (("a", "taobao"), ("b", "jd")):
        toy.add(
            "shop_period",
            {"shop": shop, "platform": platform, "period_start": MONDAY, "paid_amount": 10, "page_views": 7},
        )
    day = Period.of_day(MONDAY)
    result = toy.ask("pay_amount", "page_views", period=day)
    (row,) = result.rows
    assert row.values["pay_amount"].value is None
    assert row.values["pay_amount"].flags == {Flag.DEFINITIONS_DIFFER}
    assert row.values["page_views"].value == 14
    (note,) = result.notes
    assert "jd" in note.en
    assert "--by shop" in note.zh
    assert result.to_dict()["notes"] == [{"zh": note.zh, "en": note.en}]
    for split in ("shop", "platform"):
        apart = toy.ask("pay_amount", period=day, by=[split])
        assert [one.values["pay_amount"].value for one in apart.rows] == [10, 10]
        assert apart.notes == ()
    assert one(toy, "pay_amount", day, where={"platform": "jd"}).value == 10


@pytest.mark.parametrize(("second", "is_added"), [("tmall", True), ("amazon", False), ("nobody", False)])
def test_platforms_of_one_basis_are_added(second: str, is_added: bool, toy: Toy) -> None:
    """Taobao and Tmall both count what was paid; a platform whose basis nobody stated is never added."""
    for shop, platform in (("a", "taobao"), ("b", second)):
        toy.add("shop_period", {"shop": shop, "platform": platform, "period_start": MONDAY, "paid_amount": 10})
    assert one(toy, "pay_amount", Period.of_day(MONDAY)).value == (20 if is_added else None)


def test_orders_of_several_platforms_are_added(toy: Toy) -> None:
    """The shops' own reports differ, the order lines of both count what was paid: they answer instead."""
    for shop, platform in (("a", "taobao"), ("b", "jd")):
        toy.add("shop_period", {"shop": shop, "platform": platform, "period_start": MONDAY, "paid_amount": 10})
        line = {"shop": shop, "platform": platform, "order_id": "1", "first_paid_amount": 8, "paid_amount": 8}
        toy.add("order_line", {**line, "paid_on": MONDAY, "created_on": MONDAY})
        if shop == "a":
            assert one(toy, "pay_amount", Period.of_day(MONDAY)).source == "shop_period"
    found = one(toy, "pay_amount", Period.of_day(MONDAY))
    assert (found.value, found.source, found.flags) == (16, "order_line", frozenset())


def test_order_lines_of_one_shop_do_not_stand_for_two(toy: Toy) -> None:
    """Two platforms that differ, order lines of one of them only: the sum stays unknown."""
    for shop, platform in (("a", "taobao"), ("b", "jd")):
        toy.add("shop_period", {"shop": shop, "platform": platform, "period_start": MONDAY, "paid_amount": 10})
    line = {"shop": "a", "order_id": "1", "paid_amount": 8, "paid_on": MONDAY, "created_on": MONDAY}
    toy.add("order_line", line)
    assert one(toy, "pay_amount", Period.of_day(MONDAY)).value is None


def test_equal_order_numbers_of_two_shops_are_two_orders(toy: Toy) -> None:
    """Order 1 of shop a and order 1 of shop b are two orders."""
    for shop in ("a", "b"):
        toy.add(
            "order_line", {"shop": shop, "order_id": "1", "paid_amount": 5, "created_on": MONDAY, "paid_on": MONDAY}
        )
    assert one(toy, "pay_orders", Period.of_day(MONDAY)).value == 2


def test_nothing_divided_by_nothing_is_unknown(toy: Toy) -> None:
    """0 visitors, 0 buyers: the conversion is unknown, not 0; nothing paid last week: no relative change."""
    toy.add("shop_period", {"period_start": MONDAY, "visitors": 0, "buyers": 0, "paid_amount": 10})
    toy.add("shop_period", {"period_start": MONDAY - timedelta(days=7), "visitors": 5, "buyers": 0, "paid_amount": 0})
    rate = one(toy, "pay_conversion_rate", Period.of_day(MONDAY), comparison=Comparison.WEEK)
    assert (rate.value, rate.compare, rate.change, rate.change_pp) == (None, 0, None, None)
    amount = one(toy, "pay_amount", Period.of_day(MONDAY), comparison=Comparison.WEEK)
    assert (amount.value, amount.compare, amount.change) == (10, 0, None)


def test_a_rate_changes_in_percentage_points(toy: Toy) -> None:
    """2 % last week, 3 % now: +1 percentage point, which is half as much again."""
    toy.add("shop_period", {"period_start": MONDAY, "visitors": 1000, "buyers": 30})
    toy.add("shop_period", {"period_start": MONDAY - timedelta(days=7), "visitors": 1000, "buyers": 20})
    rate = one(toy, "pay_conversion_rate", Period.of_day(MONDAY), comparison=Comparison.WEEK)
    assert rate.change_pp == pytest.approx(1.0)
    assert rate.change == pytest.approx(0.5)


def test_a_missing_day_is_not_a_day_of_nothing(toy: Toy) -> None:
    """Monday 10, Tuesday not imported, Wednesday 30: by day Tuesday is unknown, together 40 with days missing."""
    toy.add("shop_period", {"period_start": MONDAY, "paid_amount": 10})
    toy.add("shop_period", {"period_start": MONDAY + timedelta(days=2), "paid_amount": 30})
    period = Period(MONDAY, MONDAY + timedelta(days=2))
    days = [row.values["pay_amount"] for row in toy.ask("pay_amount", period=period, grain=Grain.DAY).rows]
    assert [day.value for day in days] == [10, None, 30]
    assert [Flag.MISSING_DAYS in day.flags for day in days] == [False, True, False]
    whole = one(toy, "pay_amount", period)
    assert (whole.value, whole.flags) == (40, GAPS)


def test_a_source_that_knows_every_day_goes_before_one_with_gaps(toy: Toy) -> None:
    """The platform's Tuesday is missing, the orders have it: the orders answer the whole period."""
    days = [MONDAY + timedelta(days=offset) for offset in range(3)]
    toy.add("shop_period", *({"period_start": day, "paid_amount": 99} for day in (days[0], days[2])))
    toy.add(
        "order_line", *({"order_id": str(day), "paid_amount": 7, "created_on": day, "paid_on": day} for day in days)
    )
    whole = one(toy, "pay_amount", Period(days[0], days[2]))
    assert (whole.value, whole.source, whole.flags) == (21, "order_line", frozenset())
    assert one(toy, "pay_amount", Period.of_day(days[0])).source == "shop_period"


def test_one_forgotten_day_in_a_week_does_not_change_the_definition(toy: Toy) -> None:
    """Six platform days of 99 and seven order days of 7: the platform still answers, with the day marked missing."""
    toy.add("shop_period", *({"period_start": day, "paid_amount": 99} for day in WEEK if day != WEEK.end))
    toy.add(
        "order_line", *({"order_id": str(day), "paid_amount": 7, "created_on": day, "paid_on": day} for day in WEEK)
    )
    whole = one(toy, "pay_amount", WEEK)
    assert (whole.value, whole.source, whole.flags) == (594, "shop_period", GAPS)


def test_a_sum_over_fewer_days_has_no_change(toy: Toy) -> None:
    """Seven days of 10 against six known days of 10: +16.7 % would be the missing day, so no change is given."""
    before = Period(WEEK.start - timedelta(days=7), WEEK.start - timedelta(days=1))
    days = [day for day in Period(before.start, WEEK.end) if day != before.start]
    toy.add("shop_period", *({"period_start": day, "paid_amount": 10, "visitors": 5, "buyers": 1} for day in days))
    amount = one(toy, "pay_amount", WEEK, comparison=Comparison.WEEK)
    assert (amount.value, amount.compare, amount.change) == (70, 60, None)
    rate = one(toy, "pay_conversion_rate", WEEK, comparison=Comparison.WEEK)
    assert rate.change_pp == pytest.approx(0.0)


def test_a_column_that_a_file_lacks_is_unknown(toy: Toy) -> None:
    """The shop's day file has no order count: the orders count them; without orders the answer is unknown, not 0."""
    toy.add("shop_period", {"period_start": MONDAY, "paid_amount": 99})
    assert one(toy, "pay_orders", Period.of_day(MONDAY)).value is None
    toy.add("order_line", {"order_id": "1", "paid_amount": 7, "created_on": MONDAY, "paid_on": MONDAY})
    counted = one(toy, "pay_orders", Period.of_day(MONDAY))
    assert (counted.value, counted.source) == (1, "order_line")


def test_masked_buyers_are_not_counted_as_nobody(toy: Toy) -> None:
    """Three orders, one with a masked buyer: 2 buyers approximately; all masked: unknown."""
    tuesday = MONDAY + timedelta(days=1)
    for order, buyer in (("1", "a"), ("2", "b"), ("3", None)):
        line = {"order_id": order, "buyer_key": buyer, "paid_amount": 5, "created_on": MONDAY, "paid_on": MONDAY}
        toy.add("order_line", line)
    toy.add("order_line", {"order_id": "4", "paid_amount": 5, "created_on": tuesday, "paid_on": tuesday})
    first, second = toy.ask("pay_buyers", period=Period(MONDAY, tuesday), grain=Grain.DAY).rows
    assert (first.values["pay_buyers"].value, first.values["pay_buyers"].flags) == (2, ROUGH)
    assert second.values["pay_buyers"].value is None


def test_a_buyer_is_new_for_365_days(toy: Toy) -> None:
    """A paid 365 days before the period, b 366 days before, c never: a returns, b and c are new."""
    orders = (("1", "a", MONDAY - timedelta(days=365)), ("2", "b", MONDAY - timedelta(days=366)))
    bought_now = (("3", "a", MONDAY), ("4", "b", MONDAY), ("5", "c", MONDAY), ("6", "c", MONDAY))
    for order, buyer, day in (*orders, *bought_now):
        line = {"order_id": order, "buyer_key": buyer, "paid_amount": 5, "created_on": day, "paid_on": day}
        toy.add("order_line", line)
    (row,) = toy.ask("new_buyers", "returning_buyers", "new_pay_amount", period=Period.of_day(MONDAY)).rows
    assert [value.value for value in row.values.values()] == [2, 1, 15]
    assert not any(value.flags for value in row.values.values())
    short = one(toy, "new_buyers", Period.of_day(MONDAY - timedelta(days=365)))
    assert short.flags == ROUGH


def test_whoever_buys_first_and_again_in_a_month_is_new_in_it(toy: Toy) -> None:
    """A buys on 2 and on 9 November: new in the month; by week new in the first and returning in the second."""
    for order, day in (("1", MONDAY), ("2", MONDAY + timedelta(days=7))):
        line = {"order_id": order, "buyer_key": "a", "paid_amount": 5, "created_on": day, "paid_on": day}
        toy.add("order_line", line)
    assert one(toy, "new_buyers", NOVEMBER).value == 1
    assert one(toy, "returning_buyers", NOVEMBER).value == 0
    weeks = toy.ask(
        "new_buyers", "returning_buyers", period=Period(MONDAY, MONDAY + timedelta(days=13)), grain=Grain.WEEK
    )
    assert [[value.value for value in row.values.values()] for row in weeks.rows] == [[1, 0], [0, 1]]


def test_repeat_buyers_count_orders_not_lines(toy: Toy) -> None:
    """A has one order of two lines, b two orders: one buyer of two came again."""
    for order, line, buyer in (("1", 1, "a"), ("1", 2, "a"), ("2", 1, "b"), ("3", 1, "b")):
        row = {"order_id": order, "line_no": line, "buyer_key": buyer, "paid_amount": 5}
        toy.add("order_line", {**row, "created_on": MONDAY, "paid_on": MONDAY})
    assert one(toy, "repeat_buyers", Period.of_day(MONDAY)).value == 1
    assert one(toy, "repeat_purchase_rate", Period.of_day(MONDAY)).value == 0.5


def test_a_few_visitors_are_a_small_sample(toy: Toy) -> None:
    """1 buyer of 8 visitors is 12.5 %, but of a sample under 100."""
    toy.add("shop_period", {"period_start": MONDAY, "visitors": 8, "buyers": 1})
    rate = one(toy, "pay_conversion_rate", Period.of_day(MONDAY))
    assert (rate.value, rate.flags) == (0.125, FEW)


def test_a_score_is_neither_added_nor_averaged(toy: Toy) -> None:
    """4.8 on Monday, 4.6 on Tuesday: the period ends with 4.6."""
    for offset, value in ((0, 4.8), (1, 4.6)):
        toy.add("service_score", {"score": "service", "day": MONDAY + timedelta(days=offset), "value": value})
    assert one(toy, "score_service", Period(MONDAY, MONDAY + timedelta(days=1))).value == 4.6
    assert one(toy, "score_logistics", Period.of_day(MONDAY)).value is None


def test_dwell_time_is_weighted_by_visitors(toy: Toy) -> None:
    """10 s for 90 visitors and 100 s for 10: 19 s on average, not 55."""
    toy.add("shop_period", {"period_start": MONDAY, "visitors": 90, "dwell_seconds": 10})
    toy.add("shop_period", {"period_start": MONDAY + timedelta(days=1), "visitors": 10, "dwell_seconds": 100})
    assert one(toy, "dwell_time", Period(MONDAY, MONDAY + timedelta(days=1))).value == pytest.approx(19)


def test_the_31st_faces_no_day_of_a_shorter_month(toy: Toy) -> None:
    """October against September by day: 1 October faces 1 September, 31 October nothing."""
    for day in (date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31)):
        toy.add("shop_period", {"period_start": day, "paid_amount": day.day})
    period = Period(date(2026, 10, 1), date(2026, 10, 31))
    rows = toy.ask("pay_amount", period=period, grain=Grain.DAY, comparison=Comparison.PREVIOUS).rows
    assert (rows[0].values["pay_amount"].compare, rows[29].values["pay_amount"].compare) == (1, 30)
    assert rows[30].values["pay_amount"].compare is None


def test_weeks_face_the_same_days_of_the_year_before(toy: Toy) -> None:
    """1 a day in 2025: each week of November 2026 faces the seven equal dates of 2025, whatever weekday they were."""
    toy.add("shop_period", *shop_days(Period(date(2025, 10, 1), date(2025, 12, 31)), paid_amount=1))
    toy.add("shop_period", *shop_days(Period(date(2026, 10, 1), date(2026, 12, 31)), paid_amount=2))
    period = Period(MONDAY, MONDAY + timedelta(days=27))
    rows = toy.ask("pay_amount", period=period, grain=Grain.WEEK, comparison=Comparison.YEAR).rows
    assert [(row.values["pay_amount"].value, row.values["pay_amount"].compare) for row in rows] == [(14, 7)] * 4
