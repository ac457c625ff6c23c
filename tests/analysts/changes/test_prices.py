"""Prices that changed, by the unit prices of orders."""

from __future__ import annotations

from decimal import Decimal

from tests.analysts.changes.conftest import PERIOD, day, lines, priced
from tests.analysts.conftest import Opened

from duoshou.analysts.changes.prices import price_changes


def test_a_new_price_is_told_with_both(opened: Opened) -> None:
    """Product, first day, last day of the former price and both prices are told."""
    backend = opened(order_line=lines("1001", priced(60, (0, "199.00"), (30, "179.00"))))
    (one,) = price_changes(backend, PERIOD, "main")
    assert (one.kind, one.day, one.last_before) == ("price", day(30), day(29))
    assert one.subjects == (("product", "1001"),)
    assert (one.before.zh, one.after.en) == ("199.00", "179.00")
    assert one.key == f"price:product:1001:{day(30)}"


def test_a_coupon_is_no_new_price(opened: Opened) -> None:
    """What a buyer pays may fall for weeks; the price of a piece is the same."""
    rows = lines("1001", priced(60, (0, "199.00")))
    for one in rows:
        one["paid_amount"] = Decimal("199.00" if one["created_on"] < day(30) else "149.00")
    assert price_changes(opened(order_line=rows), PERIOD, "main") == []


def test_variants_at_different_prices_are_judged_each(opened: Opened) -> None:
    """Where only the large size becomes dearer, that is told; the small one at half the price is no change."""
    rows = lines("1001", priced(60, (0, "50.00")), sku="S")
    rows += lines("1001", priced(60, (0, "100.00"), (30, "110.00")), sku="L")
    for number, one in enumerate(rows):
        one["order_id"] = str(number)
    (told,) = price_changes(opened(order_line=rows), PERIOD, "main")
    assert (told.before.zh, told.after.zh, told.day) == ("100.00", "110.00", day(30))
    assert "规格 L" in told.note.zh


def test_variants_that_change_on_nearby_days_are_one_change(opened: Opened) -> None:
    """The large size is not sold every day; its new price shows later and is the same decision."""
    rows = lines("1001", priced(60, (0, "50.00"), (30, "45.00")), sku="S")
    large = priced(60, (0, "100.00"), (30, "90.00"), each=5)
    rows += lines("1001", {number: sold for number, sold in large.items() if number not in (30, 31, 32)}, sku="L")
    (one,) = price_changes(opened(order_line=rows), PERIOD, "main")
    assert one.day == day(30)


def test_rounding_is_no_new_price(opened: Opened) -> None:
    """A unit price computed from amount and pieces differs by a cent."""
    backend = opened(order_line=lines("1001", priced(60, (0, "33.34"), (30, "33.33"))))
    assert price_changes(backend, PERIOD, "main") == []


def test_a_promotion_of_the_shop_is_one_change(opened: Opened) -> None:
    """Ten products reduced on one day are one decision, and told as the beginning of a promotion."""
    rows = [
        one
        for number in range(10)
        for one in lines(str(number), priced(60, (0, "100.00"), (30, f"{88 + number % 2}.00"), (41, "100.00")))
    ]
    begins, ends = price_changes(opened(order_line=rows), PERIOD, "main")
    assert [(one.kind, one.day, len(one.subjects)) for one in (begins, ends)] == [
        ("promotion", day(30), 11),
        ("promotion", day(41), 11),
    ]
    assert begins.subjects[0] == ("shop", "")
    assert begins.after.zh.startswith("-1")


def test_what_sells_seldom_belongs_to_the_promotion_that_it_fits(opened: Opened) -> None:
    """Sold every third day, three products show the end of a promotion later: they changed with the others."""
    rows = [one for number in range(8) for one in lines(str(number), priced(60, (0, "88.00"), (30, "100.00")))]
    seldom = {
        number: sold for number, sold in priced(60, (0, "88.00"), (30, "100.00"), each=4).items() if number % 3 == 2
    }
    rows += [one for number in range(8, 11) for one in lines(str(number), seldom)]
    (ends,) = price_changes(opened(order_line=rows), PERIOD, "main")
    assert (ends.day, ends.last_before, len(ends.subjects)) == (day(30), day(29), 12)


def test_a_day_that_fits_only_what_is_vague_is_no_promotion(opened: Opened) -> None:
    """Six products that are not sold for a month around their changes may have changed on any day of it."""
    rows = []
    for number in range(6):
        sold = priced(60, (0, "88.00"), (10 + 3 * number, "100.00"), each=4)
        rows += lines(str(number), {at: one for at, one in sold.items() if at < 10 or at >= 35})
    assert {one.kind for one in price_changes(opened(order_line=rows), PERIOD, "main")} == {"price"}


def test_other_shops_and_days_do_not_count(opened: Opened) -> None:
    """Only what the shop sold in the period tells of its prices."""
    rows = lines("1001", priced(60, (0, "199.00"), (30, "179.00")), shop="other")
    assert price_changes(opened(order_line=rows), PERIOD, "main") == []
    backend = opened(order_line=lines("1001", priced(60, (-60, "199.00"), (-20, "179.00"))))
    assert price_changes(backend, PERIOD, None) == []
