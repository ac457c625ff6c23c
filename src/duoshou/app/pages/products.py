"""商品: the range of a shop, product by product, and one product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from duoshou.analysts.assortment import RangeStudy, Stage
from duoshou.analysts.assortment.roles import Role
from duoshou.analysts.assortment.study import Product
from duoshou.app.assortment import range_of
from duoshou.app.pages.product_story import StoryStep, product_story
from duoshou.model import plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

PRODUCTS_A_PAGE = 50


class Order(StrEnum):
    """By what products are sorted."""

    MONEY = "money"
    SALES = "sales"
    CHANGE = "change"
    COVER = "cover"
    DEAD = "dead"
    DEMAND = "demand"
    REORDER = "reorder"


_LAST = float("-inf")


def _lasting(one: Product) -> float:
    """Return for how many days the stock lasts; without end where nothing is asked for."""
    lasting = one.demand.lasting
    if lasting is None:
        return _LAST
    return float("inf") if lasting.days is None else lasting.days


KEYS: dict[Order, Callable[[Product], float]] = {
    Order.MONEY: lambda one: float(one.money),
    Order.SALES: lambda one: float(one.amount),
    Order.CHANGE: lambda one: _LAST if one.life.slope is None else one.life.slope,
    Order.COVER: _lasting,
    Order.DEAD: lambda one: _LAST if one.stock is None else float(one.stock.dead_units),
    Order.DEMAND: lambda one: one.demand.ahead[-1].units if one.demand.ahead else _LAST,
    Order.REORDER: lambda one: _LAST if one.demand.reorder is None else float(one.demand.reorder.pieces),
}


@dataclass(frozen=True, slots=True)
class ProductsAsked:
    """Which products are wanted.

    Attributes:
        stage: Only those in this stage.
        letter: Only those of this class.
        role: Only those of this role.
        order: By what they are sorted.
        descending: Whether the largest come first.
        page: Number of the page, from 1.
    """

    stage: Stage | None = None
    letter: str | None = None
    role: Role | None = None
    order: Order = Order.MONEY
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class ProductsPage:
    """A page of the products.

    Attributes:
        asked: What was asked for.
        study: The whole study.
        rows: The products of the page.
        total: How many there are of those wanted.
        pages: How many pages.
        stages: Stage → how many products are in it.
    """

    asked: ProductsAsked
    study: RangeStudy
    rows: tuple[Product, ...]
    total: int
    pages: int
    stages: dict[Stage, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: the study with the products of the page alone."""
        return replace(self.study, products=self.rows).to_dict() | {
            "total": self.total,
            "page": self.asked.page,
            "pages": self.pages,
            "stages": {stage.value: number for stage, number in self.stages.items()},
        }


def products_page(
    workbench: Workbench, asked: ProductsAsked, as_of: date | None, shop: str | None, *, costs: bool
) -> ProductsPage:
    """Return a page of the products; without `costs` it tells nothing of what sales left."""
    study = range_of(workbench, as_of, shop=shop)
    if not costs:
        study = study.without_costs()
    wanted = [
        one
        for one in study.products
        if asked.stage in {None, one.life.stage}
        and asked.letter in {None, one.letter}
        and asked.role in {None, one.role}
    ]
    wanted.sort(key=KEYS[asked.order], reverse=asked.descending)
    first = (asked.page - 1) * PRODUCTS_A_PAGE
    pages = max(-(-len(wanted) // PRODUCTS_A_PAGE), 1)
    stages = Counter(one.life.stage for one in study.products)
    return ProductsPage(asked, study, tuple(wanted[first : first + PRODUCTS_A_PAGE]), len(wanted), pages, dict(stages))


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product of the range.

    Attributes:
        study: The study it is from.
        product: The product.
        rank: Its place by money, from 1; None for those who may not see what sales left.
        story: What was found of it, given out, changed and measured, the latest first.
    """

    study: RangeStudy
    product: Product
    rank: int | None
    story: tuple[StoryStep, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        product: dict[str, Any] = plain(self.product)
        return product | {
            "rank": self.rank,
            "as_of": self.study.as_of.isoformat(),
            "currency": self.study.currency,
            "basis": self.study.basis.value,
            "story": [one.to_dict() for one in self.story],
        }


def product_page(
    workbench: Workbench, product: str, as_of: date | None, shop: str | None, *, costs: bool
) -> ProductPage | None:
    """Return one product of the range; None where the range has none of this id."""
    study = range_of(workbench, as_of, shop=shop)
    rank = next((place for place, one in enumerate(study.products, start=1) if one.id == product), None)
    if rank is None:
        return None
    if not costs:
        study = study.without_costs()
    found = next(one for one in study.products if one.id == product)
    story = product_story(workbench, product, workbench.shop_key(shop), costs=costs)
    return ProductPage(study, found, rank if costs else None, story)
