"""Targets of levels that no metric is split by, summed from the reports themselves: searches, audiences, hours …

Where a report was read with several attribution windows one answers for each plan: the one that metrics prefer.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from duoshou.analysts.advertising.question import METRICS, AdQuestion, Level, Targets
from duoshou.model import Period

ADS = "ad_period"
SETTLED = 15
"""Days after which platforms hardly count any more orders of a click."""
COLUMNS = {"impressions": "impressions", "clicks": "clicks", "ad_cost": "cost", "ad_orders": "orders"}
COLUMNS |= {"ad_sales": "sales_amount"}
NAMED_BY = {
    Level.SEARCH: "search_term",
    **dict.fromkeys((Level.AUDIENCE, Level.CREATIVE, Level.PLACEMENT, Level.REGION, Level.HOUR), "target"),
}
REPORTED_AS = {level: level.value for level in NAMED_BY} | {Level.SEARCH: "search_term"}
WINDOWS = (15, 30, 7, 3, 1, 0)
"""Attribution windows, the one that metrics prefer first; any other comes after them."""


def read_reported(question: AdQuestion, level: Level) -> Targets | None:
    """Return the searches, audiences … of each plan over settled days; None where no report has them with orders."""
    last = question.as_of - timedelta(days=SETTLED)
    first = last - timedelta(days=question.days - 1)
    rows = reported_rows(question, level, first, last)
    if rows is None:
        return None
    # What no order is told of cannot be judged: unknown is not none.
    rows = rows.filter(rows["orders"].notnull())
    sums = {key: rows[column].sum().cast("float64") for key, column in COLUMNS.items()}
    by = {"campaign": rows["campaign"], "name": rows[NAMED_BY[level]], "days": rows["attribution_window_days"]}
    found = rows.group_by(**by).agg(**sums, title=rows["target_name"].max())
    table = _one_window(question.backend.execute(found.order_by(["campaign", "name", "days"])).to_pylist())
    if not table:
        return None
    keys: tuple[tuple[str, ...], ...] = tuple((str(row["campaign"]), str(row["name"])) for row in table)
    values = {key: np.array([float(row[key] or 0) for row in table]) for key in METRICS}
    told = {key: str(row["title"]) for key, row in zip(keys, table, strict=True) if row["title"]}
    return Targets(level, Period(first, last), keys, values, told if level is Level.CREATIVE else {})


def reported_rows(question: AdQuestion, level: Level, first: date, last: date) -> Any | None:
    """Return the rows of a level over some days; None where there is no table."""
    if not question.backend.has_table(ADS):
        return None
    rows: Any = question.backend.table(ADS)
    wanted = [rows["report_level"] == REPORTED_AS[level], rows["day"] >= first, rows["day"] <= last]
    wanted += [rows[NAMED_BY[level]].notnull(), rows["campaign"].notnull()]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    return rows.filter(*wanted)


def _one_window(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the attribution window that answers for each plan."""
    order = {days: place for place, days in enumerate(WINDOWS)}
    best: dict[str, int] = {}
    for row in table:
        days = row["days"]
        known = best.setdefault(row["campaign"], days)
        if order.get(days, len(order)) < order.get(known, len(order)):
            best[row["campaign"]] = days
    return [row for row in table if row["days"] == best[row["campaign"]]]
