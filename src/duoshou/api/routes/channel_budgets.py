"""The channels of a shop as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.pages.channel_budgets import MOST_BUDGET, channel_budgets_page
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["channels"])


class OfChannels(OfShop):
    """A question about the channels.

    Attributes:
        date: Last day that counts; None: the last complete one.
        budget: Spend of a day to be split; 0: as much as pays.
        month_budget: Spend of the month; 0: the target of the advertising cost that was imported.
        step: Most by which a channel changes at once, in per cent.
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None
    budget: Annotated[
        int, Field(ge=0, le=MOST_BUDGET, description="Spend of a day to be split; 0: as much as pays")
    ] = 0
    month_budget: Annotated[
        int, Field(ge=0, le=MOST_BUDGET, description="Spend of the month; 0: the target of ad cost, if there is one")
    ] = 0
    step: Annotated[int, Field(ge=1, le=100, description="Most by which a channel changes at once, in per cent")] = 30


@router.get("/channel-budgets", summary="Channels: table, maturity, what spend adds, a better split of the budget")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfChannels, Query()]) -> Json:
    """Return the study of the channels; without the right to see costs it leaves out returns and plan."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        wish = {"budget": asked.budget, "month": asked.month_budget, "step": asked.step}
        return Json(channel_budgets_page(bench, asked.date, visitor.only_shop, **wish, costs=costs))
