"""渠道: what each channel brings, and how to split the budget, for those who may see costs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from duoshou.access import Right
from duoshou.app.channel_budgets import channels_csv
from duoshou.app.pages.channel_budgets import MOST_BUDGET, STEPS, channel_budgets_page
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import CSV, download
from duoshou.model.numbers import amount, count, rate, whole_amount
from duoshou.web.rendering import render

router = APIRouter(prefix="/channels")
STEP = 30


@router.get("")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show the channels, what their spend adds, and a plan."""
    wanted, costs = _wanted(visitor), visitor.may(Right.COSTS)
    with visitor.house.bench() as bench:
        found = channel_budgets_page(bench, visitor.day(), visitor.only_shop, **wanted, costs=costs)
    currency = found.study.currency
    return render(
        visitor,
        "channel_budgets.html",
        found,
        costs=costs,
        exports=costs and visitor.may(Right.EXPORT),
        **wanted,
        steps=STEPS,
        money=lambda value: amount(value, currency, visitor.language),
        round_money=lambda value: whole_amount(value, currency, visitor.language),
        count=count,
        rate=rate,
    )


@router.get("/budgets.csv")
def rows(visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))]) -> Response:
    """Send returns and budgets, as the page shows them for the same budget."""
    wanted, costs = _wanted(visitor), visitor.may(Right.COSTS)
    with visitor.house.bench() as bench:
        found = channel_budgets_page(bench, visitor.day(), visitor.only_shop, **wanted, costs=costs)
    content = channels_csv(found.study)
    return download(content.encode(), CSV, "渠道预算.csv", "channel-budgets.csv")


def _wanted(visitor: Visitor) -> dict[str, int]:
    """Return what an address asks of the budgets."""
    budget, month = (visitor.number(name, 0, least=0, most=MOST_BUDGET) for name in ("budget", "month"))
    return {"budget": budget, "month": month, "step": visitor.number("step", STEP, least=1, most=100)}
