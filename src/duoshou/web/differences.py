"""How a page writes values and differences that an explanation computed, in the unit of the metric."""

from __future__ import annotations

import math

from duoshou.metrics import Unit
from duoshou.metrics.wording import VALUES
from duoshou.model import Language
from duoshou.model.numbers import UNKNOWN
from duoshou.web.writing import Pen

WHOLE = frozenset({Unit.COUNT, Unit.PEOPLE})


def amount(pen: Pen, value: float | None, unit: Unit) -> str:
    """Return a value at a glance; `—` where it is unknown."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return pen.glance(round(value) if unit in WHOLE else value, unit)


def difference(pen: Pen, value: float | None, unit: Unit) -> str:
    """Return a difference with its sign: money, percentage points of a rate, whole counts, or two decimals."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    sign = "+" if value > 0 else "−" if value < 0 else ""
    if unit is Unit.RATE:
        return f"{sign}{abs(value) * 100:.2f}pp"
    return sign + amount(pen, abs(value), unit)


def share(value: float | None) -> str:
    """Return a part of the change in per cent; `—` where nothing changed."""
    # Adding 0 makes 0 of -0.
    return UNKNOWN if value is None or not math.isfinite(value) else f"{round(value, 2) + 0:.0%}"


def value_name(language: Language, dimension: str, value: str | None, name: str) -> str:
    """Return what people call a value of a dimension; a name that the shop gave it stays."""
    known = VALUES.get(dimension, {}).get(value or "")
    return known.in_language(language) if known and name in {"", value, known.zh} else name
