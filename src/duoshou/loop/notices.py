"""Notices: a change told to a role that must react, until a person of it acknowledges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from duoshou.loop.errors import UnknownNotice
from duoshou.loop.propagation import Rule
from duoshou.model import Role, Text, plain
from duoshou.state import State
from duoshou.state.audit import MOMENT, AuditedSession
from duoshou.state.content import clean
from duoshou.state.loop_models import ChangeRow, NoticeRow

if TYPE_CHECKING:
    from duoshou.loop.changes import NewChange


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands.

    Attributes:
        id: Its number.
        shop: Key of the shop.
        change: Number of the change.
        role: Who must react.
        text: What they are to do.
        made_at: When it was made.
        due_at: When it should be acknowledged.
        acknowledged_at: When it was; None while nobody has.
        acknowledged_by: Who did.
        note: What they said with it.
    """

    id: int
    shop: str
    change: int
    role: Role
    text: Text
    made_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    note: str

    @property
    def delay(self) -> timedelta | None:
        """How long it took until somebody acknowledged; None while nobody has."""
        return None if self.acknowledged_at is None else self.acknowledged_at - self.made_at

    def is_late(self, now: datetime) -> bool:
        """Return whether it was not acknowledged when it should have been."""
        return (self.acknowledged_at or now) > self.due_at

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        delay = None if self.delay is None else round(self.delay.total_seconds() / 3600, 2)
        shape: dict[str, Any] = plain(self)
        return shape | {"delay_hours": delay}


def notify(session: AuditedSession, change: ChangeRow, what: NewChange, rules: tuple[Rule, ...]) -> None:
    """Make the notices that the rules ask for, in a session that writes."""
    subject = "、".join(one.name or one.id for one in what.subjects)
    moment: datetime = session.info[MOMENT]
    for rule in rules:
        if what.kind not in rule.on:
            continue
        text = rule.text(subject, what.before, what.after, what.on.isoformat())
        session.add(
            NoticeRow(
                shop=change.shop,
                change=change.id,
                rule=rule.key,
                role=rule.role.value,
                text={"zh": text.zh, "en": text.en},
                made_at=moment,
                due_at=moment + timedelta(hours=rule.within_hours),
                acknowledged_at=None,
                acknowledged_by=None,
                note="",
            )
        )
    session.flush()


def acknowledge(state: State, shop: str, notice: int, *, by: str, note: str = "") -> Notice:
    """Say that a notice was read and acted on; the first who says so stands, once more changes nothing.

    Raises:
        UnknownNotice: If the shop has no such notice.
    """
    with state.writing(by, shop) as session:
        row = session.get(NoticeRow, notice)
        if row is None or row.shop != shop:
            raise UnknownNotice(shop, notice)
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = session.info[MOMENT], by.strip()
            row.note = clean(note).strip()
        return _notice(row)


def notice_of(state: State, shop: str, notice: int) -> Notice:
    """Return a notice.

    Raises:
        UnknownNotice: If the shop has no such notice.
    """
    with state.reading() as session:
        row = session.get(NoticeRow, notice)
        if row is None or row.shop != shop:
            raise UnknownNotice(shop, notice)
        return _notice(row)


def list_notices(
    state: State,
    shop: str,
    *,
    role: Role | None = None,
    open_only: bool = False,
    change: int | None = None,
    limit: int = 200,
    offset: int = 0,
) -> tuple[tuple[Notice, ...], int]:
    """Return a page of notices, those that nobody has acknowledged first by when they are due, and how many in all."""
    tests = [NoticeRow.shop == shop]
    if role is not None:
        tests.append(NoticeRow.role == role.value)
    if open_only:
        tests.append(NoticeRow.acknowledged_at.is_(None))
    if change is not None:
        tests.append(NoticeRow.change == change)
    waiting = [*tests, NoticeRow.acknowledged_at.is_(None)]
    settled = [*tests, NoticeRow.acknowledged_at.is_not(None)]
    first = (NoticeRow.due_at, NoticeRow.id)
    last = (NoticeRow.acknowledged_at.desc(), *first)
    with state.reading() as session:
        open_ = session.scalar(select(func.count()).select_from(NoticeRow).where(*waiting)) or 0
        total = open_ if open_only else session.scalar(select(func.count()).select_from(NoticeRow).where(*tests)) or 0
        # Two questions, for each of which there is an index: one order over both would sort all there ever were.
        found = list(session.scalars(select(NoticeRow).where(*waiting).order_by(*first).limit(limit).offset(offset)))
        rest = limit - len(found)
        if rest and not open_only:
            skipped = max(offset - open_, 0)
            found += session.scalars(select(NoticeRow).where(*settled).order_by(*last).limit(rest).offset(skipped))
        return tuple(map(_notice, found)), total


def late_notices(state: State, shop: str, now: datetime) -> tuple[Notice, ...]:
    """Return the notices that nobody acknowledged when they were due, the longest overdue first."""
    query = (
        select(NoticeRow)
        .where(NoticeRow.shop == shop, NoticeRow.acknowledged_at.is_(None), NoticeRow.due_at < now)
        .order_by(NoticeRow.due_at, NoticeRow.id)
    )
    with state.reading() as session:
        return tuple(map(_notice, session.scalars(query)))


@dataclass(frozen=True, slots=True)
class RoleDelay:
    """How long a role takes to acknowledge.

    Attributes:
        role: The role.
        count: How many notices it acknowledged.
        median: Half of them took no longer.
        late: How many were late, those that are still open among them.
        open: How many are still open.
    """

    role: Role
    count: int
    median: timedelta | None
    late: int
    open: int


def role_delays(state: State, shop: str, *, since: datetime, now: datetime) -> tuple[RoleDelay, ...]:
    """Return how long each role takes to acknowledge, of the notices made since a moment."""
    columns = (NoticeRow.role, NoticeRow.made_at, NoticeRow.due_at, NoticeRow.acknowledged_at)
    query = select(*columns).where(NoticeRow.shop == shop, NoticeRow.made_at >= since)
    by_role: dict[Role, list[_Course]] = {}
    with state.reading() as session:
        for role, made, due, acknowledged in session.execute(query):
            by_role.setdefault(Role(role), []).append(_Course(made, due, acknowledged))
    return tuple(_delay(role, by_role[role], now) for role in Role if role in by_role)


class _Course(NamedTuple):
    made: datetime
    due: datetime
    acknowledged: datetime | None


def _delay(role: Role, courses: list[_Course], now: datetime) -> RoleDelay:
    delays = sorted(one.acknowledged - one.made for one in courses if one.acknowledged is not None)
    middle = None if not delays else (delays[(len(delays) - 1) // 2] + delays[len(delays) // 2]) / 2
    late = sum((one.acknowledged or now) > one.due for one in courses)
    return RoleDelay(role, len(delays), middle, late, len(courses) - len(delays))


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        row.id,
        row.shop,
        row.change,
        Role(row.role),
        Text(row.text["zh"], row.text["en"]),
        row.made_at,
        row.due_at,
        row.acknowledged_at,
        row.acknowledged_by,
        row.note,
    )
