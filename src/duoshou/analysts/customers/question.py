"""What is asked of the customers, and their purchases in the engine: who bought on which day, for how much.

A purchase is a day on which a customer paid for something that was not refunded in full: two orders of one day are one
decision. Money is what was paid less what was refunded so far. Who cannot be told from others is nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
from ibis.expr.types import Table

from duoshou.engine import Backend
from duoshou.metrics import Catalogue
from duoshou.model import Period

LINES = "order_line"
HORIZON = 90


@dataclass(frozen=True, slots=True)
class Cuts:
    """From where on a customer is recent, frequent, and spends much.

    Attributes:
        recency_days: At most so many days since the last purchase; None: the quantile.
        frequency: At least so many purchases; None: the quantile, but two at least.
        money: At least so much paid in all; None: the quantile.
        quantile: Part of the customers that lies below a cut-off which is not set.
    """

    recency_days: int | None = None
    frequency: int | None = None
    money: Decimal | None = None
    quantile: float = 0.5


@dataclass(frozen=True, slots=True)
class CustomerQuestion:
    """What is asked.

    Attributes:
        backend: The engine.
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the shop.
        horizon: Days ahead.
        cuts: Cut-offs of the segments.
        catalogue: Definitions of the metrics; None: nothing is said of visitors and of new and returning buyers.
        today: Last day that the clock says is over; None: `as_of`.
    """

    backend: Backend
    as_of: date
    shop: str | None
    currency: str
    horizon: int = HORIZON
    cuts: Cuts = Cuts()
    catalogue: Catalogue | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Of whom anything is known.

    Attributes:
        customers: Different customers who can be told from others.
        returned: Those of them who bought on a second day.
        orders: Lines that name their buyer.
        unknown_orders: Lines that do not.
        period: First and last day of purchase; None without any.
        money: What the customers paid in all, less refunds.
    """

    customers: int
    returned: int
    orders: int
    unknown_orders: int
    period: Period | None
    money: Decimal

    @property
    def unknown_share(self) -> float | None:
        """Share of the lines whose buyer is unknown; None without lines."""
        total = self.orders + self.unknown_orders
        return self.unknown_orders / total if total else None


def paid_lines(question: CustomerQuestion) -> Table:
    """Return the paid lines up to the day, with `kept`: what was paid less what was refunded."""
    rows: Any = question.backend.table(LINES)
    wanted = [rows["paid_on"].notnull(), rows["paid_on"] <= question.as_of, rows["quantity"].coalesce(1) > 0]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    rows = rows.filter(*wanted)
    paid = rows["first_paid_amount"].coalesce(rows["paid_amount"])
    untold = (rows["status"] == "closed") & rows["refund_amount"].isnull()
    kept = ibis.ifelse(untold.coalesce(False), 0, paid - rows["refund_amount"].coalesce(0))
    return rows.mutate(day=rows["paid_on"], kept=kept.cast("decimal(18, 2)"))


def purchases(question: CustomerQuestion) -> Table:
    """Return a row for each customer and day of purchase: `buyer_key`, `day`, `money`."""
    rows: Any = paid_lines(question)
    rows = rows.filter(rows["buyer_key"].notnull())
    days: Any = rows.group_by(["buyer_key", "day"]).agg(money=rows["kept"].sum())
    return days.filter(days["money"] > 0)


def customers(question: CustomerQuestion) -> Table:
    """Return a row for each customer: `first`, `last`, `purchases`, `money`, and `since`, days since the last one."""
    days: Any = purchases(question)
    found: Any = days.group_by("buyer_key").agg(
        first=days["day"].min(), last=days["day"].max(), purchases=days.count(), money=days["money"].sum()
    )
    until = ibis.literal(question.as_of, type="date")
    return found.mutate(since=until.delta(found["last"], unit="day").cast("int64"))


def known(question: CustomerQuestion) -> Known:
    """Return of whom anything is known."""
    lines: Any = paid_lines(question)
    told = question.backend.execute(lines.agg(told=lines["buyer_key"].count(), all=lines.count())).to_pylist()[0]
    rows: Any = customers(question)
    found = question.backend.execute(
        rows.agg(
            customers=rows.count(),
            returned=(rows["purchases"] > 1).cast("int64").sum(),
            first=rows["first"].min(),
            last=rows["last"].max(),
            money=rows["money"].sum(),
        )
    ).to_pylist()[0]
    period = None if found["first"] is None else Period(found["first"], found["last"])
    money = Decimal(found["money"] or 0)
    orders = int(told["told"])
    return Known(int(found["customers"]), int(found["returned"] or 0), orders, int(told["all"]) - orders, period, money)
