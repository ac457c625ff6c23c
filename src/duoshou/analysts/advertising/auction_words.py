"""The auction explained in the shop's own numbers, and what goals cost."""

from __future__ import annotations

from duoshou.analysts.advertising.bid_plan import Auction, BidPlan, Goal
from duoshou.model import Text
from duoshou.model.numbers import whole_amount


def auction_text(auction: Auction) -> tuple[Text, ...]:
    """Return how the auction answers to a bid, as a model."""
    low, middle, high = (
        f"{one:.0%}" for one in (auction.clicks_of_tenth_low, auction.clicks_of_tenth, auction.clicks_of_tenth_high)
    )
    whose = (
        Text("您的词", "your keywords")
        if auction.measured
        else Text(
            "您的出价动得太少，先按一般竞价估", "your bids moved too little to tell, so as auctions of the kind are"
        )
    )
    found = [
        Text(
            "竞价模型：排名按 出价 × 质量分，付的是下一名的 出价 × 质量分 ÷ 自己的质量分，所以点击价低于出价",
            "the auction, as a model: ranks go by bid × quality, and the next rival's bid × quality ÷ one's own "
            "quality is paid, so a click costs less than its bid",
        ),
        Text(
            f"{whose.zh}：出价加一成，点击约多 {middle}（90% 区间 {low} 至 {high}），点击价约贵 "
            f"{auction.price_of_tenth:.0%}",
            f"{whose.en}: a tenth more bid brings about {middle} more clicks (90 % interval {low} to {high}) at a "
            f"price {auction.price_of_tenth:.0%} higher",
        ),
        Text(
            f"多买一次点击的代价约是现在点击价的 {auction.further_price:.1f} 倍：该比的是它，不是平均点击价",
            f"one more click costs about {auction.further_price:.1f} times the price of those bought: it is what to "
            "hold against the worth of a click, not the mean price",
        ),
    ]
    if auction.paid_share is not None:
        found.append(
            Text(f"实付约为出价的 {auction.paid_share:.0%}", f"a click costs about {auction.paid_share:.0%} of its bid")
        )
    return tuple(found)


def priced(plan: BidPlan, currency: str) -> tuple[Text, ...]:
    """Return what goals cost, and what it costs to know keywords better."""
    found = [_goal(one, currency) for one in plan.goals]
    if plan.trying.keywords:
        zh, en = (whole_amount(plan.trying.price, currency, language) for language in ("zh", "en"))
        found.append(
            Text(
                f"弄清点击太少的词值多少：{plan.days} 天约少赚 {zh}，这是它的价钱",
                f"to know what words of few clicks are worth: about {en} of profit in {plan.days} days is its price",
            )
        )
    return tuple(found)


def _goal(goal: Goal, currency: str) -> Text:
    """Return what a goal buys and what it costs."""
    if not goal.keywords:
        return Text(f"目标 {goal.name}：没有这个计划或词", f"goal {goal.name}: no plan or keyword has this name")
    zh, en = (whole_amount(goal.price, currency, language) for language in ("zh", "en"))
    return Text(
        f"目标 {goal.name}（每次点击多付 {goal.a_click}）：28 天多 {goal.clicks:.0f} 次点击，少赚 {zh}，这是它的价钱",
        f"goal {goal.name} ({goal.a_click} more a click): {goal.clicks:.0f} more clicks in 28 days, at a price of {en} "
        "of profit",
    )
