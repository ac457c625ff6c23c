"""设置 → 日历."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.pages.festivals import add_day, calendar_page, day_of_form, remove_day, set_countries
from duoshou.gate import Visitor, needs
from duoshou.gate.forms import Form, refusal
from duoshou.model import DuoshouError
from duoshou.settings import SettingsError
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/settings/calendar"
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]


@router.get(PLACE)
def page(visitor: Reader) -> Response:
    """Show what comes, and the shop's own days."""
    return _shown(visitor)


@router.post(PLACE + "/countries")
def countries(visitor: Keeper, form: Form) -> Response:
    """Say where the shop sells."""
    house, by = visitor.house, visitor.person.signature
    codes = [code.upper() for code in re.split(r"[\s,，、;；]+", form.get("countries", "")) if code]
    version = form.get("version", "")
    return _done(visitor, form, lambda: set_countries(house.workspace, house.state, codes, version=version, by=by))


@router.post(PLACE + "/days")
def add(visitor: Keeper, form: Form) -> Response:
    """Add a day of the shop's own."""
    house, by = visitor.house, visitor.person.signature

    def change() -> None:
        name, first, last, yearly = day_of_form(form)
        version = form.get("version", "")
        add_day(house.workspace, house.state, name, first, last, yearly=yearly, version=version, by=by)

    return _done(visitor, form, change)


@router.post(PLACE + "/days/{key}/remove")
def remove(visitor: Keeper, key: str, form: Form) -> Response:
    """Take a day away."""
    house, by = visitor.house, visitor.person.signature
    version = form.get("version", "")
    return _done(visitor, {}, lambda: remove_day(house.workspace, house.state, key, version=version, by=by))


def _done(visitor: Visitor, typed: dict[str, str], change: Callable[[], object]) -> Response:
    try:
        change()
    except SettingsError as error:
        return _shown(visitor, error, typed)
    return RedirectResponse(visitor.link(PLACE, saved="yes"), status_code=303)


def _shown(visitor: Visitor, error: DuoshouError | None = None, typed: dict[str, str] | None = None) -> Response:
    with visitor.house.bench() as bench:
        found = calendar_page(bench)
    saved = visitor.text("saved") if error is None else None
    return render(visitor, "calendar.html", found, status=refusal(error), error=error, typed=typed or {}, saved=saved)
