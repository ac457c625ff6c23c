"""人员: who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from duoshou.access import (
    AccessError,
    Right,
    change_password,
    create_person,
    disable,
    enable,
    set_role,
)
from duoshou.app.pages.people import everybody
from duoshou.gate import Visitor, needs
from duoshou.model import Role
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/settings/people"
Keeper = Annotated[Visitor, Depends(needs(Right.PEOPLE))]
Field = Annotated[str, Form(max_length=200)]


@router.get(PLACE)
def page(visitor: Keeper) -> Response:
    """Show everybody, and the table of roles and rights."""
    return _shown(visitor)


@router.post(PLACE)
def add(
    visitor: Keeper, role: Annotated[Role, Form()], login: Field = "", name: Field = "", password: Field = ""
) -> Response:
    """Make a person."""
    by = visitor.person.signature
    return _done(visitor, lambda: create_person(visitor.house.state, login, name, role, password, by=by), login, name)


@router.post(PLACE + "/{login}/role")
def change_role(visitor: Keeper, login: str, role: Annotated[Role, Form()]) -> Response:
    """Give somebody another role."""
    return _done(visitor, lambda: set_role(visitor.house.state, login, role, by=visitor.person.signature))


@router.post(PLACE + "/{login}/password")
def reset_password(visitor: Keeper, login: str, password: Field = "") -> Response:
    """Set somebody's password; they are signed out everywhere."""
    by = visitor.person.signature
    return _done(visitor, lambda: change_password(visitor.house.state, login, password, by=by))


@router.post(PLACE + "/{login}/disable")
def stop(visitor: Keeper, login: str) -> Response:
    """Let somebody in no more."""
    return _done(visitor, lambda: disable(visitor.house.state, login, by=visitor.person.signature))


@router.post(PLACE + "/{login}/enable")
def admit(visitor: Keeper, login: str) -> Response:
    """Let somebody in again."""
    return _done(visitor, lambda: enable(visitor.house.state, login, by=visitor.person.signature))


def _done(visitor: Visitor, change: Callable[[], object], login: str = "", name: str = "") -> Response:
    """Make a change and show the list; what was refused is said above the form, which keeps what was typed."""
    try:
        change()
    except AccessError as error:
        return _shown(visitor, error, login, name)
    return RedirectResponse(PLACE, status_code=303)


def _shown(visitor: Visitor, error: AccessError | None = None, login: str = "", name: str = "") -> Response:
    found = everybody(visitor.house.state)
    return render(visitor, "people.html", found, status=422 if error else 200, error=error, login=login, name=name)
