"""Every metric against SQL that was written by hand."""

from __future__ import annotations

import math
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.metrics.conftest import Ask

from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import Catalogue
from duoshou.model import Period

Case = str | dict[str, Any]
PERIOD = Period(date(2026, 9, 5), date(2026, 9, 18))
MONTHS = Period(date(2026, 8, 1), date(2026, 9, 30))


def cases() -> dict[str, dict[str, Case]]:
    """Return source → metric → case."""
    found: dict[str, dict[str, Case]] = {}
    for name in ("cases.toml", "cases_of_reports.toml"):
        content = tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
        for source, one in content.items():
            assert not set(one) & set(found.get(source, {}))
            found.setdefault(source, {}).update(one)
    return found


CASES = cases()


@pytest.mark.parametrize(("source", "metric"), [(source, metric) for source, one in CASES.items() for metric in one])
def test_a_metric_is_worth_what_the_hand_written_sql_says(
    source: str, metric: str, ask: Ask, synthetic: DuckDBBackend
) -> None:
    """The value of every metric equals independent SQL, and names the table that answered."""
    case = CASES[source][metric]
    told: dict[str, Any] = {"sql": case} if isinstance(case, str) else case
    period = Period.of_day(PERIOD.end) if told.get("day") else MONTHS if told.get("months") else PERIOD
    (row,) = ask(metric, period=period, where=told.get("where", {})).rows
    found = row.values[metric]
    limits = {"from": period.start, "to": period.end}
    expected = synthetic.connection.execute(told["sql"], limits).fetchall()[0][0]
    assert found.value is not None
    assert math.isclose(float(found.value), float(expected), rel_tol=1e-9)
    assert found.source == source


def test_every_metric_has_a_case(catalogue: Catalogue) -> None:
    """A metric without hand-written SQL is not finished; shares, which need a split, are tested apart."""
    shares = {key for key, metric in catalogue.metrics.items() if metric.share}
    assert {metric for one in CASES.values() for metric in one} | shares == set(catalogue.metrics)
    assert shares <= {metric for metric, _, _ in SPLITS}


SPLITS = [
    (
        "pay_amount_share",
        "region",
        """SELECT province, sum(first_paid_amount) / sum(sum(first_paid_amount)) OVER () FROM order_line
            WHERE paid_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "pay_units_share",
        "product",
        """SELECT product_id, sum(quantity) / sum(sum(quantity)) OVER () FROM order_line
            WHERE paid_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "ad_cost_share",
        "campaign",
        """SELECT campaign, sum(cost) / sum(sum(cost)) OVER () FROM ad_period
            WHERE report_level = 'plan' AND day BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "pay_amount",
        "buyer_type",
        """SELECT CASE WHEN buyer_key IS NULL THEN NULL WHEN buyer_key IN (SELECT buyer_key FROM order_line
            WHERE paid_on BETWEEN $from::DATE - 365 AND $from::DATE - 1) THEN 'returning' ELSE 'new' END,
            sum(first_paid_amount) FROM order_line WHERE paid_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "visitors",
        "product",
        """SELECT product_id, sum(visitors) FROM product_period
            WHERE grain = 'day' AND period_start BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "refund_rate",
        "sku",
        """SELECT sku, sum(refund_amount) / sum(first_paid_amount) FROM order_line
            WHERE paid_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "pay_orders",
        "city",
        """SELECT city, count(DISTINCT order_id) FROM order_line
            WHERE paid_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "visitors",
        "terminal",
        """SELECT terminal, sum(visitors) FROM shop_period WHERE grain = 'day' AND terminal <> 'all'
            AND period_start BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "roas",
        "keyword",
        """SELECT target, sum(sales_amount) / sum(cost) FROM ad_period
            WHERE report_level = 'keyword' AND day BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "market_amount_share",
        "brand",
        """SELECT brand, sum(amount) / sum(sum(amount)) OVER () FROM market_period
            WHERE brand <> '-' AND period_start BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "visitor_share",
        "traffic_source",
        """SELECT source_path, sum(visitors) / sum(sum(visitors)) OVER () FROM traffic_source_period
            WHERE product_id = '-' AND source_level = 1 AND period_start BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "refund_case_share",
        "reason",
        """SELECT reason, count(*) / sum(count(*)) OVER () FROM refund
            WHERE applied_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "content_pay_share",
        "content_kind",
        """SELECT channel, sum(paid_amount) / sum(sum(paid_amount)) OVER () FROM content_period
            WHERE day BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "product_impressions",
        "brand",
        """SELECT brand, sum(impressions) FROM product_period LEFT JOIN product USING (product_id)
            WHERE grain = 'day' AND period_start BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "net_pay_amount",
        "category",
        """SELECT category, sum(first_paid_amount - refund_amount) FROM order_line LEFT JOIN product USING (product_id)
            WHERE paid_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "visitors",
        "category",
        """SELECT category, sum(visitors) FROM category_period WHERE source_name = '-' AND category_level = 1
            AND period_start BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "visitors",
        "channel",
        """SELECT CASE WHEN source_path LIKE 'search%' THEN 'search' ELSE 'ads_other' END, sum(visitors)
            FROM traffic_source_period WHERE product_id = '-' AND source_path <> 'search'
            AND period_start BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "service_sales",
        "agent",
        """SELECT agent, sum(sales_amount) FROM inquiry_period WHERE agent <> '-'
            AND period_start BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "settled_net",
        "fee",
        """SELECT kind, sum(amount) FROM settlement WHERE coalesce(status, '') NOT IN ('pending', 'failed')
            AND kind <> 'transfer' AND booked_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "score_value",
        "score",
        """SELECT score, arg_max(value, day) FROM service_score WHERE day BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "reviews",
        "rating",
        """SELECT rating::BIGINT::VARCHAR, count(*) FROM review WHERE created_on BETWEEN $from AND $to GROUP BY 1""",
    ),
    (
        "stock_units",
        "brand",
        """SELECT brand, sum(latest.stock_units) FROM (SELECT * FROM stock_day WHERE day BETWEEN $from AND $to
            QUALIFY row_number() OVER (PARTITION BY sku ORDER BY day DESC) = 1) AS latest
            LEFT JOIN product USING (product_id) GROUP BY 1""",
    ),
    (
        "leads",
        "staff",
        """SELECT staff, count(*) FROM lead WHERE received_on BETWEEN $from AND $to GROUP BY 1""",
    ),
]


@pytest.mark.parametrize(("metric", "by", "sql"), SPLITS)
def test_a_split_is_worth_what_the_hand_written_sql_says(
    metric: str, by: str, sql: str, ask: Ask, synthetic: DuckDBBackend
) -> None:
    """Each group of a split equals independent SQL, no group is missing and none is invented."""
    limits = {"from": PERIOD.start, "to": PERIOD.end}
    expected = dict(synthetic.connection.execute(sql, limits).fetchall())
    result = ask(metric, by=[by], period=PERIOD)
    found = {row.dimensions[by]: row.values[metric].value for row in result.rows}
    assert found.keys() == expected.keys()
    for group, value in expected.items():
        assert math.isclose(float(found[group] or 0), float(value or 0), rel_tol=1e-9), group
