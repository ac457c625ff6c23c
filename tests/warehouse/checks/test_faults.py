"""Every fault that the checks exist for is put into a faultless shop and must be told, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from duoshou.model import Confidence, Role
from duoshou.warehouse.checks import run_checks

Fault = Callable[..., None]


def _noon(shop: Any, day: Any) -> datetime:
    """Return noon in Shanghai as naive UTC."""
    del shop
    return datetime.combine(day, time(4))


def _shop_day_missing(shop: Any) -> None:
    shop.run("DELETE FROM shop_period WHERE period_start = ?", shop.day(60))


def _product_day_missing(shop: Any) -> None:
    shop.run("DELETE FROM product_period WHERE period_start = ?", shop.day(60))


def _orders_missing(shop: Any) -> None:
    for table in ("order_line", "order_header"):
        shop.run(f"DELETE FROM {table} WHERE created_on = ?", shop.day(60))


def _orders_week_missing(shop: Any) -> None:
    _only_orders(shop)
    for table in ("order_line", "order_header"):
        shop.run(f"DELETE FROM {table} WHERE source_file = 'orders-08.xlsx'")


def _only_orders(shop: Any) -> None:
    for table in ("shop_period", "product_period", "ad_period"):
        shop.run(f"DELETE FROM {table}")


def _shop_days_stale(shop: Any) -> None:
    shop.run("DELETE FROM shop_period WHERE period_start > ?", shop.day(-3))


def _orders_stale(shop: Any) -> None:
    shop.run("DELETE FROM order_line WHERE created_on > ?", shop.day(-3))


def _last_day_cut(shop: Any) -> None:
    for table in ("order_line", "order_header"):
        shop.run(f"DELETE FROM {table} WHERE created_at > ?", _noon(shop, shop.last))


def _last_day_exported_at_noon(shop: Any) -> None:
    _last_day_cut(shop)
    shop.run(
        "UPDATE order_line SET exported_at = ? WHERE source_file = (SELECT max(source_file) FROM order_line)",
        _noon(shop, shop.last),
    )


def _shop_day_exported_at_noon(shop: Any) -> None:
    shop.run(
        "UPDATE shop_period SET exported_at = ?, paid_amount = paid_amount / 3 WHERE period_start = ?",
        _noon(shop, shop.last),
        shop.last,
    )


def _shop_day_copied(shop: Any) -> None:
    _copy(shop, "shop_period", "period_start")


def _product_day_copied(shop: Any) -> None:
    _copy(shop, "product_period", "period_start")


def _promotion_day_copied(shop: Any) -> None:
    _copy(shop, "ad_period", "day")


def _copy(shop: Any, table: str, column: str) -> None:
    one, other = shop.day(60), shop.day(59)
    shop.run(f"DELETE FROM {table} WHERE {column} = ?", one)
    shop.run(f"INSERT INTO {table} SELECT * REPLACE (? AS {column}) FROM {table} WHERE {column} = ?", one, other)


def _orders_copied(shop: Any) -> None:
    _only_orders(shop)
    one, other = shop.day(60), shop.day(59)
    shop.run("DELETE FROM order_line WHERE created_on = ?", one)
    shop.run(
        """INSERT INTO order_line SELECT * REPLACE ('x' || order_id AS order_id,
             created_at + INTERVAL 1 DAY AS created_at, ? AS created_on, ? AS paid_on)
           FROM order_line WHERE created_on = ?""",
        one,
        one,
        other,
    )


def _orders_twice(shop: Any) -> None:
    shop.run(
        """INSERT INTO order_line SELECT * REPLACE (order_id || 'E+17' AS order_id, 'again.xlsx' AS source_file,
             'again' AS source_hash) FROM order_line WHERE source_file = 'orders-08.xlsx'"""
    )


def _shop_day_doubled(shop: Any) -> None:
    _scale(shop, "shop_period", 2)


def _product_day_doubled(shop: Any) -> None:
    _scale(shop, "product_period", 2)


def _shop_day_off(shop: Any) -> None:
    _scale(shop, "shop_period", 0.75)


def _shop_day_in_cents(shop: Any) -> None:
    _scale(shop, "shop_period", 100)


def _product_day_in_hundreds(shop: Any) -> None:
    _scale(shop, "product_period", 0.01)


def _scale(shop: Any, table: str, factor: float) -> None:
    sql = f"UPDATE {table} SET paid_amount = paid_amount * {factor} WHERE period_start = ?"
    shop.run(sql, shop.day(60))


def _promotion_in_cents(shop: Any) -> None:
    shop.run("UPDATE ad_period SET cost = cost * 100 WHERE day = ?", shop.day(60))


def _order_file_in_cents(shop: Any) -> None:
    shop.run(
        """UPDATE order_line SET paid_amount = paid_amount * 100, first_paid_amount = first_paid_amount * 100
           WHERE source_file = 'orders-08.xlsx'"""
    )


def _prices_in_cents(shop: Any) -> None:
    shop.run("UPDATE order_line SET unit_price = unit_price * 100 WHERE source_file = 'orders-08.xlsx'")


def _last_order_without_lines(shop: Any) -> None:
    shop.run("DELETE FROM order_item WHERE order_id = (SELECT max(order_id) FROM order_header)")


def _line_lost(shop: Any) -> None:
    shop.run(
        """DELETE FROM order_item
           WHERE line_no = 2 AND order_id = (SELECT max(order_id) FROM order_item WHERE line_no = 2)"""
    )


FAULTS: list[tuple[Fault, str]] = [
    (_shop_day_missing, "data.missing_day"),
    (_product_day_missing, "data.missing_day"),
    (_orders_missing, "data.missing_day"),
    (_orders_week_missing, "data.missing_day"),
    (_shop_days_stale, "data.stale_source"),
    (_orders_stale, "data.stale_source"),
    (_last_day_cut, "data.truncated_file"),
    (_last_day_exported_at_noon, "data.partial_day"),
    (_shop_day_exported_at_noon, "data.partial_day"),
    (_shop_day_copied, "data.copied_day"),
    (_product_day_copied, "data.copied_day"),
    (_promotion_day_copied, "data.copied_day"),
    (_orders_copied, "data.copied_day"),
    (_orders_twice, "data.double_import"),
    (_shop_day_doubled, "data.doubled_day"),
    (_product_day_doubled, "data.doubled_day"),
    (_shop_day_off, "data.contradiction"),
    (_shop_day_in_cents, "data.cents"),
    (_product_day_in_hundreds, "data.cents"),
    (_promotion_in_cents, "data.cents"),
    (_order_file_in_cents, "data.cents"),
    (_prices_in_cents, "data.cents"),
    (_last_order_without_lines, "data.missing_items"),
    (_line_lost, "data.quantity_mismatch"),
]


@pytest.mark.parametrize(("fault", "kind"), FAULTS, ids=lambda each: getattr(each, "__name__", each))
def test_fault_is_told_once(make_shop: Callable[..., Any], fault: Fault, kind: str) -> None:
    """The fault gives a finding of its kind with rows to look at and a way to mend it, and no finding of another."""
    shop = make_shop(days=100, orders_a_day=40.0)
    fault(shop)
    findings = shop.findings()
    assert {finding.kind for finding in findings} == {kind}
    for finding in findings:
        evidence, recommendation = finding.evidence[0], finding.recommendations[0]
        assert evidence.rows
        assert all(len(row) == len(evidence.columns) for row in evidence.rows)
        assert any("file" in column for column in evidence.columns)
        assert recommendation.owner_role is Role.OPERATOR
        assert (
            "{" not in finding.headline.zh + finding.headline.en + recommendation.action.zh + recommendation.action.en
        )


@pytest.mark.parametrize(
    "options", [{}, {"orders_a_day": 4.0}, {"closed_weekday": 5}, {"days": 10}, {"days": 3}], ids=str
)
@pytest.mark.parametrize("seed", [11, 12])
def test_faultless_shop_is_silent(make_shop: Callable[..., Any], seed: int, options: dict[str, Any]) -> None:
    """A normal shop, large or small, closed on Saturdays or new, gets no finding at all."""
    assert make_shop(seed=seed, **options).findings() == []


def test_same_fault_is_the_same_finding_tomorrow(make_shop: Callable[..., Any]) -> None:
    """The id does not depend on the day on which the check runs."""
    shop = make_shop(days=60)
    shop.run("DELETE FROM shop_period WHERE period_start = ?", shop.day(30))
    today, tomorrow = (shop.findings(shop.day(number)) for number in (50, 51))
    assert [finding.id for finding in today] == [finding.id for finding in tomorrow] != []


@pytest.mark.parametrize("hashes", ["'one'", "source_hash"])
def test_hole_without_another_source_is_only_possible(make_shop: Callable[..., Any], hashes: str) -> None:
    """Nobody can tell a closed day from a lost one by orders alone, inside a file or between two."""
    shop = make_shop(days=60)
    _only_orders(shop)
    shop.run(f"UPDATE order_line SET source_hash = {hashes}")
    for table in ("order_line", "order_header"):
        shop.run(f"DELETE FROM {table} WHERE created_on = ?", shop.day(30))
    assert [finding.confidence for finding in shop.findings()] == [Confidence.POSSIBLE]


def test_day_closed_by_all_accounts_is_silent(make_shop: Callable[..., Any]) -> None:
    """A day without orders on which the platform counted no money either was a holiday."""
    shop = make_shop(days=60)
    day = shop.day(30)
    for table in ("order_line", "order_header"):
        shop.run(f"DELETE FROM {table} WHERE created_on = ?", day)
    for table in ("shop_period", "product_period"):
        shop.run(f"UPDATE {table} SET paid_amount = 0, buyers = 0 WHERE period_start = ?", day)
    assert shop.findings() == []


def test_file_of_exactly_ten_thousand_rows_is_suspected(make_shop: Callable[..., Any]) -> None:
    """The ledger's row count is compared with the limits of exports."""
    shop = make_shop(days=30)
    shop.run("CREATE TABLE import_file (source_hash VARCHAR, rows_read BIGINT)")
    shop.run("INSERT INTO import_file VALUES ('hash of orders-02.xlsx', 10000)")
    findings = shop.findings()
    assert [finding.kind for finding in findings] == ["data.row_limit"]
    assert "orders-02.xlsx" in findings[0].headline.zh


def test_a_file_whose_days_all_have_as_many_rows_was_not_cut(make_shop: Callable[..., Any]) -> None:
    """Ten products on 200 days are 2,000 rows, and no day lacks one; where the last day does, the limit is told."""
    shop = make_shop(days=30)
    shop.run("CREATE TABLE import_file (source_hash VARCHAR, rows_read BIGINT)")
    shop.run("INSERT INTO import_file VALUES ('all of them', 2000)")
    shop.run("UPDATE product_period SET source_file = 'products.xlsx', source_hash = 'all of them'")
    assert "data.row_limit" not in {finding.kind for finding in shop.findings()}
    shop.run("DELETE FROM product_period WHERE period_start = ? AND product_id = 'p3'", shop.last)
    assert "data.row_limit" in {finding.kind for finding in shop.findings()}


def test_all_sources_behind_the_day_are_told_once(make_shop: Callable[..., Any]) -> None:
    """A report for a day that no file has reached says so, in one finding."""
    shop = make_shop(days=60)
    kinds = [finding.kind for finding in shop.findings(shop.last + timedelta(days=4))]
    assert kinds == ["data.stale_source"]


def test_empty_warehouse_is_silent(make_shop: Callable[..., Any]) -> None:
    """No data, no findings."""
    assert make_shop(days=0).findings(datetime(2026, 11, 1).date()) == []


def test_lost_day_of_a_small_shop_is_proven_by_the_platform(make_shop: Callable[..., Any]) -> None:
    """Too few orders for statistics, but the platform counted money on a day without a single payment."""
    shop = make_shop(days=60, orders_a_day=5.0)
    for table in ("order_line", "order_header"):
        shop.run(f"DELETE FROM {table} WHERE created_on = ?", shop.day(30))
    findings = shop.findings()
    assert [(finding.kind, finding.confidence) for finding in findings] == [("data.missing_day", Confidence.CERTAIN)]


def test_two_shops_are_judged_apart(make_shop: Callable[..., Any]) -> None:
    """A fault of one shop is not told of the other, and one shop can be asked for alone."""
    shop = make_shop(days=60)
    for table in ("order_line", "order_header", "order_item", "shop_period", "product_period", "ad_period"):
        shop.run(f"INSERT INTO {table} SELECT * REPLACE ('second' AS shop) FROM {table}")
    shop.run("DELETE FROM shop_period WHERE shop = 'second' AND period_start = ?", shop.day(30))
    assert [finding.subject.id for finding in shop.findings()] == ["second/shop"]
    assert run_checks(shop.connection, shop.settings, shop.last, shop="main") == []


def _with_freight(shop: Any) -> None:
    """Orders carry freight outside of a week of free delivery; the report of products tells goods alone."""
    shop.run("DELETE FROM shop_period")
    shop.run(
        """UPDATE product_period SET paid_amount = coalesce((SELECT sum(o.paid_amount) FROM order_line AS o
           WHERE o.created_on = period_start AND o.product_id = product_period.product_id), 0)"""
    )
    shop.run(
        """UPDATE order_line SET freight = 6, paid_amount = paid_amount + 6, first_paid_amount = first_paid_amount + 6
           WHERE line_no = 1 AND order_id::BIGINT % 10 = 0 AND created_on NOT BETWEEN ? AND ?""",
        shop.day(50),
        shop.day(56),
    )


def test_free_delivery_in_a_sale_is_no_contradiction(make_shop: Callable[..., Any]) -> None:
    """A report of products leaves the freight out: that its share falls in a sale is no disagreement."""
    shop = make_shop(days=100, orders_a_day=40.0)
    _with_freight(shop)
    assert "data.contradiction" not in {finding.kind for finding in shop.findings()}


def test_a_contradiction_beside_freight_is_told(make_shop: Callable[..., Any]) -> None:
    """Where goods disagree by a quarter the freight hides nothing."""
    shop = make_shop(days=100, orders_a_day=40.0)
    _with_freight(shop)
    shop.run("UPDATE product_period SET paid_amount = paid_amount * 0.75 WHERE period_start = ?", shop.day(60))
    (told,) = [one for one in shop.findings() if one.kind == "data.contradiction"]
    assert told.period.start == told.period.end == shop.day(60)
