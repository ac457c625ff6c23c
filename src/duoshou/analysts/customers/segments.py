"""The eight segments of customers by recency, frequency and money (RFM), as Chinese shops name them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
from ibis.expr.types import Table

from duoshou.analysts.customers.question import CustomerQuestion, customers
from duoshou.model import Text

LEAST_FREQUENT = 2
"""Who bought once is not frequent, even where most did."""
FLAGS = ("recent", "frequent", "spending")


@dataclass(frozen=True, slots=True)
class SegmentName:
    """A segment by its three answers, and what is done about it.

    Attributes:
        key: Name for programs.
        title: Name for people.
        advice: What shops do with it.
    """

    key: str
    title: Text
    advice: Text


NAMES = {
    (True, True, True): SegmentName(
        "champions",
        Text("重要价值客户", "champions"),
        Text("给专属权益，不要打折讨好", "care for them, no need to discount"),
    ),
    (False, True, True): SegmentName(
        "win_back",
        Text("重要唤回客户", "important, to be won back"),
        Text("一对一联系、问原因、送券", "write to them one by one"),
    ),
    (True, False, True): SegmentName(
        "develop",
        Text("重要深耕客户", "important, to be deepened"),
        Text("引导第二次购买、搭配推荐", "lead them to buy again"),
    ),
    (False, False, True): SegmentName(
        "rescue",
        Text("重要挽留客户", "important, slipping away"),
        Text("大额券挽留，先问体验", "a strong offer, ask what went wrong"),
    ),
    (True, True, False): SegmentName(
        "potential",
        Text("潜力客户（一般价值）", "frequent, small baskets"),
        Text("做连带、凑单、升级", "raise what goes into a basket"),
    ),
    (False, True, False): SegmentName(
        "keep", Text("一般维持客户", "frequent once, small baskets"), Text("上新时提醒", "tell them of new products")
    ),
    (True, False, False): SegmentName(
        "new",
        Text("新客户（一般发展）", "recent first buyers"),
        Text("首购后关怀，发复购券", "care after the first order"),
    ),
    (False, False, False): SegmentName(
        "lost",
        Text("流失客户（一般挽留）", "gone, small baskets"),
        Text("只在大促时低成本触达", "only cheap reach at great sales"),
    ),
}


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The cut-offs that were used: recent at most `recency_days`, frequent from `frequency`, spending from `money`."""

    recency_days: int
    frequency: int
    money: Decimal


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the eight.

    Attributes:
        key: Name for programs.
        title: Name for people.
        advice: What shops do with it.
        customers: How many.
        share: Of all customers.
        money: What they paid in all, less refunds.
        money_share: Of what all paid.
        purchases: Mean number of purchases.
        days_since: Mean days since the last one.
    """

    key: str
    title: Text
    advice: Text
    customers: int
    share: float
    money: Decimal
    money_share: float
    purchases: float
    days_since: float


def cut_offs(question: CustomerQuestion) -> CutOffs | None:
    """Return the cut-offs, from the quantiles of the shop's own customers where none is set; None without customers."""
    rows: Any = customers(question)
    cuts, at = question.cuts, question.cuts.quantile
    found = question.backend.execute(
        rows.agg(
            since=rows["since"].cast("float64").quantile(at),
            purchases=rows["purchases"].cast("float64").quantile(at),
            money=rows["money"].cast("float64").quantile(at),
        )
    ).to_pylist()[0]
    if found["since"] is None:
        return None
    money = Decimal(str(found["money"])).quantize(Decimal("0.01"))
    return CutOffs(
        int(found["since"]) if cuts.recency_days is None else cuts.recency_days,
        max(LEAST_FREQUENT, round(found["purchases"])) if cuts.frequency is None else cuts.frequency,
        money if cuts.money is None else cuts.money,
    )


def flagged(question: CustomerQuestion, cuts: CutOffs) -> Table:
    """Return the customers with the three answers as 0 and 1."""
    rows: Any = customers(question)
    money = ibis.literal(cuts.money, type="decimal(18, 2)")
    return rows.mutate(
        recent=(rows["since"] <= cuts.recency_days).cast("int8"),
        frequent=(rows["purchases"] >= cuts.frequency).cast("int8"),
        spending=(rows["money"] >= money).cast("int8"),
    )


def segments(question: CustomerQuestion, cuts: CutOffs) -> tuple[Segment, ...]:
    """Return the eight segments, the empty ones too; their customers and money add up to those of all."""
    rows: Any = flagged(question, cuts)
    found = question.backend.execute(
        rows.group_by(list(FLAGS)).agg(
            customers=rows.count(),
            paid=rows["money"].sum(),
            bought=rows["purchases"].cast("float64").mean(),
            ago=rows["since"].cast("float64").mean(),
        )
    ).to_pylist()
    by_flags = {tuple(bool(row[name]) for name in FLAGS): row for row in found}
    total, money = sum(row["customers"] for row in found), sum((row["paid"] for row in found), Decimal(0))
    return tuple(_segment(name, by_flags.get(flags), total, money) for flags, name in NAMES.items())


def _segment(name: SegmentName, row: dict[str, Any] | None, total: int, money: Decimal) -> Segment:
    if row is None:
        return Segment(name.key, name.title, name.advice, 0, 0.0, Decimal("0.00"), 0.0, 0.0, 0.0)
    count, paid = int(row["customers"]), Decimal(row["paid"])
    return Segment(
        name.key,
        name.title,
        name.advice,
        count,
        count / total,
        paid,
        float(paid / money) if money else 0.0,
        float(row["bought"]),
        float(row["ago"]),
    )
