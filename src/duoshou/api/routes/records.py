"""The audit log and the runs of jobs as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.app.pages.records import audit_page, jobs_page
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["records"])
Before = Annotated[int | None, Query(ge=1, lt=2**62, description="Go on before this number, as the last page said")]


@router.get("/audit", summary="Who wrote what, when, before and after")
def audit(
    visitor: Annotated[Visitor, Depends(needs(Right.AUDIT))],
    entity: Annotated[str, Query(max_length=60, description="Only this table")] = "",
    before: Before = None,
) -> Json:
    """Return a page of the audit log, the latest first."""
    return Json(audit_page(visitor.house.state, entity, before))


@router.get("/jobs", summary="Runs of the daily job and of imports")
def jobs(visitor: Annotated[Visitor, Depends(needs(Right.READ))], before: Before = None) -> Json:
    """Return a page of the runs, the latest first."""
    return Json(jobs_page(visitor.house.state, before))
