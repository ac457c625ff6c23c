"""Judges for tests: they look nothing up in the data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from duoshou.model import Cause, Confidence, Evidence, EvidenceType, Finding, Period, Subject, Text

WORDS = Text("试", "trial")


def who_knows(workspace: Path, days: Sequence[date]) -> Iterator[tuple[date, Sequence[Finding]]]:
    """Say of every day what the truth beside the workspace says of it, with a loss of one yuan a day."""
    truth = json.loads((workspace.parent / "truth.json").read_text(encoding="utf-8"))
    for day in days:
        yield day, [_finding(one, day) for one in truth["incidents"] if _is_on(one, day)]


def who_stops(workspace: Path, days: Sequence[date]) -> Iterator[tuple[date, Sequence[Finding]]]:
    """Break down after three days."""
    for number, day in enumerate(days):
        if number == 3:
            raise RuntimeError("enough")
        yield day, ()


def who_skips(workspace: Path, days: Sequence[date]) -> Iterator[tuple[date, Sequence[Finding]]]:
    """Leave the second day out."""
    for number, day in enumerate(days):
        if number != 1:
            yield day, ()


def _is_on(incident: dict[str, str], day: date) -> bool:
    return incident["first_day"] <= day.isoformat() <= incident["last_day"]


def _finding(incident: dict[str, object], day: date) -> Finding:
    first = date.fromisoformat(str(incident["first_day"]))
    names = incident["names"]
    assert isinstance(names, dict)
    type_, identity = next(iter(names.items()), ("shop", "main"))
    subject = Subject(type_, identity, identity)
    lost = Decimal((day - first).days + 1)
    loss = (first, day, lost, lost - 1, lost + 1)
    table = Evidence("loss", EvidenceType.TABLE, WORDS, ("from", "to", "amount", "low", "high"), (loss,))
    return Finding(
        kind="diagnosis.shift",
        subject=subject,
        period=Period(first, max(first, day)),
        detected_on=day + timedelta(days=1),
        headline=WORDS,
        confidence=Confidence.LIKELY,
        causes=(Cause(str(incident["kind"]), subject),),
        evidence=(table,),
    )
