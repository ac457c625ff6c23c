"""Paid promotion as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.words import Verdict
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.bid_wishes import LEAST_BUDGET, LEAST_STEP, MOST_BUDGET, MOST_GOALS, MOST_STEP, STEP, wish_of
from duoshou.app.pages.advertising import advertising_page
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["advertising"])


class OfAdvertising(OfShop):
    """A question about paid promotion.

    Attributes:
        date: Last day that counts.
        level: Kind of targets.
        verdict: Only those with it.
        page: Number of the page.
        budget: Of a day, for all keywords.
        step: Most that a bid changes at once.
        goal: What a click of plans or keywords may cost beyond its worth.
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None
    level: Annotated[Level | None, Field(description="Kind of targets; by default the finest there is")] = None
    verdict: Annotated[Verdict | None, Field(description="Only targets with this verdict")] = None
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of 50 targets")] = 1
    budget: Annotated[
        float | None,
        Field(ge=LEAST_BUDGET, le=MOST_BUDGET, description="Most that all keywords may cost in a day; now by default"),
    ] = None
    step: Annotated[
        int, Field(ge=LEAST_STEP, le=MOST_STEP, description="Most that a bid changes at once, in per cent")
    ] = STEP
    goal: Annotated[
        list[str],
        Field(
            default_factory=list,
            max_length=MOST_GOALS,
            description="Plan or keyword and what a click may cost beyond its worth: `launch=0.5`",
        ),
    ]


@router.get("/advertising", summary="What every keyword, product and plan earns, and what does not earn its cost")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfAdvertising, Query()]) -> Json:
    """Return the study; without the right to see costs it judges nothing."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        wanted = (asked.level, asked.verdict, asked.page)
        wish = wish_of(asked.budget, asked.step, asked.goal)
        return Json(advertising_page(bench, asked.date, visitor.only_shop, *wanted, wish=wish, costs=costs))
