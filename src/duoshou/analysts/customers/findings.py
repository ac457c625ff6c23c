"""What of the customers deserves attention, in the frame that all findings share."""

from __future__ import annotations

from decimal import Decimal

from duoshou.analysts.customers.intervals import Repurchase
from duoshou.analysts.customers.outlook import Outlook
from duoshou.analysts.customers.question import CustomerQuestion
from duoshou.analysts.customers.returning import DAYS, Fall
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
from duoshou.model.numbers import cents

AT_RISK, RETURNS_FALL, DUE = "customers.at_risk", "customers.returns_fall", "customers.due"
LEAST_AGAIN = 0.1
"""Part of the purchases that must be followed by another one: what hardly anybody buys twice is due to nobody."""
SHOP = Subject("shop", "", "")


def risk_finding(question: CustomerQuestion, found: Outlook) -> Finding | None:
    """Return the customers who have lately fallen silent, in money; None where there are none."""
    if not found.at_risk:
        return None
    days, count, risk = question.horizon, found.at_risk, found.risk
    basis = Text(
        f"他们若照旧购买，今后 {days} 天会多付的金额（扣除退款，未扣成本）",
        f"what they would pay in the next {days} days beyond what is expected now, less refunds, costs not deducted",
    )
    rows = tuple(
        (one.period.start, one.period.end, round(one.expected, 1), one.actual, round(one.mean_error, 3))
        for one in found.trials
    )
    trials = Evidence(
        "trials",
        EvidenceType.TABLE,
        Text("用过去检验：预计与实际购买次数", "tried on the past: purchases expected and made"),
        ("from", "to", "expected", "actual", "mean_error"),
        rows,
    )
    return Finding(
        AT_RISK,
        SHOP,
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"{count} 位买过不止一次的客户最近 {days} 天里变得更可能不再来",
            f"{count} customers who came back before have become likelier to be gone in the last {days} days",
        ),
        Confidence.LIKELY,
        Impact(cents(risk.value), question.currency, cents(risk.low), cents(risk.high), basis),
        evidence=(trials,),
        recommendations=(
            Recommendation(
                Text(
                    "导出名单（加密编号），分批触达，留一部分不发作对照",
                    "reach them in batches, keep some back to compare",
                ),
                Role.OPERATOR,
                Text("他们还没走远：再晚就更难唤回", "they have not been silent for long"),
            ),
        ),
        caveats=(
            Text(
                "是按购买记录推算的可能性，不是每个人的事实；触达能唤回多少，要用对照测出来",
                "a likelihood by past purchases, no fact about anyone; what reaching them brings must be tested",
            ),
        ),
    )


def fall_finding(question: CustomerQuestion, found: Fall | None) -> Finding | None:
    """Return that the latest new customers come back less often; None where they do not."""
    if found is None:
        return None
    latest, month = found.latest, f"{found.latest.month:%Y-%m}"
    money, low, high = (cents(one * float(found.money)) for one in (found.lost, found.low, found.high))
    basis = Text(
        f"少回来的人数乘以第二次购买的平均金额，首购后 {DAYS} 天内",
        f"those who did not come back times what a second purchase brings, within {DAYS} days of the first",
    )
    return Finding(
        RETURNS_FALL,
        SHOP,
        Period.of_month(latest.month),
        question.as_of,
        Text(
            f"{month} 的新客 {DAYS} 天复购率 {latest.rate:.1%}，此前 {found.months} 个月是 {found.usual:.1%}",
            f"{latest.rate:.1%} of the new customers of {month} came back within {DAYS} days; "
            f"{found.usual:.1%} in the {found.months} months before",
        ),
        Confidence.LIKELY,
        Impact(money, question.currency, low, high, basis),
        recommendations=(
            Recommendation(
                Text(
                    "查这个月的新客从哪来、买了什么、评价如何", "look where they came from, what they bought and said"
                ),
                Role.OPERATOR,
                Text(
                    "复购下降常见于活动拉来的人群、商品或服务变差", "promotions, goods and service are the usual causes"
                ),
            ),
        ),
        caveats=(
            Text(
                "大促月的新客本来就少回来；只比较了数据里的第一次购买",
                "those who come for a great sale return less anyway; the first purchase is the first in the data",
            ),
        ),
    )


def due_finding(question: CustomerQuestion, found: tuple[Repurchase, ...]) -> Finding | None:
    """Return how many customers are due to buy a product again; without money: who buys untold cannot be known."""
    due = [one for one in found if one.due and one.again >= LEAST_AGAIN]
    due.sort(key=lambda one: (-one.due * one.again, one.product))
    if not due:
        return None
    first = due[0]
    again = f"{first.again:.0%}"
    table = Evidence(
        "due",
        EvidenceType.TABLE,
        Text("到了复购时间的客户", "customers who are due"),
        ("product", "title", "median_days", "low", "high", "late_after", "due"),
        tuple((one.product, one.title, one.median, one.low, one.high, one.late_after, one.due) for one in due[:10]),
    )
    return Finding(
        DUE,
        SHOP,
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"「{first.title}」有 {first.due} 位客户到了复购时间（{again} 买了再买，隔 {first.median} 天）",
            f"{first.due} customers are due to buy “{first.title}” again ({again} of purchases are followed by "
            f"another, after {first.median} days)",
        ),
        Confidence.POSSIBLE,
        evidence=(table,),
        recommendations=(
            Recommendation(
                Text("在到期的这几天提醒补货，不必先打折", "remind them in these days, without a discount first"),
                Role.OPERATOR,
                Text("回头客多在这个间隔再买", "those who come back do so after about this time"),
            ),
        ),
        caveats=(
            Text(
                "间隔只来自已经再买的人，不是每位买过的人都会再买",
                "intervals are of those who came back; not everyone who bought does",
            ),
        ),
    )


def money_first(found: list[Finding]) -> tuple[Finding, ...]:
    """Return findings, the dearest first."""
    return tuple(sorted(found, key=lambda one: -(one.impact.amount if one.impact else Decimal(0))))
