"""协同 → 通知: who must hear of what was changed, and who has."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right, role_title
from duoshou.app.pages.notices import acknowledge_notice, may_acknowledge, notices_page
from duoshou.gate import Visitor, needs
from duoshou.gate.forms import Form
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/board/notices"
TODAY = "/today"
LARGEST = 10**9 - 1
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]
Number = Annotated[int, Path(ge=1, lt=2**62)]


@router.get(PLACE)
def page(visitor: Reader) -> Response:
    """Show the notices, those of whoever looks first."""
    change = visitor.number("change", 0, most=LARGEST) or None
    with visitor.house.bench() as bench:
        found = notices_page(bench, visitor.person, visitor.only_shop, change)
    return render(visitor, "notices.html", found, may_acknowledge=may_acknowledge, role_title=role_title)


@router.post(PLACE + "/{number}/ack")
def acknowledged(visitor: Doer, number: Number, fields: Form) -> Response:
    """Acknowledge a notice, and go back to where that was done."""
    with visitor.house.bench() as bench:
        acknowledge_notice(bench, number, visitor.only_shop, person=visitor.person, note=fields.get("note", ""))
    place = TODAY if fields.get("place") == "today" else PLACE
    return RedirectResponse(visitor.link(place), status_code=303)
