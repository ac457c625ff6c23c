"""Bundles that are worth a test, as findings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from duoshou.analysts.basket.bundles import HORIZON, Bundle, BundleVerdict, MarginBasis
from duoshou.analysts.basket.report import BasketReport
from duoshou.model import (
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.model.numbers import whole_amount

KIND = "basket.bundle"
TENTH = 0.1
MOST = 3
"""A handful of bundles can be tried at a time; the rest stay in the table."""
BASES = {
    MarginBasis.CONTRIBUTION: Text("贡献毛利", "contribution"),
    MarginBasis.GROSS_MARGIN: Text("已知成本后的毛利", "margin after the costs that are known"),
    MarginBasis.STATED: Text("按给定毛利率估", "by the stated margin"),
}
COLUMNS = ("product", "product_2", "together", "lift", "lift_low", "lift_high", "false_rate")


def bundle_findings(report: BasketReport, as_of: date) -> tuple[Finding, ...]:
    """Return the bundles that can pay, those that are worth most first, three at most."""
    worth = [one for one in report.bundles if one.verdict is BundleVerdict.TEST and (one.worth_low or 0) > 0]
    return tuple(_finding(one, report, as_of) for one in worth[:MOST])


def _finding(one: Bundle, report: BasketReport, as_of: date) -> Finding:
    pair = one.pair
    name = f"{pair.left.title} + {pair.right.title}"
    times, discount, needed = f"{pair.shrunk:.1f}", f"{one.discount:.0%}", f"{one.needed or 0:.1%}"
    row = (pair.left.id, pair.right.id, pair.together, pair.shrunk, pair.low, pair.high, pair.false_rate)
    title = Text("一起买的篮子，提升度带 95% 区间", "baskets with both; lift with its 95 % interval")
    caveats = [
        _money(one, report.currency),
        Text(
            "一起买不等于降价就会多买：增量要用测试证明",
            "that they are bought together does not say that a discount makes more people take both: a test does",
        ),
    ]
    if one.bought_both is not None:
        share = f"{one.bought_both:.1%}"
        caveats.append(
            Text(
                f"买过其中一件的买家有 {share} 两件本来都买，折扣送给了他们",
                f"{share} of the buyers of either buy both anyway: the discount is a present to them",
            )
        )
    return Finding(
        kind=KIND,
        subject=Subject("bundle", f"{pair.left.id}+{pair.right.id}", name),
        period=report.period,
        detected_on=as_of,
        headline=Text(
            f"{name}：一起买是随机的 {times} 倍，搭售 {discount} 优惠只要 {needed} 的单件订单加购就回本",
            f"{name}: bought together {times} times as often as by chance; a bundle at {discount} off pays when "
            f"{needed} of the orders with one take both",
        ),
        confidence=Confidence.LIKELY,
        evidence=(Evidence("pair", EvidenceType.TABLE, title, COLUMNS, (row,)),),
        recommendations=(_test(one, name),),
        caveats=tuple(caveats),
    )


def _money(one: Bundle, currency: str) -> Text:
    """Return what a tenth of the one-sided orders would bring, which nobody knows before a test."""
    basis = BASES[one.basis or MarginBasis.STATED]
    added = one.given_away / one.break_even if one.break_even else Decimal(0)
    gain = added * Decimal(str(round(one.one_sided * TENTH, 6))) - one.given_away
    zh, en = whole_amount(gain, currency, "zh"), whole_amount(gain, currency, "en")
    return Text(
        f"能多赚多少测了才知道：若有 10% 的单件订单加购，{HORIZON} 天约 {zh}（{basis.zh}）",
        f"what it earns only a test tells: if a tenth of the orders with one took both, about {en} in {HORIZON} days "
        f"({basis.en})",
    )


def _test(one: Bundle, name: str) -> Recommendation:
    more = one.break_even
    return Recommendation(
        Text(f"测试搭售：{name}，优惠 {one.discount:.0%}", f"test a bundle: {name} at {one.discount:.0%} off"),
        Role.OPERATOR,
        Text(
            f"本来就一起买的每 {HORIZON} 天让利 {one.given_away}",
            f"{one.given_away} per {HORIZON} days go to those who take both anyway",
        ),
        Text(f"每 {HORIZON} 天多 {more} 单一起买即回本", f"{more} more orders with both per {HORIZON} days pay for it"),
        "low",
    )
