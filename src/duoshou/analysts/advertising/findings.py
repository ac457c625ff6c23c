"""What to do about paid promotion, in the frame that all findings share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from duoshou.analysts.advertising.question import AdQuestion, Level
from duoshou.analysts.advertising.words import LEVELS
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

if TYPE_CHECKING:
    from duoshou.analysts.advertising.levels import AdLevel, Target

WASTE = "advertising.waste"
MOST_ROWS = 15
MONTH = 30
ACTIONS = {
    Level.KEYWORD: Text(
        "把这些词降到保本出价，降不下来的暂停；无关的加否定词",
        "bid these words down to break-even, pause what stays dear, exclude what does not fit",
    ),
    Level.SEARCH: Text(
        "把这些搜索词加成否定词；想留的改成精准词单独出价",
        "exclude these searches as negative keywords; those to keep, buy exactly with a bid of their own",
    ),
    Level.AUDIENCE: Text(
        "先把这些人群的溢价降到零，还亏的移出",
        "take the premium off these audiences first, and drop those that still lose",
    ),
    Level.CREATIVE: Text(
        "先停这些创意，把展现让给同计划赚钱的创意",
        "pause these creatives first, and leave their impressions to those of the plan that earn",
    ),
    Level.PLACEMENT: Text(
        "先把这些资源位的溢价降到零，还亏的关掉",
        "take the premium off these placements first, and close those that still lose",
    ),
    Level.REGION: Text("先把这些地域移出投放", "take these regions out of the plans first"),
    Level.HOUR: Text("先停这些时段的投放", "stop the plans in these hours first"),
    Level.PRODUCT: Text(
        "先把这些商品移出推广或降价测试，主图和详情改好再投",
        "take these products out of promotion until image and page are better",
    ),
    Level.CAMPAIGN: Text(
        "先把这些计划的日预算砍半，看成交有没有真的少",
        "halve the daily budgets of these plans and see whether sales really fall",
    ),
}


def ad_findings(question: AdQuestion, levels: Sequence[AdLevel]) -> tuple[Finding, ...]:
    """Return the waste of the finest level that has any: the levels overlap, so the same money is told once.

    A finding is read by everybody, so it names no break-even: that stands in the study, for those who may see margins.
    """
    for level in levels:
        wasted = [one for one in level.targets if one.verdict.value == "wastes"]
        if wasted:
            return (_waste(question, level, wasted),)
    return ()


def _waste(question: AdQuestion, level: AdLevel, wasted: Sequence[Target]) -> Finding:
    ordered = sorted(wasted, key=lambda one: (one.profit, one.key))
    days = level.period.days
    lost, least, most = (
        -sum((getattr(one, name) for one in ordered), Decimal(0)) * MONTH / days
        for name in ("profit", "profit_high", "profit_low")
    )
    spent = sum((one.cost for one in ordered), Decimal(0))
    zh, en = whole_amount(spent, question.currency, "zh"), whole_amount(spent, question.currency, "en")
    names, number = LEVELS[level.level], len(ordered)
    basis = Text(
        f"30 天里花费减去带来的毛利（已扣退款），按 {level.period.start} 至 {level.period.end} 的日均；区间为各自之和",
        f"cost of 30 days beyond the margin of what they sold, refunds taken off, at the daily mean of "
        f"{level.period.start} to {level.period.end}; the interval adds up those of each",
    )
    rows = tuple(
        (
            one.name,
            one.clicks,
            round(one.orders),
            one.cost,
            one.cost_per_click,
            one.expected_roas,
            one.roas_high,
        )
        for one in ordered[:MOST_ROWS]
    )
    return Finding(
        WASTE,
        Subject("shop", "", ""),
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"{number} 个{names.zh}的花费收不回来：{days} 天 {zh}",
            f"{number} {names.en} do not earn their cost: {en} in {days} days",
        ),
        Confidence.LIKELY,
        Impact(cents(lost), question.currency, cents(min(least, lost)), cents(most), basis),
        evidence=(
            Evidence(
                "waste",
                EvidenceType.TABLE,
                Text("收不回花费的，亏得最多的在前", "those that do not earn their cost, the worst first"),
                (
                    *("target", "clicks", "ad_orders", "ad_cost", "cost_per_click"),
                    *("expected_roas", "roas_high"),
                ),
                rows,
            ),
        ),
        recommendations=(
            Recommendation(
                ACTIONS[level.level],
                Role.PROMOTION,
                Text(
                    "投产比低于保本不是偶然；判错的预计不超过 5%",
                    "below break-even beyond chance; 5 % of them may be wrong",
                ),
            ),
        ),
        caveats=(
            Text(
                "平台认领的成交不等于增量；拉新、测款、抢排名的词可以亏着投，但要知道亏多少",
                "claimed sales are not added sales; words for a launch or a rank may lose money, knowingly",
            ),
        ),
    )
