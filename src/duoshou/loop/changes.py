"""Changes of a shop: recorded by people, or shown by the data and then confirmed; whoever must react is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from duoshou.loop.errors import ChangeRefused, UnknownChange
from duoshou.loop.kinds import kind_of
from duoshou.loop.notices import notify
from duoshou.loop.propagation import Rule
from duoshou.model import ChangeOrigin, ChangeStanding, Subject, Text, plain
from duoshou.state import State
from duoshou.state.audit import MOMENT, AuditedSession
from duoshou.state.content import clean
from duoshou.state.loop_models import ChangeRow, ChangeSubject

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change to be written down.

    Attributes:
        kind: Key of its kind.
        on: First day in the new state, in the shop's time.
        subjects: What it concerns.
        before: What it was, in words or as a number; empty where unknown.
        after: What it is.
        until: Last day, for what lasts.
        note: What else is known.
    """

    kind: str
    on: date
    subjects: tuple[Subject, ...]
    before: str = ""
    after: str = ""
    until: date | None = None
    note: str = ""

    @property
    def title(self) -> Text:
        """What was changed, from what to what, in few words."""
        kind = kind_of(self.kind).title
        moved = " → ".join(one for one in (self.before, self.after) if one)
        return Text(f"{kind.zh} {moved}".strip(), f"{kind.en} {moved}".strip())


@dataclass(frozen=True, slots=True)
class Detected:
    """A change that the data show.

    Attributes:
        key: What makes it the same when the data are read again.
        change: What they show.
    """

    key: str
    change: NewChange


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it stands.

    Attributes:
        id: Its number.
        shop: Key of the shop.
        what: What was changed.
        task: Number of the task that made it.
        origin: How it came to be known.
        standing: Whether it counts.
        recorded_by: Who recorded it.
        recorded_at: When.
    """

    id: int
    shop: str
    what: NewChange
    task: int | None
    origin: ChangeOrigin
    standing: ChangeStanding
    recorded_by: str
    recorded_at: datetime

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        shape: dict[str, Any] = plain(self)
        return {**shape.pop("what"), **shape}


@dataclass(frozen=True, slots=True)
class WantedChanges:
    """Which changes of a shop are wanted; None means all.

    Attributes:
        standing: Whether they count.
        first: Only those that last until this day or later.
        last: Only those of this day or earlier.
        subject: Only those that concern this type and id.
        kind: Only this kind.
        task: Only those that this task made.
    """

    standing: ChangeStanding | None = None
    first: date | None = None
    last: date | None = None
    subject: tuple[str, str] | None = None
    kind: str | None = None
    task: int | None = None


def record(state: State, shop: str, new: NewChange, *, rules: tuple[Rule, ...], by: str) -> Change:
    """Record a change that somebody made, and tell whoever must react.

    Raises:
        ChangeRefused: If it cannot be meant.
    """
    with state.writing(by, shop) as session:
        return _read(session, [record_in(session, shop, new, rules=rules, task=None, by=by)])[0]


def record_in(
    session: AuditedSession, shop: str, new: NewChange, *, rules: tuple[Rule, ...], task: int | None, by: str
) -> ChangeRow:
    """Record a change in a session that writes, and tell whoever must react.

    Raises:
        ChangeRefused: If it cannot be meant.
    """
    _check(new)
    row = _add(session, shop, new, ChangeOrigin.MANUAL, ChangeStanding.CONFIRMED, by)
    row.task = task
    session.flush()
    notify(session, row, new, rules)
    return row


def propose_detected(state: State, shop: str, found: Sequence[Detected], *, by: str) -> int:
    """Propose changes that the data show; one that was proposed before, or recorded by a person, is not again.

    Returns:
        How many are new.
    """
    with state.reading() as session:
        known = set(session.scalars(select(ChangeRow.detected_key).filter_by(shop=shop)))
    fresh = [one for one in found if one.key not in known]
    if not fresh:
        return 0
    with state.writing(by, shop) as session:
        known = set(session.scalars(select(ChangeRow.detected_key).filter_by(shop=shop)))
        count = 0
        for one in fresh:
            if one.key in known:
                continue
            known.add(one.key)
            _check(one.change)
            if _is_recorded(session, shop, one.change):
                continue
            row = _add(session, shop, one.change, ChangeOrigin.DETECTED, ChangeStanding.PROPOSED, by)
            row.detected_key = one.key
            count += 1
        return count


def confirm(state: State, shop: str, change: int, *, rules: tuple[Rule, ...], by: str) -> Change:
    """Confirm a change that the data show, and tell whoever must react; once more changes nothing.

    Raises:
        UnknownChange: If the shop has no such change.
        ChangeRefused: If it was rejected.
    """
    with state.writing(by, shop) as session:
        row = _get(session, shop, change)
        if row.standing == ChangeStanding.REJECTED:
            raise _settled(row)
        if row.standing == ChangeStanding.PROPOSED:
            row.standing = ChangeStanding.CONFIRMED.value
            session.flush()
            notify(session, row, _read(session, [row])[0].what, rules)
        return _read(session, [row])[0]


def reject(state: State, shop: str, change: int, *, by: str) -> Change:
    """Say that a change which the data seem to show was none; once more changes nothing.

    Raises:
        UnknownChange: If the shop has no such change.
        ChangeRefused: If it was confirmed.
    """
    with state.writing(by, shop) as session:
        row = _get(session, shop, change)
        if row.standing == ChangeStanding.CONFIRMED:
            raise _settled(row)
        row.standing = ChangeStanding.REJECTED.value
        return _read(session, [row])[0]


def list_changes(
    state: State, shop: str, wanted: WantedChanges, *, limit: int = 200, offset: int = 0
) -> tuple[tuple[Change, ...], int]:
    """Return a page of the changes of a shop, the latest first, and how many there are in all."""
    query = _chosen(shop, wanted)
    with state.reading() as session:
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = session.scalars(
            query.order_by(ChangeRow.happened_on.desc(), ChangeRow.id.desc()).limit(limit).offset(offset)
        )
        return tuple(_read(session, list(rows))), total


def change_of(state: State, shop: str, change: int) -> Change:
    """Return a change.

    Raises:
        UnknownChange: If the shop has no such change.
    """
    with state.reading() as session:
        return _read(session, [_get(session, shop, change)])[0]


def change_titles(state: State, shop: str, changes: Collection[int]) -> dict[int, Text]:
    """Return the titles of those of the changes that the shop has."""
    query = select(ChangeRow).where(ChangeRow.shop == shop, ChangeRow.id.in_(changes))
    with state.reading() as session:
        return {one.id: one.what.title for one in _read(session, session.scalars(query).all())}


def unentered(state: State, shop: str) -> tuple[Change, ...]:
    """Return the confirmed changes that the warehouse does not hold yet, the first recorded first."""
    query = select(ChangeRow).filter_by(shop=shop, standing=ChangeStanding.CONFIRMED.value, entered_at=None)
    with state.reading() as session:
        return tuple(_read(session, list(session.scalars(query.order_by(ChangeRow.id)))))


def mark_entered(state: State, shop: str, changes: Sequence[int], *, by: str) -> None:
    """Note that changes are in the warehouse."""
    with state.writing(by, shop) as session:
        for number in changes:
            _get(session, shop, number).entered_at = session.info[MOMENT]


def _chosen(shop: str, wanted: WantedChanges) -> Select[ChangeRow]:
    query = select(ChangeRow).where(ChangeRow.shop == shop)
    if wanted.standing is not None:
        query = query.where(ChangeRow.standing == wanted.standing.value)
    if wanted.first is not None:
        query = query.where(func.coalesce(ChangeRow.ended_on, ChangeRow.happened_on) >= wanted.first)
    if wanted.last is not None:
        query = query.where(ChangeRow.happened_on <= wanted.last)
    if wanted.kind is not None:
        query = query.where(ChangeRow.kind == wanted.kind)
    if wanted.task is not None:
        query = query.where(ChangeRow.task == wanted.task)
    if wanted.subject is not None:
        type_, id_ = wanted.subject
        query = query.where(ChangeRow.id.in_(select(ChangeSubject.change).filter_by(type=type_, id=id_)))
    return query


def _check(new: NewChange) -> None:
    kind_of(new.kind)
    if not new.subjects:
        raise ChangeRefused(
            "change_without_subject",
            Text("改动要写明改的是什么", "a change names what it concerns"),
            hint=Text("例如 product:123456", "such as product:123456"),
        )
    if new.until is not None and new.until < new.on:
        raise ChangeRefused(
            "change_ends_early",
            Text(f"改动 {new.until} 结束，早于 {new.on} 开始", f"the change ends on {new.until}, before {new.on}"),
            hint=Text("检查两个日期", "check the two days"),
        )
    if max(len(new.before), len(new.after), len(new.note)) > LONGEST:
        raise ChangeRefused(
            "change_too_long",
            Text(f"改前、改后、说明各最多 {LONGEST} 字", f"before, after and note hold at most {LONGEST} characters"),
            hint=Text("写短一些", "make it shorter"),
        )


def _add(
    session: AuditedSession, shop: str, new: NewChange, origin: ChangeOrigin, standing: ChangeStanding, by: str
) -> ChangeRow:
    row = ChangeRow(
        shop=shop,
        kind=new.kind,
        happened_on=new.on,
        ended_on=new.until,
        before=clean(new.before).strip(),
        after=clean(new.after).strip(),
        note=clean(new.note).strip(),
        task=None,
        origin=origin.value,
        standing=standing.value,
        detected_key=None,
        recorded_by=by.strip(),
        recorded_at=session.info[MOMENT],
        entered_at=None,
    )
    session.add(row)
    session.flush()
    for one in dict.fromkeys((one.type, clean(one.id), clean(one.name)) for one in new.subjects):
        session.add(ChangeSubject(change=row.id, type=one[0], id=one[1], name=one[2]))
    return row


def _is_recorded(session: Session, shop: str, new: NewChange) -> bool:
    """Return whether a person recorded the same kind of change on one of the subjects for the day."""
    ids = [one.id for one in new.subjects]
    same = (
        select(ChangeRow.id)
        .join(ChangeSubject, ChangeSubject.change == ChangeRow.id)
        .filter(ChangeRow.shop == shop, ChangeRow.kind == new.kind, ChangeRow.happened_on == new.on)
        .filter(ChangeRow.origin == ChangeOrigin.MANUAL.value, ChangeSubject.id.in_(ids))
    )
    return session.scalars(same.limit(1)).first() is not None


def _settled(row: ChangeRow) -> ChangeRefused:
    word = Text("确认", "confirmed") if row.standing == ChangeStanding.CONFIRMED else Text("否认", "rejected")
    return ChangeRefused(
        "change_settled",
        Text(f"改动 {row.id} 已经{word.zh}", f"change {row.id} was {word.en} already"),
        hint=Text("另记一条改动", "record another change"),
    )


def _get(session: Session, shop: str, change: int) -> ChangeRow:
    row = session.get(ChangeRow, change)
    if row is None or row.shop != shop:
        raise UnknownChange(shop, change)
    return row


def _read(session: Session, rows: Sequence[ChangeRow]) -> list[Change]:
    session.flush()
    found: dict[int, list[Subject]] = {row.id: [] for row in rows}
    wanted = select(ChangeSubject).where(ChangeSubject.change.in_(list(found)))
    for one in session.scalars(wanted.order_by(ChangeSubject.type, ChangeSubject.id)):
        found[one.change].append(Subject(one.type, one.id, one.name))
    return [_change(row, tuple(found[row.id])) for row in rows]


def _change(row: ChangeRow, subjects: tuple[Subject, ...]) -> Change:
    what = NewChange(row.kind, row.happened_on, subjects, row.before, row.after, row.ended_on, row.note)
    origin, standing = ChangeOrigin(row.origin), ChangeStanding(row.standing)
    return Change(row.id, row.shop, what, row.task, origin, standing, row.recorded_by, row.recorded_at)
