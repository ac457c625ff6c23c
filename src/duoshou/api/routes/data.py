"""Imports, jobs and the state of the data as JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import Day, OfShop
from duoshou.app.jobs import JobView, day_job, inbox_job, undo_job
from duoshou.app.pages.batches import require_batch
from duoshou.app.pages.data import data, job_of
from duoshou.app.pages.rejected import rejected
from duoshou.gate import Visitor, needs
from duoshou.gate.costs import may_see_file
from duoshou.gate.starting import begin, begin_import, begin_mending
from duoshou.gate.uploads import MULTIPART

router = APIRouter(tags=["data"])
ACCEPTED = 202
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Importer = Annotated[Visitor, Depends(needs(Right.IMPORT))]
Runner = Annotated[Visitor, Depends(needs(Right.RUN_DAY))]
Undoer = Annotated[Visitor, Depends(needs(Right.UNDO))]
Page = Annotated[int, Query(ge=1, le=100_000, description="Which page of the list, from 1")]
Entry = Annotated[str, "Name of the archived table, as the list of imports gives it"]


class OfData(OfShop):
    """A question about the data of a shop.

    Attributes:
        date: The day whose data are checked; None: the last complete one.
        page: Which page of the list of imports.
    """

    date: Annotated[Day | None, Query(description="The day whose data are checked")] = None
    page: Page = 1


class RunAsked(BaseModel):
    """What the daily job is asked for: the day; None is the last complete one of each shop."""

    model_config = ConfigDict(extra="forbid")
    date: Day | None = None


@router.get("/data", summary="What to fetch, what came in, how fresh each source is, what is wrong with the data")
def read(visitor: Reader, asked: Annotated[OfData, Query()]) -> Json:
    """Return the page of data."""
    with visitor.house.bench() as bench:
        return Json(data(bench, visitor.house.jobs, asked.date, visitor.only_shop, asked.page))


@router.post("/imports", summary="Send files and import them", status_code=ACCEPTED, openapi_extra=MULTIPART)
async def upload(visitor: Importer, _: Annotated[OfShop, Query()]) -> Json:
    """Begin an import and return the job; while another one runs nothing is kept."""
    begun = await begin_import(visitor, keep=False)
    assert isinstance(begun, JobView)
    return _accepted(begun)


@router.post("/imports/inbox", summary="Import whatever lies in the inbox", status_code=ACCEPTED)
def import_inbox(visitor: Importer, _: Annotated[OfShop, Query()]) -> Json:
    """Begin an import of the inbox and return the job."""
    return _accepted(begin(visitor, "import", inbox_job(visitor.only_shop)))


@router.get("/imports/{number}", summary="How far an import is, and what became of every file")
@router.get("/jobs/{number}", summary="How far a job is, and what it came to")
def job(visitor: Reader, number: int) -> Json:
    """Return a job."""
    return Json(_shape(job_of(visitor.house.jobs, number)))


@router.post("/run", summary="Run the daily job", status_code=ACCEPTED)
def run(visitor: Runner, _: Annotated[OfShop, Query()], asked: RunAsked | None = None) -> Json:
    """Begin the daily job and return it."""
    day = asked.date if asked else None
    return _accepted(begin(visitor, "day", day_job(day, visitor.only_shop)))


@router.post("/batches/{batch}/undo", summary="Take an import back", status_code=ACCEPTED)
def undo(visitor: Undoer, batch: str) -> Json:
    """Begin to take an import back and return the job."""
    with visitor.house.bench() as bench:
        require_batch(bench, batch)
    return _accepted(begin(visitor, "undo", undo_job(batch)))


@router.get("/files/{entry}/rejected", summary="The rows of a file that could not be used, and why")
def rejected_rows(visitor: Importer, entry: Entry, page: Page = 1) -> Json:
    """Return a page of rejected rows."""
    with visitor.house.bench() as bench:
        may_see_file(visitor, bench, entry)
        return Json(rejected(bench, entry, page))


@router.post(
    "/files/{entry}/mended", summary="Send mended rows of a file", status_code=ACCEPTED, openapi_extra=MULTIPART
)
async def mend(visitor: Importer, entry: Entry) -> Json:
    """Begin to import mended rows and return the job."""
    return _accepted(await begin_mending(visitor, entry))


def _accepted(job: JobView) -> Json:
    answer = Json(_shape(job), status_code=ACCEPTED)
    answer.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return answer


def _shape(job: JobView) -> dict[str, Any]:
    return {"job": job.to_dict()}
