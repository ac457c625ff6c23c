"""A case to be evaluated: what was done, since when, to what, and what it should have brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from duoshou.model import Period, Source, Subject


@dataclass(frozen=True, slots=True)
class Done:
    """Something else that was done, which may stand in the way of a judgement.

    Attributes:
        id: Number of the change.
        kind: Kind of change.
        on: First day in the new state.
        until: Last day, for what lasts.
        subjects: Type and id of each thing that it concerns.
        task: The task that made it.
    """

    id: int
    kind: str
    on: date
    until: date | None
    subjects: frozenset[tuple[str, str]]
    task: int | None = None

    @property
    def is_shop_wide(self) -> bool:
        """Whether it concerns the whole shop."""
        return any(type_ == "shop" for type_, _ in self.subjects)

    def to_dict(self) -> dict[str, Any]:
        """Return what people need to find it."""
        return {"id": self.id, "kind": self.kind, "on": self.on.isoformat()}


@dataclass(frozen=True, slots=True)
class Case:
    """What was done once.

    Attributes:
        source: What it is.
        source_id: Its number or key.
        subject: What it concerns.
        metric: Metric that should move.
        start: First day in the new state.
        others: Ids of further things of the same type that it concerns, too.
        ended: Last day, for what ended.
        kind: Kind of change; None where nothing was changed.
        expected: Change of the metric that was expected, relative; None where nobody wrote it down.
        expected_by: Day by which it should show.
        guards: Metrics that must not fall.
        cause: Kind of the cause that it answers.
        action: Key of the playbook's entry.
        selected: Days whose extremeness led to it.
        own: Numbers of the changes that are this case, or record it.
        measured_on: Last day of data when it was last measured; None: it never was.
    """

    source: Source
    source_id: str
    subject: Subject
    metric: str
    start: date
    others: tuple[str, ...] = ()
    ended: date | None = None
    kind: str | None = None
    expected: float | None = None
    expected_by: date | None = None
    guards: tuple[str, ...] = ()
    cause: str | None = None
    action: str | None = None
    selected: Period | None = None
    own: frozenset[int] = frozenset()
    measured_on: date | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all that it concerns; the whole shop has an empty one."""
        return ("",) if self.subject.type == "shop" else (self.subject.id, *self.others)

    def is_touched_by(self, done: Done) -> bool:
        """Return whether a change concerns something that this case concerns."""
        if self.subject.type == "shop":
            return done.is_shop_wide
        return any((self.subject.type, one) in done.subjects for one in self.ids)
