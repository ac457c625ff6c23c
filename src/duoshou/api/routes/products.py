"""What is bought together, as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.analysts.basket import BasketKind
from duoshou.analysts.basket.question import LEAST_TOGETHER
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.baskets import BasketWish, bought_together
from duoshou.gate import Visitor, needs
from duoshou.model import Period

router = APIRouter(tags=["products"])
Part = Annotated[float | None, Field(ge=0, lt=1)]


class OfBaskets(OfShop):
    """Which baskets.

    Attributes:
        first: First day; `from` in the address.
        last: Last day; `to` in the address.
        basket: What counts as one basket.
        least: Least number of baskets with a pair.
        within: Days within which a next purchase counts.
        triples: Whether triples are counted.
        discount: Part of the price that a bundle leaves to the buyer.
        margin: Margin as part of the price where costs are unknown.
    """

    first: Annotated[Day | None, Field(alias="from", description="First day; by default the last 90 days")] = None
    last: Annotated[Day | None, Field(alias="to", description="Last day")] = None
    basket: Annotated[BasketKind, Field(description="What counts as one basket")] = BasketKind.ORDER
    least: Annotated[int, Field(ge=1, le=1_000_000, description="Least number of baskets")] = LEAST_TOGETHER
    within: Annotated[int, Field(ge=1, le=365, description="Days within which a next purchase counts")] = 30
    triples: Annotated[bool, Field(description="Whether triples are counted")] = False
    discount: Annotated[float, Field(ge=0, lt=1, description="Part of the price a bundle leaves to the buyer")] = 0.1
    margin: Annotated[Part, Field(description="Margin as part of the price where costs are unknown")] = None

    @property
    def period(self) -> Period | None:
        """The days; one day where only one end is named.

        Raises:
            InvalidPeriod: If the last lies before the first.
        """
        start, end = self.first or self.last, self.last or self.first
        return Period(start, end) if start and end else None


@router.get("/products/bundles", summary="What is bought together, what follows, and what a bundle would bring")
def bundles(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfBaskets, Query()]) -> Json:
    """Return pairs, substitutes, what follows in the next purchase, and bundles."""
    wish = BasketWish(
        asked.period,
        None,
        asked.basket,
        asked.least,
        asked.within,
        asked.triples,
        asked.discount,
        asked.margin,
    )
    with visitor.house.bench() as bench:
        return Json(bought_together(bench, wish, shop=visitor.only_shop, costs=visitor.may(Right.COSTS)))
