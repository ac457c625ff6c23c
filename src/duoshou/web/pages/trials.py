"""效果 → 测试: tests of a shop, planned before their first day and read at any time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.loop.trials import end_test
from duoshou.app.pages.task_form import MISTYPED, SUBJECTS
from duoshou.app.pages.trial_form import count_typed_day, fields_of_task, plan_typed_test
from duoshou.app.pages.trials import KINDS, STATES, state_on, trial_page, trials_page
from duoshou.gate import Visitor, needs
from duoshou.gate.forms import Form, refusal
from duoshou.loop.kinds import kinds
from duoshou.loop.trial_words import TRIAL_CAVEATS
from duoshou.loop.trials import cancel_trial
from duoshou.model import DuoshouError
from duoshou.web.pages.board import LAST_PAGE, Number
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/tests"
LARGEST = 10**9 - 1
DRAFTED = ("name", "arms", "subject_type", "subject_id", "metric", "lift", "days", "unit", "carry_over", "change_kind")
"""Fields that an address may fill in: a page that proposes a test leads here."""
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]


@router.get(PLACE)
def overview(visitor: Reader) -> Response:
    """Show the tests."""
    return _list(visitor)


@router.post(PLACE)
def plan(visitor: Planner, fields: Form) -> Response:
    """Plan a test."""
    try:
        with visitor.house.bench() as bench:
            trial = plan_typed_test(bench, visitor.only_shop, fields, by=visitor.person.signature)
    except MISTYPED as error:
        return _list(visitor, error, fields)
    return RedirectResponse(visitor.link(f"{PLACE}/{trial.id}", task=None), status_code=303)


@router.get(PLACE + "/{number}")
def one(visitor: Reader, number: Number) -> Response:
    """Show one test."""
    return _shown(visitor, number)


@router.post(PLACE + "/{number}/counts")
def count(visitor: Doer, number: Number, fields: Form) -> Response:
    """Enter what its arms saw on a day."""
    try:
        with visitor.house.bench() as bench:
            count_typed_day(bench, number, visitor.only_shop, fields, by=visitor.person.signature)
    except MISTYPED as error:
        return _shown(visitor, number, error, fields)
    return RedirectResponse(visitor.link(f"{PLACE}/{number}"), status_code=303)


@router.post(PLACE + "/{number}/end")
def end(visitor: Planner, number: Number) -> Response:
    """End a test and keep the effect that it found."""
    try:
        with visitor.house.bench() as bench:
            end_test(bench, visitor.shop.key, number, by=visitor.person.signature)
    except MISTYPED as error:
        return _shown(visitor, number, error)
    return RedirectResponse(visitor.link(f"{PLACE}/{number}"), status_code=303)


@router.post(PLACE + "/{number}/cancel")
def cancel(visitor: Planner, number: Number) -> Response:
    """Cancel a test that will not be judged."""
    try:
        cancel_trial(visitor.house.state, visitor.shop.key, number, by=visitor.person.signature)
    except MISTYPED as error:
        return _shown(visitor, number, error)
    return RedirectResponse(visitor.link(f"{PLACE}/{number}"), status_code=303)


def _list(visitor: Visitor, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    task = visitor.number("task", 0, most=LARGEST)
    asked = {name: value for name in DRAFTED if (value := visitor.text(name)) is not None}
    with visitor.house.bench() as bench:
        number, costs = visitor.number("page", 1, most=LAST_PAGE), visitor.may(Right.COSTS)
        found = trials_page(bench, number, visitor.only_shop, costs=costs)
        drafted = fields_of_task(bench, visitor.only_shop, task) if task else {}
        names = {key: one.title for key, one in bench.catalogue.metrics.items()}
    return render(
        visitor,
        "trials.html",
        found,
        status=refusal(error),
        error=error,
        typed={**drafted, **asked, **(typed or {})},
        subjects=SUBJECTS,
        change_kinds=kinds(),
        kinds=KINDS,
        states=STATES,
        state_on=state_on,
        metric_names=names,
    )


def _shown(visitor: Visitor, number: int, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    with visitor.house.bench() as bench:
        found = trial_page(bench, number, visitor.only_shop, costs=visitor.may(Right.COSTS))
    facts = {"error": error, "typed": typed or {}, "kinds": KINDS, "states": STATES, "caveats": TRIAL_CAVEATS}
    return render(visitor, "trial.html", found, status=refusal(error), **facts)
