"""A test as it is planned and kept: arms or states, the design drawn before the first day, counts by arm and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec
import numpy as np

from duoshou.model import Subject, TrialKind, TrialState, plain
from duoshou.state.loop_models import TrialCount, TrialRow
from duoshou.statistics.trials import AbPlan, SwitchbackDesign

Measure = Literal["rate", "mean"]
HELD = 0.05
"""Relative loss of a guard that is still borne where nobody said how much."""


@dataclass(frozen=True, slots=True)
class AbWish:
    """A test in which the platform splits traffic, or parcels alternate.

    Attributes:
        baseline: Rate, or mean of a unit, that the first arm is expected to have.
        per_day: Units that enter a day, all arms together.
        smallest_lift: Smallest relative difference worth having: .1 is a tenth.
        arms: Names, that of what is now first.
        shares: Share of the units of each arm; empty: the same for all.
        measure: Whether units succeed (clicks of impressions) or have values (amount of a visitor).
        deviation: Standard deviation of a unit's value; needed for a mean.
        horizon: `fixed` ends after the planned units; `open` may be read for ever and needs more of them.
        guard: What the other numbers of the count say, which must not fall; empty: they are not a guard.
        guard_margin: Relative loss of the guard that is still borne.
        level: Error over all looks and arms, two-sided.
        power: Chance to find the smallest difference.
    """

    baseline: float
    per_day: float
    smallest_lift: float = 0.1
    arms: tuple[str, ...] = ("A", "B")
    shares: tuple[float, ...] = ()
    measure: Measure = "rate"
    deviation: float | None = None
    horizon: Literal["fixed", "open"] = "fixed"
    guard: str = ""
    guard_margin: float = HELD
    level: float = 0.05
    power: float = 0.9


@dataclass(frozen=True, slots=True)
class SwitchbackWish:
    """A test in which one subject alternates between two states.

    Attributes:
        days: Length; whole fortnights are best.
        smallest_lift: Smallest relative difference worth having.
        states: Names, that of what is now first.
        unit: `day` switches within weeks, `week` between them.
        run: Least length of a run in days; None: long enough for the carry-over.
        carry_over: Days that a switch may still be felt.
        avoid: Days that are no part of it, such as festivals.
        guards: Metrics that must not fall.
        level: Error of the decision.
        seed: Of the draw; None: a new one.
    """

    days: int
    smallest_lift: float = 0.1
    states: tuple[str, str] = ("A", "B")
    unit: Literal["day", "week"] = "day"
    run: int | None = None
    carry_over: int = 0
    avoid: tuple[date, ...] = ()
    guards: tuple[str, ...] = ()
    level: float = 0.05
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class NewTrial:
    """A test to be planned.

    Attributes:
        name: What people call it.
        subject: What it concerns.
        metric: Metric that should move.
        starts_on: First day.
        wish: How it is made.
        change_kind: Kind of change that is tested.
        task: Number of the task that it belongs to.
        action: Key of the playbook's entry that it tries; None: that of the task.
        cause: Kind of cause that it answers; None: that of the task.
    """

    name: str
    subject: Subject
    metric: str
    starts_on: date
    wish: AbWish | SwitchbackWish
    change_kind: str | None = None
    task: int | None = None
    action: str | None = None
    cause: str | None = None

    @property
    def kind(self) -> TrialKind:
        """How it is made."""
        return TrialKind.AB if isinstance(self.wish, AbWish) else TrialKind.SWITCHBACK


@dataclass(frozen=True, slots=True)
class Count:
    """What one arm saw on one day.

    Attributes:
        day: The day.
        arm: Name of the arm.
        units: Visitors, parcels or impressions that saw it.
        successes: How many of them did what is hoped for.
        total: Sum of their amounts.
        squares: Sum of the squares of the amounts of the units.
    """

    day: date
    arm: str
    units: int
    successes: int | None = None
    total: float | None = None
    squares: float | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A test as it stands.

    Attributes:
        id: Its number.
        shop: Key of the shop.
        kind: How it is made.
        name: What people call it.
        subject: What it concerns.
        metric: Metric that should move.
        change_kind: Kind of change that is tested.
        task: Number of the task that it belongs to.
        starts_on: First day.
        ends_on: Last planned day.
        state: Where it stands.
        design: What was fixed before the first day, as JSON.
        created_by: Who planned it.
        created_at: When.
    """

    id: int
    shop: str
    kind: TrialKind
    name: str
    subject: Subject
    metric: str
    change_kind: str | None
    task: int | None
    starts_on: date
    ends_on: date
    state: TrialState
    design: Mapping[str, Any] = field(repr=False)
    created_by: str
    created_at: datetime

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of its arms or states, that of what is now first."""
        return tuple(self.design["arms"])

    @property
    def smallest_lift(self) -> float:
        """Smallest relative difference worth having."""
        return float(self.design["smallest_lift"])

    @property
    def is_late(self) -> bool:
        """Whether it was planned after its first day."""
        return date.fromisoformat(self.design["planned_on"]) > self.starts_on

    @property
    def days(self) -> int:
        """Planned days."""
        return (self.ends_on - self.starts_on).days + 1

    def ab_plan(self) -> AbPlan:
        """Return the plan by which an A/B test is read."""
        return msgspec.convert(self.design["plan"], AbPlan)

    def switchback(self) -> SwitchbackDesign:
        """Return the schedule of a switchback, as it was drawn."""
        one = self.design["schedule"]
        return SwitchbackDesign(
            int(one["days"]),
            tuple(tuple(int(length) for length in pair) for pair in one["runs"]),
            int(one["carry_over"]),
            np.array(one["avoided"], dtype=np.bool_),
            int(one["seed"]),
            np.array(one["assignment"], dtype=np.int8),
        )

    def schedule(self) -> tuple[tuple[date, str | None], ...]:
        """Return each day of a switchback with the state that it should have; None: no part of the test."""
        names = self.arms
        return tuple(
            (self.starts_on + timedelta(days=number), names[state] if state >= 0 else None)
            for number, state in enumerate(self.design["schedule"]["assignment"])
        )

    def switches(self) -> tuple[tuple[date, str], ...]:
        """Return the days of a switchback on which somebody must switch, each with the state to be made."""
        made: list[tuple[date, str]] = []
        now = self.arms[0]
        for day, state in self.schedule():
            if state is not None and state != now:
                made.append((day, state))
                now = state
        return tuple(made)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape: dict[str, Any] = plain(self)
        if self.kind is TrialKind.SWITCHBACK:
            shape["switches"] = [{"day": day.isoformat(), "state": state} for day, state in self.switches()]
        return shape


def trial_from(row: TrialRow) -> Trial:
    """Return the test that a row holds."""
    return Trial(
        row.id,
        row.shop,
        TrialKind(row.kind),
        row.name,
        Subject(row.subject_type, row.subject_id, row.subject_name),
        row.metric,
        row.change_kind,
        row.task,
        row.starts_on,
        row.ends_on,
        TrialState(row.state),
        row.design,
        row.created_by,
        row.created_at,
    )


def count_from(row: TrialCount) -> Count:
    """Return the count that a row holds."""
    return Count(row.day, row.arm, row.units, row.successes, row.total, row.squares)
