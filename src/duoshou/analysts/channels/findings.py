"""What of the channels deserves attention: a better split, a test that is due, a new channel that is to be let go."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.analysts.channels.exploring import Exploration
from duoshou.analysts.channels.plan import BudgetPlan
from duoshou.analysts.channels.question import ChannelQuestion
from duoshou.analysts.channels.returns import ChannelReturn, Fitted, Verdict
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
from duoshou.model.numbers import cents, whole_amount

REALLOCATE, TEST, STOP = "channels.reallocate", "channels.test", "channels.stop"
LEAST_SHARE = 0.1
"""A channel is worth a test where it takes a tenth of the spend."""


def channel_findings(
    question: ChannelQuestion, fitted: Fitted | None, plan: BudgetPlan | None, tried: Sequence[Exploration]
) -> tuple[Finding, ...]:
    """Return what deserves attention, money first."""
    found = [] if plan is None or question.budget is not None else [_reallocate(question, plan)]
    found += [] if fitted is None else [_test(question, fitted.returns)]
    found += [_stop(question, one) for one in tried if one.stop]
    return tuple(one for one in found if one is not None)


def _reallocate(question: ChannelQuestion, plan: BudgetPlan) -> Finding | None:
    moved = [one for one in plan.budgets if abs(one.planned - one.today) > 0.01 * max(plan.today, 1e-9)]
    if not plan.sure or not moved:
        return None
    shop = Subject("shop", "", "")
    gain = plan.gain
    basis = Text(
        f"{plan.horizon} 天里贡献毛利减去花费，与现在的分法相比，90% 区间",
        f"contribution less spend in {plan.horizon} days against today's split, 90 % interval",
    )
    rows = tuple((one.channel, one.title.zh, round(one.today, 2), round(one.planned, 2)) for one in plan.budgets)
    words = "，".join(f"{one.title.zh} {one.today:,.0f}→{one.planned:,.0f}" for one in moved)
    english = ", ".join(f"{one.title.en} {one.today:,.0f} → {one.planned:,.0f}" for one in moved)
    return Finding(
        REALLOCATE,
        shop,
        Period.of_month(question.as_of),
        question.as_of,
        Text(f"推广预算换个分法更划算：{words}（每天）", f"another split of the budget earns more: {english} a day"),
        Confidence.LIKELY,
        Impact(cents(gain.value), question.currency, cents(gain.low), cents(gain.high), basis),
        evidence=(
            Evidence(
                "split",
                EvidenceType.TABLE,
                Text("每天花费：现在与建议", "spend of a day: today and planned"),
                ("channel", "title", "today", "planned"),
                rows,
            ),
        ),
        recommendations=(
            Recommendation(
                Text(f"按建议调整日预算：{words}", f"set the daily budgets: {english}"),
                Role.PROMOTION,
                plan.note,
                effort="minutes",
            ),
        ),
        caveats=(
            Text(
                "由花费和销售一起变动推算，不是测试；步子内的曲线可信，步子外不可信",
                "by how spend and sales moved together, not by a test; the curve holds within the step, not beyond",
            ),
        ),
    )


def _test(question: ChannelQuestion, returns: Sequence[ChannelReturn]) -> Finding | None:
    """Return the untold channel that costs most, with the test that would tell; None where none can."""
    total = sum(one.today for one in returns)
    due = [
        one
        for one in returns
        if one.verdict is Verdict.CANNOT_TELL and one.test and one.test.days and one.today >= LEAST_SHARE * total
    ]
    if not due or total <= 0:
        return None
    one = max(due, key=lambda each: each.today)
    assert one.test is not None
    subject = Subject("channel", one.channel, one.title.zh)
    zh, en = whole_amount(one.today, question.currency, "zh"), whole_amount(one.today, question.currency, "en")
    return Finding(
        TEST,
        subject,
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"「{one.title.zh}」每天花 {zh}，带来多少真增量不能判断；{one.test.days} 天的轮换测试能说清",
            f"“{one.title.en}” costs {en} a day and what it really adds cannot be told; a switchback of "
            f"{one.test.days} days would tell",
        ),
        Confidence.POSSIBLE,
        recommendations=(Recommendation(one.test.how, Role.PROMOTION, one.reasons[0], effort="hours"),),
        caveats=one.reasons,
    )


def _stop(question: ChannelQuestion, one: Exploration) -> Finding:
    subject = Subject("channel", one.channel, one.title.zh)
    return Finding(
        STOP,
        subject,
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"新渠道「{one.title.zh}」接近最好渠道的可能已不到 1%，停投",
            f"the chance that the new channel “{one.title.en}” comes near the best is below 1 %: stop it",
        ),
        Confidence.LIKELY,
        recommendations=(
            Recommendation(
                Text(f"停掉「{one.title.zh}」", f"stop “{one.title.en}”"), Role.PROMOTION, one.rule, effort="minutes"
            ),
        ),
        caveats=(
            Text("按平台自报的成交比较，不是增量", "by the orders that the platform claims, not by what they add"),
        ),
    )
