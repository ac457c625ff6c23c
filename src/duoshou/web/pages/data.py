"""数据: bring files in, see what became of them, what is to be fetched, and what is wrong."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.jobs import JobView, day_job, inbox_job, undo_job
from duoshou.app.pages.batches import require_batch
from duoshou.app.pages.data import data, job_of
from duoshou.gate import Visitor, day_given, needs
from duoshou.gate.starting import begin, begin_import
from duoshou.web.evidence import evidence_tables
from duoshou.web.rendering import render

router = APIRouter(prefix="/data")
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Importer = Annotated[Visitor, Depends(needs(Right.IMPORT))]
Runner = Annotated[Visitor, Depends(needs(Right.RUN_DAY))]
Undoer = Annotated[Visitor, Depends(needs(Right.UNDO))]


@router.get("")
def page(visitor: Reader) -> HTMLResponse:
    """Show what is to be fetched, what came in, and how good it is."""
    kept = visitor.number("kept", 0, least=0)
    with visitor.house.bench() as bench:
        found = data(bench, visitor.house.jobs, visitor.day(), visitor.only_shop, visitor.number("page", 1))
    tables = {one.id: evidence_tables(one, visitor.language) for one in found.faults}
    return render(visitor, "data.html", found, tables=tables, kept=kept)


@router.get("/jobs/{number}")
def job_page(visitor: Reader, number: int) -> HTMLResponse:
    """Show how far a job is, and what it came to; the page asks again while it runs."""
    return render(visitor, "job.html", job_of(visitor.house.jobs, number))


@router.post("/import")
async def upload(visitor: Importer) -> Response:
    """Take files into the inbox and import them; while another job runs they wait there."""
    begun = await begin_import(visitor, keep=True)
    if isinstance(begun, int):
        return RedirectResponse(visitor.link("/data", kept=begun), status_code=303)
    return _led(visitor, begun)


@router.post("/inbox")
def import_inbox(visitor: Importer) -> Response:
    """Import whatever lies in the inbox."""
    return _led(visitor, begin(visitor, "import", inbox_job(visitor.only_shop)))


@router.post("/run")
def run_day(visitor: Runner, date: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Run the daily job for a day."""
    return _led(visitor, begin(visitor, "day", day_job(day_given("date", date), visitor.only_shop)))


@router.post("/batches/{batch}/undo")
def undo(visitor: Undoer, batch: str) -> Response:
    """Take an import back."""
    with visitor.house.bench() as bench:
        require_batch(bench, batch)
    return _led(visitor, begin(visitor, "undo", undo_job(batch)))


def _led(visitor: Visitor, job: JobView) -> Response:
    """Lead to the page of a job."""
    return RedirectResponse(visitor.link(f"/data/jobs/{job.id}"), status_code=303)
