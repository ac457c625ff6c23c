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
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None
    level: Annotated[Level | None, Field(description="Kind of targets; by default the finest there is")] = None
    verdict: Annotated[Verdict | None, Field(description="Only targets with this verdict")] = None
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of 50 targets")] = 1


@router.get("/advertising", summary="What every keyword, product and plan earns, and what does not earn its cost")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfAdvertising, Query()]) -> Json:
    """Return the study; without the right to see costs it judges nothing."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        wanted = (asked.level, asked.verdict, asked.page)
        return Json(advertising_page(bench, asked.date, visitor.only_shop, *wanted, costs=costs))
