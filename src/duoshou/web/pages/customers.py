"""客户: who the customers are, and the list of them for those who may export."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from duoshou.access import Right
from duoshou.analysts.customers.words import FITS
from duoshou.app.customers import customers_csv
from duoshou.app.pages.customers import LEAST_DAYS, MOST_DAYS, customers_page
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import CSV, download
from duoshou.model.numbers import amount, count, rate, whole_amount
from duoshou.web.differences import value_name
from duoshou.web.rendering import render

router = APIRouter(prefix="/customers")
DAYS = 90


@router.get("")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show the study of the customers."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        found = customers_page(bench, visitor.day(), visitor.only_shop, _days(visitor), costs=costs)
    currency = found.study.currency
    return render(
        visitor,
        "customers.html",
        found,
        costs=costs,
        exports=visitor.may(Right.EXPORT),
        fits=FITS,
        money=lambda value: amount(value, currency, visitor.language),
        round_money=lambda value: whole_amount(value, currency, visitor.language),
        count=count,
        rate=rate,
        value_name=partial(value_name, visitor.language),
    )


@router.get("/list.csv")
def rows(visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))]) -> Response:
    """Send the list of the customers by hashed key."""
    with visitor.house.bench() as bench:
        content = customers_csv(bench, visitor.day(), shop=visitor.only_shop, horizon=_days(visitor))
    return download(content.encode(), CSV, "客户名单.csv", "customers.csv")


def _days(visitor: Visitor) -> int:
    return visitor.number("days", DAYS, least=LEAST_DAYS, most=MOST_DAYS)
