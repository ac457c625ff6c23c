"""Which day is the last that is over, judged by the data and by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from duoshou.engine import Backend

# The day that a row belongs to, for the tables whose rows carry one.
DAYS = {"order_line": "paid_on", "shop_period": "period_start", "product_period": "period_start", "ad_period": "day"}


def yesterday(timezone: str) -> date:
    """Return the last day that is over in the shop's time zone."""
    return datetime.now(ZoneInfo(timezone)).date() - timedelta(days=1)


def has_rows(connection: duckdb.DuckDBPyConnection, day: date, shop: str | None = None) -> bool:
    """Return whether any row of a shop, or of any, is of a day."""
    parts = [
        f"EXISTS (FROM {table} WHERE {column} = $day AND shop = coalesce($shop, shop))"
        for table, column in DAYS.items()
    ]
    row = connection.execute(f"SELECT {' OR '.join(parts)}", {"day": day, "shop": shop}).fetchone()
    return bool(row and row[0])


def last_complete_day(connection: duckdb.DuckDBPyConnection, timezone: str, shop: str | None = None) -> date:
    """Return the last day that the data of a shop, or of any, hold whole; yesterday where there are none.

    An export that was made in the course of a day holds a part of it, so a table is whole up to the day before its
    latest export, and no further than its last row. The furthest table counts.
    """
    zone = ZoneInfo(timezone)
    reached = []
    for table, column in DAYS.items():
        sql = f"SELECT max({column}), max(exported_at) FROM {table} WHERE shop = coalesce(?, shop)"
        row = connection.execute(sql, [shop]).fetchone()
        if row and row[0] is not None:
            exported = row[1].replace(tzinfo=UTC).astimezone(zone).date()
            reached.append(min(row[0], exported - timedelta(days=1)))
    return min(max(reached, default=yesterday(timezone)), yesterday(timezone))


def first_day(backend: Backend, shop: str | None = None) -> date | None:
    """Return the first day of which the warehouse holds orders or a report of a shop's days, or of any shop's."""
    firsts = []
    for table, column in (("order_line", "created_on"), ("shop_period", "period_start")):
        if backend.has_table(table):
            rows = backend.table(table)
            rows = rows if shop is None else rows.filter(rows["shop"] == shop)
            found = backend.execute(rows.aggregate(first=rows[column].min()))
            firsts += [one for one in found["first"].to_pylist() if one is not None]
    return min(firsts, default=None)
