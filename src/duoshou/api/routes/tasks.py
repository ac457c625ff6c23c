"""Tasks, as JSON: which there are, one with its story, and the steps that it takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from duoshou.access import Right, find_account
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfShop, Day, OfShop
from duoshou.app.loop.advice import advise, task_from_finding
from duoshou.app.loop.subjects import named_subject
from duoshou.app.loop.tasks import finish_task, today_of, write_task
from duoshou.app.pages.board import BoardAsked, board
from duoshou.app.pages.task import task_page
from duoshou.app.pages.work import work_of
from duoshou.gate import Visitor, needs, no_right
from duoshou.loop.task import Expected, NewTask
from duoshou.loop.tasks import accept, begin, decline_task, propose_again
from duoshou.model import Role, TaskState

router = APIRouter(tags=["loop"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]
TaskNumber = Annotated[int, Path(ge=1, lt=2**62, description="Number of the task")]
FindingId = Annotated[str, Path(description="Id of the finding", max_length=100)]
Line = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=4000)]
Share = Annotated[float, Field(gt=-1, lt=1000, allow_inf_nan=False)]


class OfTasks(OfShop):
    """Which tasks.

    Attributes:
        state: Only those that stand here; by default the board: those that are not over, and those that are done.
        role: For whom they are.
        person: Login of whoever has them.
        overdue: Only what should have been done and is not.
        page: Page of the list, where a state is named.
    """

    state: Annotated[TaskState | None, Field(description="Only those that stand here; by default the board")] = None
    role: Annotated[Role | None, Field(description="For whom they are")] = None
    person: Annotated[str | None, Field(max_length=100, description="Login of whoever has them")] = None
    overdue: Annotated[bool, Field(description="Only what should have been done and is not")] = False
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of the list")] = 1


class Hoped(BaseModel):
    """What a task should bring; without it nobody could say afterwards whether it worked.

    Attributes:
        metric: Key, name or alias of the metric that should move.
        change: By how much, relative to what would be without it: .1 is a tenth more.
        by: Day by which it should show.
        amount: What that is worth in money a month.
    """

    model_config = ConfigDict(extra="forbid")
    metric: Line
    change: Share
    by: Day
    amount: Annotated[Decimal | None, Field(max_digits=15, decimal_places=2)] = None


class About(BaseModel):
    """What a task or a change concerns.

    Attributes:
        type: `shop`, or a dimension such as `product` or `campaign`.
        id: Its id; for the shop it does not matter.
    """

    model_config = ConfigDict(extra="forbid")
    type: Annotated[str, Field(min_length=1, max_length=40)]
    id: Line = ""


class WrittenTask(BaseModel):
    """A task to be written down."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=200)]
    subject: About
    owner_role: Role
    due_on: Day
    expected: Hoped
    detail: Words = ""
    guards: Annotated[list[Line], Field(max_length=20, description="Metrics that must not fall")] = []
    effort: Annotated[str, Field(max_length=20, description="minutes, hours or days")] = "hours"
    person: Annotated[str | None, Field(max_length=100, description="Login of whoever it is given to")] = None
    finding_id: Annotated[str | None, Field(max_length=100)] = None
    change_kind: Annotated[str | None, Field(max_length=40, description="Kind of change that doing it makes")] = None


class FromFinding(BaseModel):
    """Which advice on a finding becomes a task, and who gets it.

    Attributes:
        advice: Place of the advice, from 0.
        person: Login of whoever it is given to.
    """

    model_config = ConfigDict(extra="forbid")
    advice: Annotated[int, Field(ge=0, le=1000)] = 0
    person: Annotated[str | None, Field(max_length=100)] = None


class Said(BaseModel):
    """What is said with a step."""

    model_config = ConfigDict(extra="forbid")
    note: Words = ""


class Why(BaseModel):
    """Why a task is declined."""

    model_config = ConfigDict(extra="forbid")
    reason: Words


class Finished(Said):
    """That a task is done, and what was changed.

    Attributes:
        on: First day in the new state; by default today.
        kind: Kind of change; by default the one that the task names.
        before: What it was.
        after: What it is.
    """

    on: Day | None = None
    kind: Annotated[str | None, Field(max_length=40)] = None
    before: Words = ""
    after: Words = ""


NOTHING, TODAY = Said(), Finished()


@router.get("/work", summary="What waits for whoever asks: tasks, tasks of their role, notices")
def work(visitor: Reader, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Return what waits for whoever asks."""
    with visitor.house.bench() as bench:
        found = work_of(bench, visitor.person, visitor.only_shop)
    if found is None:
        raise no_right(Right.ACT.value)
    return Json(found)


@router.get("/tasks", summary="Tasks by where they stand")
def overview(visitor: Reader, asked: Annotated[OfTasks, Query()]) -> Json:
    """Return the board, or a page of the tasks of one state."""
    wanted = BoardAsked(asked.state, asked.role, asked.person, asked.overdue, asked.page)
    with visitor.house.bench() as bench:
        return Json(board(bench, wanted, visitor.only_shop, costs=visitor.may(Right.COSTS)))


@router.post("/tasks", summary="Write a task down; what it should bring is mandatory", status_code=201)
def write(visitor: Planner, task: WrittenTask, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Write a task down and return it."""
    shop, hoped = visitor.shop.key, task.expected
    with visitor.house.bench() as bench:
        new = NewTask(
            title=task.title,
            subject=named_subject(bench, shop, task.subject.type, task.subject.id),
            owner_role=task.owner_role,
            due_on=task.due_on,
            expected=Expected(hoped.metric, hoped.change, hoped.by, hoped.amount),
            detail=task.detail,
            guards=tuple(task.guards),
            effort=task.effort,
            owner=_owner(visitor, task.person),
            finding_id=task.finding_id,
            change_kind=task.change_kind,
        )
        written = write_task(bench, shop, new, by=visitor.person.signature)
        return Json(task_page(bench, written.id, visitor.only_shop, costs=visitor.may(Right.COSTS)), status_code=201)


@router.get("/findings/{finding_id}/advice", summary="What to do about a finding, by money for an hour of work")
def advice(visitor: Reader, finding_id: FindingId, asked: AskedOfShop) -> Json:  # noqa: ARG001
    """Return the playbook's advice on a finding, and how often each was tried here and worked."""
    with visitor.house.bench() as bench:
        told = advise(bench, finding_id, visitor.shop.key, costs=visitor.may(Right.COSTS))
    return Json({"finding": finding_id, "advice": [one.to_dict() for one in told]})


@router.post("/findings/{finding_id}/task", summary="Make a task of a finding", status_code=201)
def from_finding(visitor: Planner, finding_id: FindingId, chosen: FromFinding, asked: AskedOfShop) -> Json:  # noqa: ARG001
    """Write down the task that a finding and one piece of advice make, and return it."""
    with visitor.house.bench() as bench:
        task = task_from_finding(
            bench,
            finding_id,
            visitor.shop.key,
            by=visitor.person.signature,
            owner=_owner(visitor, chosen.person),
            recommendation=chosen.advice,
        )
        return Json(task_page(bench, task.id, visitor.only_shop, costs=visitor.may(Right.COSTS)), status_code=201)


@router.get("/tasks/{number}", summary="One task: steps, finding, changes with their notices, effect")
def one(visitor: Reader, number: TaskNumber, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Return one task with what it rests on and what it led to."""
    return _told(visitor, number)


@router.post("/tasks/{number}/accept", summary="Take a task on; of two at once one gets it, the other is told who")
def take(visitor: Doer, number: TaskNumber, asked: AskedOfShop, said: Annotated[Said, Body()] = NOTHING) -> Json:  # noqa: ARG001
    """Take a task on in the name of whoever asks."""
    person = visitor.person
    accept(visitor.house.state, visitor.shop.key, number, by=person.signature, owner=person.id, note=said.note)
    return _told(visitor, number)


@router.post("/tasks/{number}/begin", summary="Say that a task is being done, or not done after all")
def start(visitor: Doer, number: TaskNumber, asked: AskedOfShop, said: Annotated[Said, Body()] = NOTHING) -> Json:  # noqa: ARG001
    """Begin a task."""
    begin(visitor.house.state, visitor.shop.key, number, by=visitor.person.signature, note=said.note)
    return _told(visitor, number)


@router.post("/tasks/{number}/done", summary="Say that a task is done; the change that it makes is recorded")
def finished(
    visitor: Doer,
    number: TaskNumber,
    asked: AskedOfShop,  # noqa: ARG001 - the gate reads the shop; here it is described
    said: Annotated[Finished, Body()] = TODAY,
) -> Json:
    """Finish a task; whoever must react to the change is told."""
    with visitor.house.bench() as bench:
        what: dict[str, Any] = {"kind": said.kind, "before": said.before, "after": said.after, "note": said.note}
        by = visitor.person.signature
        finish_task(bench, visitor.shop.key, number, on=said.on or today_of(bench), by=by, **what)
    return _told(visitor, number)


@router.post("/tasks/{number}/decline", summary="Decline a task for a reason, from which the playbook learns")
def declined(visitor: Doer, number: TaskNumber, why: Why, asked: AskedOfShop) -> Json:  # noqa: ARG001
    """Decline a task."""
    by = visitor.person.signature
    decline_task(visitor.house.state, visitor.shop.key, number, reason=why.reason, by=by)
    return _told(visitor, number)


@router.post("/tasks/{number}/reopen", summary="Propose a declined task again")
def reopened(visitor: Planner, number: TaskNumber, asked: AskedOfShop, said: Annotated[Said, Body()] = NOTHING) -> Json:  # noqa: ARG001
    """Take back that a task was declined."""
    propose_again(visitor.house.state, visitor.shop.key, number, by=visitor.person.signature, note=said.note)
    return _told(visitor, number)


def _told(visitor: Visitor, number: int) -> Json:
    with visitor.house.bench() as bench:
        return Json(task_page(bench, number, visitor.only_shop, costs=visitor.may(Right.COSTS)))


def _owner(visitor: Visitor, login: str | None) -> int | None:
    return None if login is None else find_account(visitor.house.state, login).id
