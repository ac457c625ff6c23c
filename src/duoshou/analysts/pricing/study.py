"""What is known of a shop's prices: elasticities, substitutes, bands, and what to do with each price."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from duoshou.analysts.margin import MarginBasis
from duoshou.analysts.pricing.advice import Advice, Reason, Verdict, advise
from duoshou.analysts.pricing.answers import Answer, Elasticity, OfCategory, answers, crossed
from duoshou.analysts.pricing.bands import Band, MarketBand, bands, bought_by, bounds_of, market_bands, offer_of
from duoshou.analysts.pricing.costs import UnitCost, unit_costs
from duoshou.analysts.pricing.discounts import MAINLY_SHORT, mainly_short
from duoshou.analysts.pricing.findings import pricing_findings
from duoshou.analysts.pricing.question import MOST_PRODUCTS, Priced, PricingQuestion, Sold, read_priced, read_sold
from duoshou.model import Finding, Text, plain
from duoshou.model.numbers import cents

HORIZON = 28
YEAR = 365
RANKS = tuple(Verdict)
UNCOSTED = Text("有商品没有成本，建议价不能判断", "some products have no costs: no price can be advised")
GOODS_ONLY = Text(
    "平台费用、运费或包装不全，保本价只含已知的成本和退款，真实的更高",
    "fees, freight or packaging are not wholly known: floors hold what is and refunds, the true ones are higher",
)
COST_CAVEATS = (UNCOSTED, GOODS_ONLY)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Another price.

    Attributes:
        price: Price that earns most in expectation, within the prices that were held and a step.
        change: That price ÷ today's, less 1.
        gain: Further contribution of 28 days expected at it.
        gain_low: Lower end of the 95 % intervals by the two elasticities.
        gain_high: Their upper end.
        chance: Chance that it earns more than today's, by the less favourable of the two elasticities.
    """

    price: Decimal
    change: float
    gain: Decimal
    gain_low: Decimal
    gain_high: Decimal
    chance: float


@dataclass(frozen=True, slots=True)
class Product:
    """The price of a product.

    Attributes:
        id: Id of the product.
        title: Its title.
        category: None where no file tells it.
        price: Price of a piece today; None where it was not sold of late.
        units_a_day: Pieces of a day at that price, of the last 28.
        levels: Different prices that were held.
        moves: Steps between them.
        elasticity: Visitors held where they are known; None where it cannot be told.
        whole_elasticity: With the visitors that a price brings.
        holds_visitors: Whether visitors were held.
        verdict: What to do.
        reason: Why it cannot be told.
        untold: Why the elasticity cannot be told, whatever is known of costs; None where it can.
        floor: Price at which a piece leaves nothing; None where costs are unknown.
        floor_basis: What the floor rests on.
        best: The price that would earn most; None where it cannot be told.
        test_days: Days of a switchback that would tell; None where none is advised.
        test_unit: What it alternates, `day` or `week`.
    """

    id: str
    title: str
    category: str | None
    price: Decimal | None
    units_a_day: float
    levels: int
    moves: int
    elasticity: Elasticity | None
    whole_elasticity: Elasticity | None
    holds_visitors: bool
    verdict: Verdict
    reason: Reason | None
    untold: Reason | None
    floor: Decimal | None
    floor_basis: MarginBasis | None
    best: Proposal | None
    test_days: int | None
    test_unit: str | None


@dataclass(frozen=True, slots=True)
class CrossEffect:
    """How one product's sales answer the price of another of its category.

    Attributes:
        product: Id of the product that sells.
        title: Its title.
        other: Id of the product whose price moves.
        other_title: Its title.
        value: Elasticity: above 0 they replace each other.
        low: Lower end of the 95 % interval.
        high: Upper end.
        p_value: Of no answer, before the correction for all pairs.
    """

    product: str
    title: str
    other: str
    other_title: str
    value: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class PricingStudy:
    """What is known of a shop's prices.

    Attributes:
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the amounts.
        days: Days that were looked at.
        products: What to do first, then by pieces.
        categories: Elasticities of the categories.
        crossed: Answers to the prices of others that survive the correction for all pairs.
        pairs: Pairs that were looked at.
        bands: Price bands of the shop.
        market: Price bands of the markets that reports tell.
        findings: What deserves attention.
        caveats: What cannot be told, and why.
    """

    as_of: date
    shop: str | None
    currency: str
    days: int
    products: tuple[Product, ...]
    categories: tuple[OfCategory, ...]
    crossed: tuple[CrossEffect, ...]
    pairs: int
    bands: tuple[Band, ...]
    market: tuple[MarketBand, ...]
    findings: tuple[Finding, ...]
    caveats: tuple[Text, ...]

    def without_costs(self) -> PricingStudy:
        """Return the study for those who may not see what sales leave: elasticities and bands, and no advice.

        Nothing of it depends on costs, so that it does not tell what sells below its floor either.
        """
        hidden = tuple(
            replace(
                one,
                verdict=Verdict.CANNOT_TELL,
                reason=one.untold,
                floor=None,
                floor_basis=None,
                best=None,
                test_days=None,
                test_unit=None,
            )
            for one in sorted(self.products, key=lambda one: (-one.units_a_day, one.id))
        )
        caveats = tuple(one for one in self.caveats if one not in COST_CAVEATS)
        return replace(self, products=hidden, findings=(), caveats=caveats)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; money as decimal strings, shares as numbers."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        return shape | {"findings": [one.to_dict() for one in self.findings]}


def study_prices(question: PricingQuestion, first: date | None) -> PricingStudy:
    """Return what is known of prices; a shop that has sold nothing has an empty study that says so.

    Args:
        question: What is asked.
        first: First day of which anything is known; None: nothing is.
    """
    sold = None if first is None else read_sold(question, first)
    if sold is None:
        caveat = Text("还没有按商品的销售数据（要有订单或商品日数据）", "no sales by product are known yet")
        return _study(question, None, None, (), (), caveats=(caveat,))
    priced = read_priced(question, sold)
    if priced is None:
        caveat = Text("没有订单，成交价不知道，弹性不能判断", "no orders: prices paid are not known")
        return _study(question, sold, None, (), (), caveats=(caveat,))
    found, categories = answers(priced)
    costs = {
        name: one.of_list() if name in priced.listed else one
        for name, one in unit_costs(question, priced.products).items()
    }
    advice = advise(priced, found, [costs.get(one) for one in priced.products])
    products = [
        _product(priced, row, found[row], advice[row], costs.get(one)) for row, one in enumerate(priced.products)
    ]
    products.sort(key=_rank)
    caveats = _caveats(priced, sold, products)
    return _study(question, sold, priced, tuple(products), categories, caveats=caveats)


def _study(
    question: PricingQuestion,
    sold: Sold | None,
    priced: Priced | None,
    products: tuple[Product, ...],
    categories: tuple[OfCategory, ...],
    *,
    caveats: tuple[Text, ...],
) -> PricingStudy:
    effects, pairs = ((), 0) if priced is None else _crossed(priced)
    offer = None if sold is None else offer_of(question, sold)
    own: tuple[Band, ...] = ()
    if offer is not None:
        bounds = bounds_of(offer)
        buyers = bought_by(question, bounds)
        own = tuple(
            replace(one, new_share=buyers[place][0], new_index=buyers[place][1]) if place in buyers else one
            for place, one in enumerate(bands(offer, bounds))
        )
    return PricingStudy(
        question.as_of,
        question.shop,
        question.currency,
        0 if sold is None else int(sold.units.shape[1]),
        products,
        categories,
        effects,
        pairs,
        own,
        market_bands(question, offer),
        pricing_findings(question, products, caveats),
        caveats,
    )


def _product(priced: Priced, row: int, found: Answer, advice: Advice, cost: UnitCost | None) -> Product:
    known = None if cost is None or cost.kept <= 0 else cost
    return Product(
        priced.products[row],
        priced.titles[row],
        priced.categories[row],
        None if advice.price is None else cents(advice.price),
        round(advice.units_a_day, 3),
        found.own.moves.levels,
        found.own.moves.moves,
        found.given,
        found.whole,
        found.holds_visitors,
        advice.verdict,
        advice.reason,
        advice.untold,
        None if known is None else cents(known.floor),
        None if known is None else known.basis,
        _proposal(advice),
        None if advice.plan is None else advice.plan.days,
        None if advice.plan is None else advice.plan.unit,
    )


def _proposal(advice: Advice) -> Proposal | None:
    choice, price = advice.choice, advice.price
    if choice is None or price is None:
        return None
    return Proposal(
        cents(choice.price),
        choice.price / price - 1,
        cents(HORIZON * choice.gain),
        cents(HORIZON * choice.gain_low),
        cents(HORIZON * choice.gain_high),
        choice.probability,
    )


def _rank(one: Product) -> tuple[int, Decimal, float, str]:
    gain = Decimal(0) if one.best is None else one.best.gain
    return RANKS.index(one.verdict), -gain, -one.units_a_day, one.id


def _crossed(priced: Priced) -> tuple[tuple[CrossEffect, ...], int]:
    found, pairs = crossed(priced)
    effects = tuple(
        CrossEffect(
            priced.products[one.product],
            priced.titles[one.product],
            priced.products[one.other],
            priced.titles[one.other],
            one.value,
            one.low,
            one.high,
            one.p_value,
        )
        for one in found
    )
    return effects, pairs


def _caveats(priced: Priced, sold: Sold, products: list[Product]) -> tuple[Text, ...]:
    caveats = []
    days = priced.units.shape[1]
    if days < YEAR:
        caveats.append(
            Text(
                f"只有 {days} 天，不满一年：季节只能靠其他商品的销量扣掉",
                f"{days} days, less than a year: season is taken off by what the other products sold only",
            )
        )
    learnt = {one.id for one in products if one.elasticity is not None}
    if mainly_short(priced.price[row] for row, one in enumerate(priced.products) if one in learnt):
        caveats.append(MAINLY_SHORT)
    if not any(one.holds_visitors for one in products):
        caveats.append(
            Text(
                "没有商品访客数，价格带来的流量和转化分不开",
                "visitors of products are not known: what a price does to traffic and to conversion is one number",
            )
        )
    if any(one.reason is Reason.NO_COSTS for one in products):
        caveats.append(UNCOSTED)
    elif any(one.floor_basis is MarginBasis.GROSS_MARGIN for one in products):
        caveats.append(GOODS_ONLY)
    if len(sold.products) > MOST_PRODUCTS:
        caveats.append(
            Text(
                f"只看件数前 {MOST_PRODUCTS} 的商品的弹性",
                f"elasticities are looked for among the first {MOST_PRODUCTS} products by pieces",
            )
        )
    return tuple(caveats)
