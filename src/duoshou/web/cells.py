"""How a page writes the cell of a table whose columns it does not know beforehand."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from duoshou.model.numbers import UNKNOWN, count, decimals
from duoshou.web.writing import Pen

LONGEST = 60


def cell(pen: Pen, value: Any, kind: str) -> str:
    """Return a cell of a canonical column.

    Args:
        pen: Writes instants in the time zone of the workspace.
        value: What the column holds; None and what is no finite number are unknown.
        kind: Canonical type: text, integer, money, price, rate, day or instant.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return UNKNOWN
    if isinstance(value, date):
        return pen.moment(value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, int | float | Decimal):
        return _number(value, kind)
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _number(value: float | Decimal, kind: str) -> str:
    if kind == "integer":
        return count(round(value))
    return f"{value:.4g}" if kind == "rate" else decimals(value)
