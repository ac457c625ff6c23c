"""商品: which products live, which carry the shop, which lie dead, and what each is for."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from duoshou.access import Right
from duoshou.analysts.assortment.question import Basis
from duoshou.analysts.assortment.roles import Role
from duoshou.analysts.assortment.stages import Stage
from duoshou.analysts.assortment.words import BASES, QUADRANTS, ROLES, STAGES, WHERE
from duoshou.app.assortment import range_csv, range_of
from duoshou.app.pages.product_story import Deed
from duoshou.app.pages.products import Order, ProductsAsked, product_page, products_page
from duoshou.gate import Visitor, bad_value, needs, not_found
from duoshou.gate.downloads import CSV, download
from duoshou.model import Text
from duoshou.model.numbers import count, rate, whole_amount
from duoshou.reports.figures import sparkline
from duoshou.web.rendering import render
from duoshou.web.sorting import sorter

router = APIRouter(prefix="/products")
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
LETTERS = ("A", "B", "C")
SHOWN_WEEKS = 52
DEEDS = {
    Deed.FINDING: Text("发现", "finding"),
    Deed.TASK: Text("任务", "task"),
    Deed.CHANGE: Text("改动", "change"),
    Deed.EFFECT: Text("效果", "effect"),
}


@router.get("")
def overview(visitor: Reader) -> HTMLResponse:
    """Show the range."""
    asked, costs = _asked(visitor), visitor.may(Right.COSTS)
    with visitor.house.bench() as bench:
        found = products_page(bench, asked, visitor.day(), visitor.only_shop, costs=costs)
    weekly = Text("每周件数", "pieces by week").in_language(visitor.language)
    sparks = {one.id: sparkline([float(each) for each in one.weekly[-SHOWN_WEEKS:]], weekly) for one in found.rows}
    return render(
        visitor,
        "products.html",
        found,
        sparks=sparks,
        exports=visitor.may(Right.EXPORT),
        sort_link=sorter(visitor, asked.order, descending=asked.descending),
        **_words(visitor, found.study.currency, costs=costs),
    )


@router.get("/list.csv")
def rows(visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))]) -> Response:
    """Send every product."""
    costs = visitor.may(Right.COSTS)
    with visitor.house.bench() as bench:
        study = range_of(bench, visitor.day(), shop=visitor.only_shop)
    content = range_csv(study if costs else study.without_costs(), costs=costs)
    return download(content.encode(), CSV, "商品.csv", "products.csv")


@router.get("/{product:path}")
def one(visitor: Reader, product: str) -> HTMLResponse:
    """Show one product."""
    costs = visitor.may(Right.COSTS)
    with visitor.house.bench() as bench:
        found = product_page(bench, product, visitor.day(), visitor.only_shop, costs=costs)
    if found is None:
        raise not_found(Text("这个商品", "such product"))
    weekly = Text("每周件数", "pieces by week").in_language(visitor.language)
    values = [float(each) for each in found.product.weekly]
    curve = sparkline(values, weekly, width=690, height=120)
    return render(
        visitor,
        "product.html",
        found,
        curve=curve,
        deeds=DEEDS,
        plans=visitor.may(Right.PLAN),
        **_words(visitor, found.study.currency, costs=costs),
    )


def _words(visitor: Visitor, currency: str, *, costs: bool) -> dict[str, Any]:
    return {
        "costs": costs,
        "stages": STAGES,
        "roles": ROLES,
        "quadrants": QUADRANTS,
        "bases": BASES,
        "where": WHERE,
        "by_sales": Basis.SALES,
        "letters": LETTERS,
        "money": lambda value: whole_amount(value, currency, visitor.language),
        "count": count,
        "rate": rate,
    }


def _asked(visitor: Visitor) -> ProductsAsked:
    letter = visitor.text("class")
    if letter is not None and letter not in LETTERS:
        raise bad_value("class", letter, Text("A、B 或 C", "A, B or C"))
    return ProductsAsked(
        visitor.choice("stage", Stage),
        letter,
        visitor.choice("role", Role),
        visitor.choice("sort", Order) or Order.MONEY,
        visitor.text("order") != "asc",
        visitor.number("page", 1),
    )
