"""The first screen as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfDay
from duoshou.app.pages.today import today
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["today"])


@router.get("/today", summary="Six numbers of a day, its dearest findings, how fresh each source is")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: AskedOfDay) -> Json:
    """Return the first screen."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        return Json(today(bench, asked.date, visitor.only_shop, asked.compare, costs=costs))
