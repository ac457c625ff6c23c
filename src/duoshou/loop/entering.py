"""Which confirmed changes the warehouse holds; the warehouse itself says so, for an import can be taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select

from duoshou.loop.changes import Change, WantedChanges, list_changes
from duoshou.model import ChangeStanding, Subject, plain
from duoshou.state import State
from duoshou.state.audit import MOMENT
from duoshou.state.loop_models import ChangeRow

PAGE = 1000
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


def confirmed_changes(state: State, shop: str, *, first: date | None = None, last: date | None = None) -> list[Change]:
    """Return every confirmed change of a shop, of some days or of all, the latest first."""
    wanted = WantedChanges(ChangeStanding.CONFIRMED, first=first, last=last)
    found: list[Change] = []
    while True:
        page, total = list_changes(state, shop, wanted, limit=PAGE, offset=len(found))
        found += page
        if not page or len(found) >= total:
            return found


def not_held(changes: Iterable[Change], events: Collection[str]) -> list[Change]:
    """Return the changes of which the warehouse lacks an event, the first recorded first.

    Args:
        changes: Confirmed changes.
        events: Ids of the events that it holds.
    """
    lacking = [one for one in changes if any(event_id(one, each) not in events for each in one.what.subjects)]
    return sorted(lacking, key=lambda one: one.id)


def note_held(state: State, shop: str, held: Collection[int], lacking: Collection[int], *, by: str) -> None:
    """Note which confirmed changes are in the warehouse and which are not, or are not any more.

    Args:
        state: Where they stand.
        shop: Key of the shop.
        held: Numbers of those that are.
        lacking: Numbers of those that are not.
        by: Who found out.
    """
    query = select(ChangeRow.id, ChangeRow.entered_at).filter_by(shop=shop, standing=ChangeStanding.CONFIRMED.value)
    with state.reading() as session:
        noted = {number: entered is not None for number, entered in session.execute(query)}
    wrong = [one for one in held if noted.get(one) is False] + [one for one in lacking if noted.get(one)]
    if not wrong:
        return
    with state.writing(by, shop) as session:
        for number in wrong:
            row = session.get_one(ChangeRow, number)
            row.entered_at = session.info[MOMENT] if number in held else None
