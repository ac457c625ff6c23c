"""协同: the board, a new task, one task and the steps that it takes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right, role_title
from duoshou.analysts.advice_kinds import is_advice
from duoshou.app.loop.tasks import finish_task, today_of
from duoshou.app.pages.board import DOERS, BoardAsked, board
from duoshou.app.pages.task import task_page
from duoshou.app.pages.task_form import MISTYPED, SUBJECTS, task_form, typed_day, write_typed_task
from duoshou.gate import Visitor, bad_value, needs
from duoshou.gate.forms import Form, refusal
from duoshou.loop.checks import STATE_WORDS
from duoshou.loop.effects import VERDICTS
from duoshou.loop.errors import TaskTaken
from duoshou.loop.kinds import kinds
from duoshou.loop.task import EFFORTS
from duoshou.loop.tasks import accept, begin, decline_task, propose_again
from duoshou.model import DuoshouError, Role, TaskState, Text
from duoshou.reports.business import at_stake, reasons
from duoshou.reports.words import Words
from duoshou.web.evidence import evidence_tables
from duoshou.web.rendering import render

router = APIRouter()
LAST_PAGE = 100_000
MOST_ADVICE = 1000
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]
Number = Annotated[int, Path(ge=1, lt=2**62)]
Word = TypeVar("Word", bound=StrEnum)


@router.get("/board")
def overview(visitor: Reader) -> Response:
    """Show the tasks by where they stand."""
    asked = BoardAsked(
        chosen(visitor, "state", TaskState),
        chosen(visitor, "role", Role),
        visitor.text("person"),
        visitor.text("overdue") is not None,
        visitor.number("page", 1, most=LAST_PAGE),
    )
    with visitor.house.bench() as bench:
        found = board(bench, asked, visitor.only_shop, costs=visitor.may(Right.COSTS))
    return render(visitor, "board.html", found, states=STATE_WORDS, roles=DOERS, role_title=role_title)


@router.get("/board/new")
def blank(visitor: Planner) -> Response:
    """Show the form of a new task, filled from a finding where the address names one, or about the product it names."""
    product = visitor.text("product")
    return _form(visitor, typed=None if product is None else {"subject_type": "product", "subject_id": product})


@router.post("/board/new")
def write(visitor: Planner, fields: Form) -> Response:
    """Write a task down."""
    finding, advice = _drafted_from(visitor)
    by = visitor.person.signature
    try:
        with visitor.house.bench() as bench:
            task = write_typed_task(bench, visitor.shop.key, fields, finding, advice, by=by)
    except MISTYPED as error:
        return _form(visitor, error, fields)
    return RedirectResponse(visitor.link(f"/board/tasks/{task.id}"), status_code=303)


@router.get("/board/tasks/{number}")
def one(visitor: Reader, number: Number) -> Response:
    """Show one task."""
    return _shown(visitor, number)


@router.post("/board/tasks/{number}/accept")
def take(visitor: Doer, number: Number, fields: Form) -> Response:
    """Take a task on."""
    person, state = visitor.person, visitor.house.state
    try:
        accept(state, visitor.shop.key, number, by=person.signature, owner=person.id, note=fields.get("note", ""))
    except MISTYPED as error:
        return _shown(visitor, number, error)
    return _back(visitor, number)


@router.post("/board/tasks/{number}/begin")
def start(visitor: Doer, number: Number, fields: Form) -> Response:
    """Say that a task is being done, or that it is not done after all."""
    by, state = visitor.person.signature, visitor.house.state
    try:
        begin(state, visitor.shop.key, number, by=by, note=fields.get("note", ""))
    except MISTYPED as error:
        return _shown(visitor, number, error)
    return _back(visitor, number)


@router.post("/board/tasks/{number}/done")
def finished(visitor: Doer, number: Number, fields: Form) -> Response:
    """Say that a task is done, and what was changed."""
    try:
        with visitor.house.bench() as bench:
            finish_task(
                bench,
                visitor.shop.key,
                number,
                on=typed_day(fields.get("on", ""), today_of(bench)),
                by=visitor.person.signature,
                note=fields.get("note", ""),
                kind=fields.get("kind") or None,
                before=fields.get("before", ""),
                after=fields.get("after", ""),
            )
    except MISTYPED as error:
        return _shown(visitor, number, error, fields)
    return _back(visitor, number)


@router.post("/board/tasks/{number}/decline")
def declined(visitor: Doer, number: Number, fields: Form) -> Response:
    """Decline a task for a reason."""
    by, state = visitor.person.signature, visitor.house.state
    try:
        decline_task(state, visitor.shop.key, number, reason=fields.get("reason", ""), by=by)
    except MISTYPED as error:
        return _shown(visitor, number, error, fields)
    return _back(visitor, number)


@router.post("/board/tasks/{number}/reopen")
def reopened(visitor: Planner, number: Number, fields: Form) -> Response:
    """Take back that a task was declined."""
    by, state = visitor.person.signature, visitor.house.state
    try:
        propose_again(state, visitor.shop.key, number, by=by, note=fields.get("note", ""))
    except MISTYPED as error:
        return _shown(visitor, number, error)
    return _back(visitor, number)


def chosen(visitor: Visitor, name: str, words: type[Word]) -> Word | None:
    """Return the word that an address chooses; None where it chooses none.

    Raises:
        Refused: If there is no such word.
    """
    value = visitor.text(name)
    try:
        return None if value is None else words(value)
    except ValueError:
        known = ", ".join(words)
        raise bad_value(name, value or "", Text(f"可用：{known}", f"there are {known}")) from None


def _back(visitor: Visitor, number: int) -> Response:
    return RedirectResponse(visitor.link(f"/board/tasks/{number}"), status_code=303)


def _drafted_from(visitor: Visitor) -> tuple[str | None, int | None]:
    """Return the finding and the place of the advice that an address names."""
    advice = visitor.number("advice", 0, least=0, most=MOST_ADVICE) if visitor.text("advice") else None
    return visitor.text("finding"), advice


def _form(visitor: Visitor, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    finding, advice = _drafted_from(visitor)
    with visitor.house.bench() as bench:
        found = task_form(bench, visitor.shop.key, finding, advice)
    return render(
        visitor,
        "new_task.html",
        found,
        status=refusal(error),
        error=error,
        typed={**found.fields, **(typed or {})},
        is_drafted=finding is not None and advice is not None,
        subjects=SUBJECTS,
        roles=DOERS,
        role_title=role_title,
        kinds=kinds(),
        efforts=EFFORTS,
    )


def _shown(visitor: Visitor, number: int, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    with visitor.house.bench() as bench:
        found = task_page(bench, number, visitor.only_shop, costs=visitor.may(Right.COSTS))
    finding, language = found.finding, visitor.language
    return render(
        visitor,
        "task.html",
        found,
        status=409 if isinstance(error, TaskTaken) else refusal(error),
        error=error,
        typed=typed or {},
        states=STATE_WORDS,
        verdicts=VERDICTS,
        kinds=kinds(),
        role_title=role_title,
        at_stake=at_stake(finding) if finding else None,
        advises=finding is not None and is_advice(finding.kind),
        reasons=reasons(finding, Words(language)) if finding else (),
        tables=evidence_tables(finding, language) if finding else (),
    )
