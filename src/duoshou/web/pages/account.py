"""我的账号: one's own password, sessions and tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from duoshou.access import (
    AccessError,
    Right,
    change_password,
    confirm_password,
    create_token,
    revoke_token,
    sign_out_everywhere,
)
from duoshou.app.pages.people import my_account
from duoshou.gate import SESSION_COOKIE, Visitor, client_of, needs, needs_a_session
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/account"
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Field = Annotated[str, Form(max_length=200)]


@router.get(PLACE)
def page(visitor: Reader) -> Response:
    """Show one's own account."""
    return _shown(visitor)


@router.post(PLACE + "/password")
def password(visitor: Reader, old: Field = "", new: Field = "") -> Response:
    """Change one's own password; this session goes on, others end."""
    _require_session(visitor)
    state, person = visitor.house.state, visitor.person
    try:
        confirm_password(state, person, old, client=client_of(visitor.request, visitor.house))
        change_password(state, person, new, by=person.signature, keep=_secret(visitor))
    except AccessError as error:
        return _shown(visitor, error)
    return RedirectResponse(PLACE, status_code=303)


@router.post(PLACE + "/sign-out-everywhere")
def leave_everywhere(visitor: Reader) -> Response:
    """End all of one's sessions, this one too."""
    _require_session(visitor)
    sign_out_everywhere(visitor.house.state, visitor.person, by=visitor.person.signature)
    return RedirectResponse("/sign-in", status_code=303)


@router.post(PLACE + "/tokens")
def new_token(
    visitor: Reader,
    name: Field = "",
    days: Annotated[int, Form(ge=1, le=365)] = 90,
    rights: Annotated[list[Right] | None, Form()] = None,
) -> Response:
    """Make a token and show its secret, this once; a token that leaked must not make others, with more rights."""
    _require_session(visitor)
    ends = datetime.now(UTC) + timedelta(days=days)
    by = visitor.person.signature
    try:
        _, secret = create_token(visitor.house.state, visitor.person, name, rights or [], ends, by=by)
    except AccessError as error:
        return _shown(visitor, error)
    return _shown(visitor, secret=secret)


@router.post(PLACE + "/tokens/{number}/revoke")
def end_token(visitor: Reader, number: int) -> Response:
    """End one of one's own tokens."""
    revoke_token(visitor.house.state, number, by=visitor.person.signature, of=visitor.person)
    return RedirectResponse(PLACE, status_code=303)


def _shown(visitor: Visitor, error: AccessError | None = None, secret: str = "") -> Response:
    found = my_account(visitor.house.state, visitor.person, _secret(visitor))
    status = 200 if error is None else 429 if hasattr(error, "retry_seconds") else 422
    return render(visitor, "account.html", found, status=status, error=error, secret=secret)


def _require_session(visitor: Visitor) -> None:
    if visitor.person.token_id is not None:
        raise needs_a_session()


def _secret(visitor: Visitor) -> str:
    return visitor.request.cookies.get(SESSION_COOKIE, "")
