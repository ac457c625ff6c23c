"""设置: the settings of the workspace as a whole."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.editing import SettingsChanged
from duoshou.app.pages.settings import ASKED, change_general, general, values_of_form
from duoshou.gate import Visitor, needs
from duoshou.gate.forms import Form, refusal
from duoshou.model import DuoshouError
from duoshou.settings import SettingsError
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/settings"
FOR_NEW_FILES = {asked.key for asked in ASKED if asked.for_new_files}
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]


@router.get(PLACE)
def page(visitor: Reader) -> Response:
    """Show the settings; whoever may not change them is led to the calendar, which everybody may read."""
    if not visitor.may(Right.SETTINGS):
        return RedirectResponse(visitor.link("/settings/calendar"), status_code=303)
    return _shown(visitor)


@router.post(PLACE)
def save(visitor: Keeper, form: Form) -> Response:
    """Change what differs; what was refused is said above the form, which keeps what was typed."""
    house = visitor.house
    try:
        changed = change_general(
            house.workspace,
            house.state,
            values_of_form(form),
            version=form.get("version", ""),
            by=visitor.person.signature,
        )
    except SettingsError as error:
        return _shown(visitor, error, form)
    saved = "files" if FOR_NEW_FILES & set(changed) else "yes" if changed else None
    return RedirectResponse(visitor.link(PLACE, saved=saved), status_code=303)


def _shown(visitor: Visitor, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    """Return the page; what was typed over a content that is no more is not offered again."""
    found = general(visitor.house.workspace)
    kept = {} if typed is None or isinstance(error, SettingsChanged) else typed
    saved = visitor.text("saved") if error is None else None
    return render(visitor, "settings.html", found, status=refusal(error), error=error, typed=kept, saved=saved)
