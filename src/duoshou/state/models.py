"""The tables of the state. A change here needs a migration; a test compares both."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from duoshou.state.columns import Instant, Money
from duoshou.state.standing import Action, Status

# How a column appears in the audit log: as its SHA-256 alone, or whole where it is about to be overwritten.
DIGEST = {"audit": "digest"}
KEEP_FORMER = {"audit": "keep former"}


def _one_of(column: str, values: type[Status | Action]) -> str:
    return f"{column} IN ({', '.join(repr(one.value) for one in values)})"


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        str: String(),
        date: Date(),
        datetime: Instant(),
        Decimal: Money(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
    }


class DayRun(Base):
    """A day that was run for a shop: only such a day can tell that a trouble is gone.

    Attributes:
        declared_over: Ids of findings that the analysts declared over.
        unjudged: Kinds, or families of kinds, that could not be judged on the day; `*` for all.
    """

    __tablename__ = "day_run"

    shop: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    declared_over: Mapped[list[str]]
    unjudged: Mapped[list[str]]


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
        CheckConstraint(_one_of("status", Status), name="status"),
        Index(None, "shop", "last_seen"),
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
        CheckConstraint(_one_of("action", Action), name="action"),
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

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    key: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = ({"sqlite_autoincrement": True},)
