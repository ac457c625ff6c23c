"""People, one's own account and tokens, as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from duoshou.access import (
    Right,
    change_password,
    create_person,
    create_token,
    disable,
    enable,
    revoke_token,
    set_role,
)
from duoshou.api.answers import Json
from duoshou.app.pages.people import everybody, my_account, token_shape
from duoshou.gate import SESSION_COOKIE, Visitor, needs, needs_a_session
from duoshou.model import Role

router = APIRouter(tags=["people"])
Keeper = Annotated[Visitor, Depends(needs(Right.PEOPLE))]
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Words = Annotated[str, Field(max_length=200)]


class NewPerson(BaseModel):
    """Somebody who is to be made."""

    login: Words
    name: Words
    role: Role
    password: Words | None = Field(None, description="None for somebody who has tokens only")


class ChangedPerson(BaseModel):
    """What is to change of somebody; what is not named stays."""

    role: Role | None = None
    disabled: bool | None = None
    password: Words | None = None


class NewToken(BaseModel):
    """A token that is to be made for whoever asks."""

    name: Words
    rights: list[Right] = Field(description="Part of what the role may", max_length=len(Right))
    days: int = Field(90, ge=1, le=365, description="When it ends, in days from now")


@router.get("/people", summary="Everybody, and what each role may")
def everyone(visitor: Keeper) -> Json:
    """Return all accounts."""
    return Json(everybody(visitor.house.state))


@router.post("/people", summary="Make a person", status_code=201)
def add(visitor: Keeper, person: NewPerson) -> Json:
    """Make a person and return all accounts."""
    state, by = visitor.house.state, visitor.person.signature
    create_person(state, person.login, person.name, person.role, person.password, by=by)
    return Json(everybody(state), status_code=201)


@router.patch("/people/{login}", summary="Change role, password, or whether somebody is let in")
def change(visitor: Keeper, login: Words, changed: ChangedPerson) -> Json:
    """Change somebody and return all accounts."""
    state, by = visitor.house.state, visitor.person.signature
    if changed.role is not None:
        set_role(state, login, changed.role, by=by)
    if changed.password is not None:
        change_password(state, login, changed.password, by=by)
    if changed.disabled is not None:
        (disable if changed.disabled else enable)(state, login, by=by)
    return Json(everybody(state))


@router.get("/account", summary="One's own account, sessions and tokens")
def mine(visitor: Reader) -> Json:
    """Return the account of whoever asks."""
    secret = visitor.request.cookies.get(SESSION_COOKIE, "")
    return Json(my_account(visitor.house.state, visitor.person, secret))


@router.post("/account/tokens", summary="Make a token; its secret is told only in this answer", status_code=201)
def make_token(visitor: Reader, wanted: NewToken) -> Json:
    """Make a token; a token that leaked must not make others, so only a session may."""
    if visitor.person.token_id is not None:
        raise needs_a_session()
    ends = datetime.now(UTC) + timedelta(days=wanted.days)
    by = visitor.person.signature
    token, secret = create_token(visitor.house.state, visitor.person, wanted.name, wanted.rights, ends, by=by)
    return Json({"token": token_shape(token), "secret": secret}, status_code=201)


@router.delete("/account/tokens/{number}", summary="End one of one's own tokens", status_code=204)
def end_token(visitor: Reader, number: Annotated[int, Field(ge=1, lt=2**62)]) -> Response:
    """End a token."""
    revoke_token(visitor.house.state, number, by=visitor.person.signature, of=visitor.person)
    return Response(status_code=204)
