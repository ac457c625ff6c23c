"""One number, followed to its rows."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from duoshou.access import Right
from duoshou.app.pages.addresses import parsed_filters
from duoshou.app.pages.number import NumberPage, RowsAsked, number
from duoshou.gate import Visitor, needs
from duoshou.gate.costs import may_see
from duoshou.metrics import MetricError
from duoshou.metrics.behind import ShownColumn
from duoshou.model import InvalidPeriod
from duoshou.settings.calendar import CalendarError
from duoshou.web.asking import period_of
from duoshou.web.cells import cell
from duoshou.web.differences import value_name
from duoshou.web.figures import COLUMN, draw, trend_figure
from duoshou.web.rendering import render

router = APIRouter()
DEFAULT = "pay_amount"
LAST_PAGE = 1_000_000


@router.get("/number")
def page(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Show what a number means, where it comes from, its days and its rows."""
    name = visitor.text("metric") or DEFAULT
    asked = RowsAsked(
        visitor.number("page", 1, most=LAST_PAGE), visitor.text("sort"), visitor.text("order") == "descending"
    )
    try:
        with visitor.house.bench() as bench:
            may_see(visitor, bench.catalogue, [name])
            where = parsed_filters(bench.catalogue, visitor.texts("where"))
            found = number(
                bench,
                name,
                period_of(visitor) or period_of(visitor, "date", "date"),
                where,
                visitor.only_shop,
                comparison=visitor.comparison(),
                asked=asked,
            )
    except (MetricError, InvalidPeriod, CalendarError) as problem:
        return render(visitor, "number.html", None, status=422, problem=problem, name=name)
    chart = draw(visitor, trend_figure(found.trend, visitor.language), COLUMN) if found.trend else None
    return render(
        visitor,
        "number.html",
        found,
        problem=None,
        name=name,
        chart=chart,
        cell=cell,
        value_name=partial(value_name, visitor.language),
        sort_link=_sorter(visitor, found),
    )


def _sorter(visitor: Visitor, found: NumberPage) -> object:
    def link(column: ShownColumn) -> str:
        """Return the address with the rows sorted by a column, the other way round where they are already."""
        rows = found.rows
        turns = rows is not None and rows.sort == column.name and not rows.descending
        largest_first = column.is_measured and not (rows is not None and rows.sort == column.name)
        order = "descending" if turns or largest_first else None
        return visitor.link(sort=column.name, order=order, page=None) + "#rows"

    return link
