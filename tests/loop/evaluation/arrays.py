"""A reader whose daily values are given as arrays, so that no file and no engine is needed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import numpy as np

from duoshou.engine import Backend
from duoshou.loop.evaluation.reading import Reader, Values
from duoshou.metrics import load_catalogue
from duoshou.model import Period

FIRST = date(2026, 6, 1)


class Nothing(Backend):
    """An engine without tables."""

    kind = "duckdb"

    def __init__(self) -> None:
        """Open nothing."""
        super().__init__(cast("Any", None))

    def table_names(self) -> frozenset[str]:
        """Return that there are none."""
        return frozenset()

    def run(self, statement: str) -> Any:
        """Refuse."""
        raise NotImplementedError(statement)

    def close(self) -> None:
        """Do nothing."""


def reader_of(
    tables: dict[str, dict[str, Any]], days: int, *, type_: str = "product", categories: dict[str, str] | None = None
) -> Reader:
    """Return a reader of metrics by subject: one number a day, or a list of them."""
    period = Period(FIRST, FIRST + timedelta(days=days - 1))
    read: dict[tuple[str, str], Values | None] = {}
    for metric, rows in tables.items():
        names = tuple(sorted(rows))
        table = np.stack([np.broadcast_to(np.asarray(rows[name], dtype=np.float64), (days,)) for name in names])
        read[metric, type_] = Values(names, period, table, None, "amount")
    nothing = ("pay_amount", "income", "contribution", "contributing_income", "known_margin", "costed_income")
    for metric in (*nothing, "pay_units", "ad_cost", "ad_sales"):
        for kind in (type_, "shop"):
            read.setdefault((metric, kind), None)
    facts = {"category": categories or {}}
    return Reader(Nothing(), load_catalogue(), period, period.end, "main", read=read, facts=facts)
