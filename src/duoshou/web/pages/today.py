"""The first screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from duoshou.access import Right
from duoshou.app.pages.today import today
from duoshou.app.pages.work import work_of
from duoshou.gate import Visitor, needs
from duoshou.reports.business import at_stake
from duoshou.reports.figures import sparkline
from duoshou.web.rendering import render

router = APIRouter()


@router.get("/today")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show yesterday, or the day that the address names."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        found = today(bench, visitor.day(), visitor.only_shop, visitor.comparison(), costs=costs)
        work = work_of(bench, visitor.person, visitor.only_shop)
    sparks = {one.metric: sparkline(one.recent, one.title.in_language(visitor.language)) for one in found.figures}
    return render(visitor, "today.html", found, sparks=sparks, at_stake=at_stake, work=work, one_day=timedelta(days=1))
