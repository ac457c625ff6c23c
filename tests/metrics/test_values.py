"""Every metric against SQL that was written by hand."""

from __future__ import annotations

import math
import tomllib
from datetime import date
from pathlib import Path

import pytest
from tests.metrics.conftest import Ask

from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import Catalogue
from duoshou.model import Period

CASES: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
PERIOD = Period(date(2026, 9, 5), date(2026, 9, 18))
SHARES = {"pay_amount_share", "pay_units_share", "ad_cost_share"}


@pytest.mark.parametrize(("source", "metric"), [(source, metric) for source, one in CASES.items() for metric in one])
def test_a_metric_is_worth_what_the_hand_written_sql_says(
    source: str, metric: str, ask: Ask, synthetic: DuckDBBackend
) -> None:
    """The value of every metric equals independent SQL, and names the table that answered."""
    found = ask(metric, period=PERIOD).rows[0].values[metric]
    limits = {"from": PERIOD.start, "to": PERIOD.end}
    sql = CASES[source][metric]
    expected = synthetic.connection.execute(sql, limits).fetchall()[0][0]
    assert found.value is not None
    assert math.isclose(float(found.value), float(expected), rel_tol=1e-9)
    assert found.source == source


def test_every_metric_has_a_case(catalogue: Catalogue) -> None:
    """A metric without hand-written SQL is not finished; shares, which need a split, are tested apart."""
    assert {metric for one in CASES.values() for metric in one} | SHARES == set(catalogue.metrics)


@pytest.mark.parametrize(
    ("metric", "by", "sql"),
    [
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
    ],
)
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
