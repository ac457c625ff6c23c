"""The day's list, what is known of a finding, and the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from duoshou.model import Finding, Unjudged
from duoshou.state.content import finding_of, untold_of
from duoshou.state.database import State
from duoshou.state.errors import UnknownFinding
from duoshou.state.ledger import load_findings
from duoshou.state.models import Audit, DayRun, DecisionRow, FindingDay, FindingRow
from duoshou.state.standing import Action, Status


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding of a day's list.

    Attributes:
        finding: As it was found on the day, with its status at the end of it.
        rank: Place in the list, from 1.
        first_seen: First day on which it was ever found.
        since: First day of the present spell.
        spells: How often it began up to the day.
    """

    finding: Finding
    rank: int
    first_seen: date
    since: date
    spells: int

    @property
    def shown(self) -> bool:
        """Whether it is told: a declined one is not, a watched one not before its day."""
        return self.finding.status in {Status.NEW, Status.OPEN}


@dataclass(frozen=True, slots=True)
class DayList:
    """What was found on a day, merged with what was known and decided.

    Attributes:
        shop: Key of the shop.
        day: The day.
        entries: Every finding of the day, by rank.
        was_run: Whether the day was judged at all: only then does an empty list mean that nothing was found.
        untold: What could not be judged on it, and why.
    """

    shop: str
    day: date
    entries: tuple[Listed, ...]
    was_run: bool
    untold: tuple[Unjudged, ...] = ()

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings to tell, by rank."""
        return tuple(one.finding for one in self.entries if one.shown)

    @property
    def quiet(self) -> tuple[Finding, ...]:
        """The findings that a person has declined or is watching."""
        return tuple(one.finding for one in self.entries if not one.shown)


@dataclass(frozen=True, slots=True)
class Past:
    """A finding in the history of a shop.

    Attributes:
        shop: Key of the shop.
        finding: As it was last found, with its present status.
        first_seen: First day on which it was found.
        last_seen: Last day on which it was found.
        since: First day of the latest spell.
        spells: How often it began.
        closed_on: Day on which it was found to be over; None while it goes on.
    """

    shop: str
    finding: Finding
    first_seen: date
    last_seen: date
    since: date
    spells: int
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about a finding, when, from which day on, and why."""

    action: Action
    on: date
    until: date | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one finding.

    Attributes:
        past: Where it stands.
        days: The days on which it was found, in order, each with its rank.
        decisions: What was decided, in order.
    """

    past: Past
    days: tuple[tuple[date, int], ...]
    decisions: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """One entry of the audit log: who wrote which row of which table, when, and what it was before and after."""

    number: int
    at: datetime
    actor: str
    action: str
    entity: str
    key: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def day_list(state: State, shop: str, day: date) -> DayList:
    """Return the list of a day as it is known now: what was decided for later days does not change it.

    Raises:
        StateError: If the database cannot be read.
    """
    with state.reading() as session:
        return listed(session, shop, day)


def listed(session: Session, shop: str, day: date) -> DayList:
    """Return the list of a day; see `day_list`."""
    query = select(FindingDay).filter_by(shop=shop, day=day).order_by(FindingDay.rank)
    rows = session.scalars(query).all()
    ledger = load_findings(session, shop, day, [row.finding_id for row in rows])
    entries = []
    for row in rows:
        now = ledger.standing(row.finding_id, ledger.rows[row.finding_id].kind, day)
        assert now is not None
        finding = finding_of(row.content, now.status)
        entries.append(Listed(finding, row.rank, now.first_seen, now.since, now.spells))
    run = session.get(DayRun, (shop, day))
    return DayList(shop, day, tuple(entries), run is not None, untold_of(run.untold if run else None))


def history(
    state: State,
    shop: str,
    *,
    statuses: Collection[Status] = (),
    kind: str | None = None,
    seen_from: date | None = None,
    seen_to: date | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Past]:
    """Return the findings of a shop, those found last first, then by money.

    Args:
        state: Where they are recorded.
        shop: Key of the shop.
        statuses: Only these; empty: all.
        kind: Only this kind or family of kinds.
        seen_from: Only those found on this day or later.
        seen_to: Only those found first on this day or earlier.
        limit: At most so many; None: all.
        offset: How many to leave out at the beginning.

    Raises:
        StateError: If the database cannot be read.
    """
    query = select(FindingRow).filter_by(shop=shop)
    if statuses:
        query = query.where(FindingRow.status.in_([Status(one).value for one in statuses]))
    if kind is not None:
        query = query.where((FindingRow.kind == kind) | FindingRow.kind.startswith(f"{kind}.", autoescape=True))
    if seen_from is not None:
        query = query.where(FindingRow.last_seen >= seen_from)
    if seen_to is not None:
        query = query.where(FindingRow.first_seen <= seen_to)
    order = (FindingRow.last_seen.desc(), FindingRow.impact_amount.desc().nulls_last(), FindingRow.id)
    with state.reading() as session:
        return [_past(row) for row in session.scalars(query.order_by(*order).limit(limit).offset(offset))]


def story(state: State, shop: str, finding_id: str) -> Story:
    """Return all that is known of one finding.

    Raises:
        UnknownFinding: If it was never recorded for the shop.
    """
    mine = {"shop": shop, "finding_id": finding_id}
    with state.reading() as session:
        row = session.get(FindingRow, (shop, finding_id))
        if row is None:
            raise UnknownFinding(shop, finding_id)
        days = session.execute(select(FindingDay.day, FindingDay.rank).filter_by(**mine).order_by(FindingDay.day))
        decisions = session.scalars(select(DecisionRow).filter_by(**mine).order_by(DecisionRow.number))
        return Story(
            _past(row),
            tuple((day, rank) for day, rank in days),
            tuple(
                Decided(Action(one.action), one.on_day, one.until, one.reason, one.decided_by, one.decided_at)
                for one in decisions
            ),
        )


def audit_log(state: State, *, entity: str | None = None, limit: int = 100, before: int | None = None) -> list[Write]:
    """Return entries of the audit log, the latest first.

    Args:
        state: Whose log.
        entity: Only this table.
        limit: At most so many.
        before: Only entries before this number, for the next page.
    """
    query = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if entity is not None:
        query = query.where(Audit.entity == entity)
    if before is not None:
        query = query.where(Audit.id < before)
    with state.reading() as session:
        return [
            Write(one.id, one.at, one.actor, one.action, one.entity, one.key, one.before, one.after)
            for one in session.scalars(query)
        ]


def _past(row: FindingRow) -> Past:
    finding = finding_of(row.content, Status(row.status))
    return Past(row.shop, finding, row.first_seen, row.last_seen, row.since, row.spells, row.closed_on)
