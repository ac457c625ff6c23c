"""What became of each entry of the playbook in a shop: how often tried, how judged, why declined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from duoshou.model import Source, TaskState, Verdict
from duoshou.state import State
from duoshou.state.loop_models import EffectRow, TaskRow, TaskStep, TrialRow

MOST_EFFECTS = 50
"""Latest tries of an entry whose effects are pooled: earlier ones tell of another shop than today's."""
MOST_REASONS = 5
LATEST_DECLINED = 1000
"""Latest declined tasks of a shop among which reasons are looked for."""
NOT_SEPARABLE = "not_separable"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one try brought.

    Attributes:
        metric: Metric that was to move.
        relative: Its change, relative to what would have been.
        low: Lower end of the 95 % interval.
        high: Upper end.
        is_separable: Whether nothing else can have brought it.
    """

    metric: str
    relative: float
    low: float
    high: float
    is_separable: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody declined a task."""

    task: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tries:
    """What became of an entry in a shop.

    Attributes:
        tried: Effects that were judged, of any verdict.
        worked: How many of them worked.
        did_not: How many did not.
        harmed: How many did harm.
        cannot_tell: How many cannot be judged.
        informed: How many measured effects say something of its own metric.
        declined: How many of its tasks were declined.
        reasons: Why, the latest first.
        effects: The latest measured effects.
    """

    tried: int = 0
    worked: int = 0
    did_not: int = 0
    harmed: int = 0
    cannot_tell: int = 0
    informed: int = 0
    declined: int = 0
    reasons: tuple[Reason, ...] = ()
    effects: tuple[Effect, ...] = ()


NO_TRIES = Tries()


def tries_of(state: State, shop: str, actions: Sequence[str]) -> dict[str, Tries]:
    """Return what became of entries in a shop, by their keys; one never tried nor declined is left out."""
    if not actions:
        return {}
    with state.reading() as session:
        counted = (EffectRow.shop == shop, *_once(session, shop))
        verdicts, declined = _verdicts(session, counted, actions), _declined(session, shop, actions)
        reasons = _reasons(session, shop, declined)
        return {
            key: Tries(
                tried=sum(counts.values()),
                worked=counts[Verdict.WORKED],
                did_not=counts[Verdict.DID_NOT],
                harmed=counts[Verdict.HARMED],
                cannot_tell=counts[Verdict.CANNOT_TELL],
                declined=declined.get(key, 0),
                reasons=tuple(reasons.get(key, ())),
                effects=_effects(session, counted, key) if counts else (),
            )
            for key in sorted({*verdicts, *declined})
            for counts in [verdicts.get(key, Counter())]
        }


def _once(session: Session, shop: str) -> tuple[ColumnElement[bool], ...]:
    """Return the tests that leave a task out where a test with random assignment judged the same thing better."""
    query = (
        select(TrialRow.task)
        .join(EffectRow, (EffectRow.shop == TrialRow.shop) & (EffectRow.source_id == cast(TrialRow.id, String)))
        .where(TrialRow.shop == shop, TrialRow.task.is_not(None), EffectRow.source == Source.TRIAL.value)
    )
    tasks = [str(one) for one in session.scalars(query)]
    if not tasks:
        return ()
    return (or_(EffectRow.source != Source.TASK.value, EffectRow.source_id.not_in(tasks)),)


def _verdicts(
    session: Session, counted: tuple[ColumnElement[bool], ...], actions: Sequence[str]
) -> dict[str, Counter[Verdict]]:
    query = (
        select(EffectRow.action, EffectRow.verdict, func.count())
        .where(*counted, EffectRow.action.in_(actions))
        .group_by(EffectRow.action, EffectRow.verdict)
    )
    found: dict[str, Counter[Verdict]] = {}
    for action, verdict, count in session.execute(query):
        if action is not None:
            found.setdefault(action, Counter())[Verdict(verdict)] = count
    return found


def _declined(session: Session, shop: str, actions: Sequence[str]) -> dict[str, int]:
    query = (
        select(TaskRow.action, func.count())
        .where(TaskRow.shop == shop, TaskRow.state == TaskState.DECLINED.value, TaskRow.action.in_(actions))
        .group_by(TaskRow.action)
    )
    return {action: count for action, count in session.execute(query) if action is not None}


def _reasons(session: Session, shop: str, declined: Mapping[str, int]) -> dict[str, list[Reason]]:
    """Return the latest reasons by entry, among the latest declined tasks."""
    if not declined:
        return {}
    latest = (
        select(TaskRow.action, TaskRow.id, TaskRow.reason)
        .where(TaskRow.shop == shop, TaskRow.state == TaskState.DECLINED.value)
        .order_by(TaskRow.due_on.desc(), TaskRow.id.desc())
        .limit(LATEST_DECLINED)
    )
    chosen: dict[str, list[tuple[int, str]]] = {}
    for action, task, reason in session.execute(latest):
        if action is not None and action in declined and len(chosen.setdefault(action, [])) < MOST_REASONS:
            chosen[action].append((task, reason or ""))
    numbers = [task for told in chosen.values() for task, _ in told]
    steps = select(TaskStep).where(TaskStep.task.in_(numbers), TaskStep.state == TaskState.DECLINED.value)
    last = {one.task: one for one in session.scalars(steps.order_by(TaskStep.number))}
    return {
        action: [Reason(task, reason, last[task].by, last[task].at) for task, reason in told if task in last]
        for action, told in chosen.items()
    }


def _effects(session: Session, counted: tuple[ColumnElement[bool], ...], action: str) -> tuple[Effect, ...]:
    query = (
        select(
            EffectRow.metric,
            EffectRow.relative,
            EffectRow.relative_low,
            EffectRow.relative_high,
            EffectRow.caveats,
        )
        .where(*counted, EffectRow.action == action, EffectRow.relative.is_not(None))
        .where(EffectRow.relative_low.is_not(None), EffectRow.relative_high.is_not(None))
        .order_by(EffectRow.window_to.desc(), EffectRow.id)
        .limit(MOST_EFFECTS)
    )
    return tuple(
        Effect(metric, relative, low, high, NOT_SEPARABLE not in caveats)
        for metric, relative, low, high, caveats in session.execute(query)
        if relative is not None and low is not None and high is not None
    )
