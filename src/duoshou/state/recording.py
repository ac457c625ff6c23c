"""Record what was found on a day, and let the history follow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from duoshou.model import Finding, Unjudged
from duoshou.state.columns import storable_amount
from duoshou.state.content import clean, content_of, finding_of, storable
from duoshou.state.database import State
from duoshou.state.ledger import Ledger, load_ledger
from duoshou.state.listing import DayList, listed
from duoshou.state.models import DayRun, FindingDay, FindingRow
from duoshou.state.standing import Run, Standing, Status

JOB = "duoshou run"


def record_day(
    state: State,
    shop: str,
    day: date,
    findings: Sequence[Finding],
    *,
    over: Collection[str] = (),
    unjudged: Collection[str] = (),
    untold: Sequence[Unjudged] = (),
    by: str = JOB,
) -> DayList:
    """Record the findings of one day of one shop and return the day's list, merged with the history.

    The record of a day is replaced as a whole: recording it again changes nothing where nothing is different. Days
    may come in any order and several processes may record at once; the state depends only on what was last recorded
    for each day and on what was decided.

    A finding is solved when `over` names it, when it comes with the status `solved`, or when it was not found on
    `standing.QUIET_DAYS` judged days in a row. When it comes back it keeps its id.

    Args:
        state: Where to record.
        shop: Key of the shop.
        day: The day that was judged.
        findings: What was found, the most important first; of two with the same id the first counts.
        over: Ids of findings that the analysts declare over, whether or not they are known yet.
        unjudged: Kinds, or families of kinds (`traffic` for `traffic.drop`), that could not be judged on the day,
            `*` for all: that such a finding is not there means nothing.
        untold: What could not be judged, for people; its whole kinds count as unjudged.
        by: Who records, for the audit log.

    Raises:
        StateError: If the database cannot be written; nothing is kept then.
    """
    whole = {kind for one in untold if one.whole for kind in one.kinds}
    named = {clean(one) for one in over} | {clean(one.id) for one in findings if one.status == Status.SOLVED}
    found: dict[str, Finding] = {}
    for one in findings:
        if one.status != Status.SOLVED:
            found.setdefault(clean(one.id), one)
    with state.writing(by, shop) as session:
        ledger = load_ledger(session, shop, day, found)
        run = Run(day, frozenset(named - found.keys()), tuple(sorted({*unjudged} | whole)))
        _record_run(session, ledger, run, [storable(one.to_dict()) for one in untold])
        former = {one.finding_id: one for one in session.scalars(select(FindingDay).filter_by(shop=shop, day=day))}
        contents = {key: content_of(one) for key, one in found.items()}
        for gone in former.keys() - found.keys():
            ledger.found[gone].discard(day)
        for key in found:
            ledger.found[key].add(day)
        _follow(session, ledger, found, contents)
        # The findings first: the days refer to them.
        session.flush()
        _record_found(session, shop, day, former, contents)
        session.flush()
        return listed(session, shop, day)


def _record_run(session: Session, ledger: Ledger, run: Run, untold: list[dict[str, Any]]) -> None:
    row = session.get(DayRun, (ledger.shop, run.day))
    over, unjudged = sorted(run.over), list(run.unjudged)
    if row is None:
        session.add(DayRun(shop=ledger.shop, day=run.day, declared_over=over, unjudged=unjudged, untold=untold))
    else:
        if row.declared_over != over:
            row.declared_over = over
        if row.unjudged != unjudged:
            row.unjudged = unjudged
        if row.untold != untold:
            row.untold = untold
    ledger.replace_run(run)


def _record_found(
    session: Session, shop: str, day: date, former: dict[str, FindingDay], contents: dict[str, dict[str, object]]
) -> None:
    for rank, (key, content) in enumerate(contents.items(), start=1):
        row = former.pop(key, None)
        if row is None:
            session.add(FindingDay(shop=shop, day=day, finding_id=key, rank=rank, content=content))
            continue
        if row.rank != rank:
            row.rank = rank
        if row.content != content:
            row.content = content
    for row in former.values():
        session.delete(row)


def _follow(
    session: Session, ledger: Ledger, found: dict[str, Finding], contents: dict[str, dict[str, object]]
) -> None:
    """Bring the row of every finding that the day may concern to where it now stands."""
    for key in ledger.rows.keys() | found.keys():
        row = ledger.rows.get(key)
        kind = row.kind if row is not None else clean(found[key].kind)
        now = ledger.standing(key, kind)
        if now is None:
            # The day on which it was found was run again without it: what was told has turned out to be nothing.
            assert row is not None
            if row.closed_on is None or row.status != Status.SOLVED:
                _set(row, {"status": Status.SOLVED.value, "closed_on": ledger.last_day})
            continue
        content = contents.get(key) if now.last_seen == ledger.day else None
        if content is None and (row is None or row.last_seen != now.last_seen):
            content = _content_on(session, ledger.shop, now.last_seen, key)
        values = _values(now) if content is None else {**_values(now), **_told(content)}
        if row is None:
            session.add(FindingRow(shop=ledger.shop, id=key, **values))
        else:
            _set(row, values)


def _content_on(session: Session, shop: str, day: date, finding_id: str) -> dict[str, object]:
    row = session.get_one(FindingDay, (shop, day, finding_id), options=[load_only(FindingDay.content)])
    return row.content


def _values(now: Standing) -> dict[str, object]:
    return {
        "first_seen": now.first_seen,
        "last_seen": now.last_seen,
        "since": now.since,
        "spells": now.spells,
        "status": now.status.value,
        "closed_on": now.closed_on,
    }


def _told(content: dict[str, object]) -> dict[str, object]:
    """Return the columns that repeat parts of the content, so that the database can filter and sort by them."""
    finding = finding_of(content, Status.OPEN)
    impact = finding.impact
    return {
        "kind": finding.kind,
        "subject_type": finding.subject.type,
        "subject_id": finding.subject.id,
        "subject_name": finding.subject.name,
        "impact_amount": storable_amount(impact.amount if impact else None),
        "impact_low": storable_amount(impact.low if impact else None),
        "impact_high": storable_amount(impact.high if impact else None),
        "impact_currency": impact.currency if impact else None,
        "content": content,
    }


def _set(row: FindingRow, values: dict[str, object]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
