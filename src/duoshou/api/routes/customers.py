"""The customers of a shop as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.customers import customers_csv
from duoshou.app.pages.customers import LEAST_DAYS, MOST_DAYS, customers_page
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import CSV, download

router = APIRouter(tags=["customers"])


class OfCustomers(OfShop):
    """A question about the customers.

    Attributes:
        date: Last day that counts; None: the last complete one.
        days: Days ahead.
    """

    date: Annotated[Day | None, Field(description="Last day that counts; by default the last complete one")] = None
    days: Annotated[int, Field(ge=LEAST_DAYS, le=MOST_DAYS, description="Days ahead")] = 90


@router.get("/customers", summary="Segments, returns, cohorts, who is due or slipping away, what to expect")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfCustomers, Query()]) -> Json:
    """Return the study of the customers; without the right to see costs it leaves out what sales left."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        return Json(customers_page(bench, asked.date, visitor.only_shop, asked.days, costs=costs))


@router.get("/customers/list", summary="Every customer by hashed key, as CSV", response_class=Response)
def rows(visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))], asked: Annotated[OfCustomers, Query()]) -> Response:
    """Return the list of the customers: keys are hashes that name nobody outside the workspace."""
    with visitor.house.bench() as bench:
        content = customers_csv(bench, asked.date, shop=visitor.only_shop, horizon=asked.days)
    return download(content.encode(), CSV, "客户名单.csv", "customers.csv")
