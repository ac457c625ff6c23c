"""The glossary and the definition of one metric."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse

from duoshou.access import Right
from duoshou.app.pages.glossary import definition, glossary
from duoshou.gate import Visitor, needs
from duoshou.web.rendering import render

router = APIRouter()
Reader = Annotated[Visitor, Depends(needs(Right.READ))]


@router.get("/glossary")
def search(visitor: Reader) -> HTMLResponse:
    """Show the metrics that a search finds."""
    with visitor.house.bench() as bench:
        found = glossary(bench, visitor.text("q") or "", visitor.text("unit") or "")
    return render(visitor, "glossary.html", found)


@router.get("/glossary/{name}")
def one(visitor: Reader, name: str) -> HTMLResponse:
    """Show what is known of one metric."""
    with visitor.house.bench() as bench:
        found = definition(bench, name, visitor.only_shop, costs=visitor.may(Right.COSTS))
    return render(visitor, "definition.html", found)
