"""Which launches to push and which to stop, in the frame that all findings share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from duoshou.analysts.launches.question import LaunchQuestion
from duoshou.analysts.launches.rates import Rate
from duoshou.analysts.launches.words import RATES
from duoshou.model import (
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Impact,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.statistics.launches import Verdict

if TYPE_CHECKING:
    from duoshou.analysts.launches.study import Candidate

PUSH, STOP = "launches.push", "launches.stop"
AHEAD = 28
MOST_PUSHED = 3
MOST_ROWS = 10
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Traffic:
    """Visitors on a day of the last four weeks.

    Attributes:
        hit: Of the middle product of class A.
        by_product: Of each product.
    """

    hit: float
    by_product: Mapping[str, float]


def launch_findings(
    question: LaunchQuestion, candidates: Sequence[Candidate], traffic: Traffic | None, margin: float
) -> tuple[Finding, ...]:
    """Return what deserves attention, the dearest first.

    Args:
        question: What is asked.
        candidates: New products.
        traffic: What visitors products have; None: unknown.
        margin: What a unit of sales leaves before promotion.
    """
    passed = [one for one in candidates if one.verdict is Verdict.PASSED]
    told = [_push(question, one, traffic, margin) for one in passed]
    told.sort(key=lambda one: -(one.impact.amount if one.impact else Decimal(0)))
    stop = _stop(question, [one for one in candidates if one.verdict is Verdict.FAILED], margin)
    return (*told[:MOST_PUSHED], *([stop] if stop else []))


def _push(question: LaunchQuestion, one: Candidate, traffic: Traffic | None, margin: float) -> Finding:
    read = one.rate(Rate.MONEY)
    assert read is not None
    judged = read.judgement
    return Finding(
        PUSH,
        Subject("product", one.id, one.title),
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"新品「{one.title}」测款通过：每访客 {judged.rate:.2f}，高于本店上新的前四分之一（{judged.bar:.2f}）",
            f"“{one.title}” passes its test: {judged.rate:.2f} a visitor, best quarter: {judged.bar:.2f}",
        ),
        Confidence.LIKELY,
        _worth(question, one, traffic, margin),
        evidence=(_rates(one),),
        recommendations=(
            Recommendation(
                Text(
                    "一周内把流量加到现在的两倍，看每访客价值保不保得住，保得住再加；先备货",
                    "double its traffic within a week, and again if money per visitor holds; secure stock first",
                ),
                Role.OPERATOR,
                Text("同样的流量，它比本店大多数新品值钱", "a visitor is worth more with it than with most launches"),
            ),
        ),
        caveats=(
            Text(
                "加来的流量一般比现在的冷，每访客价值会低一些",
                "added visitors are colder than those of now: money per visitor will fall somewhat",
            ),
        ),
    )


def _worth(question: LaunchQuestion, one: Candidate, traffic: Traffic | None, margin: float) -> Impact | None:
    """Return what twice the traffic would leave, up to what that of a usual product of class A would."""
    read = one.rate(Rate.MONEY)
    if traffic is None or read is None:
        return None
    present, judged = traffic.by_product.get(one.id, 0.0), read.judgement
    further = max(traffic.hit - present, present)
    low, middle, high = (
        Decimal(str(round(visitors * AHEAD * rate * margin, 2)))
        for visitors, rate in ((present, judged.low), (present, judged.rate), (further, judged.high))
    )
    if middle <= 0:
        return None
    basis = Text(
        f"流量翻倍 28 天多留下的钱（推广费之前）；上限是流量到 A 类商品的常见水平（每天 {traffic.hit:.0f}）",
        f"what twice the traffic would leave in 28 days, before promotion; at most, class A's ({traffic.hit:.0f})",
    )
    return Impact(middle, question.currency, low, high, basis)


def _stop(question: LaunchQuestion, failed: Sequence[Candidate], margin: float) -> Finding | None:
    """Return the launches that surely fail and whose promotion does not earn its cost; None without any."""
    rate = Decimal(str(round(margin, 4)))
    spending = [one for one in failed if one.ad_cost and one.ad_cost > rate * (one.ad_sales or 0)]
    if not spending:
        return None
    spending.sort(key=lambda one: (-(one.ad_cost or 0), one.id))
    spent = sum((one.ad_cost or Decimal(0) for one in spending), Decimal(0))
    # At the least, all that they sold of late came by promotion; at the most, nothing did.
    claimed = sum((one.ad_sales or Decimal(0) for one in spending), Decimal(0))
    middle = (spent - rate * claimed).quantize(CENT)
    low = min(
        max(spent - rate * sum((_recent(one) for one in spending), Decimal(0)), Decimal(0)).quantize(CENT), middle
    )
    basis = Text(
        "归因已满的四周里花在它们身上、平台认领的成交收不回来的推广费；下限算上它们全部成交",
        "promotion spent on them in four settled weeks beyond what claimed sales leave; the lower end counts all sales",
    )
    return Finding(
        STOP,
        Subject("shop", "", ""),
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"{len(spending)} 个新品测款不过，推广费也收不回来",
            f"{len(spending)} launches fail their test, and their promotion does not earn its cost",
        ),
        Confidence.LIKELY,
        Impact(middle, question.currency, low, spent, basis),
        evidence=(
            Evidence(
                "failing_launches",
                EvidenceType.TABLE,
                Text("测款不过的新品", "launches that fail"),
                ("product", "title", "age_days", "visitors", "buyers", "ad_cost"),
                tuple(
                    (one.id, one.title, one.age, one.visitors, one.buyers, one.ad_cost) for one in spending[:MOST_ROWS]
                ),
            ),
        ),
        recommendations=(
            Recommendation(
                Text(
                    "停掉它们的推广，把预算给还在测的和通过的；换主图或价格后当新品重测",
                    "stop promoting them and give the budget to those that pass or are open; test anew after changes",
                ),
                Role.PROMOTION,
                Text("它们的每访客价值低于本店上新的中位数", "a visitor brings less than with the shop's usual launch"),
            ),
        ),
        caveats=(
            Text(
                "低于中位数不等于亏钱；清货、引流的款可以留",
                "below the median is not a loss: what clears stock or brings traffic may stay",
            ),
        ),
    )


def _recent(one: Candidate) -> Decimal:
    """Return its sales of four weeks at most, of those of its whole life by days."""
    return one.amount * min(one.age, AHEAD) / max(one.age, 1)


def _rates(one: Candidate) -> Evidence:
    return Evidence(
        "launch_rates",
        EvidenceType.TABLE,
        Text("测款指标", "rates of the launch"),
        ("rate_zh", "rate_en", "value", "low", "high", "bar", "median", "chance_above_bar"),
        tuple(
            (
                *(RATES[read.rate].zh, RATES[read.rate].en),
                *(
                    round(value, 4)
                    for value in (
                        read.judgement.rate,
                        read.judgement.low,
                        read.judgement.high,
                        read.judgement.bar,
                        read.judgement.median,
                        read.judgement.above,
                    )
                ),
            )
            for read in one.rates
        ),
    )
