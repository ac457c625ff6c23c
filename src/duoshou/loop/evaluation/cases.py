"""What is to be evaluated: tasks that are done, changes that count, campaigns that ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from duoshou.engine import Backend
from duoshou.loop.evaluation.case import Case, Done
from duoshou.loop.evaluation.rules import LEAST_DAYS, PAST_DAYS
from duoshou.loop.kinds import kinds
from duoshou.model import ChangeStanding, Period, Source, Subject, TaskState
from duoshou.state import State
from duoshou.state.loop_models import ChangeRow, ChangeSubject, EffectRow, TaskRow
from duoshou.state.models import FindingRow

ENDED = "campaign"
"""Kind of event that tells of a campaign."""
LATEST = timedelta(days=366)
"""Campaigns that ended longer ago are left alone."""


def open_cases(state: State, shop: str, until: date) -> tuple[Case, ...]:
    """Return the tasks and changes of a shop whose effect is not final, the first one first."""
    with state.reading() as session:
        found = [*_tasks(session, shop, until), *_changes(session, shop, until)]
    return tuple(sorted(found, key=lambda case: (case.start, case.source, case.source_id)))


def changes_since(state: State, shop: str, first: date) -> tuple[Done, ...]:
    """Return the confirmed changes of a shop that last until a day or later, the first one first."""
    query = select(ChangeRow).where(
        ChangeRow.shop == shop,
        ChangeRow.standing == ChangeStanding.CONFIRMED.value,
        func.coalesce(ChangeRow.ended_on, ChangeRow.happened_on) >= first,
    )
    with state.reading() as session:
        rows = session.scalars(query.order_by(ChangeRow.happened_on, ChangeRow.id)).all()
        subjects = _subjects(session, [row.id for row in rows])
        return tuple(
            Done(
                row.id,
                row.kind,
                row.happened_on,
                row.ended_on,
                frozenset((one.type, one.id) for one in subjects[row.id]),
                row.task,
            )
            for row in rows
        )


def past_of(cases: Sequence[Case]) -> date:
    """Return the first day before any of the cases that matters."""
    return min(case.start for case in cases) - timedelta(days=PAST_DAYS + LEAST_DAYS)


def ended_campaigns(backend: Backend, state: State, shop: str, done: Sequence[Done], until: date) -> tuple[Case, ...]:
    """Return the campaigns of the imported sheet of events that ended and whose effect is not final.

    One that a person recorded as a change, too, is left to that.
    """
    if not backend.has_table("event"):
        return ()
    table: Any = backend.table("event")
    rows = table.filter(
        table["shop"] == shop,
        table["kind"] == ENDED,
        table["origin"] == "import",
        table["ended_on"] <= until,
        table["ended_on"] >= until - LATEST,
    ).select("event_id", "subject_type", "subject_id", "happened_on", "ended_on")
    known = {(type_, id_, one.on) for one in done for type_, id_ in one.subjects}
    with state.reading() as session:
        effects = session.execute(
            select(EffectRow.source_id, EffectRow.is_final, EffectRow.measured_on).filter_by(
                shop=shop, source=Source.CAMPAIGN.value
            )
        ).all()
    final = {row.source_id for row in effects if row.is_final}
    measured = {row.source_id: row.measured_on for row in effects}
    cases = []
    for row in backend.execute(rows.order_by("happened_on", "event_id")).to_pylist():
        type_, id_ = row["subject_type"] or "shop", row["subject_id"] or ""
        if row["event_id"] in final or (type_, id_, row["happened_on"]) in known:
            continue
        kind = "campaign" if type_ == "campaign" else "promotion"
        case = _of_kind(kind, Source.CAMPAIGN, row["event_id"], Subject(type_, id_, id_), row["happened_on"])
        cases.append(replace(case, ended=row["ended_on"], measured_on=measured.get(row["event_id"])))
    return tuple(cases)


def _tasks(session: Session, shop: str, until: date) -> list[Case]:
    query = (
        select(TaskRow, EffectRow.measured_on)
        .outerjoin(EffectRow, _effect(shop, Source.TASK, TaskRow.id))
        .where(TaskRow.shop == shop, TaskRow.state == TaskState.DONE.value, TaskRow.done_on <= until, _is_open())
    )
    rows = session.execute(query).all()
    made: dict[int, list[ChangeRow]] = defaultdict(list)
    confirmed = ChangeRow.standing == ChangeStanding.CONFIRMED.value
    for part in _parts([row.id for row, _ in rows]):
        for change in session.scalars(select(ChangeRow).where(ChangeRow.task.in_(part), confirmed)):
            made[change.task or 0].append(change)
    periods = _periods(session, shop, {row.finding_id for row, _ in rows if row.finding_id})
    return [_task(row, made[row.id], periods.get(row.finding_id or ""), measured) for row, measured in rows]


def _task(row: TaskRow, made: Sequence[ChangeRow], selected: Period | None, measured: date | None) -> Case:
    start = min((one.happened_on for one in made), default=row.done_on)
    assert start is not None
    return Case(
        source=Source.TASK,
        source_id=str(row.id),
        subject=Subject(row.subject_type, row.subject_id, row.subject_name),
        metric=row.metric,
        start=start,
        ended=max((one.ended_on for one in made if one.ended_on), default=None),
        kind=made[0].kind if made else row.change_kind,
        expected=row.expected_change,
        expected_by=row.expected_by,
        guards=tuple(row.guards),
        cause=row.cause,
        action=row.action,
        selected=selected,
        own=frozenset(one.id for one in made),
        measured_on=measured,
    )


def _changes(session: Session, shop: str, until: date) -> list[Case]:
    query = (
        select(ChangeRow, EffectRow.measured_on)
        .outerjoin(EffectRow, _effect(shop, Source.CHANGE, ChangeRow.id))
        .where(
            ChangeRow.shop == shop,
            ChangeRow.task.is_(None),
            ChangeRow.standing == ChangeStanding.CONFIRMED.value,
            ChangeRow.happened_on <= until,
            _is_open(),
        )
    )
    rows = session.execute(query).all()
    subjects = _subjects(session, [row.id for row, _ in rows])
    cases = []
    for row, measured in rows:
        first, *more = subjects[row.id]
        others = tuple(one.id for one in more if one.type == first.type)
        subject = Subject(first.type, first.id, first.name)
        case = _of_kind(row.kind, Source.CHANGE, str(row.id), subject, row.happened_on)
        cases.append(replace(case, others=others, ended=row.ended_on, own=frozenset({row.id}), measured_on=measured))
    return cases


def _of_kind(kind: str, source: Source, source_id: str, subject: Subject, start: date) -> Case:
    """Return the case of something for which nobody wrote down what was expected: its kind says what should move."""
    known = kinds()[kind if kind in kinds() else "other"]
    return Case(source, source_id, subject, known.metric, start, kind=kind, guards=known.guards)


def _effect(shop: str, source: Source, id_: Any) -> ColumnElement[bool]:
    return and_(EffectRow.shop == shop, EffectRow.source == source.value, EffectRow.source_id == cast(id_, String))


def _is_open() -> ColumnElement[bool]:
    return or_(EffectRow.is_final.is_(None), EffectRow.is_final.is_(False))


def _subjects(session: Session, changes: Sequence[int]) -> dict[int, list[ChangeSubject]]:
    found: dict[int, list[ChangeSubject]] = defaultdict(list)
    for part in _parts(changes):
        query = select(ChangeSubject).where(ChangeSubject.change.in_(part))
        for one in session.scalars(query.order_by(ChangeSubject.type, ChangeSubject.id)):
            found[one.change].append(one)
    return found


def _periods(session: Session, shop: str, findings: Collection[str]) -> dict[str, Period]:
    """Return the days of findings: those whose extremeness led to the tasks that came of them."""
    found = {}
    for part in _parts(sorted(findings)):
        rows = session.scalars(select(FindingRow).where(FindingRow.shop == shop, FindingRow.id.in_(part)))
        for row in rows:
            period = row.content["period"]
            found[row.id] = Period(date.fromisoformat(period["from"]), date.fromisoformat(period["to"]))
    return found


def _parts(ids: Sequence[Any], size: int = 500) -> list[Sequence[Any]]:
    return [ids[first : first + size] for first in range(0, len(ids), size)]
