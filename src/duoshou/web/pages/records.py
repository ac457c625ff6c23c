"""操作日志 and 任务记录."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from duoshou.access import Right
from duoshou.app.pages.records import audit_page, jobs_page
from duoshou.gate import Visitor, needs
from duoshou.web.rendering import render

router = APIRouter()
LARGEST = 2**62


@router.get("/settings/log")
def log(visitor: Annotated[Visitor, Depends(needs(Right.AUDIT))]) -> Response:
    """Show who wrote what, when, and what it was before."""
    found = audit_page(visitor.house.state, visitor.text("entity") or "", _before(visitor))
    return render(visitor, "log.html", found)


@router.get("/settings/jobs")
def jobs(visitor: Annotated[Visitor, Depends(needs(Right.READ))]) -> Response:
    """Show the runs of the daily job and of imports, and what each said."""
    return render(visitor, "jobs.html", jobs_page(visitor.house.state, _before(visitor)))


def _before(visitor: Visitor) -> int | None:
    return visitor.number("before", 0, least=0, most=LARGEST) or None
