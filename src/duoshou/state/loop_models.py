"""The tables of the closed loop: tasks, changes, notices, briefs, effects and tests. A change needs a migration."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from duoshou.model import ChangeOrigin, ChangeStanding, Role, Source, TaskState, TrialKind, TrialState, Verdict
from duoshou.state.base import DIGEST, KEEP_FORMER, NUMBER, NUMBERED_ONCE, Base, one_of


class TaskRow(Base):
    """Something that a person is to do.

    Attributes:
        finding_id: The finding it comes from; None where a person thought of it.
        cause: Kind of the cause that the finding named first, for the playbook; None where there is none.
        action: Key of the playbook's entry; None for what the playbook does not know.
        change_kind: Kind of change that doing it makes, such as `main_image`; None where it changes nothing.
        owner_role: Who it is for.
        owner: Number of the person who took it on, or to whom it was given.
        metric: Metric that should move.
        expected_change: By how much, relative to what would be without it: .1 is a tenth more.
        expected_amount: What that is worth in money a month, where known.
        expected_by: Day by which it should show.
        guards: Metrics that must not fall.
        effort: `minutes`, `hours` or `days`.
        done_on: Day since which it is done, in the shop's time.
        reason: Why it was declined.
    """

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    shop: Mapped[str]
    finding_id: Mapped[str | None]
    cause: Mapped[str | None]
    action: Mapped[str | None]
    change_kind: Mapped[str | None]
    title: Mapped[str]
    detail: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    subject_name: Mapped[str]
    owner_role: Mapped[str]
    owner: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    state: Mapped[str]
    metric: Mapped[str]
    expected_change: Mapped[float] = mapped_column(Float(53))
    expected_amount: Mapped[Decimal | None]
    expected_by: Mapped[date]
    guards: Mapped[list[str]]
    effort: Mapped[str]
    done_on: Mapped[date | None]
    reason: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["shop", "finding_id"], ["finding.shop", "finding.id"]),
        CheckConstraint(one_of("state", TaskState), name="state"),
        CheckConstraint(one_of("owner_role", Role), name="owner_role"),
        Index(None, "shop", "state", "due_on"),
        Index(None, "shop", "finding_id"),
        Index(None, "shop", "state", "action"),
        Index(None, "shop", "due_on", "id"),
        Index(None, "shop", "subject_type", "subject_id"),
        NUMBERED_ONCE,
    )


class TaskStep(Base):
    """One move of a task from a state to the next.

    Attributes:
        number: Place among the task's steps, from 1.
        note: What was said with it.
    """

    __tablename__ = "task_step"

    task: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str]

    __table_args__ = (CheckConstraint(one_of("state", TaskState), name="state"),)


class BriefRow(Base):
    """What a designer needs to do a task: goal, audience, selling points, do and don't, sizes, deadline."""

    __tablename__ = "brief"

    task: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(info=KEEP_FORMER)
    written_by: Mapped[str]
    written_at: Mapped[datetime]


class ChangeRow(Base):
    """Something that was changed in the shop.

    Attributes:
        kind: Key of a kind of change.
        happened_on: First day in the new state, in the shop's time.
        ended_on: Last day, for what lasts.
        task: The task that made it.
        detected_key: What the data showed, so that it is proposed once; None for what a person recorded.
        entered_at: When it entered the warehouse as an event.
    """

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    shop: Mapped[str]
    kind: Mapped[str]
    happened_on: Mapped[date]
    ended_on: Mapped[date | None]
    before: Mapped[str]
    after: Mapped[str]
    note: Mapped[str]
    task: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    origin: Mapped[str]
    standing: Mapped[str]
    detected_key: Mapped[str | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("origin", ChangeOrigin), name="origin"),
        CheckConstraint(one_of("standing", ChangeStanding), name="standing"),
        UniqueConstraint("shop", "detected_key"),
        Index(None, "shop", "standing", "happened_on"),
        NUMBERED_ONCE,
    )


class ChangeSubject(Base):
    """What a change concerns: a product, a campaign, an agent, or the whole shop."""

    __tablename__ = "change_subject"

    change: Mapped[int] = mapped_column(ForeignKey("change.id"), primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]

    __table_args__ = (Index(None, "type", "id"),)


class NoticeRow(Base):
    """A change told to a role that must react, until a person of it acknowledges.

    Attributes:
        rule: Key of the rule of propagation.
        text: What to do, in both languages.
        due_at: When it should be acknowledged.
        acknowledged_by: Who did.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    shop: Mapped[str]
    change: Mapped[int] = mapped_column(ForeignKey("change.id"))
    rule: Mapped[str]
    role: Mapped[str]
    text: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    note: Mapped[str]

    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        UniqueConstraint("change", "rule"),
        Index(None, "shop", "acknowledged_at", "due_at"),
        NUMBERED_ONCE,
    )


class EffectRow(Base):
    """The measured effect of a task, a change, a campaign or a test, as of the last time it was measured.

    Attributes:
        id: Made of what it is the effect of, so that measuring again replaces it.
        cause: Kind of the cause that the task answered.
        action: Key of the playbook's entry that was tried.
        amount: Contribution gained over the window, net of what was taken from elsewhere; None where it cannot be told.
        relative: Effect on the metric, relative to what would have been.
        measured_on: Last day of data it rests on.
        is_final: Whether later data change nothing any more.
        content: The rest: days, what was expected, guards, what was taken from elsewhere.
    """

    __tablename__ = "effect"

    shop: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    source_id: Mapped[str]
    cause: Mapped[str | None]
    action: Mapped[str | None]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    subject_name: Mapped[str]
    metric: Mapped[str]
    window_from: Mapped[date]
    window_to: Mapped[date]
    method: Mapped[str]
    verdict: Mapped[str]
    amount: Mapped[Decimal | None]
    low: Mapped[Decimal | None]
    high: Mapped[Decimal | None]
    currency: Mapped[str]
    relative: Mapped[float | None] = mapped_column(Float(53))
    relative_low: Mapped[float | None] = mapped_column(Float(53))
    relative_high: Mapped[float | None] = mapped_column(Float(53))
    measured_on: Mapped[date]
    measured_at: Mapped[datetime]
    is_final: Mapped[bool]
    caveats: Mapped[list[str]]
    content: Mapped[dict[str, Any]] = mapped_column(info=DIGEST)

    __table_args__ = (
        CheckConstraint(one_of("source", Source), name="source"),
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
        UniqueConstraint("shop", "source", "source_id"),
        Index(None, "shop", "window_to"),
        Index(None, "shop", "subject_type", "subject_id"),
        Index(None, "shop", "action", "window_to", "verdict"),
    )


class TrialRow(Base):
    """A test: its design as it was before the first day.

    Attributes:
        design: Arms, guards, level, looks, or the plan of days; as `duoshou.statistics.trials` needs it.
        starts_on: First day.
        ends_on: Last planned day.
    """

    __tablename__ = "trial"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    shop: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    subject_name: Mapped[str]
    change_kind: Mapped[str | None]
    metric: Mapped[str]
    design: Mapped[dict[str, Any]] = mapped_column(info=KEEP_FORMER)
    task: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(one_of("kind", TrialKind), name="kind"),
        CheckConstraint(one_of("state", TrialState), name="state"),
        Index(None, "shop", "state"),
        NUMBERED_ONCE,
    )


class TrialCount(Base):
    """What one arm of a test saw on one day.

    Attributes:
        units: Visitors, parcels or impressions that saw the arm.
        successes: How many of them did what is hoped for; None where an amount is measured.
        total: Sum of the amounts; None where successes are counted.
        squares: Sum of the squares of the amounts of the units.
    """

    __tablename__ = "trial_count"

    trial: Mapped[int] = mapped_column(ForeignKey("trial.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(primary_key=True)
    units: Mapped[int] = mapped_column(NUMBER)
    successes: Mapped[int | None] = mapped_column(NUMBER)
    total: Mapped[float | None] = mapped_column(Float(53))
    squares: Mapped[float | None] = mapped_column(Float(53))
