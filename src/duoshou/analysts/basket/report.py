"""All that the baskets of a period tell, as one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from duoshou.analysts.basket.attach import AttachRate, attach_rate
from duoshou.analysts.basket.bundles import Bundle, bundles, unit_money
from duoshou.analysts.basket.counting import buyers_of, counted, counted_steps, triples_in_engine
from duoshou.analysts.basket.counts import Counted
from duoshou.analysts.basket.pairs import Pair, Product, Relation, apart, complements, followers
from duoshou.analysts.basket.question import LINES, BasketKind, BasketQuestion, paid_lines
from duoshou.analysts.categories import product_categories
from duoshou.model import Period, Text, plain

MOST_LISTED = 100
MOST_OF_TRIPLES = 200
"""Triples are sought among the products of so many of the surest pairs."""


@dataclass(frozen=True, slots=True)
class Triple:
    """Three products that lie together, and in how many baskets."""

    products: tuple[Product, Product, Product]
    together: int


@dataclass(frozen=True, slots=True)
class BasketReport:
    """What is bought together in a period.

    Attributes:
        period: Days of payment.
        shop: Key of the shop; None: all.
        currency: Of the money.
        kind: What counts as one basket.
        least: Least number of baskets with a pair.
        within: Days within which a next purchase counts.
        attach: What a basket holds; None without orders.
        products: Products that were looked at: those in enough baskets.
        looked: Pairs that were looked at.
        pairs: Those together more than chance, the surest lift first.
        substitutes: Those of one category that are together less than chance.
        steps: Purchases of known buyers that were followed by another in time.
        following: What follows in the next purchase.
        triples: Triples, where they were asked for.
        bundles: The pairs as bundles.
        caveats: What limits all this.
        found: How many pairs, substitutes and followers there are in all; the lists hold the first hundred.
    """

    period: Period
    shop: str | None
    currency: str
    kind: BasketKind
    least: int
    within: int
    attach: AttachRate | None
    products: int
    looked: int
    pairs: tuple[Pair, ...]
    substitutes: tuple[Pair, ...]
    steps: int
    following: tuple[Pair, ...]
    triples: tuple[Triple, ...]
    bundles: tuple[Bundle, ...]
    caveats: tuple[Text, ...]
    found: tuple[int, int, int] = (0, 0, 0)

    def without_costs(self) -> BasketReport:
        """Return the same for whoever may not see costs: no bundle tells a margin there."""
        return replace(self, bundles=())

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape: dict[str, Any] = {
            one.name: plain(getattr(self, one.name)) for one in fields(self) if one.name not in ("found", "bundles")
        }
        shape["found"] = dict(zip(("pairs", "substitutes", "following"), self.found, strict=True))
        shape["bundles"] = [_bundle_shape(one) for one in self.bundles]
        return shape


def _bundle_shape(one: Bundle) -> dict[str, Any]:
    shape: dict[str, Any] = plain(one)
    pair = shape.pop("pair")
    return {"left": pair["left"], "right": pair["right"], **shape, "needed": one.needed}


def look_into_baskets(question: BasketQuestion) -> BasketReport:
    """Return what is bought together in a period."""
    attach = attach_rate(question) if question.backend.has_table(LINES) else None
    if attach is None:
        caveat = Text("这段时间没有已付款的订单行，不能判断", "no paid order lines in these days: cannot tell")
        return _report(question, None, (caveat,))
    found = counted(question)
    names = product_names(question, found.products)
    pairs, looked = complements(found, question.least, names)
    fewer, _ = apart(found, names)
    steps = counted_steps(question, found.products)
    following, _ = followers(steps, found.products, names)
    listed, substitutes = with_buyers(question, pairs[:MOST_LISTED], fewer[:MOST_LISTED])
    money = unit_money(question, sorted({one.id for pair in listed for one in (pair.left, pair.right)}))
    return replace(
        _report(question, attach, caveats(question, found, attach, steps.number, names)),
        products=len(found.products),
        looked=looked,
        pairs=listed,
        substitutes=substitutes,
        steps=steps.number,
        following=following[:MOST_LISTED],
        triples=_triples(question, pairs, names) if question.triples else (),
        bundles=bundles(question, listed, money),
        found=(len(pairs), len(fewer), len(following)),
    )


def _report(question: BasketQuestion, attach: AttachRate | None, caveats: tuple[Text, ...]) -> BasketReport:
    return BasketReport(
        question.period,
        question.shop,
        question.currency,
        question.kind,
        question.least,
        question.within,
        attach,
        0,
        0,
        (),
        (),
        0,
        (),
        (),
        (),
        caveats,
    )


def product_names(question: BasketQuestion, products: Sequence[str]) -> dict[str, Product]:
    """Return title and category of products; the id stands for an unknown title."""
    if not products:
        return {}
    lines: Any = paid_lines(question)
    lines = lines.filter(lines["product_id"].isin(list(products)))
    titles = question.backend.execute(
        lines.group_by("product_id").agg(title=lines["title"].argmax(lines["paid_on"]))
    ).to_pylist()
    known = {row["product_id"]: row["title"] for row in titles}
    categories = product_categories(question.backend, products, question.shop)
    return {one: Product(one, known.get(one) or one, categories.get(one)) for one in products}


def with_buyers(
    question: BasketQuestion, pairs: Sequence[Pair], fewer: Sequence[Pair]
) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Return the pairs with how many buyers bought both; of those apart it decides which are substitutes.

    Buyers of one buy the other at least as often as any buyer does: the two compete for the same orders.
    """
    products = sorted({one.id for pair in (*pairs, *fewer) for one in (pair.left, pair.right)})
    single, double = buyers_of(question, products)
    if not single:
        return tuple(pairs), tuple(fewer)
    everybody = _buyers(question)
    told = []
    for pair in (*pairs, *fewer):
        key = (pair.left.id, pair.right.id)
        both = double.get(key, double.get(key[::-1], 0))
        left, right = single.get(pair.left.id, 0), single.get(pair.right.id, 0)
        one = replace(pair, buyers=both, buyers_of_either=left + right - both)
        if one.relation is Relation.APART and both * everybody >= left * right > 0:
            one = replace(one, relation=Relation.SUBSTITUTE)
        told.append(one)
    return tuple(told[: len(pairs)]), tuple(told[len(pairs) :])


def _buyers(question: BasketQuestion) -> int:
    lines: Any = paid_lines(question)
    rows = question.backend.execute(lines.agg(number=lines["buyer_key"].nunique())).to_pylist()
    return int(rows[0]["number"])


def _triples(question: BasketQuestion, pairs: Sequence[Pair], names: dict[str, Product]) -> tuple[Triple, ...]:
    products = sorted({one.id for pair in pairs[:MOST_OF_TRIPLES] for one in (pair.left, pair.right)})
    found = triples_in_engine(question, products)
    return tuple(Triple((names[a], names[b], names[c]), together) for (a, b, c), together in found[:MOST_LISTED])


def caveats(
    question: BasketQuestion, found: Counted, attach: AttachRate, steps: int, names: dict[str, Product]
) -> tuple[Text, ...]:
    """Return what limits the answer."""
    told = []
    if len(found.products) < 2:
        told.append(
            Text(
                f"至少出现在 {question.least} 个篮子里的商品不到两个，不能判断什么一起买",
                f"fewer than two products lie in {question.least} baskets: cannot tell what goes together",
            )
        )
    elif not found.pairs.left.size:
        told.append(
            Text(
                f"{attach.baskets} 个篮子里没有两件商品一起买过，不能判断搭配",
                f"no two products lie together in any of {attach.baskets} baskets: cannot tell what goes together",
            )
        )
    if not steps:
        told.append(
            Text(
                f"没有能认出的买家在 {question.within} 天内再买，下一单买什么不能判断",
                f"no known buyer bought again within {question.within} days: cannot tell what comes next",
            )
        )
    if found.products and not any(one.category for one in names.values()):
        told.append(
            Text("没有商品类目，替代品不能判断", "no file tells the categories of products: cannot tell substitutes")
        )
    return tuple(told)
