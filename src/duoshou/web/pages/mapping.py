"""The mapping assistant for files that no layout describes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.incoming import clear_away
from duoshou.app.jobs import import_job
from duoshou.app.mapping import MOST_LETTERS, keep_mapping
from duoshou.app.pages.data import waiting_file
from duoshou.app.pages.mapping import mapping
from duoshou.gate import Visitor, needs
from duoshou.gate.starting import begin
from duoshou.model import DuoshouError
from duoshou.web.rendering import render

router = APIRouter(prefix="/data/map")
Importer = Annotated[Visitor, Depends(needs(Right.IMPORT))]
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]
Name = Annotated[str, Form(max_length=1000)]
Written = Annotated[str, Form(max_length=MOST_LETTERS)]


@router.get("")
def page(visitor: Importer) -> HTMLResponse:
    """Show what comes closest to a file of the inbox, and a drafted mapping."""
    with visitor.house.bench() as bench:
        return render(visitor, "mapping.html", mapping(bench, visitor.text("file") or ""))


@router.post("/try")
def attempt(visitor: Importer, file: Name = "", mapping_text: Written = "") -> HTMLResponse:
    """Show what an import by a mapping would give; nothing is written."""
    with visitor.house.bench() as bench:
        found = mapping(bench, file, _unix(mapping_text))
    return render(visitor, "mapping.html", found, status=422 if found.error else 200)


@router.post("/keep")
def keep(visitor: Keeper, file: Name = "", mapping_text: Written = "") -> Response:
    """Keep a mapping as a layout of the workspace and import the file by it."""
    text = _unix(mapping_text)
    with visitor.house.bench() as bench:
        path = waiting_file(bench, file)
        try:
            keep_mapping(bench, path, text)
        except DuoshouError as error:
            return render(visitor, "mapping.html", mapping(bench, file, text, error), status=422)
    job = begin(visitor, "import", import_job([path], visitor.only_shop), lambda: clear_away([path]))
    return RedirectResponse(visitor.link(f"/data/jobs/{job.id}"), status_code=303)


def _unix(text: str) -> str:
    """Return a text of a form with the line ends of a file."""
    return text.replace("\r\n", "\n")
