"""What better bids would bring, in the frame that all findings share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

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
from duoshou.model.numbers import whole_amount

if TYPE_CHECKING:
    from duoshou.analysts.advertising.bid_plan import BidPlan

BIDS = "advertising.bids"
MOST_ROWS = 15


def bid_findings(as_of: date, currency: str, plan: BidPlan | None) -> tuple[Finding, ...]:
    """Return the gain of better bids, where it surely is one.

    A finding is read by everybody, so its words name neither what a click is worth nor what better bids would bring.
    """
    if plan is None or plan.extra.low <= 0 or not plan.changed:
        return ()
    changed = plan.changed
    up, down = sum(one.change > 0 for one in changed), sum(one.change < 0 for one in changed)
    money, but = _money(plan, currency), _but(plan)
    rows = tuple(
        (one.keyword, one.campaign_name, one.clicks_now, one.price, "↑" if one.change > 0 else "↓")
        for one in changed[:MOST_ROWS]
    )
    return (
        Finding(
            BIDS,
            Subject("shop", "", ""),
            Period.of_month(as_of),
            as_of,
            Text(
                f"{up} 个词可以加价、{down} 个该降价：{money.zh}，多赚一些",
                f"{up} keywords bear a higher bid and {down} a lower one: more is left {money.en}",
            ),
            Confidence.LIKELY if all(one.known for one in plan.bids) and not plan.variation else Confidence.POSSIBLE,
            Impact(plan.extra.value, currency, plan.extra.low, plan.extra.high, _basis(plan)),
            evidence=(
                Evidence(
                    "bids",
                    EvidenceType.TABLE,
                    Text("出价要改的词，影响最大的在前", "keywords whose bid is to change, what moves most first"),
                    ("target", "campaign", "clicks_a_day", "cost_per_click", "direction"),
                    rows,
                ),
            ),
            recommendations=(
                Recommendation(
                    Text(
                        f"按出价表改，一次不超过 {plan.step:.0%}{but.zh}，一周后看花费和成交再走下一步",
                        f"change bids by the sheet, {plan.step:.0%} at most at once{but.en}; look after a week, then "
                        "the next",
                    ),
                    Role.PROMOTION,
                    Text(
                        "多买一次点击花的钱，在各个词上应当值得一样多",
                        "a further click should be worth as much for its money on every keyword",
                    ),
                ),
            ),
            caveats=plan.caveats,
        ),
    )


def _money(plan: BidPlan, currency: str) -> Text:
    """Return what the bids cost beyond what is spent now."""
    if plan.cost <= plan.cost_now:
        return Text("不多花钱", "for no more money")
    zh, en = (whole_amount(plan.cost - plan.cost_now, currency, language) for language in ("zh", "en"))
    return Text(f"每天多花 {zh}", f"for {en} more of cost a day")


def _but(plan: BidPlan) -> Text:
    """Return which keywords rise by more than a step."""
    if not plan.leaping:
        return Text("", "")
    return Text(f"（{plan.leaping} 个几乎没有点击的词除外）", f" but for {plan.leaping} words that are hardly clicked")


def _basis(plan: BidPlan) -> Text:
    return Text(
        f"{plan.days} 天：点击曲线和转化按 {plan.period.start} 至 {plan.period.end}；90% 区间；已判为浪费的词不重复算",
        f"{plan.days} days; curves and conversion by {plan.period.start} to {plan.period.end}; 90 % interval; words "
        "told to waste are not counted again",
    )
