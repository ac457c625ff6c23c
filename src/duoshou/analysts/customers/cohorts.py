"""Customers by the month of their first purchase: who of them came back in later months, and what they left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis

from duoshou.analysts.customers.question import CustomerQuestion, paid_lines, purchases

CONTRIBUTION = "line_contribution"
LINE = ["shop", "order_id", "line_no"]


@dataclass(frozen=True, slots=True)
class CohortMonth:
    """What a cohort did in a month of its life.

    Attributes:
        months: Months after the first one.
        customers: How many of them bought in it.
        retention: Their share of the cohort.
        money: Paid in it less refunds.
        contribution: What all its purchases up to the end of the month left; None where costs are not known.
        is_over: Whether the month had ended; of one that goes on the share will still grow.
    """

    months: int
    customers: int
    retention: float
    money: Decimal
    contribution: Decimal | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers whose first purchase lies in one month.

    Attributes:
        month: Its first day.
        customers: How many.
        months: What they did in each month of their life up to the day; the last may not be over.
    """

    month: date
    customers: int
    months: tuple[CohortMonth, ...]


def cohorts(question: CustomerQuestion) -> tuple[Cohort, ...]:
    """Return the cohorts, the oldest first.

    The first purchase is the first that the data hold: who bought before they begin is taken for new.
    """
    rows: Any = _monthly(question)
    found = question.backend.execute(rows).to_pylist()
    margins = _contributions(question)
    by_cohort: dict[int, dict[int, dict[str, Any]]] = {}
    for row in found:
        by_cohort.setdefault(int(row["cohort"]), {})[int(row["month"])] = row
    return tuple(_cohort(first, months, margins, question.as_of) for first, months in sorted(by_cohort.items()))


def _number(day: Any) -> Any:
    """Return the number of the month of a day, counted from the year 0."""
    return (day.year() * 12 + day.month() - 1).cast("int64")


def _with_cohort(days: Any) -> Any:
    first = days["day"].min().over(ibis.window(group_by="buyer_key"))
    days = days.mutate(first=first)
    return days.mutate(cohort=_number(days["first"]), month=_number(days["day"]))


def _monthly(question: CustomerQuestion) -> Any:
    days = _with_cohort(purchases(question))
    each = days.group_by(["buyer_key", "cohort", "month"]).agg(paid=days["money"].sum())
    return each.group_by(["cohort", "month"]).agg(customers=each.count(), money=each["paid"].sum())


def _contributions(question: CustomerQuestion) -> dict[tuple[int, int], Decimal]:
    """Return what the purchases of a cohort left in a month; nothing where a line's costs are unknown."""
    if not question.backend.has_table(CONTRIBUTION):
        return {}
    lines: Any = paid_lines(question)
    lines = lines.filter(lines["buyer_key"].notnull()).select(*LINE, "buyer_key", "day")
    left: Any = question.backend.table(CONTRIBUTION).select(*LINE, "contribution", "income")
    days: Any = lines.left_join(left, LINE)
    unknown = days["contribution"].isnull() & (days["income"].coalesce(0) != 0)
    days = days.mutate(unknown=unknown.cast("int64")).select("buyer_key", "day", "contribution", "unknown")
    bought: Any = purchases(question)
    firsts = bought.group_by("buyer_key").agg(first=bought["day"].min())
    joined: Any = days.inner_join(firsts, "buyer_key")
    joined = joined.mutate(cohort=_number(joined["first"]), month=_number(joined["day"]))
    found = joined.group_by(["cohort", "month"]).agg(left=joined["contribution"].sum(), unknown=joined["unknown"].sum())
    rows = question.backend.execute(found).to_pylist()
    return {
        (int(row["cohort"]), int(row["month"])): Decimal(row["left"] or 0)
        for row in rows
        if not row["unknown"] and row["left"] is not None
    }


def _cohort(
    first: int, months: dict[int, dict[str, Any]], margins: dict[tuple[int, int], Decimal], as_of: date
) -> Cohort:
    now = as_of.year * 12 + as_of.month - 1
    ends = (as_of + timedelta(days=1)).day == 1
    size = int(months[first]["customers"])
    told = []
    total: Decimal | None = Decimal(0)
    for month in range(first, now + 1):
        row = months.get(month)
        count = 0 if row is None else int(row["customers"])
        if row is not None:
            part = margins.get((first, month))
            total = None if total is None or part is None else total + part
        money = Decimal("0.00") if row is None else Decimal(row["money"])
        told.append(CohortMonth(month - first, count, count / size, money, total, month < now or ends))
    return Cohort(date(first // 12, first % 12 + 1, 1), size, tuple(told))
