"""The door: the first owner, signing in and out, language and theme."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from duoshou.access import (
    AccessError,
    Right,
    SignedIn,
    create_first_owner,
    needs_first_owner,
    sign_in,
    sign_out,
)
from duoshou.gate import (
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    START_CODE_VARIABLE,
    THEME_COOKIE,
    Refused,
    Visitor,
    client_of,
    house_of,
    is_secure,
    needs,
)
from duoshou.model import Text
from duoshou.web.rendering import THEMES, render_for_guest

router = APIRouter()
HOME = "/today"
A_YEAR = 31_536_000
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Field = Annotated[str, Form(max_length=200)]


@router.get("/")
def home() -> RedirectResponse:
    """Lead to the first screen."""
    return RedirectResponse(HOME, status_code=303)


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """Show the form, or that of the first owner while there is nobody."""
    if needs_first_owner(house_of(request).state):
        return RedirectResponse("/start", status_code=303)
    return render_for_guest(
        request, "sign_in.html", login="", next=_inside(request.query_params.get("next")), error=None
    )


@router.post("/sign-in")
def enter(request: Request, login: Field = "", password: Field = "", next: Field = HOME) -> Response:  # noqa: A002
    """Sign in and go on to where the person wanted to go."""
    house = house_of(request)
    try:
        signed = sign_in(house.state, login, password, client=client_of(request, house))
    except AccessError as error:
        status = 429 if hasattr(error, "retry_seconds") else 401
        page = render_for_guest(request, "sign_in.html", status=status, login=login, next=_inside(next), error=error)
        if hasattr(error, "retry_seconds"):
            page.headers["Retry-After"] = str(error.retry_seconds)
        return page
    return _entered(request, signed, _inside(next))


@router.get("/start")
def start_page(request: Request) -> Response:
    """Ask for the first owner; later it only leads to the sign-in page."""
    if not needs_first_owner(house_of(request).state):
        return RedirectResponse("/sign-in", status_code=303)
    code = request.query_params.get("code", "")
    _require_code(code)
    return render_for_guest(request, "start.html", login="", name="", code=code, error=None)


@router.post("/start")
def start(request: Request, login: Field = "", name: Field = "", password: Field = "", code: Field = "") -> Response:
    """Make the first owner and sign in."""
    _require_code(code)
    house = house_of(request)
    try:
        create_first_owner(house.state, login, name, password)
        signed = sign_in(house.state, login, password, client=client_of(request, house))
    except AccessError as error:
        return render_for_guest(request, "start.html", status=422, login=login, name=name, code=code, error=error)
    return _entered(request, signed, HOME)


@router.post("/sign-out")
def leave(visitor: Reader) -> Response:
    """End the session."""
    sign_out(visitor.house.state, visitor.request.cookies.get(SESSION_COOKIE, ""))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.post("/preferences")
def prefer(visitor: Reader, language: Field = "", theme: Field = "", next: Field = HOME) -> Response:  # noqa: A002, ARG001
    """Keep language and theme in this browser."""
    answer = RedirectResponse(_inside(next), status_code=303)
    if language in {"zh", "en"}:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR, samesite="lax")
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR, samesite="lax")
    elif theme:
        answer.delete_cookie(THEME_COOKIE)
    return answer


def _entered(request: Request, signed: SignedIn, place: str) -> Response:
    """Lead on with the new session; the one that this browser had is over."""
    if (former := request.cookies.get(SESSION_COOKIE)) is not None:
        sign_out(house_of(request).state, former)
    answer = RedirectResponse(place, status_code=303)
    left = max(int((signed.expires_at - datetime.now(UTC)).total_seconds()), 0)
    secure = is_secure(request, house_of(request))
    answer.set_cookie(SESSION_COOKIE, signed.secret, max_age=left, httponly=True, samesite="lax", secure=secure)
    return answer


def _require_code(given: str) -> None:
    """Let only whoever started the server make the first owner: they read the code in their terminal.

    Raises:
        Refused: If the code is another.
    """
    wanted = os.environ.get(START_CODE_VARIABLE, "")
    if wanted and not secrets.compare_digest(given.encode(), wanted.encode()):
        raise Refused(
            "start_code",
            Text(
                "第一个账号要用终端里显示的地址来建", "the first account is made at the address that the terminal shows"
            ),
            status=403,
            hint=Text(
                "看运行 duoshou serve 的窗口；或在那台电脑上运行 duoshou user add",
                "look at the window where duoshou serve runs, or run duoshou user add on that computer",
            ),
        )


def _inside(place: str | None) -> str:
    """Return a place of this site; anything else becomes the first screen."""
    is_ours = place is not None and place.startswith("/") and not place.startswith(("//", "/\\"))
    return place if place is not None and is_ours and "\\" not in place and "\n" not in place else HOME
