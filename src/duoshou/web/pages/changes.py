"""协同 → 改动 and 日历: what was changed, what the data seem to show, and both over a month."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.pages.change_calendar import change_calendar
from duoshou.app.pages.changes import STANDINGS, ChangesAsked, changes_page, record_change, settle_change
from duoshou.app.pages.task_form import MISTYPED, SUBJECTS, typed_change
from duoshou.gate import Visitor, bad_value, day_given, needs
from duoshou.gate.forms import Form, refusal
from duoshou.loop.kinds import kinds
from duoshou.model import ChangeStanding, DuoshouError, Text
from duoshou.web.pages.board import LAST_PAGE, chosen
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/board/changes"
ALL = "all"
TICK = "change."
TICKED = re.compile(r"change\.[0-9]{1,15}")
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]


@router.get(PLACE)
def page(visitor: Reader) -> Response:
    """Show the changes, those that are to be confirmed first."""
    return _shown(visitor)


@router.post(PLACE)
def add(visitor: Doer, fields: Form) -> Response:
    """Record a change."""
    try:
        with visitor.house.bench() as bench:
            new = typed_change(bench, visitor.shop.key, fields)
            change = record_change(bench, new, visitor.only_shop, by=visitor.person.signature)
    except MISTYPED as error:
        return _shown(visitor, error, fields)
    return RedirectResponse(visitor.link(PLACE, saved=change.id, standing=None, page=None), status_code=303)


@router.post(PLACE + "/settle")
def settle(visitor: Planner, fields: Form) -> Response:
    """Confirm what the data show, or say that it was no change."""
    action, by = fields.get("action", ""), visitor.person.signature
    if action not in {"confirm", "reject"}:
        raise bad_value("action", action, Text("可用：confirm、reject", "there are confirm, reject"))
    numbers = [int(name[len(TICK) :]) for name in fields if TICKED.fullmatch(name)]
    try:
        with visitor.house.bench() as bench:
            for number in numbers:
                settle_change(bench, number, visitor.only_shop, confirmed=action == "confirm", by=by)
    except MISTYPED as error:
        return _shown(visitor, error)
    return RedirectResponse(visitor.link(PLACE) + "#proposed", status_code=303)


@router.get("/board/calendar")
def calendar(visitor: Reader) -> Response:
    """Show the changes of a month over its festivals."""
    written = visitor.text("month")
    month = day_given("month", f"{written}-01" if written else "")
    with visitor.house.bench() as bench:
        found = change_calendar(bench, month, visitor.only_shop)
    return render(visitor, "change_calendar.html", found, kinds=kinds())


def _shown(visitor: Visitor, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    every = visitor.text("standing") == ALL
    asked = ChangesAsked(
        None if every else chosen(visitor, "standing", ChangeStanding) or ChangeStanding.CONFIRMED,
        visitor.text("kind"),
        visitor.day("from"),
        visitor.day("to"),
        visitor.number("page", 1, most=LAST_PAGE),
    )
    with visitor.house.bench() as bench:
        found = changes_page(bench, asked, visitor.only_shop)
    return render(
        visitor,
        "changes.html",
        found,
        status=refusal(error),
        error=error,
        typed=typed or {},
        saved=visitor.text("saved") if error is None else None,
        standings=STANDINGS,
        subjects=SUBJECTS,
    )
