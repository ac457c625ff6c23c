"""Where a finding stands on a day: a pure fold over what was found, what was run and what was decided.

Nothing here depends on the order in which days were recorded, so days may be replayed and come late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

QUIET_DAYS = 7
"""Judged days without the finding after which it counts as solved.

A trouble may show on certain weekdays only: it is over once every weekday has passed without it. A day that was not
run, or on which the kind could not be judged, says nothing and is not counted.
"""

EVERYTHING = "*"


class Status(StrEnum):
    """Where a finding stands."""

    NEW = "new"
    OPEN = "open"
    WATCHED = "watched"
    DECLINED = "declined"
    SOLVED = "solved"


class Action(StrEnum):
    """What a person may decide about a finding; `reopen` takes the decisions before it back."""

    DECLINE = "decline"
    WATCH = "watch"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Run:
    """A day that was run.

    Attributes:
        day: The day.
        over: Ids of findings declared over.
        unjudged: Kinds or families of kinds that could not be judged; `*` for all.
    """

    day: date
    over: AbstractSet[str] = frozenset()
    unjudged: tuple[str, ...] = ()

    def judged(self, kind: str) -> bool:
        """Return whether the absence of a finding of `kind` means anything on this day."""
        return not any(one in (EVERYTHING, kind) or kind.startswith(f"{one}.") for one in self.unjudged)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, from which day on; for `watch` the first day on which the finding is shown again."""

    action: Action
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a finding stands.

    Attributes:
        status: `declined` wins over `solved`, `solved` over `watched`.
        first_seen: First day on which it was found.
        last_seen: Last day on which it was found.
        since: First day of the present spell.
        spells: How often it began.
        closed_on: Day on which it was found to be over.
    """

    status: Status
    first_seen: date
    last_seen: date
    since: date
    spells: int
    closed_on: date | None


def standing(
    finding_id: str,
    kind: str,
    found: AbstractSet[date],
    runs: Sequence[Run],
    decisions: Sequence[Decision],
    as_of: date | None = None,
) -> Standing | None:
    """Return where a finding stands at the end of a day.

    Args:
        finding_id: Its id.
        kind: Its kind.
        found: Days on which it was found, each of them run.
        runs: Days that were run, in order.
        decisions: What was decided, in the order in which it was.
        as_of: The day; by default the last one that was run or on which a decision takes effect.

    Returns:
        None where it was not found up to the day.
    """
    last = as_of or max((one.day for one in runs), default=date.min)
    if as_of is None:
        last = max([last, *(one.on for one in decisions)])
    seen = sorted(day for day in found if day <= last)
    if not seen:
        return None
    since, spells, quiet = seen[0], 1, 0
    closed: date | None = None
    for run in _between(runs, seen[0], last):
        if run.day in found:
            if closed is not None:
                since, spells, closed = run.day, spells + 1, None
            quiet = 0
        elif closed is None and finding_id in run.over:
            closed = run.day
        elif closed is None and run.judged(kind):
            quiet += 1
            closed = run.day if quiet == QUIET_DAYS else None
    status = _status(closed, is_new=seen[0] == last, decision=_latest(decisions, last), day=last)
    return Standing(status, seen[0], seen[-1], since, spells, closed)


def _between(runs: Iterable[Run], first: date, last: date) -> Iterable[Run]:
    return (one for one in runs if first <= one.day <= last)


def _latest(decisions: Iterable[Decision], day: date) -> Decision | None:
    """Return the decision that counts on a day: the last that was made among those that take effect by then."""
    effective = [one for one in decisions if one.on <= day]
    return effective[-1] if effective else None


def _status(closed: date | None, *, is_new: bool, decision: Decision | None, day: date) -> Status:
    if decision is not None and decision.action is Action.DECLINE:
        return Status.DECLINED
    if closed is not None:
        return Status.SOLVED
    if decision is not None and decision.action is Action.WATCH and decision.until is not None and day < decision.until:
        return Status.WATCHED
    return Status.NEW if is_new else Status.OPEN
