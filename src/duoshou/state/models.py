"""The tables of findings, people and jobs. A change here needs a migration; a test compares both."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from duoshou.model import Role
from duoshou.state.base import (
    DIGEST,
    KEEP_FORMER,
    NUMBER,
    NUMBERED_ONCE,
    OMIT,
    PASSING,
    UNLOGGED,
    Base,
    one_of,
)
from duoshou.state.standing import Action, Status


class JobTrigger(StrEnum):
    """What started a job: the clock, a file that arrived, or a person."""

    SCHEDULE = "schedule"
    INBOX = "inbox"
    PERSON = "person"


class JobOutcome(StrEnum):
    """How a job ended: done; done, but something needs a person; failed; or the program ended before it did."""

    DONE = "done"
    NEEDS_PERSON = "needs_person"
    FAILED = "failed"
    LOST = "lost"


class DayRun(Base):
    """A day that was run for a shop: only such a day can tell that a trouble is gone.

    Attributes:
        declared_over: Ids of findings that the analysts declared over.
        unjudged: Kinds, or families of kinds, that could not be judged on the day; `*` for all.
        untold: What could not be judged, in part or as a whole, and why; None where an earlier version ran the day.
    """

    __tablename__ = "day_run"

    shop: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    declared_over: Mapped[list[str]]
    unjudged: Mapped[list[str]]
    untold: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True), default=None)


class FindingRow(Base):
    """A finding as it stands after the last day that was run.

    Attributes:
        first_seen: First day on which it was found.
        last_seen: Last day on which it was found.
        since: First day of the present spell; later than `first_seen` where it came back.
        spells: How often it began.
        closed_on: Day on which it was found to be over.
        content: The finding as of the last day on which it was found, without its status.
    """

    __tablename__ = "finding"

    shop: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    subject_name: Mapped[str]
    first_seen: Mapped[date]
    last_seen: Mapped[date]
    since: Mapped[date]
    spells: Mapped[int]
    status: Mapped[str]
    closed_on: Mapped[date | None]
    impact_amount: Mapped[Decimal | None]
    impact_low: Mapped[Decimal | None]
    impact_high: Mapped[Decimal | None]
    impact_currency: Mapped[str | None]
    content: Mapped[dict[str, Any]] = mapped_column(info=DIGEST)

    __table_args__ = (
        CheckConstraint(one_of("status", Status), name="status"),
        Index(None, "shop", "last_seen"),
        Index(None, "shop", "subject_type", "subject_id"),
        Index(None, "shop", "status"),
    )


class FindingDay(Base):
    """A finding as it was found on one day.

    Attributes:
        rank: Place in the day's list, from 1.
        content: The finding, without its status.
    """

    __tablename__ = "finding_day"

    shop: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    finding_id: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(info=KEEP_FORMER)

    __table_args__ = (
        ForeignKeyConstraint(["shop", "finding_id"], ["finding.shop", "finding.id"]),
        Index(None, "shop", "finding_id"),
    )


class DecisionRow(Base):
    """What a person decided about a finding; the latest one counts.

    Attributes:
        number: Place among the decisions about the finding, from 1.
        on_day: First day whose list obeys it.
        until: For `watch`: first day on which the finding is shown again.
    """

    __tablename__ = "finding_decision"

    shop: Mapped[str] = mapped_column(primary_key=True)
    finding_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    action: Mapped[str]
    on_day: Mapped[date]
    until: Mapped[date | None]
    reason: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["shop", "finding_id"], ["finding.shop", "finding.id"]),
        CheckConstraint(one_of("action", Action), name="action"),
    )


class Audit(Base):
    """One write: who, when, what, before, after. Triggers refuse to change or delete a row.

    Attributes:
        at: When, UTC.
        actor: Who: a person, or the job.
        action: `insert`, `update` or `delete`.
        entity: Table.
        key: Primary key of the row.
        before: Columns that changed, as they were; None for an insert.
        after: Columns that changed, as they are; None for a delete.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    key: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (NUMBERED_ONCE,)


class PersonRow(Base):
    """Somebody who may sign in, or whose tokens may.

    Attributes:
        login: The name with which they sign in, in the one form in which logins are compared.
        name: What others read of them.
        role: A `Role`; what it may is decided where rights are.
        password_hash: Argon2id in its own notation; None where they have tokens only.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(info=OMIT)
    password_set_at: Mapped[datetime | None]
    disabled: Mapped[bool]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint(one_of("role", Role), name="role"), NUMBERED_ONCE)


class SessionRow(Base):
    """Somebody who is signed in with a browser.

    Attributes:
        secret_hash: SHA-256 of what the browser holds.
        client: Address from which they signed in.
    """

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True, info=OMIT)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime] = mapped_column(info=OMIT)
    expires_at: Mapped[datetime]
    client: Mapped[str]

    __table_args__ = ({**NUMBERED_ONCE, "info": PASSING},)


class TokenRow(Base):
    """A secret with which a program acts for a person.

    Attributes:
        secret_hash: SHA-256 of what the program holds.
        scopes: Rights to which it is narrowed.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(unique=True, info=OMIT)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(info=OMIT)
    revoked_at: Mapped[datetime | None]

    __table_args__ = (NUMBERED_ONCE,)


class SignInAttempt(Base):
    """Somebody tried to sign in and has not succeeded: counted for the rate limit, and forgotten soon.

    Attributes:
        subject: Whose login it was; for a login that nobody has one of few groups, as people type passwords there.
        client: Address from which they tried.
    """

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    subject: Mapped[str]
    client: Mapped[str]

    __table_args__ = (
        Index(None, "subject", "at"),
        Index(None, "client", "at"),
        {"info": {**UNLOGGED, **PASSING}},
    )


class FindingSeen(Base):
    """Somebody had a finding before them: when for the first time, and about when for the last."""

    __tablename__ = "finding_seen"

    shop: Mapped[str] = mapped_column(primary_key=True)
    finding_id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(info=OMIT)

    __table_args__ = (ForeignKeyConstraint(["shop", "finding_id"], ["finding.shop", "finding.id"]),)


class JobRun(Base):
    """A job that was started, and how it ended.

    Attributes:
        shop: Key of the shop; None where it concerned all.
        lines: What it told, each in both languages.
    """

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    kind: Mapped[str]
    trigger: Mapped[str]
    shop: Mapped[str | None]
    started_by: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    lines: Mapped[list[dict[str, str]]] = mapped_column(info=DIGEST)

    __table_args__ = (
        CheckConstraint(one_of("trigger", JobTrigger), name="trigger"),
        CheckConstraint(one_of("outcome", JobOutcome), name="outcome"),
        NUMBERED_ONCE,
    )
