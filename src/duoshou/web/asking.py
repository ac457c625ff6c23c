"""What the pages of analysis read from an address."""

from __future__ import annotations

from datetime import date

from duoshou.gate import Visitor, bad_value
from duoshou.model import EARLIEST, LATEST, Comparison, Period, Text

LONGEST_NAME = 200
DAY = Text("请写成 2026-11-22", "write it as 2026-11-22")


def period_of(visitor: Visitor, first: str = "from", last: str = "to") -> Period | None:
    """Return the days that an address names; one day where it names only one end; None where it names none.

    Raises:
        Refused: If a day cannot be read.
        InvalidPeriod: If the last lies before the first.
    """
    start, end = visitor.day(first), visitor.day(last)
    if start is None and end is None:
        return None
    return Period(start or end, end or start)  # type: ignore[arg-type]


def chosen_comparison(visitor: Visitor) -> Comparison | None:
    """Return the comparison that an address names; None where it names none.

    Raises:
        Refused: If it is no comparison.
    """
    return visitor.comparison() if visitor.text("compare") else None


def day_given(name: str, value: str) -> date | None:
    """Return the day that a field of a form holds; None where it is empty.

    Raises:
        Refused: If it is no day, or one that no shop can have.
    """
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise bad_value(name, value, DAY) from None
    if not EARLIEST <= day <= LATEST:
        raise bad_value(name, value, DAY)
    return day
