"""Targets of levels that no metric is split by: searches and audiences, summed from the reports themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from duoshou.analysts.advertising.question import METRICS, AdQuestion, Level, Targets
from duoshou.model import Period

ADS = "ad_period"
SETTLED = 15
"""Days after which platforms hardly count any more orders of a click."""
COLUMNS = {"impressions": "impressions", "clicks": "clicks", "ad_cost": "cost", "ad_orders": "orders"}
COLUMNS |= {"ad_sales": "sales_amount"}
NAMED_BY = {Level.SEARCH: "search_term", Level.AUDIENCE: "target"}
REPORTED_AS = {Level.SEARCH: "search_term", Level.AUDIENCE: "audience"}


def read_reported(question: AdQuestion, level: Level) -> Targets | None:
    """Return the searches or audiences of each plan over settled days; None where no report has them."""
    if not question.backend.has_table(ADS):
        return None
    last = question.as_of - timedelta(days=SETTLED)
    first = last - timedelta(days=question.days - 1)
    rows: Any = question.backend.table(ADS)
    named = rows[NAMED_BY[level]]
    wanted = [rows["report_level"] == REPORTED_AS[level], rows["day"] >= first, rows["day"] <= last]
    wanted += [named.notnull(), rows["campaign"].notnull()]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    sums = {key: rows[column].sum().cast("float64") for key, column in COLUMNS.items()}
    found = rows.filter(*wanted).group_by(campaign=rows["campaign"], name=named).agg(**sums)
    table = question.backend.execute(found.order_by(["campaign", "name"])).to_pylist()
    if not table:
        return None
    keys = tuple((str(row["campaign"]), str(row["name"])) for row in table)
    values = {key: np.array([float(row[key] or 0) for row in table]) for key in METRICS}
    return Targets(level, Period(first, last), keys, values)
