"""The bids of the next step in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, whole_amount

if TYPE_CHECKING:
    from duoshou.analysts.advertising import BidPlan
    from duoshou.analysts.advertising.bid_plan import Bid

WIDEST = 24
MOST = 12
WORDS = (
    *(("词", "keyword"), ("计划", "plan"), ("出价", "bid"), ("改为", "new"), ("幅度", "change"), ("点击价", "a click")),
    *(("最多值", "at most"), ("每天点击", "clicks a day"), ("每天花费", "cost a day"), ("每天多赚", "extra a day")),
    ("90% 区间", "90% interval"),
)


def bid_text(plan: BidPlan, currency: str, session: Session) -> str:
    """Return the sums, the bids that move most, the plans, the goals with their price, and how the auction answers."""
    from duoshou.analysts.advertising.auction_words import auction_text, priced

    language = session.language
    money = [whole_amount(one, currency, language) for one in (plan.cost_now, plan.cost, plan.budget)]
    extra = [whole_amount(one, currency, language) for one in (plan.extra.value, plan.extra.low, plan.extra.high)]
    head = session.say(
        f"下一步出价（模型）：每天 {money[0]} → {money[1]}，预算 {money[2]}；{plan.days} 天多赚 {extra[0]}"
        f"（90% 区间 {extra[1]} 至 {extra[2]}）",
        f"Bids of the next step (a model): {money[0]} a day → {money[1]}, budget {money[2]}; {extra[0]} more in "
        f"{plan.days} days (90 % interval {extra[1]} to {extra[2]})",
    )
    rows = [_row(one, currency, session) for one in plan.changed[:MOST]]
    numeric = [False, False, *[True] * 8, False]
    shown = [table([session.say(*one) for one in WORDS], rows, numeric=numeric)] if rows else []
    told = [*priced(plan, currency), *auction_text(plan.auction), *plan.caveats]
    return "\n".join((head, *shown, *(f"- {one.in_language(language)}" for one in told)))


def _row(one: Bid, currency: str, session: Session) -> list[str]:
    low, high = (whole_amount(edge, currency, session.language) for edge in (one.extra.low, one.extra.high))
    return [
        shorten(one.keyword, WIDEST),
        shorten(one.campaign_name, WIDEST),
        UNKNOWN if one.now is None else f"{one.now}",
        UNKNOWN if one.new is None else f"{one.new}",
        f"{one.change:+.0%}",
        f"{one.price}",
        f"{one.limit}",
        f"{one.clicks_now:.1f} → {one.clicks:.1f}",
        f"{one.cost_now} → {one.cost.value}",
        f"{one.extra.value}",
        f"{low} – {high}",
    ]
