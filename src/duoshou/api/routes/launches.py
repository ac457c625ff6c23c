"""The launches of a shop as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.launches import launches_of
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["products"])


class OfLaunches(OfShop):
    """A question about the launches.

    Attributes:
        date: Last day that counts; None: the last complete one.
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None


@router.get("/products/launches", summary="Which new products pass, how launches come, how many of them arrive")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfLaunches, Query()]) -> Json:
    """Return the study of the launches; without the right to see costs it has no finding."""
    with visitor.house.bench() as bench:
        study = launches_of(bench, asked.date, shop=visitor.only_shop)
    return Json(study if visitor.may(Right.COSTS) else study.without_costs())
