"""What the pages of analysis read from an address."""

from __future__ import annotations

from duoshou.gate import Visitor
from duoshou.model import Comparison, Period, Text

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
