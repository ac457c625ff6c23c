"""Whether the latest new customers come back less often than those before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis
import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from duoshou.analysts.customers.question import CustomerQuestion, purchases

DAYS = 60
LEAST_COHORTS = 4
MOST_COHORTS = 12
LEAST_CUSTOMERS = 30
RISK = 0.01


@dataclass(frozen=True, slots=True)
class Returned:
    """How many new customers of a month bought again within 60 days.

    Attributes:
        month: First day of the month.
        customers: New customers.
        returned: Those who bought again.
        money: What a second purchase brought on average; None without any.
    """

    month: date
    customers: int
    returned: int
    money: Decimal | None

    @property
    def rate(self) -> float:
        """Their share."""
        return self.returned / self.customers


@dataclass(frozen=True, slots=True)
class Fall:
    """A cohort that comes back less often.

    Attributes:
        latest: The cohort.
        usual: Repeat rate of the months before.
        months: How many months those are.
        lost: How many of its customers did not come back who usually would have.
        low: Lower end of its 95 % interval.
        high: Upper end.
        money: What a second purchase brought on average in the months before.
    """

    latest: Returned
    usual: float
    months: int
    lost: float
    low: float
    high: float
    money: Decimal


def returned(question: CustomerQuestion) -> tuple[Returned, ...]:
    """Return the months all of whose new customers have had 60 days to come back, the oldest first.

    The first month is left out: its customers may have bought before the data begin.
    """
    days: Any = purchases(question)
    order: Any = ibis.window(group_by="buyer_key", order_by="day")
    days = days.mutate(
        number=ibis.row_number().over(order), next=days["day"].lead().over(order), paid=days["money"].lead().over(order)
    )
    firsts: Any = days.filter(days["number"] == 0)
    again = firsts["next"].notnull() & (firsts["next"].delta(firsts["day"], unit="day") <= DAYS)
    firsts = firsts.mutate(
        month=firsts["day"].truncate("M").cast("date"),
        again=again.coalesce(False).cast("int64"),
        paid=ibis.ifelse(again.coalesce(False), firsts["paid"].cast("float64"), ibis.null("float64")),
    )
    rows = firsts.group_by("month").agg(
        customers=firsts.count(), returned=firsts["again"].sum(), money=firsts["paid"].mean()
    )
    found = sorted(question.backend.execute(rows).to_pylist(), key=lambda row: row["month"])
    return tuple(_returned(row) for row in found[1:] if _over(row["month"]) + timedelta(days=DAYS) <= question.as_of)


def _over(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _returned(row: dict[str, Any]) -> Returned:
    money = None if row["money"] is None else Decimal(str(row["money"])).quantize(Decimal("0.01"))
    return Returned(row["month"], int(row["customers"]), int(row["returned"]), money)


def fall(months: tuple[Returned, ...]) -> Fall | None:
    """Return the fall of the latest month against those before it; None where chance may explain it, or too few tell.

    Months differ by more than chance: the spread of those before (Pearson's, at least that of chance) widens the
    interval, and its quantiles are Student's.
    """
    usable = [one for one in months if one.customers >= LEAST_CUSTOMERS][-MOST_COHORTS - 1 :]
    if len(usable) <= LEAST_COHORTS or usable[-1] is not months[-1]:
        return None
    *before, latest = usable
    size = np.array([one.customers for one in before], dtype=np.float64)
    number = np.array([one.returned for one in before], dtype=np.float64)
    usual = float(number.sum() / size.sum())
    money = [one.money for one in before if one.money is not None]
    if not 0 < usual < 1 or not money:
        return None
    free = len(before) - 1
    spread = max(1.0, float(((number - usual * size) ** 2 / (size * usual * (1 - usual))).sum() / free))
    error = float(np.sqrt(spread * usual * (1 - usual) * (1 / latest.customers + 1 / size.sum())))
    difference = usual - latest.rate
    chance = float(student.sf(difference / error, free)) if spread > 1 else float(norm.sf(difference / error))
    if chance > RISK:
        return None
    reach = error * float(student.ppf(0.975, free) if spread > 1 else norm.ppf(0.975))
    ends = (max(0.0, difference - reach), difference + reach)
    low, high = (one * latest.customers for one in ends)
    return Fall(
        latest, usual, len(before), difference * latest.customers, low, high, sum(money, Decimal(0)) / len(money)
    )
