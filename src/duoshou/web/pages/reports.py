"""报表: workbooks made now, those made before, and the rows of a query as CSV."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import FileResponse, HTMLResponse, Response

from duoshou.access import Right
from duoshou.app.pages.reports import book, made_book, reports
from duoshou.gate import Visitor, needs, no_right
from duoshou.gate.costs import may_see
from duoshou.gate.downloads import CSV, XLSX, disposition, download
from duoshou.gate.questions import answer_to
from duoshou.model.cells import BOM, csv_text
from duoshou.web.rendering import render

router = APIRouter(prefix="/reports")
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Exporter = Annotated[Visitor, Depends(needs(Right.EXPORT))]


@router.get("")
def page(visitor: Reader) -> HTMLResponse:
    """Show what can be made and what lies in `reports/`."""
    with visitor.house.bench() as bench:
        return render(
            visitor, "reports.html", reports(bench, visitor.day(), visitor.only_shop, visitor.number("page", 1))
        )


@router.get("/query.csv")
def rows(visitor: Exporter) -> Response:
    """Send the rows of a query."""
    with visitor.house.bench() as bench:
        may_see(visitor, bench.catalogue, visitor.texts("metric"))
        found = answer_to(visitor, bench)
    content = BOM + csv_text(*found.table())
    span = f"{found.period.start}-{found.period.end}"
    keys = "-".join(visitor.texts("metric"))[:80]
    return download(content.encode(), CSV, f"{keys}-{span}.csv", f"query-{span}.csv")


@router.get("/files/{name}")
def made(visitor: Exporter, name: str) -> Response:
    """Send a workbook that lies in `reports/`; it was made for those who may see everything."""
    if not visitor.may(Right.COSTS):
        raise no_right(Right.COSTS.value)
    with visitor.house.bench() as bench:
        path = made_book(bench, name)
    return FileResponse(path, media_type=XLSX, headers={"Content-Disposition": disposition(name, name)})


@router.get("/{kind}.xlsx")
def workbook(visitor: Exporter, kind: str) -> Response:
    """Make a workbook and send it."""
    with visitor.house.bench() as bench:
        made = book(bench, kind, visitor.day(), visitor.only_shop, visitor.language, costs=visitor.may(Right.COSTS))
    return download(made.content, XLSX, made.name, made.plain_name)
