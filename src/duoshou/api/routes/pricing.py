"""The prices of a shop as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.pages.pricing import prices_page
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["products"])


class OfPrices(OfShop):
    """Which day.

    Attributes:
        date: Last day that counts.
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None


@router.get("/pricing", summary="Elasticities, substitutes, price bands, floors, and prices to change or to test")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfPrices, Query()]) -> Json:
    """Return the study of prices; without the right to see costs it holds no floors and no advice."""
    with visitor.house.bench() as bench:
        return Json(prices_page(bench, asked.date, visitor.only_shop, costs=visitor.may(Right.COSTS)))
