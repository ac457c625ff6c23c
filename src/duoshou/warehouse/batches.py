"""Batch ids: one for each import, unique and sorting by time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

PATTERN = re.compile(r"(\d{8}T\d{6}Z)-(\d{4})")
_TIME = "%Y%m%dT%H%M%SZ"


def next_batch_id(now: datetime, known: Iterable[str]) -> str:
    """Return an id such as `20261122T141500Z-0001` that sorts after every id in `known`.

    A clock that was set back does not break the order: the last time is then used again with a higher number.
    """
    stamp = now.astimezone(UTC).strftime(_TIME)
    last = max((batch for batch in known if PATTERN.fullmatch(batch)), default="")
    if stamp > last[:16]:
        return f"{stamp}-0001"
    return f"{last[:16]}-{int(last[17:]) + 1:04d}"


def batch_time(batch_id: str) -> datetime:
    """Return the moment that `batch_id` names, UTC without a zone: the `loaded_at` of its rows."""
    return datetime.strptime(batch_id[:16], _TIME)  # noqa: DTZ007 - instants are stored as naive UTC
