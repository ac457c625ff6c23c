"""商品 → 价格: how sales answer prices, price bands, and which price would earn more."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from duoshou.access import Right
from duoshou.analysts.pricing.advice import Verdict
from duoshou.analysts.pricing.words import BALANCES, REASONS, VERDICTS
from duoshou.app.pages.pricing import Order, PricesAsked, prices_page
from duoshou.app.pricing import prices_csv, prices_of
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import CSV, download
from duoshou.model.numbers import count, rate, whole_amount
from duoshou.web.rendering import render
from duoshou.web.sorting import sorter

router = APIRouter(prefix="/products/prices")
MOST_LETTERS = 100
ADVISED = (Verdict.CHANGE, Verdict.TEST)


@router.get("")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show elasticities, substitutes, bands and advice."""
    asked, costs = _asked(visitor), visitor.may(Right.COSTS)
    with visitor.house.bench() as bench:
        found = prices_page(bench, asked, visitor.day(), visitor.only_shop, costs=costs)
    currency = found.study.currency
    return render(
        visitor,
        "prices.html",
        found,
        costs=costs,
        exports=visitor.may(Right.EXPORT),
        verdicts=VERDICTS,
        reasons=REASONS,
        balances=BALANCES,
        advised=ADVISED,
        sort_link=sorter(visitor, asked.order, descending=asked.descending),
        band=_band,
        money=lambda value: whole_amount(value, currency, visitor.language),
        count=count,
        rate=rate,
    )


@router.get("/list.csv")
def rows(visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))]) -> Response:
    """Send every product."""
    costs = visitor.may(Right.COSTS)
    with visitor.house.bench() as bench:
        study = prices_of(bench, visitor.day(), shop=visitor.only_shop)
    return download(prices_csv(study if costs else study.without_costs()).encode(), CSV, "价格.csv", "prices.csv")


def _asked(visitor: Visitor) -> PricesAsked:
    return PricesAsked(
        visitor.choice("verdict", Verdict),
        (visitor.text("q") or "").strip()[:MOST_LETTERS],
        visitor.choice("sort", Order) or Order.ADVICE,
        visitor.text("order") != "asc",
        visitor.number("page", 1),
    )


def _band(low: Decimal | None, high: Decimal | None) -> str:
    if low is None:
        return "–" if high is None else f"< {high}"
    return f"≥ {low}" if high is None else f"{low} – {high}"
