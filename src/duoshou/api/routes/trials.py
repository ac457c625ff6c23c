"""Tests of a shop, as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfShop, Day, OfShop
from duoshou.api.routes.tasks import About, Line
from duoshou.app.loop.trials import count_test, end_test
from duoshou.app.pages.trial_form import plan_typed_test
from duoshou.app.pages.trials import trial_page, trials_page
from duoshou.gate import Visitor, needs
from duoshou.loop.trial import Count
from duoshou.loop.trials import cancel_trial

router = APIRouter(tags=["loop"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Doer = Annotated[Visitor, Depends(needs(Right.ACT))]
TestNumber = Annotated[int, Path(ge=1, lt=2**62, description="Number of the test")]
Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
ArmName = Annotated[str, Field(min_length=1, max_length=60)]


class OfTests(OfShop):
    """Which page of the tests."""

    page: Annotated[int, Field(ge=1, le=100_000, description="Page of the list")] = 1


class PlannedTest(BaseModel):
    """A test to be planned; what is left open is taken from the past of the metric.

    Attributes:
        name: What people call it.
        subject: What it concerns.
        metric: Key, name or alias of the metric that should move.
        kind: `switchback` alternates between two states; `ab` where a platform splits traffic.
        arms: Names, what is now first.
        lift: Smallest relative difference worth having: .1 is a tenth.
        starts_on: First day; by default tomorrow.
        days: Length of a switchback.
        unit: Whether a switchback switches by day or by week.
        carry_over: Days that a switch is still felt.
        guards: Metrics that must not fall in a switchback.
        baseline: Rate of the first arm.
        per_day: Units a day, all arms together.
        change_kind: Kind of change that is tested.
        task: Number of the task that it belongs to.
    """

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=200)]
    subject: About
    metric: Line
    kind: Literal["switchback", "ab"] = "switchback"
    arms: Annotated[list[ArmName], Field(min_length=2, max_length=10)] = ["A", "B"]
    lift: Annotated[float, Field(gt=0, lt=10)] = 0.1
    starts_on: Day | None = None
    days: Annotated[int | None, Field(ge=2, le=366)] = None
    unit: Literal["day", "week"] = "day"
    carry_over: Annotated[int, Field(ge=0, le=6)] = 0
    guards: Annotated[list[Line], Field(max_length=20)] = []
    baseline: Annotated[float | None, Field(gt=0, lt=1)] = None
    per_day: Annotated[float | None, Field(gt=0, le=1e12)] = None
    change_kind: Annotated[str | None, Field(max_length=40)] = None
    task: Annotated[int | None, Field(ge=1, lt=10**9)] = None

    def fields(self) -> dict[str, str]:
        """Return it as a form says it."""
        shares = {"lift": self.lift, "baseline": self.baseline}
        plain = {"days": self.days, "per_day": self.per_day, "task": self.task, "starts": self.starts_on}
        told = {
            "name": self.name,
            "subject_type": self.subject.type,
            "subject_id": self.subject.id,
            "metric": self.metric,
            "kind": self.kind,
            "arms": "、".join(self.arms),
            "unit": self.unit,
            "carry_over": str(self.carry_over),
            "guards": "、".join(self.guards),
            "change_kind": self.change_kind or "",
        }
        told |= {name: f"{value * 100:.12g}" for name, value in shares.items() if value is not None}
        return told | {name: str(value) for name, value in plain.items() if value is not None}


class Counted(BaseModel):
    """What one arm saw on one day.

    Attributes:
        day: The day.
        arm: Name of the arm.
        units: Visitors, parcels or impressions that saw it.
        successes: How many of them did what is hoped for.
        total: Sum of their amounts.
        squares: Sum of the squares of the amounts of the units.
    """

    model_config = ConfigDict(extra="forbid")
    day: Day
    arm: ArmName
    units: Annotated[int, Field(ge=0, lt=2**53)]
    successes: Annotated[int | None, Field(ge=0, lt=2**53)] = None
    total: Amount | None = None
    squares: Amount | None = None


class Counts(BaseModel):
    """What the arms of a test saw; a count that is there already is corrected."""

    model_config = ConfigDict(extra="forbid")
    counts: Annotated[list[Counted], Field(min_length=1, max_length=5000)]


@router.get("/tests", summary="Tests of the shop, the latest first")
def overview(visitor: Reader, asked: Annotated[OfTests, Query()]) -> Json:
    """Return a page of tests."""
    with visitor.house.bench() as bench:
        return Json(trials_page(bench, asked.page, visitor.only_shop, costs=visitor.may(Right.COSTS)))


@router.post("/tests", summary="Plan a test: length and schedule are proposed from the past", status_code=201)
def plan(visitor: Planner, test: PlannedTest, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Plan a test and return it."""
    with visitor.house.bench() as bench:
        trial = plan_typed_test(bench, visitor.only_shop, test.fields(), by=visitor.person.signature)
        return Json(trial_page(bench, trial.id, visitor.only_shop, costs=visitor.may(Right.COSTS)), status_code=201)


@router.get("/tests/{number}", summary="One test: plan, counts, what it shows so far; may be read every day")
def one(visitor: Reader, number: TestNumber, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Return one test."""
    return _told(visitor, number)


@router.post("/tests/{number}/counts", summary="Enter what the arms of an A/B test saw")
def count(visitor: Doer, number: TestNumber, counts: Counts, asked: AskedOfShop) -> Json:  # noqa: ARG001
    """Enter counts and return the test; nothing is entered where one cannot be meant."""
    rows = [Count(row.day, row.arm, row.units, row.successes, row.total, row.squares) for row in counts.counts]
    with visitor.house.bench() as bench:
        count_test(bench, visitor.shop.key, number, rows, by=visitor.person.signature)
    return _told(visitor, number)


@router.post("/tests/{number}/end", summary="End a test and keep the effect that it found")
def end(visitor: Planner, number: TestNumber, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """End a test and return it."""
    with visitor.house.bench() as bench:
        end_test(bench, visitor.shop.key, number, by=visitor.person.signature)
    return _told(visitor, number)


@router.post("/tests/{number}/cancel", summary="Cancel a test that will not be judged")
def cancel(visitor: Planner, number: TestNumber, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Cancel a test and return it."""
    cancel_trial(visitor.house.state, visitor.shop.key, number, by=visitor.person.signature)
    return _told(visitor, number)


def _told(visitor: Visitor, number: int) -> Json:
    with visitor.house.bench() as bench:
        return Json(trial_page(bench, number, visitor.only_shop, costs=visitor.may(Right.COSTS)))
