"""Which confirmed changes the warehouse holds; the warehouse itself says so, for an import can be taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from duoshou.loop.changes import Change
from duoshou.model import ChangeStanding, Subject, plain
from duoshou.state import State
from duoshou.state.audit import MOMENT
from duoshou.state.loop_models import ChangeRow

PREFIX = "change-"
"""What the id of an event that was a change of the state begins with."""


def event_id(change: Change, subject: Subject) -> str:
    """Return the id of the event that a change of a subject is in the warehouse.

    It holds a digest of what the change says, so that another change under the same number, as after the state was
    restored from an older copy, is another event.
    """
    said = json.dumps([plain(change.what), change.recorded_at.isoformat()], ensure_ascii=False, sort_keys=True)
    place = f"{subject.type}:{subject.id}"
    return f"{PREFIX}{change.id}-{hashlib.sha256(f'{said} {place}'.encode()).hexdigest()[:12]}"


def entered(state: State, shop: str) -> dict[int, bool]:
    """Return the numbers of the confirmed changes of a shop, and whether each is noted as being in the warehouse."""
    query = select(ChangeRow.id, ChangeRow.entered_at).filter_by(shop=shop, standing=ChangeStanding.CONFIRMED.value)
    with state.reading() as session:
        return {number: moment is not None for number, moment in session.execute(query.order_by(ChangeRow.id))}


def numbers_in(events: Iterable[str]) -> set[int]:
    """Return the numbers of the changes that events of the warehouse are of."""
    parts = (one.split("-") for one in events)
    return {int(part[1]) for part in parts if len(part) == 3 and part[1].isdigit()}


def not_held(changes: Iterable[Change], events: Collection[str]) -> list[Change]:
    """Return the changes of which the warehouse lacks an event, the first recorded first.

    Args:
        changes: Confirmed changes.
        events: Ids of the events that it holds.
    """
    lacking = [one for one in changes if any(event_id(one, each) not in events for each in one.what.subjects)]
    return sorted(lacking, key=lambda one: one.id)


def note_entered(state: State, shop: str, found: Mapping[int, bool], *, by: str) -> None:
    """Note which changes are in the warehouse and which are not, or are not any more.

    Args:
        state: Where they stand.
        shop: Key of the shop.
        found: Number of each → whether it is.
        by: Who found out.
    """
    noted = entered(state, shop)
    wrong = [number for number, is_held in found.items() if noted.get(number, is_held) != is_held]
    if not wrong:
        return
    with state.writing(by, shop) as session:
        for number in wrong:
            row = session.get_one(ChangeRow, number)
            row.entered_at = session.info[MOMENT] if found[number] else None
