"""推广: what every keyword, product and plan earns."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from duoshou.access import Right
from duoshou.analysts.advertising.auction_words import auction_text
from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.search_words import words_text
from duoshou.analysts.advertising.words import LEVELS, VERDICTS, Verdict
from duoshou.analysts.margin import BASES
from duoshou.app.advertising import advertising_csv, advertising_of
from duoshou.app.bid_sheets import bid_sheet_csv
from duoshou.app.pages.advertising import advertising_page
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import CSV, download
from duoshou.model.numbers import amount, count, rate, whole_amount
from duoshou.web.rendering import render

router = APIRouter(prefix="/advertising")


@router.get("")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show the targets of a level."""
    costs = visitor.may(Right.COSTS)
    level, verdict = visitor.choice("level", Level), visitor.choice("verdict", Verdict)
    number = visitor.number("page", 1)
    with visitor.house.bench() as bench:
        found = advertising_page(bench, visitor.day(), visitor.only_shop, level, verdict, number, costs=costs)
    currency = found.study.currency
    return render(
        visitor,
        "advertising.html",
        found,
        costs=costs,
        exports=costs and visitor.may(Right.EXPORT),
        levels=LEVELS,
        verdicts=VERDICTS,
        margins=BASES,
        auction=auction_text,
        words=words_text,
        money=lambda value: whole_amount(value, currency, visitor.language),
        cents=lambda value: amount(value, currency, visitor.language),
        count=count,
        rate=rate,
    )


@router.get("/list.csv")
def rows(
    visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))], _: Annotated[Visitor, Depends(needs(Right.COSTS))]
) -> Response:
    """Send every target."""
    with visitor.house.bench() as bench:
        study = advertising_of(bench, visitor.day(), shop=visitor.only_shop)
    return download(advertising_csv(study).encode(), CSV, "推广.csv", "advertising.csv")


@router.get("/bids.csv")
def bids(
    visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))], _: Annotated[Visitor, Depends(needs(Right.COSTS))]
) -> Response:
    """Send the bids of the next step; only their heads without a report of keywords."""
    with visitor.house.bench() as bench:
        study = advertising_of(bench, visitor.day(), shop=visitor.only_shop)
    return download(bid_sheet_csv(study.bids).encode(), CSV, "出价.csv", "bids.csv")
