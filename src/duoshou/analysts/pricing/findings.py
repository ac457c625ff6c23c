"""What of the prices deserves attention; margins and floors are never named, for not every reader may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duoshou.analysts.pricing.advice import Verdict
from duoshou.analysts.pricing.discounts import MAINLY_SHORT
from duoshou.analysts.pricing.question import PricingQuestion
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

if TYPE_CHECKING:
    from duoshou.analysts.pricing.study import Product, Proposal

CHANGE, TEST, BELOW_FLOOR = "pricing.change", "pricing.test", "pricing.below_floor"
MOST_TOLD = 3
MOST_ROWS = 10
GIVEN = Text("流量不变", "traffic held")
WHOLE = Text("连带流量", "with its traffic")
BASIS = Text(
    "28 天里比维持现价多的贡献毛利，95% 区间，流量不变和连带流量都算在内",
    "contribution of 28 days beyond what today's price leaves, 95 % interval, with traffic held and with its traffic",
)


def pricing_findings(
    question: PricingQuestion, products: Sequence[Product], caveats: Sequence[Text] = ()
) -> tuple[Finding, ...]:
    """Return what deserves attention: what sells below its floor, then changes and tests, the most money first.

    Args:
        question: What is asked.
        products: The products with their advice.
        caveats: What the study says of all of them.
    """
    found = _below_floor(question, [one for one in products if one.verdict is Verdict.BELOW_FLOOR])
    told = [] if found is None else [found]
    for verdict in (Verdict.CHANGE, Verdict.TEST):
        chosen = [(one, one.best) for one in products if one.verdict is verdict and one.best is not None]
        told += [_other_price(question, one, best, caveats) for one, best in chosen[:MOST_TOLD]]
    return tuple(told)


def _below_floor(question: PricingQuestion, products: Sequence[Product]) -> Finding | None:
    if not products:
        return None
    products = sorted(products, key=lambda one: -one.units_a_day)
    return Finding(
        BELOW_FLOOR,
        Subject("shop", "", ""),
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"{len(products)} 个商品现在的价格卖一件亏一件",
            f"{len(products)} products lose on every piece at today's price",
        ),
        Confidence.LIKELY,
        evidence=(
            Evidence(
                "prices",
                EvidenceType.TABLE,
                Text("卖一件亏一件的商品", "products that lose on every piece"),
                ("product", "title", "price", "units_a_day"),
                tuple((one.id, one.title, one.price, round(one.units_a_day, 2)) for one in products[:MOST_ROWS]),
            ),
        ),
        recommendations=(
            Recommendation(
                Text(
                    "先核对成本和优惠设置；不是有意的引流款就提价或停掉优惠",
                    "check costs and discounts first; what is not meant to draw people in goes up in price",
                ),
                Role.OPERATOR,
                Text("卖得越多亏得越多", "the more is sold the more is lost"),
            ),
        ),
        caveats=(
            Text(
                "按最近三个结算完的月的退款、费用和成本；清仓和引流款可以是有意的",
                "by refunds, fees and costs of three settled months; clearing stock or drawing people in may be meant",
            ),
        ),
    )


def _other_price(question: PricingQuestion, one: Product, best: Proposal, caveats: Sequence[Text]) -> Finding:
    """Return the change, with its money, or the test, which promises none: what it brings is to be found out."""
    is_test = one.verdict is Verdict.TEST
    verb = "提到" if best.change > 0 else "降到"
    headline = (
        Text(
            f"「{one.title}」的价格值得测：{one.price} 与 {best.price} 交替 {one.test_days} 天",
            f"the price of “{one.title}” is worth a test: {one.price} against {best.price}, {one.test_days} days",
        )
        if is_test
        else Text(
            f"「{one.title}」价格从 {one.price} {verb} {best.price} 会多赚",
            f"“{one.title}” would earn more at {best.price} than at {one.price}",
        )
    )
    return Finding(
        TEST if is_test else CHANGE,
        Subject("product", one.id, one.title),
        Period.of_month(question.as_of),
        question.as_of,
        headline,
        Confidence.POSSIBLE if is_test else Confidence.LIKELY,
        None if is_test else Impact(best.gain, question.currency, best.gain_low, best.gain_high, BASIS),
        evidence=(_evidence(one),),
        recommendations=(_recommendation(one, best),),
        caveats=(
            Text(
                "只看试过的价格和再远一小步，一次最多改一成",
                "prices that were tried and one small step beyond, a tenth at a time",
            ),
            *(one for one in caveats if one == MAINLY_SHORT),
        ),
    )


def _evidence(one: Product) -> Evidence:
    rows: list[tuple[object, ...]] = []
    for name, found in ((GIVEN, one.elasticity), (WHOLE, one.whole_elasticity)):
        if found is not None:
            rows.append(
                (
                    name.zh,
                    name.en,
                    round(found.value, 2),
                    round(found.low, 2),
                    round(found.high, 2),
                    one.levels,
                    one.moves,
                )
            )
    return Evidence(
        "elasticity",
        EvidenceType.TABLE,
        Text(
            "价格弹性：涨价 1% 销量变百分之几",
            "price elasticity: per cent that sales change for one per cent on the price",
        ),
        ("case_zh", "case_en", "elasticity", "low", "high", "levels", "moves"),
        tuple(rows),
    )


def _recommendation(one: Product, best: Proposal) -> Recommendation:
    if one.verdict is Verdict.TEST:
        unit = ("天", "day") if one.test_unit == "day" else ("周", "week")
        return Recommendation(
            Text(
                f"建一个交替测试：按{unit[0]}抽签在 {one.price} 和 {best.price} 之间切换，{one.test_days} 天",
                f"set up a switchback: {one.price} and {best.price} by lot each {unit[1]}, {one.test_days} days",
            ),
            Role.OPERATOR,
            Text("区间还分不出哪个价格赚得多", "the interval does not tell yet which price earns more"),
            effort="days",
        )
    return Recommendation(
        Text(
            f"把价格改成 {best.price}，两周后看效果",
            f"set the price to {best.price} and look at the effect after two weeks",
        ),
        Role.OPERATOR,
        Text("历史上的改价说明这样赚得更多", "what past moves of the price did says that it earns more"),
        effort="minutes",
    )
