"""商品 → 测款: which new products pass their test, how launches come, and how many of them arrive."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from duoshou.access import Right
from duoshou.analysts.launches.rates import Rate
from duoshou.analysts.launches.words import EARLY, PACES, RATES, VERDICTS
from duoshou.app.launches import launches_csv, launches_of
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import CSV, download
from duoshou.model.numbers import count, rate, whole_amount
from duoshou.web.rendering import render

router = APIRouter(prefix="/products/launches")


@router.get("")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show new products with their verdicts, cadence and arrivals."""
    with visitor.house.bench() as bench:
        study = launches_of(bench, visitor.day(), shop=visitor.only_shop)
    return render(
        visitor,
        "launches.html",
        study if visitor.may(Right.COSTS) else study.without_costs(),
        rates=RATES,
        verdicts=VERDICTS,
        early=EARLY,
        paces=PACES,
        by_money=Rate.MONEY,
        exports=visitor.may(Right.EXPORT),
        money=lambda value: whole_amount(value, study.currency, visitor.language),
        count=count,
        rate=rate,
    )


@router.get("/list.csv")
def rows(visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))]) -> Response:
    """Send every new product."""
    with visitor.house.bench() as bench:
        study = launches_of(bench, visitor.day(), shop=visitor.only_shop)
    return download(launches_csv(study).encode(), CSV, "测款.csv", "launches.csv")
