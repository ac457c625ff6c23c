"""The study of the customers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.audience_text import audience_text
from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import amount, count, rate

if TYPE_CHECKING:
    from duoshou.analysts.customers import CustomerStudy
    from duoshou.analysts.customers.outlook import Estimate, Outlook

WIDEST = 36
MOST = 10


def customers_text(found: CustomerStudy, session: Session) -> str:
    """Return segments, returns, the outlook, who is due, the audience, findings and what cannot be told."""
    parts = [_head(found, session), _segments(found, session), _cohorts(found, session)]
    parts += [_outlook(found.outlook, found.currency, session), _due(found, session)]
    parts += [audience_text(found, session), _findings(found, session)]
    return "\n\n".join(part for part in parts if part)


def _head(found: CustomerStudy, session: Session) -> str:
    known = found.known
    return session.say(
        f"截至 {found.as_of}：{count(known.customers)} 位客户，其中 {count(known.returned)} 位不止买过一次；"
        f"认不出买家的订单行 {count(known.unknown_orders)}",
        f"Up to {found.as_of}: {count(known.customers)} customers, {count(known.returned)} of them bought again; "
        f"{count(known.unknown_orders)} order lines name no buyer",
    )


def _segments(found: CustomerStudy, session: Session) -> str:
    if found.cuts is None:
        return ""
    cuts, language = found.cuts, session.language
    words = (
        *(("客户类别", "segment"), ("人数", "customers"), ("占比", "share"), ("累计金额", "money"), ("占比", "share")),
        *(("平均次数", "purchases"), ("距今天数", "days since")),
    )
    rows = [
        [
            one.title.in_language(language),
            count(one.customers),
            rate(one.share),
            amount(one.money, found.currency, language),
            rate(one.money_share),
            f"{one.purchases:.1f}",
            f"{one.days_since:.0f}",
        ]
        for one in found.segments
    ]
    money = amount(cuts.money, found.currency, language)
    line = session.say(
        f"界线：最近 {cuts.recency_days} 天内算近，{cuts.frequency} 次起算勤，{money} 起算高",
        f"Cut-offs: {cuts.recency_days} days since the last purchase, {cuts.frequency} purchases, {money} in all",
    )
    return "\n".join([table([session.say(*one) for one in words], rows, numeric=[False, *[True] * 6]), line])


def _cohorts(found: CustomerStudy, session: Session) -> str:
    if not found.returned:
        return ""
    words = (("首购月份", "first bought in"), ("新客", "new customers"), ("60 天内复购", "returned in 60 days"))
    rows = [[f"{one.month:%Y-%m}", count(one.customers), rate(one.rate)] for one in found.returned[-12:]]
    return table([session.say(*one) for one in words], rows, numeric=[False, True, True])


def _outlook(found: Outlook | None, currency: str, session: Session) -> str:
    if found is None:
        return ""

    def money(one: Estimate) -> str:
        value, low, high = (amount(round(each), currency, session.language) for each in (one.value, one.low, one.high))
        return session.say(f"{value}（95% 区间 {low} 至 {high}）", f"{value} (95% interval {low} to {high})")

    orders = found.orders
    told = session.say(
        f"{orders.value:,.0f} 次（95% 区间 {orders.low:,.0f} 至 {orders.high:,.0f}）",
        f"{orders.value:,.0f} purchases (95% interval {orders.low:,.0f} to {orders.high:,.0f})",
    )
    return session.say(
        f"现有客户在 {found.period.start} 至 {found.period.end} 预计购买 {told}，{money(found.money)}\n"
        f"快流失的回头客 {count(found.at_risk)} 位，可能少付 {money(found.risk)}",
        f"Today's customers are expected to make {told} from {found.period.start} to {found.period.end}, "
        f"{money(found.money)}\n{count(found.at_risk)} who came back are slipping away: {money(found.risk)}",
    )


def _due(found: CustomerStudy, session: Session) -> str:
    if not found.repurchases:
        return ""
    words = (
        *(("商品", "product"), ("再买次数", "bought again"), ("间隔中位（天）", "median days")),
        *(("95% 区间", "95% interval"), ("该再买的客户", "due")),
    )
    rows = [
        [shorten(one.title, WIDEST), count(one.gaps), str(one.median), f"{one.low} – {one.high}", count(one.due)]
        for one in found.repurchases[:MOST]
    ]
    return table([session.say(*one) for one in words], rows, numeric=[False, *[True] * 4])


def _findings(found: CustomerStudy, session: Session) -> str:
    lines = [f"! {one.headline.in_language(session.language)}" for one in found.findings]
    return "\n".join([*lines, *(f"  {one.in_language(session.language)}" for one in found.caveats)])
