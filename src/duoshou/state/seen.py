"""Who had which finding before them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from duoshou.state.database import State
from duoshou.state.models import FindingRow, FindingSeen, PersonRow

EXACTNESS = timedelta(minutes=10)
"""How exactly it is known when somebody last saw a finding: most looks at a page are then no write."""


def mark_seen(
    state: State, shop: str, finding_ids: Collection[str], person: int, *, by: str, now: datetime | None = None
) -> None:
    """Note that somebody has findings before them; of one that was never recorded nothing is noted.

    Args:
        state: Where it is noted.
        shop: Key of the shop.
        finding_ids: What they see.
        person: Number of the person.
        by: Their signature, for the audit log.
        now: The moment.
    """
    moment = now or datetime.now(UTC)
    mine = select(FindingSeen).filter_by(shop=shop, person=person).where(FindingSeen.finding_id.in_(finding_ids))
    known = select(FindingRow.id).filter_by(shop=shop).where(FindingRow.id.in_(finding_ids))
    with state.reading() as reading:
        fresh = {one.finding_id for one in reading.scalars(mine) if moment - one.last_at < EXACTNESS}
        due = set(reading.scalars(known)) - fresh
    if not due:
        return
    with state.writing(by, shop) as session:
        rows = {one.finding_id: one for one in session.scalars(mine)}
        for finding_id in sorted(due):
            row = rows.get(finding_id)
            if row is None:
                session.add(
                    FindingSeen(shop=shop, finding_id=finding_id, person=person, first_at=moment, last_at=moment)
                )
            elif row.last_at < moment:
                row.last_at = moment


def seen_by(state: State, shop: str, finding_ids: Collection[str]) -> dict[str, list[str]]:
    """Return for each finding the names of those who saw it, who saw it first first; nothing for the others."""
    query = (
        select(FindingSeen.finding_id, PersonRow.name)
        .join(PersonRow, FindingSeen.person == PersonRow.id)
        .where(FindingSeen.shop == shop, FindingSeen.finding_id.in_(finding_ids))
        .order_by(FindingSeen.first_at, FindingSeen.person)
    )
    names: dict[str, list[str]] = {}
    with state.reading() as session:
        for finding_id, name in session.execute(query):
            names.setdefault(finding_id, []).append(name)
    return names
