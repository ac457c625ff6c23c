"""The checks on 541,909 real lines of a shop that closes on Saturdays and bank holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from duoshou.model import Finding
from duoshou.settings import Settings
from duoshou.warehouse.checks import run_checks

pytestmark = pytest.mark.shared_data

SETTINGS = Settings(timezone="Europe/London", currency="GBP")
MIDDLE = date(2011, 6, 15)


@pytest.fixture(scope="module")
def online_retail(shared_data: Path, create_tables: Any) -> Iterator[duckdb.DuckDBPyConnection]:
    """Order lines and headers of UCI Online Retail, loaded by plain SQL, independently of the product's import."""
    connection = duckdb.connect()
    create_tables(connection)
    connection.execute(
        """CREATE TEMP TABLE raw AS
        SELECT InvoiceNo AS order_id, StockCode AS product_id, Description AS title, Quantity::BIGINT AS quantity,
               UnitPrice::DECIMAL(18, 4) AS unit_price, InvoiceDate::TIMESTAMP AS created_at, CustomerID AS buyer_key,
               Country AS country, row_number() OVER () + 1 AS source_row,
               round(Quantity::BIGINT * UnitPrice::DECIMAL(18, 4), 2) AS amount
        FROM read_csv(?, all_varchar = true)""",
        [str(shared_data / "online_retail_uci" / "online_retail.csv.gz")],
    )
    connection.execute(
        """INSERT INTO order_line BY NAME
        SELECT * EXCLUDE amount, 'main' AS shop,
               row_number() OVER (PARTITION BY order_id ORDER BY source_row) AS line_no,
               created_at::DATE AS created_on, created_at AS paid_at, created_at::DATE AS paid_on,
               if(quantity > 0, amount, 0) AS paid_amount, if(quantity > 0, amount, 0) AS first_paid_amount,
               if(quantity < 0, -amount, 0) AS refund_amount, 'online_retail.csv' AS source_file, 'uci' AS source_hash,
               (SELECT max(created_at) FROM raw) AS exported_at
        FROM raw"""
    )
    connection.execute(
        """INSERT INTO order_header BY NAME
        SELECT shop, order_id, min(created_at) AS created_at, min(created_on) AS created_on, min(paid_on) AS paid_on,
               sum(paid_amount) AS paid_amount, any_value(source_file) AS source_file, min(source_row) AS source_row
        FROM order_line GROUP BY shop, order_id"""
    )
    connection.execute("INSERT INTO order_item BY NAME SELECT shop, order_id, line_no, quantity FROM order_line")
    yield connection
    connection.close()


def _kinds(findings: list[Finding]) -> list[str]:
    return [finding.kind for finding in findings if finding.confidence != "possible"]


@pytest.mark.parametrize(
    "day", [date(2010, 12, 20), date(2011, 1, 2), MIDDLE, date(2011, 10, 21), date(2011, 12, 8)], ids=str
)
def test_normal_shop_is_silent(online_retail: duckdb.DuckDBPyConnection, day: date) -> None:
    """Whole history, every day: nothing but possible holes, and those are the bank holidays and Christmas."""
    findings = run_checks(online_retail, SETTINGS, day)
    assert _kinds(findings) == []
    holidays = {(12, 24), (4, 22), (4, 29), (5, 2), (5, 30), (8, 29)}
    assert {(finding.period.start.month, finding.period.start.day) for finding in findings} <= holidays


def test_monthly_files_are_silent_too(online_retail: duckdb.DuckDBPyConnection) -> None:
    """Cut into a file a month, the edges of the files are no truncations: a short 23 December is a short day."""
    online_retail.execute("BEGIN")
    try:
        online_retail.execute(
            """UPDATE order_line SET source_hash = month, source_file = month || '.csv', exported_at = last
            FROM (SELECT strftime(created_on, '%Y-%m') AS month, max(created_at) AS last FROM order_line GROUP BY 1)
            WHERE month = strftime(created_on, '%Y-%m')"""
        )
        findings = run_checks(online_retail, SETTINGS, date(2011, 12, 8))
    finally:
        online_retail.execute("ROLLBACK")
    assert _kinds(findings) == []


def test_last_day_is_partial(online_retail: duckdb.DuckDBPyConnection) -> None:
    """The file ends at 12:50 on 9 December 2011, half a day early by the shop's own hours."""
    findings = run_checks(online_retail, SETTINGS, date(2011, 12, 9))
    assert _kinds(findings) == ["data.partial_day"]
    assert findings[0].period.end == date(2011, 12, 9)


FAULTS = {
    "data.cents": ["UPDATE order_line SET unit_price = unit_price * 100, paid_amount = paid_amount * 100 WHERE {day}"],
    "data.copied_day": [
        "DELETE FROM order_line WHERE {day}",
        """INSERT INTO order_line SELECT * REPLACE ('x' || order_id AS order_id, created_on + 1 AS created_on,
             paid_on + 1 AS paid_on, created_at + INTERVAL 1 DAY AS created_at)
           FROM order_line WHERE created_on = DATE '2011-05-18'""",
    ],
    "data.double_import": [
        """INSERT INTO order_line SELECT * REPLACE (order_id || '.0' AS order_id, 'again' AS source_hash,
             'again.csv' AS source_file) FROM order_line WHERE {day}"""
    ],
    "data.missing_items": [
        """DELETE FROM order_item WHERE order_id = (SELECT max(order_id) FROM order_header WHERE {day})"""
    ],
}


@pytest.mark.parametrize("kind", FAULTS)
def test_fault_in_real_data_is_told(online_retail: duckdb.DuckDBPyConnection, kind: str) -> None:
    """A fault put into 19 May 2011 gives exactly its own finding."""
    online_retail.execute("BEGIN")
    try:
        for statement in FAULTS[kind]:
            online_retail.execute(statement.format(day="created_on = DATE '2011-05-19'"))
        findings = run_checks(online_retail, SETTINGS, MIDDLE)
    finally:
        online_retail.execute("ROLLBACK")
    assert _kinds(findings) == [kind]
    assert date(2011, 5, 19) in next(finding for finding in findings if finding.kind == kind).period


def test_missing_day_in_real_data_is_possible(online_retail: duckdb.DuckDBPyConnection) -> None:
    """A lost Thursday looks like a bank holiday when one file is all there is, so it is told as possible."""
    online_retail.execute("BEGIN")
    try:
        for table in ("order_line", "order_header"):
            online_retail.execute(f"DELETE FROM {table} WHERE created_on = DATE '2011-05-19'")
        findings = run_checks(online_retail, SETTINGS, date(2011, 5, 27))
    finally:
        online_retail.execute("ROLLBACK")
    assert any(date(2011, 5, 19) in finding.period for finding in findings)
