"""What is bought together, as tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model import Text
from duoshou.model.numbers import UNKNOWN, decimals

if TYPE_CHECKING:
    from duoshou.analysts.basket.attach import Share
    from duoshou.analysts.basket.bundles import Bundle
    from duoshou.analysts.basket.pairs import Pair
    from duoshou.analysts.basket.report import Triple
    from duoshou.app.baskets import BasketAnswer

LONGEST_NAME = 28
MOST = 20
VERDICTS = {
    "test": Text("值得测试", "worth a test"),
    "gives_away": Text("白送", "gives away"),
    "no_margin": Text("没有毛利", "no margin"),
    "cannot_tell": Text("不能判断", "cannot tell"),
}
RELATIONS = {
    "substitute": Text("替代", "substitutes"),
    "apart": Text("很少一起买", "seldom together"),
}


def basket_text(found: BasketAnswer, session: Session) -> str:
    """Return what a basket holds, then pairs, followers, substitutes, triples and bundles, and what limits them."""
    report = found.report
    parts = [_heading(found, session)]
    if report.pairs:
        parts.append(_pairs(report.pairs, session, session.say("一起买", "bought together")))
    if report.following:
        after = session.say(f"{report.within} 天内的下一单", f"next purchase within {report.within} days")
        parts.append(_pairs(report.following, session, after))
    if report.substitutes:
        parts.append(_substitutes(report.substitutes, session))
    if report.triples:
        parts.append(_triples(report.triples, session))
    if report.bundles:
        parts.append(_bundles(report.bundles, session))
    parts += [f"• {one.headline.in_language(session.language)}" for one in found.findings]
    parts += [f"• {one.in_language(session.language)}" for one in report.caveats]
    if not report.pairs and not report.caveats:
        parts.append(
            session.say(
                f"看了 {report.looked} 对商品，没有一对和随机不同。",
                f"{report.looked} pairs of products were looked at; none differs from chance.",
            )
        )
    return "\n\n".join(parts)


def _heading(found: BasketAnswer, session: Session) -> str:
    report = found.report
    days = f"{report.period.start} – {report.period.end}"
    attach = report.attach
    if attach is None:
        return days
    units, several = _interval(attach.units), _interval(attach.several, percent=True)
    return session.say(
        f"{days}  {attach.baskets:,} 个篮子，连带率 {units}，两件以上不同商品的占 {several}",
        f"{days}  {attach.baskets:,} baskets, pieces a basket {units}, with two or more products {several}",
    )


def _interval(share: Share, *, percent: bool = False) -> str:
    form = ".1%" if percent else ".2f"
    return f"{share.value:{form}} ({share.low:{form}}–{share.high:{form}})"


def _pairs(pairs: Sequence[Pair], session: Session, title: str) -> str:
    header = [
        title,
        "",
        session.say("次数", "times"),
        session.say("连带占比", "confidence"),
        session.say("提升度", "lift"),
        session.say("收缩后", "shrunk"),
        session.say("95% 区间", "95 % interval"),
    ]
    rows = [
        [
            *_names(one),
            f"{one.together:,}",
            f"{one.confidence:.1%}",
            UNKNOWN if one.lift is None else f"{one.lift:.2f}",
            f"{one.shrunk:.2f}",
            f"{one.low:.2f}–{one.high:.2f}",
        ]
        for one in pairs[:MOST]
    ]
    return table(header, rows, numeric=[False, False, True, True, True, True, True])


def _substitutes(pairs: Sequence[Pair], session: Session) -> str:
    header = [
        session.say("替代或很少一起买", "substitutes, or seldom together"),
        "",
        session.say("次数", "times"),
        session.say("随机会有", "by chance"),
        session.say("判断", "verdict"),
    ]
    rows = [
        [
            *_names(one),
            f"{one.together:,}",
            f"{one.expected:.1f}",
            RELATIONS[one.relation].in_language(session.language),
        ]
        for one in pairs[:MOST]
    ]
    return table(header, rows, numeric=[False, False, True, True, False])


def _triples(triples: Sequence[Triple], session: Session) -> str:
    header = [session.say("三件一起买", "triples"), "", "", session.say("次数", "times")]
    rows = [
        [*(shorten(each.title, LONGEST_NAME) for each in one.products), f"{one.together:,}"] for one in triples[:MOST]
    ]
    return table(header, rows, numeric=[False, False, False, True])


def _bundles(bundles: Sequence[Bundle], session: Session) -> str:
    header = [
        session.say("搭售（30 天）", "bundles (30 days)"),
        "",
        session.say("原价", "price"),
        session.say("优惠后毛利", "margin at discount"),
        session.say("让利", "given away"),
        session.say("需加购", "must add"),
        session.say("本来都买", "buy both anyway"),
        session.say("判断", "verdict"),
    ]
    rows = [
        [
            *_names(one.pair),
            decimals(one.price),
            decimals(one.margin_at_discount),
            decimals(one.given_away),
            UNKNOWN if one.needed is None else f"{one.needed:.1%}",
            UNKNOWN if one.bought_both is None else f"{one.bought_both:.1%}",
            VERDICTS[one.verdict].in_language(session.language),
        ]
        for one in bundles[:MOST]
    ]
    return table(header, rows, numeric=[False, False, True, True, True, True, True, False])


def _names(pair: Pair) -> list[str]:
    return [shorten(one.title, LONGEST_NAME) for one in (pair.left, pair.right)]
