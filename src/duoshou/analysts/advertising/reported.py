"""Targets of levels that no metric is split by, summed from the reports themselves: searches, audiences, hours …"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from duoshou.analysts.advertising.question import MATURING, METRICS, AdQuestion, Level, Targets
from duoshou.analysts.advertising.windows import ADS, NAMED_BY, read_rows, settled_days, whole_rows, windows_of
from duoshou.model import Period

COLUMNS = {"impressions": "impressions", "clicks": "clicks", "ad_cost": "cost", "ad_orders": "orders"}
COLUMNS |= {"ad_sales": "sales_amount"}


def read_reported(question: AdQuestion, level: Level) -> Targets | None:
    """Return the searches, audiences … of each plan over settled days; None where no report has them with orders."""
    if not question.backend.has_table(ADS):
        return None
    last = question.as_of
    period = Period(last - timedelta(days=question.days + MATURING - 1), last)
    windows = windows_of(question, level, period)
    rows = read_rows(question, level, period, windows.read)
    # What no order is told of cannot be judged: unknown is not none.
    rows = rows.filter(rows["orders"].notnull())
    days = settled_days(question, rows, period, question.catalogue.metrics["ad_orders"].maturity_days)
    if not days:
        return None
    rows = rows.filter(rows["day"].isin(days))
    sums = {key: rows[column].sum().cast("float64") for key, column in COLUMNS.items()}
    found = rows.group_by(campaign=rows["campaign"], name=rows[NAMED_BY[level]]).agg(
        **sums, title=rows["target_name"].max()
    )
    table = question.backend.execute(found.order_by(["campaign", "name"])).to_pylist()
    if not table:
        return None
    keys: tuple[tuple[str, ...], ...] = tuple((str(row["campaign"]), str(row["name"])) for row in table)
    values = {key: np.array([float(row[key] or 0) for row in table]) for key in METRICS}
    told = {key: str(row["title"]) for key, row in zip(keys, table, strict=True) if row["title"]}
    names = told if level is Level.CREATIVE else {}
    return Targets(level, Period(days[0], days[-1]), keys, values, names, windows.of)


def reported_rows(question: AdQuestion, level: Level, first: date, last: date) -> Any | None:
    """Return the rows of a level over some days; None where there is no table."""
    if not question.backend.has_table(ADS):
        return None
    rows = whole_rows(question, level)
    wanted = [rows["day"] >= first, rows["day"] <= last]
    wanted += [rows[NAMED_BY[level]].notnull(), rows["campaign"].notnull()]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    return rows.filter(*wanted)
