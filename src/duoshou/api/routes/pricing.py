"""The prices of a shop as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.analysts.pricing.advice import Verdict
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.pages.pricing import Order, PricesAsked, prices_page
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["products"])


class OfPrices(OfShop):
    """Which day, and which products.

    Attributes:
        date: Last day that counts.
        verdict: Only products with this advice.
        words: Only products whose title, id or category holds these letters; `q` in the address.
        sort: By what they are sorted.
        order: The smallest first, or the largest.
        page: Number of the page, from 1; None: all of them.
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None
    verdict: Annotated[Verdict | None, Field(description="Only products with this advice")] = None
    words: Annotated[str, Field(alias="q", max_length=100, description="Part of title, id or category")] = ""
    sort: Annotated[Order, Field(description="By what products are sorted")] = Order.ADVICE
    order: Annotated[Literal["asc", "desc"], Field(description="The smallest or the largest first")] = "desc"
    page: Annotated[int | None, Field(ge=1, le=100_000, description="A page of 50 products; by default all")] = None


@router.get("/pricing", summary="Elasticities, substitutes, price bands, floors, and prices to change or to test")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfPrices, Query()]) -> Json:
    """Return the study of prices; without the right to see costs it holds no floors and no advice."""
    wanted = PricesAsked(asked.verdict, asked.words.strip(), asked.sort, asked.order == "desc", asked.page)
    with visitor.house.bench() as bench:
        return Json(prices_page(bench, wanted, asked.date, visitor.only_shop, costs=visitor.may(Right.COSTS)))
