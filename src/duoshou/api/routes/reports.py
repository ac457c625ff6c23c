"""Workbooks, and any metric, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.pages.reports import book, reports
from duoshou.gate import Visitor, needs
from duoshou.gate.costs import may_see
from duoshou.gate.downloads import XLSX, download
from duoshou.gate.questions import answer_to
from duoshou.model import Comparison, Grain

router = APIRouter(tags=["reports"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Exporter = Annotated[Visitor, Depends(needs(Right.EXPORT))]


class OfBook(OfShop):
    """A question about a workbook.

    Attributes:
        date: Its day; None: the last complete one.
        lang: Its language.
    """

    date: Annotated[Day | None, Field(description="The day; by default the last complete one")] = None
    lang: Annotated[Literal["zh", "en"] | None, Field(description="Language of the workbook")] = None


class OfReports(OfBook):
    """A question about the list of workbooks."""

    page: Annotated[int, Field(ge=1, le=100_000, description="Which page of the list, from 1")] = 1


class OfQuery(OfShop):
    """A question about metrics; the gate reads the values."""

    metric: Annotated[list[str], Field(description="Keys, names or aliases", min_length=1, max_length=40)]
    by: Annotated[list[str], Field(default_factory=list, description="Dimensions", max_length=10)]
    where: Annotated[list[str], Field(default_factory=list, description="Only dimension:value", max_length=20)]
    from_: Annotated[Day | None, Field(alias="from", description="First day")] = None
    to: Annotated[Day | None, Field(description="Last day")] = None
    last: Annotated[str | None, Field(description="Up to the last complete day, such as 30d", max_length=20)] = None
    grain: Annotated[Grain | None, Field(description="A row for each")] = None
    compare: Annotated[Comparison | None, Field(description="What the values are held against")] = None


@router.get("/reports", summary="Workbooks that can be made, and those that were")
def read(visitor: Reader, asked: Annotated[OfReports, Query()]) -> Json:
    """Return the page of reports."""
    with visitor.house.bench() as bench:
        return Json(reports(bench, asked.date, visitor.only_shop, asked.page))


@router.get(
    "/reports/{kind}.xlsx",
    summary="A workbook, made now",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
def workbook(visitor: Exporter, kind: str, asked: Annotated[OfBook, Query()]) -> Response:
    """Make a workbook; without the right to see costs it leaves them out."""
    with visitor.house.bench() as bench:
        costs = visitor.may(Right.COSTS)
        made = book(bench, kind, asked.date, visitor.only_shop, visitor.language, costs=costs)
    return download(made.content, XLSX, made.name, made.plain_name)


@router.get("/query", summary="Any catalogued metric, as the command `query` answers")
def query(visitor: Reader, asked: Annotated[OfQuery, Query()]) -> Json:
    """Return metrics over a period."""
    with visitor.house.bench() as bench:
        may_see(visitor, bench.catalogue, asked.metric)
        return Json(answer_to(visitor, bench))
