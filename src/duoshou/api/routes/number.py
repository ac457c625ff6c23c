"""One number as JSON: its definition, its days, and the rows it is computed from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import OfDays
from duoshou.app.pages.addresses import parsed_filters
from duoshou.app.pages.number import RowsAsked, number
from duoshou.gate import Visitor, needs
from duoshou.gate.costs import may_see
from duoshou.metrics.behind import MOST_ROWS

router = APIRouter(tags=["metrics"])
LAST_PAGE = 100_000


class OfNumber(OfDays):
    """Which number, and which of its rows.

    Attributes:
        page: Page of the rows.
        size: Rows of a page.
        sort: Column by which they are sorted.
        descending: Whether the largest come first.
    """

    page: Annotated[int, Field(ge=1, le=LAST_PAGE, description="Page of the rows")] = 1
    size: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows of a page")] = 50
    sort: Annotated[str | None, Field(max_length=100, description="Column by which the rows are sorted")] = None
    descending: Annotated[bool, Field(description="Whether the largest come first")] = False


@router.get("/number", summary="One number: definition, source, flags, parts, days, and the rows it is computed from")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfNumber, Query()]) -> Json:
    """Return one number with all that it rests on."""
    rows = RowsAsked(asked.page, asked.sort, asked.descending, asked.size)
    with visitor.house.bench() as bench:
        may_see(visitor, bench.catalogue, [asked.metric])
        where = parsed_filters(bench.catalogue, asked.where)
        return Json(
            number(
                bench, asked.metric, asked.period, where, visitor.only_shop, comparison=asked.against_what, asked=rows
            )
        )
