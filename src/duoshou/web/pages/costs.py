"""设置 → 成本."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.editing import SettingsChanged
from duoshou.app.pages.costs import Book, cost_of_form, costs, one_cost, put_cost, take_cost
from duoshou.gate import Visitor, needs, not_found
from duoshou.gate.forms import Form, refusal
from duoshou.model import DuoshouError, Text
from duoshou.settings import SettingsError
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/settings/costs"
SEES_COSTS = [Depends(needs(Right.COSTS))]
Reader = Annotated[Visitor, Depends(needs(Right.COSTS))]
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]
Position = Annotated[int, Path(ge=0, le=1_000_000)]


@router.get(PLACE)
def page(visitor: Reader) -> Response:
    """Show rules and unit costs."""
    return _shown(visitor)


@router.get(PLACE + "/{book}/{position}", dependencies=SEES_COSTS)
def form(visitor: Keeper, book: Book, position: Position) -> Response:
    """Show one cost in its form."""
    return _form(visitor, book, position)


@router.post(PLACE + "/{book}", dependencies=SEES_COSTS)
def add(visitor: Keeper, book: Book, fields: Form) -> Response:
    """Add a cost; what was refused is said above the list, and its form keeps what was typed."""
    try:
        _put(visitor, book, None, fields)
    except SettingsError as error:
        return _shown(visitor, error, book, fields)
    return RedirectResponse(visitor.link(PLACE, saved="costs"), status_code=303)


@router.post(PLACE + "/{book}/{position}", dependencies=SEES_COSTS)
def change(visitor: Keeper, book: Book, position: Position, fields: Form) -> Response:
    """Change a cost."""
    try:
        _put(visitor, book, position, fields)
    except SettingsError as error:
        return _form(visitor, book, position, error, fields)
    return RedirectResponse(visitor.link(PLACE, saved="costs"), status_code=303)


@router.post(PLACE + "/{book}/{position}/remove", dependencies=SEES_COSTS)
def remove(visitor: Keeper, book: Book, position: Position, fields: Form) -> Response:
    """Take a cost away."""
    house, by = visitor.house, visitor.person.signature
    try:
        take_cost(house.workspace, house.state, book, position, version=fields.get("version", ""), by=by)
    except SettingsError as error:
        return _shown(visitor, error)
    return RedirectResponse(visitor.link(PLACE, saved="costs"), status_code=303)


def _put(visitor: Visitor, book: Book, position: int | None, fields: Form) -> None:
    house, by = visitor.house, visitor.person.signature
    values = cost_of_form(book, fields)
    put_cost(house.workspace, house.state, book, position, values, version=fields.get("version", ""), by=by)


def _shown(
    visitor: Visitor, error: DuoshouError | None = None, book: Book | None = None, typed: Form | None = None
) -> Response:
    """Return the lists; what was typed is kept, for it is new whatever the file says."""
    search = (visitor.text("q") or "")[:100]
    found = costs(visitor.house.workspace, search, visitor.number("page", 1))
    kept = {} if book is None else {book.value: typed or {}}
    saved = visitor.text("saved") if error is None else None
    return render(visitor, "costs.html", found, status=refusal(error), error=error, kept=kept, saved=saved)


def _form(
    visitor: Visitor, book: Book, position: int, error: DuoshouError | None = None, typed: Form | None = None
) -> Response:
    """Return the form of one cost.

    Raises:
        Refused: If there is no such cost.
    """
    workspace = visitor.house.workspace
    cost = one_cost(workspace, book, position)
    if cost is None:
        raise not_found(Text("这条成本", "such cost"))
    kept = {} if isinstance(error, SettingsChanged) else typed or {}
    facts = {"book": book.value, "position": position, "cost": cost, "typed": kept, "error": error}
    return render(visitor, "cost.html", costs(workspace), status=refusal(error), **facts)
