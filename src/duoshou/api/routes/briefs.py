"""The brief of a task, as JSON and as a document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfShop, Day
from duoshou.api.routes.tasks import TaskNumber, Words
from duoshou.app.pages.brief import brief_document_of, brief_page, write_typed_brief
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import DOCX, download

router = APIRouter(tags=["loop"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]
Lines = Annotated[Words | None, Field(description="One statement a line, its evidence behind ｜")]


class WrittenBrief(BaseModel):
    """A brief as it is edited; what is not named stays.

    Attributes:
        version: What the brief was when it was read, so that nobody's words are overwritten; empty for a draft.
    """

    model_config = ConfigDict(extra="forbid")
    version: Annotated[str, Field(max_length=100)] = ""
    title: Annotated[str | None, Field(max_length=200)] = None
    goal: Words | None = None
    deadline: Day | None = None
    points: Lines = None
    now: Lines = None
    audience: Lines = None
    do: Lines = None
    dont: Lines = None
    pictures: Annotated[Words | None, Field(description="One picture a line: name ｜ pixels ｜ note")] = None
    unknown: Lines = None
    notes: Words | None = None


@router.get("/tasks/{number}/brief", summary="The brief of a task, as written last or drafted from the data")
def one(visitor: Reader, number: TaskNumber, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Return a brief."""
    with visitor.house.bench() as bench:
        return Json(brief_page(bench, number, visitor.only_shop))


@router.put("/tasks/{number}/brief", summary="Keep the brief of a task")
def write(visitor: Doer, number: TaskNumber, brief: WrittenBrief, asked: AskedOfShop) -> Json:  # noqa: ARG001
    """Keep a brief and return it."""
    fields = {name: str(value) for name, value in brief.model_dump(exclude_none=True).items()}
    with visitor.house.bench() as bench:
        write_typed_brief(bench, number, visitor.only_shop, fields, by=visitor.person.signature)
        return Json(brief_page(bench, number, visitor.only_shop))


@router.get(
    "/tasks/{number}/brief.docx",
    summary="The brief of a task as a document to hand over",
    response_class=Response,
    responses={200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
)
def document(visitor: Doer, number: TaskNumber, asked: AskedOfShop) -> Response:  # noqa: ARG001
    """Send the document."""
    with visitor.house.bench() as bench:
        content = brief_document_of(bench, number, visitor.only_shop, visitor.language)
    return download(content, DOCX, f"需求单 {number}.docx", f"brief-{number}.docx")
