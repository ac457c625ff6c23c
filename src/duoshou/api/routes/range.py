"""The range of a shop as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.analysts.assortment.roles import Role
from duoshou.analysts.assortment.stages import Stage
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.pages.products import Order, ProductsAsked, product_page, products_page
from duoshou.gate import Visitor, needs, not_found
from duoshou.model import Text

router = APIRouter(tags=["products"])


class OfRange(OfShop):
    """Which products.

    Attributes:
        date: Last day that counts.
        stage: Only those in this stage.
        letter: Only those of this class; `class` in the address.
        role: Only those of this role.
        sort: By what they are sorted.
        order: Which come first.
        page: Number of the page.
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None
    stage: Annotated[Stage | None, Field(description="Only products in this stage")] = None
    letter: Annotated[Literal["A", "B", "C"] | None, Field(alias="class", description="Only this class")] = None
    role: Annotated[Role | None, Field(description="Only products of this role")] = None
    sort: Annotated[Order, Field(description="By what they are sorted")] = Order.MONEY
    order: Annotated[Literal["asc", "desc"], Field(description="Which come first")] = "desc"
    page: Annotated[int, Field(ge=1, le=100_000, description="Number of the page")] = 1


class OfProduct(OfShop):
    """A question about one product.

    Attributes:
        date: Last day that counts.
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None


@router.get("/products", summary="Every product with its life, class, role and stock")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfRange, Query()]) -> Json:
    """Return a page of the range; without the right to see costs it leaves out what sales left."""
    wanted = ProductsAsked(
        asked.stage, asked.letter, asked.role, asked.sort, descending=asked.order == "desc", page=asked.page
    )
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        return Json(products_page(bench, wanted, asked.date, visitor.only_shop, costs=costs))


@router.get("/products/range/{product:path}", summary="One product of the range")
def read_one(
    visitor: Annotated[Visitor, Depends(needs(Right.READ))],
    product: Annotated[str, Path(max_length=200)],
    asked: Annotated[OfProduct, Query()],
) -> Json:
    """Return one product."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        found = product_page(bench, product, asked.date, visitor.only_shop, costs=costs)
    if found is None:
        raise not_found(Text("这个商品", "such product"))
    return Json(found)
