"""Worn creatives, and coefficients of hours, regions and placements, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, count, rate, whole_amount

if TYPE_CHECKING:
    from duoshou.analysts.advertising.bid_plan import Amount
    from duoshou.analysts.advertising.splits import Coefficient
    from duoshou.analysts.advertising.wear import Wear

WIDEST = 24
MOST = 12
CREATIVES = (
    *(("创意", "creative"), ("计划", "plan"), ("从何时起", "since"), ("展现", "impressions")),
    *(("第一周点击率", "first click rate"), ("最近", "now"), ("多掉了", "lost"), ("区间", "interval")),
    *(("判断", "verdict"), ("30 天少赚", "lost in 30 days")),
)
SPLITS = (
    *(
        ("维度", "split"),
        ("名称", "name"),
        ("计划", "plan"),
        ("点击", "clicks"),
        ("点击值", "worth"),
        ("区间", "interval"),
    ),
    *(("系数", "coefficient"), ("30 天多赚", "more in 30 days")),
)


def creatives_text(creatives: Sequence[Wear], currency: str, session: Session) -> str:
    """Return the creatives that are shown now, the worn ones first; nothing without any."""
    from duoshou.analysts.advertising.words import STATES

    if not creatives:
        return ""
    head = session.say(
        f"创意 {len(creatives)} 个：点击率比同计划其他创意多掉了多少",
        f"Creatives, {len(creatives)}: how far their click rate fell beyond the plan's others",
    )
    rows = [
        [
            shorten(one.name, WIDEST),
            shorten(one.campaign_name, WIDEST),
            str(one.since),
            count(one.impressions),
            rate(one.fresh_rate),
            rate(one.rate),
            UNKNOWN if one.lost is None else f"{one.lost:.0%}",
            UNKNOWN if one.lost_low is None else f"{one.lost_low:.0%} – {one.lost_high:.0%}",
            STATES[one.state].in_language(session.language),
            _money(one.cost, currency, session),
        ]
        for one in creatives[:MOST]
    ]
    numeric = [False, False, False, *[True] * 4, False, False, True]
    return f"{head}\n{table([session.say(*one) for one in CREATIVES], rows, numeric=numeric)}"


def splits_text(splits: Sequence[Coefficient], currency: str, session: Session) -> str:
    """Return the coefficients to set, or that there are none; nothing without any hour, region or placement."""
    from duoshou.analysts.advertising.words import LEVELS

    if not splits:
        return ""
    told = [one for one in splits if one.coefficient != 1.0]
    if not told:
        return session.say(
            f"看过 {len(splits)} 个时段、地域或资源位，没有一个的点击价值确实不同，系数不用动",
            f"{len(splits)} hours, regions or placements were looked at and none is surely worth another sum: leave "
            "the coefficients",
        )
    head = session.say("该调的分时、地域、资源位系数", "Coefficients of hours, regions and placements to set")
    rows = [
        [
            LEVELS[one.level].in_language(session.language),
            shorten(one.name, WIDEST),
            shorten(one.campaign_name, WIDEST),
            count(one.clicks),
            f"{one.ratio:.2f}",
            f"{one.ratio_low:.2f} – {one.ratio_high:.2f}",
            f"{one.coefficient:.0%}",
            _money(one.gain, currency, session),
        ]
        for one in told[:MOST]
    ]
    numeric = [False, False, False, True, True, False, True, True]
    return f"{head}\n{table([session.say(*one) for one in SPLITS], rows, numeric=numeric)}"


def _money(amount: Amount | None, currency: str, session: Session) -> str:
    if amount is None:
        return UNKNOWN
    value, low, high = (
        whole_amount(one, currency, session.language) for one in (amount.value, amount.low, amount.high)
    )
    return f"{value} ({low} – {high})"
