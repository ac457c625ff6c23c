"""Entries of the event ledger that may explain a trouble."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from duoshou.analysts.diagnosis.causes import Cause
from duoshou.analysts.diagnosis.findings import Event
from duoshou.engine import Backend

AROUND = timedelta(days=2)
"""How far the start that the data tell may lie from the day of the event."""
SPEAKS = 3.0
"""Factor by which an event of the right kind on the subject, at the time of the start, speaks for a cause: enough to
decide between causes that the data cannot tell apart, too little to outweigh data that speak for another."""


def read_events(backend: Backend, first: date, last: date, shop: str | None) -> tuple[Event, ...]:
    """Return the entries from `first` to `last`, in the order of time."""
    if not backend.has_table("event"):
        return ()
    table: Any = backend.table("event")
    chosen = table.filter((table["happened_on"] >= first) & (table["happened_on"] <= last))
    if shop is not None:
        chosen = chosen.filter(chosen["shop"] == shop)
    columns = ("event_id", "kind", "subject_id", "happened_on", "before", "after")
    rows = backend.execute(chosen.select(*columns).order_by("happened_on", "event_id")).to_pylist()
    return tuple(
        Event(
            row["event_id"],
            row["kind"] or "",
            row["subject_id"] or "",
            row["happened_on"],
            " → ".join(str(part) for part in (row["before"], row["after"]) if part),
        )
        for row in rows
    )


def events_around(events: Sequence[Event], subject: str, start: date) -> tuple[Event, ...]:
    """Return the entries on a subject (an empty one: any) around a day."""
    return tuple(
        one for one in events if abs(one.day - start) <= AROUND and (not subject or one.subject in {"", subject})
    )


def with_events(causes: Sequence[tuple[Cause, float]], events: Sequence[Event]) -> tuple[tuple[Cause, float], ...]:
    """Return causes with their weights after the ledger has spoken, the likeliest first."""
    kinds = {one.kind for one in events}
    weighed = [(cause, weight * (SPEAKS if kinds & set(cause.events) else 1.0)) for cause, weight in causes]
    total = sum(weight for _, weight in weighed)
    return tuple(sorted(((cause, weight / total) for cause, weight in weighed), key=lambda one: -one[1]))
