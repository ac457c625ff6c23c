"""价格: elasticities, bands, and what to do with each price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from duoshou.analysts.pricing import PricingStudy
from duoshou.analysts.pricing.advice import Verdict
from duoshou.analysts.pricing.study import Product
from duoshou.app.pricing import prices_of

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

PRODUCTS_A_PAGE = 50


class Order(StrEnum):
    """By what prices are sorted; ADVICE: what to do first, as the study has it."""

    ADVICE = "advice"
    PRICE = "price"
    PIECES = "pieces"
    ELASTICITY = "elasticity"
    MOVES = "moves"
    GAIN = "gain"


KEYS: dict[Order, Callable[[Product], float | None]] = {
    Order.PRICE: lambda one: None if one.price is None else float(one.price),
    Order.PIECES: lambda one: one.units_a_day,
    Order.ELASTICITY: lambda one: None if one.elasticity is None else one.elasticity.value,
    Order.MOVES: lambda one: one.moves,
    Order.GAIN: lambda one: None if one.best is None else float(one.best.gain),
}


@dataclass(frozen=True, slots=True)
class PricesAsked:
    """Which products are wanted.

    Attributes:
        verdict: Only those with this advice.
        words: Only those whose title, id or category holds these letters, in whatever case.
        order: By what they are sorted; what is not known comes last.
        descending: Whether the largest come first.
        page: Number of the page, from 1; None: all on one.
    """

    verdict: Verdict | None = None
    words: str = ""
    order: Order = Order.ADVICE
    descending: bool = True
    page: int | None = None

    def wants(self, one: Product) -> bool:
        """Return whether a product is one of those."""
        told = "\n".join((one.title, one.id, one.category or "")).casefold()
        return self.verdict in {None, one.verdict} and self.words.casefold() in told

    def sorted(self, products: list[Product]) -> list[Product]:
        """Return the products in the order asked for."""
        if self.order is Order.ADVICE:
            return products if self.descending else products[::-1]
        key, sign = KEYS[self.order], -1 if self.descending else 1
        known = [(value, one) for one in products if (value := key(one)) is not None]
        known.sort(key=lambda pair: sign * pair[0])
        return [one for _, one in known] + [one for one in products if key(one) is None]


@dataclass(frozen=True, slots=True)
class PricesPage:
    """The page of prices.

    Attributes:
        asked: What was asked for.
        study: The whole study.
        rows: The products of the page.
        total: How many there are of those wanted.
        pages: How many pages.
        verdicts: Advice → how many products have it.
        costs: Whether it holds floors and advice.
    """

    asked: PricesAsked
    study: PricingStudy
    rows: tuple[Product, ...]
    total: int
    pages: int
    verdicts: dict[Verdict, int]
    costs: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: that of the command, with the products of the page alone."""
        return replace(self.study, products=self.rows).to_dict() | {
            "costs_shown": self.costs,
            "total": self.total,
            "page": self.asked.page or 1,
            "pages": self.pages,
            "verdicts": {verdict.value: number for verdict, number in self.verdicts.items()},
        }


def prices_page(
    workbench: Workbench, asked: PricesAsked, day: date | None, shop: str | None, *, costs: bool
) -> PricesPage:
    """Return a page of the prices; without `costs` it tells neither floors nor advice."""
    study = prices_of(workbench, day, shop=shop)
    if not costs:
        study = study.without_costs()
    wanted = asked.sorted([one for one in study.products if asked.wants(one)])
    length = max(len(wanted), 1) if asked.page is None else PRODUCTS_A_PAGE
    first = ((asked.page or 1) - 1) * length
    return PricesPage(
        asked,
        study,
        tuple(wanted[first : first + length]),
        len(wanted),
        max(-(-len(wanted) // length), 1),
        dict(Counter(one.verdict for one in study.products)),
        costs,
    )
