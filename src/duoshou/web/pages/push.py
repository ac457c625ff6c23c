"""设置 → 推送."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.editing import SettingsChanged
from duoshou.app.pages.push import WHAT, push_page, put_target, sender_of_tests, take_target, target_of_form
from duoshou.app.push_targets import send_test
from duoshou.gate import Visitor, needs, not_found
from duoshou.gate.forms import Form, refusal
from duoshou.model import DuoshouError, Text
from duoshou.reports.push import Delivery, PushError
from duoshou.settings import SettingsError
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/settings/push"
MAY_PUSH = [Depends(needs(Right.PUSH))]
Reader = Annotated[Visitor, Depends(needs(Right.PUSH))]
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]
Position = Annotated[int, Path(ge=0, le=1_000_000)]


@router.get(PLACE)
def page(visitor: Reader) -> Response:
    """Show the targets."""
    return _shown(visitor)


@router.get(PLACE + "/{position}", dependencies=MAY_PUSH)
def form(visitor: Keeper, position: Position) -> Response:
    """Show one target in its form."""
    return _form(visitor, position)


@router.post(PLACE, dependencies=MAY_PUSH)
def add(visitor: Keeper, fields: Form) -> Response:
    """Add a target."""
    try:
        _put(visitor, None, fields)
    except (SettingsError, PushError) as error:
        return _shown(visitor, error, fields)
    return RedirectResponse(visitor.link(PLACE, saved="yes"), status_code=303)


@router.post(PLACE + "/{position}", dependencies=MAY_PUSH)
def change(visitor: Keeper, position: Position, fields: Form) -> Response:
    """Change a target."""
    try:
        _put(visitor, position, fields)
    except (SettingsError, PushError) as error:
        return _form(visitor, position, error, fields)
    return RedirectResponse(visitor.link(PLACE, saved="yes"), status_code=303)


@router.post(PLACE + "/{position}/remove", dependencies=MAY_PUSH)
def remove(visitor: Keeper, position: Position, fields: Form) -> Response:
    """Take a target away."""
    house, by = visitor.house, visitor.person.signature
    try:
        take_target(house.workspace, house.state, position, version=fields.get("version", ""), by=by)
    except SettingsError as error:
        return _shown(visitor, error)
    return RedirectResponse(visitor.link(PLACE, saved="yes"), status_code=303)


@router.post(PLACE + "/{position}/test")
def test(visitor: Reader, position: Position) -> Response:
    """Send a message that says that it is a test, and tell what became of it."""
    settings = visitor.house.settings
    if position >= len(settings.push):
        raise not_found(Text("这个推送目标", "such target"))
    try:
        delivery = send_test(settings, settings.push[position].name, sender_of_tests())
    except PushError as error:
        return _shown(visitor, error)
    return _shown(visitor, delivery=delivery)


def _put(visitor: Visitor, position: int | None, fields: Form) -> None:
    house, by = visitor.house, visitor.person.signature
    values = target_of_form(fields, house.settings)
    put_target(house.workspace, house.state, position, values, version=fields.get("version", ""), by=by)


def _shown(
    visitor: Visitor, error: DuoshouError | None = None, typed: Form | None = None, delivery: Delivery | None = None
) -> Response:
    found = push_page(visitor.house.workspace)
    saved = visitor.text("saved") if error is None and delivery is None else None
    facts = {"what": WHAT, "error": error, "typed": typed or {}, "delivery": delivery, "saved": saved}
    return render(visitor, "push.html", found, status=refusal(error), **facts)


def _form(visitor: Visitor, position: int, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    """Return the form of one target.

    Raises:
        Refused: If there is no such target.
    """
    found = push_page(visitor.house.workspace)
    if position >= len(found.targets):
        raise not_found(Text("这个推送目标", "such target"))
    kept = {} if isinstance(error, SettingsChanged) else typed or {}
    facts = {"what": WHAT, "error": error, "typed": kept, "row": found.targets[position]}
    return render(visitor, "push_target.html", found, status=refusal(error), **facts)
