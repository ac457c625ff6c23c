"""Why nothing of a shop's paid promotion can be judged."""

from __future__ import annotations

from typing import Any

from duoshou.analysts.advertising.question import AdQuestion
from duoshou.analysts.advertising.windows import ADS
from duoshou.model import Text

NO_REPORT = Text(
    "没有已结算的推广报表（要有花费和成交，且过了归因天数）",
    "no settled advertising report: cost and orders are needed, past their attribution window",
)
NO_ORDERS = Text(
    "推广报表里有花费，但没有总成交笔数（只有直接成交的报表也不算），哪些对象赚、哪些浪费不能判断；换一张带总成交笔数的报表导入",
    "the advertising reports tell costs but not how many orders there were in all (direct ones alone are not all): "
    "what earns and what wastes cannot be told; import a report with all orders",
)


def why_nothing(question: AdQuestion) -> Text:
    """Return whether there is no report that could be judged, or only such as do not tell the orders."""
    if not question.backend.has_table(ADS):
        return NO_REPORT
    rows: Any = question.backend.table(ADS)
    rows = rows.filter(rows["day"] <= question.as_of, rows["cost"] > 0)
    if question.shop is not None:
        rows = rows.filter(rows["shop"] == question.shop)
    found = question.backend.execute(rows.agg(rows=rows.count(), told=rows["orders"].count())).to_pylist()[0]
    return NO_ORDERS if found["rows"] and not found["told"] else NO_REPORT
