"""Rows that could not be used: seen, downloaded, mended, sent again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.pages.rejected import rejected, rejected_csv
from duoshou.gate import Visitor, needs
from duoshou.gate.costs import may_see_file
from duoshou.gate.downloads import CSV, download
from duoshou.gate.starting import begin_mending
from duoshou.web.rendering import render

router = APIRouter(prefix="/data/files")


@router.get("/{entry}")
def page(visitor: Annotated[Visitor, Depends(needs(Right.IMPORT))], entry: str) -> HTMLResponse:
    """Show the rejected rows of a file and what is wrong with each."""
    with visitor.house.bench() as bench:
        may_see_file(visitor, bench, entry)
        found = rejected(bench, entry, visitor.number("page", 1))
    return render(visitor, "rejected.html", found)


@router.get("/{entry}/rejected.csv")
def rows(visitor: Annotated[Visitor, Depends(needs(Right.EXPORT))], entry: str) -> Response:
    """Send the rejected rows for mending."""
    with visitor.house.bench() as bench:
        may_see_file(visitor, bench, entry)
        name, content = rejected_csv(bench, entry, visitor.language)
    return download(content, CSV, name, f"rejected-{entry[:12]}.csv")


@router.post("/{entry}/mend")
async def mend(visitor: Annotated[Visitor, Depends(needs(Right.IMPORT))], entry: str) -> Response:
    """Take mended rows in, as the file that they mend was read."""
    job = await begin_mending(visitor, entry)
    return RedirectResponse(visitor.link(f"/data/jobs/{job.id}"), status_code=303)
