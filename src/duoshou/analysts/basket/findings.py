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
    times, discount = f"{pair.shrunk:.1f}", f"{one.discount:.0%}"
    row = (pair.left.id, pair.right.id, pair.together, pair.shrunk, pair.low, pair.high, pair.false_rate)
    title = Text("一起买的篮子，提升度带 95% 区间", "baskets with both; lift with its 95 % interval")
    caveats = [
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
            f"{name}：一起买是随机的 {times} 倍，搭售 {discount} 优惠值得测试",
            f"{name}: bought together {times} times as often as by chance; a bundle at {discount} off is worth a test",
        ),
        confidence=Confidence.LIKELY,
        evidence=(Evidence("pair", EvidenceType.TABLE, title, COLUMNS, (row,)),),
        recommendations=(_test(one, name, report.currency),),
        caveats=tuple(caveats),
    )


def _expected(one: Bundle, currency: str) -> Text:
    """Return when the bundle pays, and what a tenth of the one-sided orders would bring.

    Both are made from margins: like all that advice is expected to bring they are for those who may see costs.
    """
    more, needed = one.break_even, f"{one.needed or 0:.1%}"
    basis = BASES[one.basis or MarginBasis.STATED]
    added = one.given_away / one.break_even if one.break_even else Decimal(0)
    gain = added * Decimal(str(round(one.one_sided * TENTH, 6))) - one.given_away
    zh, en = whole_amount(gain, currency, "zh"), whole_amount(gain, currency, "en")
    return Text(
        f"每 {HORIZON} 天多 {more} 单一起买（单件订单的 {needed}）即回本；能多赚多少测了才知道："
        f"若有 10% 加购，约 {zh}（{basis.zh}）",
        f"{more} more orders with both per {HORIZON} days ({needed} of those with one) pay for it; what it earns only "
        f"a test tells: if a tenth took both, about {en} ({basis.en})",
    )


def _test(one: Bundle, name: str, currency: str) -> Recommendation:
    return Recommendation(
        Text(f"测试搭售：{name}，优惠 {one.discount:.0%}", f"test a bundle: {name} at {one.discount:.0%} off"),
        Role.OPERATOR,
        Text(
            f"本来就一起买的每 {HORIZON} 天让利 {one.given_away}",
            f"{one.given_away} per {HORIZON} days go to those who take both anyway",
        ),
        _expected(one, currency),
        "low",
    )
