"""What was found, as JSON, and what is decided about it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfShop, OfShop
from duoshou.app.pages.finding import decide, finding
from duoshou.app.pages.findings import FindingsAsked, findings
from duoshou.gate import Visitor, needs
from duoshou.state.browsing import Order
from duoshou.state.standing import Action

router = APIRouter(tags=["findings"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
FindingId = Annotated[str, Path(description="Id of the finding", max_length=100)]


class Group(StrEnum):
    """Where findings stand."""

    OPEN = "open"
    WATCHED = "watched"
    DECLINED = "declined"
    CLOSED = "closed"
    ALL = "all"


class OfFindings(OfShop):
    """Which findings.

    Attributes:
        status: Where they stand.
        kind: A kind, or a family of kinds.
        first: Only those found on this day or later; `from` in the address.
        last: Only those found first on this day or earlier; `to` in the address.
        sort: By what they are sorted.
        descending: Whether the largest, or the latest, come first.
        page: Page of the list.
    """

    model_config = ConfigDict(populate_by_name=False)
    status: Annotated[Group, Field(description="Where they stand")] = Group.OPEN
    kind: Annotated[
        str | None, Field(max_length=100, description="A kind such as diagnosis.product, or a family such as data")
    ] = None
    first: Annotated[dt.date | None, Field(alias="from", description="Found on this day or later")] = None
    last: Annotated[dt.date | None, Field(alias="to", description="First found on this day or earlier")] = None
    sort: Annotated[Order, Field(description="By what they are sorted")] = Order.MONEY
    descending: Annotated[bool, Field(description="Whether the largest, or the latest, come first")] = True
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of the list")] = 1


class Decision(BaseModel):
    """What is decided about a finding.

    Attributes:
        action: Watch it until a day, decline it with a reason, or take back what was decided.
        until: For `watch`: the day on which it is told again; a week later by default.
        reason: Why; `decline` needs one.
        on: First day whose list obeys; by default the last day on which it was found.
    """

    model_config = ConfigDict(extra="forbid")
    action: Action
    until: dt.date | None = None
    reason: Annotated[str, Field(max_length=2000)] = ""
    on: dt.date | None = None


@router.get("/findings", summary="What was found, and where it stands")
def overview(visitor: Reader, asked: Annotated[OfFindings, Query()]) -> Json:
    """Return a page of findings."""
    wanted = FindingsAsked(
        asked.status.value, asked.kind, asked.first, asked.last, asked.sort, asked.descending, asked.page
    )
    with visitor.house.bench() as bench:
        return Json(findings(bench, wanted, visitor.only_shop, costs=visitor.may(Right.COSTS)))


@router.get("/findings/{finding_id}", summary="One finding: causes, evidence, decomposition, history")
def one(visitor: Reader, finding_id: FindingId, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Return one finding with what it rests on."""
    with visitor.house.bench() as bench:
        return Json(finding(bench, finding_id, visitor.only_shop, costs=visitor.may(Right.COSTS)))


@router.post("/findings/{finding_id}/decision", summary="Watch, decline or reopen a finding")
def decided(
    visitor: Annotated[Visitor, Depends(needs(Right.DECIDE))],
    finding_id: FindingId,
    decision: Annotated[Decision, Body()],
    asked: AskedOfShop,  # noqa: ARG001 - the gate reads the shop; here it is described
) -> Json:
    """Decide about a finding, and return where it stands then."""
    with visitor.house.bench() as bench:
        status = decide(
            bench,
            finding_id,
            decision.action,
            visitor.only_shop,
            by=visitor.person.signature,
            on=decision.on,
            until=decision.until,
            reason=decision.reason,
        )
    return Json({"id": finding_id, "status": status})
