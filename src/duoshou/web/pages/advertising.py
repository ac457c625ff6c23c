"""推广: what every keyword, product, creative and hour earns, and the bids of the next step as they are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from duoshou.access import Right
from duoshou.analysts.advertising import BidWish
from duoshou.analysts.advertising.auction_words import auction_text, priced
from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.search_words import words_text
from duoshou.analysts.advertising.words import LEVELS, STATES, VERDICTS, Verdict
from duoshou.analysts.margin import BASES
from duoshou.app.advertising import advertising_csv, advertising_of
from duoshou.app.bid_sheet_reading import BidSheet, sent_bid_sheet
from duoshou.app.bid_sheets import bid_sheet_csv
from duoshou.app.bid_wishes import LEAST_STEP, MOST_BUDGET, MOST_STEP, STEP, STEPS, wish_of
from duoshou.app.pages.advertising import advertising_page
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import CSV, download
from duoshou.gate.uploads import uploaded
from duoshou.model.numbers import amount, count, rate, whole_amount
from duoshou.web.rendering import render

router = APIRouter(prefix="/advertising")
Exporter = Annotated[Visitor, Depends(needs(Right.EXPORT))]
OfCosts = Annotated[Visitor, Depends(needs(Right.COSTS))]


@router.get("")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show the targets of a level, the creatives, the coefficients and the bids."""
    costs = visitor.may(Right.COSTS)
    level, verdict = visitor.choice("level", Level), visitor.choice("verdict", Verdict)
    number, wish = visitor.number("page", 1), _wish(visitor)
    with visitor.house.bench() as bench:
        found = advertising_page(
            bench, visitor.day(), visitor.only_shop, level, verdict, number, wish=wish, costs=costs
        )
    currency = found.study.currency
    return render(
        visitor,
        "advertising.html",
        found,
        costs=costs,
        exports=costs and visitor.may(Right.EXPORT),
        levels=LEVELS,
        verdicts=VERDICTS,
        states=STATES,
        margins=BASES,
        auction=auction_text,
        priced=lambda plan: priced(plan, currency),
        words=words_text,
        wish=wish,
        steps=STEPS,
        step=round(wish.step * 100),
        goals=[one for one in visitor.texts("goal") if one.strip()],
        money=lambda value: whole_amount(value, currency, visitor.language),
        cents=lambda value: amount(value, currency, visitor.language),
        count=count,
        rate=rate,
    )


@router.get("/list.csv")
def rows(visitor: Exporter, _: OfCosts) -> Response:
    """Send every target."""
    with visitor.house.bench() as bench:
        study = advertising_of(bench, visitor.day(), shop=visitor.only_shop)
    return download(advertising_csv(study).encode(), CSV, "推广.csv", "advertising.csv")


@router.get("/bids.csv")
def bids(visitor: Exporter, _: OfCosts) -> Response:
    """Send the bids of the next step; only their heads without a report of keywords."""
    return _sheet(visitor, _wish(visitor), None)


@router.post("/bids")
async def filled(visitor: Exporter, _: OfCosts) -> Response:
    """Send a platform's sheet of today's bids back with those of the next step; the sheet is kept nowhere."""
    wish = _wish(visitor)

    def answer(files: Sequence[tuple[str, IO[bytes]]]) -> Response:
        return _sheet(visitor, wish, sent_bid_sheet(*files[0]))

    return await uploaded(visitor.request, answer)


def _sheet(visitor: Visitor, wish: BidWish, told: BidSheet | None) -> Response:
    whole = wish if told is None else BidWish(wish.budget, wish.step, wish.goals, told.current)
    with visitor.house.bench() as bench:
        study = advertising_of(bench, visitor.day(), shop=visitor.only_shop, wish=whole)
    return download(bid_sheet_csv(study.bids, told).encode(), CSV, "出价.csv", "bids.csv")


def _wish(visitor: Visitor) -> BidWish:
    """Return what the address wants of the bids.

    Raises:
        Refused: If it cannot be meant.
    """
    budget = visitor.number("budget", 0, most=MOST_BUDGET)
    step = visitor.number("step", STEP, least=LEAST_STEP, most=MOST_STEP)
    return wish_of(float(budget) or None, step, visitor.texts("goal"))
