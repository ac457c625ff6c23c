"""The study of prices in words."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, count, rate

if TYPE_CHECKING:
    from duoshou.analysts.pricing import PricingStudy
    from duoshou.analysts.pricing.answers import Elasticity
    from duoshou.analysts.pricing.bands import Band
    from duoshou.analysts.pricing.study import Product

WIDEST = 30
MOST = 15
MOST_PAIRS = 5


def pricing_text(found: PricingStudy, session: Session) -> str:
    """Return what to do with prices, elasticities, substitutes, bands, findings and what cannot be told."""
    from duoshou.cli.finding_text import advice_text

    caveats = "\n".join(f"- {one.in_language(session.language)}" for one in found.caveats)
    parts = [
        _head(found, session),
        _products(found, session),
        _crossed(found, session),
        _bands(found, session),
        _market(found, session),
        advice_text(found.findings, session),
        caveats,
    ]
    return "\n\n".join(part for part in parts if part)


def _head(found: PricingStudy, session: Session) -> str:
    from duoshou.analysts.pricing.words import VERDICTS

    if not found.products:
        return ""
    verdicts = Counter(one.verdict for one in found.products)
    told = [f"{VERDICTS[one].in_language(session.language)} {verdicts[one]}" for one in VERDICTS if verdicts[one]]
    lines = [
        session.say(
            f"截至 {found.as_of}，{found.days} 天，{len(found.products)} 个商品：" + "，".join(told),
            f"Up to {found.as_of}, {found.days} days, {len(found.products)} products: " + ", ".join(told),
        )
    ]
    for one in found.categories:
        name = one.category or session.say("没有类目的商品", "products without a category")
        lines.append(
            session.say(
                f"{name} 的价格弹性 {one.value:.2f}（{one.low:.2f} 至 {one.high:.2f}），看得出的商品 {one.products} 个",
                f"{name}: elasticity {one.value:.2f} ({one.low:.2f} to {one.high:.2f}), of {one.products} products",
            )
        )
    return "\n".join(lines)


def _products(found: PricingStudy, session: Session) -> str:
    if not found.products:
        return ""
    words = (
        *(("商品", "product"), ("现价", "price"), ("每天件数", "a day"), ("价格弹性", "elasticity")),
        *(
            ("判断", "verdict"),
            ("保本价", "floor"),
            ("建议价", "better"),
            ("28 天多赚", "in 28 days"),
            ("把握", "chance"),
        ),
    )
    rows = [_row(one, session) for one in found.products[:MOST]]
    written = table([session.say(*one) for one in words], rows, numeric=[False, True, True, True, False, *[True] * 4])
    more = len(found.products) - MOST
    line = session.say(f"另有 {more} 个，见 --csv", f"{more} more, see --csv") if more > 0 else ""
    return f"{written}\n{line}".rstrip()


def _row(one: Product, session: Session) -> list[str]:
    from duoshou.analysts.pricing.advice import Verdict
    from duoshou.analysts.pricing.words import REASONS, VERDICTS

    verdict = VERDICTS[one.verdict].in_language(session.language)
    if one.reason is not None:
        reason = REASONS[one.reason].in_language(session.language)
        verdict = session.say(f"{verdict}：{reason}", f"{verdict}: {reason}")
    elif one.test_days is not None:
        verdict = session.say(f"{verdict}（{one.test_days} 天）", f"{verdict} ({one.test_days} days)")
    best = one.best if one.verdict in {Verdict.CHANGE, Verdict.TEST} else None
    return [
        shorten(one.title, WIDEST),
        _price(one.price),
        f"{one.units_a_day:.1f}",
        _elasticity(one.elasticity, session),
        verdict,
        _price(one.floor),
        UNKNOWN if best is None else _price(best.price),
        UNKNOWN
        if best is None
        else session.say(
            f"{best.gain:,.0f}（{best.gain_low:,.0f} 至 {best.gain_high:,.0f}）",
            f"{best.gain:,.0f} ({best.gain_low:,.0f} to {best.gain_high:,.0f})",
        ),
        UNKNOWN if best is None else f"{best.chance:.0%}",
    ]


def _crossed(found: PricingStudy, session: Session) -> str:
    if not found.pairs:
        return ""
    lines = [
        session.say(
            f"同类商品互相影响：看过 {found.pairs} 对，{len(found.crossed)} 对站得住",
            f"Answers to others' prices: {found.pairs} pairs looked at, {len(found.crossed)} stand",
        )
    ]
    for one in found.crossed[:MOST_PAIRS]:
        left, right = shorten(one.title, WIDEST), shorten(one.other_title, WIDEST)
        lines.append(
            session.say(
                f"- {right} 涨价 1%，{left} 的销量变 {one.value:+.1f}%（{one.low:+.1f} 至 {one.high:+.1f}）",
                f"- one per cent on {right}: {left} sells {one.value:+.1f} % ({one.low:+.1f} to {one.high:+.1f})",
            )
        )
    return "\n".join(lines)


def _bands(found: PricingStudy, session: Session) -> str:
    from duoshou.analysts.pricing.words import BALANCES

    if not found.bands:
        return ""
    words = (
        *(("价格带", "band"), ("在售商品", "products"), ("占商品", "of products"), ("占件数", "of pieces")),
        *(("占金额", "of sales"), ("判断", "verdict"), ("新客占比", "new buyers")),
    )
    rows = [
        [
            band_name(one.low, one.high),
            count(one.products),
            rate(one.supply),
            _demand(one, session),
            rate(one.amount_share),
            BALANCES[one.balance].in_language(session.language),
            UNKNOWN if one.new_share is None else rate(one.new_share),
        ]
        for one in found.bands
    ]
    return table([session.say(*one) for one in words], rows, numeric=[False, True, True, True, True, False, True])


def _market(found: PricingStudy, session: Session) -> str:
    if not found.market:
        return ""
    words = (
        *(("市场", "market"), ("价格带", "band"), ("占需求", "of demand"), ("占商品", "of products")),
        *(("本店占件数", "shop's pieces"), ("本店占商品", "shop's products")),
    )
    rows = [
        [
            one.category,
            one.label,
            *(UNKNOWN if part is None else rate(part) for part in (one.demand, one.supply)),
            *(UNKNOWN if part is None else rate(part) for part in (one.shop_demand, one.shop_supply)),
        ]
        for one in found.market
    ]
    return table([session.say(*one) for one in words], rows, numeric=[False, False, True, True, True, True])


def band_name(low: Decimal | None, high: Decimal | None) -> str:
    """Return the name of a band; the lower bound belongs to it."""
    if low is None:
        return "–" if high is None else f"<{high}"
    return f"≥{low}" if high is None else f"{low}–{high}"


def _demand(one: Band, session: Session) -> str:
    if one.demand_low is None or one.demand_high is None:
        return rate(one.demand)
    low, high = rate(one.demand_low), rate(one.demand_high)
    return session.say(f"{rate(one.demand)}（{low} 至 {high}）", f"{rate(one.demand)} ({low} to {high})")


def _elasticity(one: Elasticity | None, session: Session) -> str:
    if one is None:
        return UNKNOWN
    return session.say(
        f"{one.value:.1f}（{one.low:.1f} 至 {one.high:.1f}）", f"{one.value:.1f} ({one.low:.1f} to {one.high:.1f})"
    )


def _price(value: Decimal | None) -> str:
    return UNKNOWN if value is None else f"{value:,.2f}"
