"""What was changed and who must hear of it, as JSON."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfShop, Day, OfShop
from duoshou.api.routes.tasks import NOTHING, About, Said, Words
from duoshou.app.loop.subjects import named_subject
from duoshou.app.loop.tasks import today_of
from duoshou.app.pages.change_calendar import change_calendar
from duoshou.app.pages.changes import ChangesAsked, changes_page, record_change, settle_change
from duoshou.app.pages.notices import acknowledge_notice, notices_page
from duoshou.gate import Visitor, needs
from duoshou.loop.changes import NewChange
from duoshou.model import ChangeStanding

router = APIRouter(tags=["loop"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]
ChangeNumber = Annotated[int, Path(ge=1, lt=2**62, description="Number of the change")]
NoticeNumber = Annotated[int, Path(ge=1, lt=2**62, description="Number of the notice")]


class Standing(StrEnum):
    """Whether a change counts."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ALL = "all"


class OfChanges(OfShop):
    """Which changes.

    Attributes:
        standing: Whether they count.
        kind: Only this kind.
        first: Only those that last until this day or later; `from` in the address.
        last: Only those of this day or earlier; `to` in the address.
        page: Page of the list.
    """

    standing: Annotated[Standing, Field(description="Whether they count")] = Standing.CONFIRMED
    kind: Annotated[str | None, Field(max_length=40, description="Only this kind")] = None
    first: Annotated[Day | None, Field(alias="from", description="Lasting until this day or later")] = None
    last: Annotated[Day | None, Field(alias="to", description="Of this day or earlier")] = None
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of the list")] = 1


class OfMonth(OfShop):
    """A month.

    Attributes:
        month: Any day of it; None: this month.
    """

    month: Annotated[Day | None, Field(description="Any day of the month; by default this month")] = None


class OfNotices(OfShop):
    """Which notices.

    Attributes:
        change: Only those of this change.
    """

    change: Annotated[int | None, Field(ge=1, lt=2**62, description="Only those of this change")] = None


class Recorded(BaseModel):
    """A change to be recorded.

    Attributes:
        kind: Key of its kind, such as `main_image`.
        on: First day in the new state; by default today.
        subjects: What it concerns.
        before: What it was.
        after: What it is.
        until: Last day, for what lasts.
        note: What else is known.
    """

    model_config = ConfigDict(extra="forbid")
    kind: Annotated[str, Field(max_length=40)]
    subjects: Annotated[list[About], Field(min_length=1, max_length=100)]
    on: Day | None = None
    before: Words = ""
    after: Words = ""
    until: Day | None = None
    note: Words = ""


@router.get("/changes", summary="What was changed, and what the data show and nobody confirmed yet")
def overview(visitor: Reader, asked: Annotated[OfChanges, Query()]) -> Json:
    """Return a page of changes."""
    standing = None if asked.standing is Standing.ALL else ChangeStanding(asked.standing)
    wanted = ChangesAsked(standing, asked.kind, asked.first, asked.last, asked.page)
    with visitor.house.bench() as bench:
        return Json(changes_page(bench, wanted, visitor.only_shop))


@router.get("/changes/calendar", summary="The changes of a month over its festivals")
def calendar(visitor: Reader, asked: Annotated[OfMonth, Query()]) -> Json:
    """Return the days of a month on which something happens."""
    with visitor.house.bench() as bench:
        return Json(change_calendar(bench, asked.month, visitor.only_shop))


@router.post("/changes", summary="Record a change; whoever must react is told", status_code=201)
def add(visitor: Doer, change: Recorded, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Record a change and return it."""
    with visitor.house.bench() as bench:
        new = NewChange(
            change.kind,
            change.on or today_of(bench),
            tuple(named_subject(bench, visitor.shop.key, one.type, one.id) for one in change.subjects),
            change.before,
            change.after,
            change.until,
            change.note,
        )
        found = record_change(bench, new, visitor.only_shop, by=visitor.person.signature)
    return Json(found, status_code=201)


@router.post("/changes/{number}/confirm", summary="Confirm what the data show; whoever must react is told")
def confirmed(visitor: Planner, number: ChangeNumber, asked: AskedOfShop) -> Json:  # noqa: ARG001
    """Confirm a change and return it."""
    return _settled(visitor, number, is_so=True)


@router.post("/changes/{number}/reject", summary="Say that what the data seem to show was no change")
def rejected(visitor: Planner, number: ChangeNumber, asked: AskedOfShop) -> Json:  # noqa: ARG001
    """Reject a change and return it."""
    return _settled(visitor, number, is_so=False)


@router.get("/notices", summary="Who must hear of what was changed, who has, and how long each role takes")
def notices(visitor: Reader, asked: Annotated[OfNotices, Query()]) -> Json:
    """Return the notices, those of the role of whoever asks first."""
    with visitor.house.bench() as bench:
        return Json(notices_page(bench, visitor.person, visitor.only_shop, asked.change))


@router.post("/notices/{number}/ack", summary="Acknowledge a notice; whoever is first stands")
def acknowledged(
    visitor: Doer,
    number: NoticeNumber,
    asked: AskedOfShop,  # noqa: ARG001 - the gate reads the shop; here it is described
    said: Annotated[Said, Body()] = NOTHING,
) -> Json:
    """Acknowledge a notice and return it."""
    with visitor.house.bench() as bench:
        found = acknowledge_notice(bench, number, visitor.only_shop, person=visitor.person, note=said.note)
    return Json(found)


def _settled(visitor: Visitor, number: int, *, is_so: bool) -> Json:
    by = visitor.person.signature
    with visitor.house.bench() as bench:
        return Json(settle_change(bench, number, visitor.only_shop, confirmed=is_so, by=by))
