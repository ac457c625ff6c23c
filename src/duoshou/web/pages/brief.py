"""协同 → 需求单: the brief of a task."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.pages.brief import brief_document_of, brief_page, write_typed_brief
from duoshou.app.pages.task_form import MISTYPED
from duoshou.gate import Visitor, needs
from duoshou.gate.downloads import DOCX, download
from duoshou.gate.forms import Form, refusal
from duoshou.model import DuoshouError
from duoshou.web.pages.board import Number
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/board/tasks/{number}/brief"
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]


@router.get(PLACE)
def page(visitor: Reader, number: Number) -> Response:
    """Show the brief as it was written last, or a draft."""
    return _shown(visitor, number)


@router.post(PLACE)
def write(visitor: Doer, number: Number, fields: Form) -> Response:
    """Keep a brief."""
    try:
        with visitor.house.bench() as bench:
            write_typed_brief(bench, number, visitor.only_shop, fields, by=visitor.person.signature)
    except MISTYPED as error:
        return _shown(visitor, number, error, fields)
    return RedirectResponse(visitor.link(saved="yes"), status_code=303)


@router.get(PLACE + ".docx")
def document(visitor: Doer, number: Number) -> Response:
    """Send the brief as a document to hand over."""
    with visitor.house.bench() as bench:
        content = brief_document_of(bench, number, visitor.only_shop, visitor.language)
    return download(content, DOCX, f"需求单 {number}.docx", f"brief-{number}.docx")


def _shown(visitor: Visitor, number: int, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    with visitor.house.bench() as bench:
        found = brief_page(bench, number, visitor.only_shop)
    saved = visitor.text("saved") if error is None else None
    facts = {"error": error, "typed": {**found.fields, **(typed or {})}, "is_typed": bool(typed), "saved": saved}
    return render(visitor, "brief.html", found, status=refusal(error), **facts)
