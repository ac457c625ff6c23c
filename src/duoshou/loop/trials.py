"""Tests of a shop: planned before their first day, counted, read at any time, ended with an effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from duoshou.loop.effects import Measured, record_effects
from duoshou.loop.errors import TrialRefused, UnknownTask, UnknownTrial
from duoshou.loop.trial import AbWish, Count, NewTrial, SwitchbackWish, Trial, count_from, trial_from
from duoshou.loop.trial_plan import designed, plan_of, schedule_of
from duoshou.loop.trial_reading import Daily, Reading, read_split, read_switches
from duoshou.model import Text, TrialKind, TrialState
from duoshou.state import State
from duoshou.state.audit import MOMENT, AuditedSession
from duoshou.state.content import clean, storable
from duoshou.state.loop_models import TaskRow, TrialCount, TrialRow

__all__ = [
    "AbWish",
    "Count",
    "Daily",
    "NewTrial",
    "Reading",
    "SwitchbackWish",
    "Trial",
    "cancel_trial",
    "count_trial",
    "counts_of",
    "end_trial",
    "list_trials",
    "plan_of",
    "plan_trial",
    "read_trial",
    "schedule_of",
    "trial_of",
]

MOST_LISTED = 1000
AFTERWARDS = timedelta(days=366)
"""How long after its planned end a test may still be counted where nobody says what day it is."""


def plan_trial(state: State, shop: str, new: NewTrial, *, by: str, today: date | None = None) -> Trial:
    """Write a test down with its design, and return it.

    Args:
        state: Where it is kept.
        shop: Key of the shop.
        new: What is to be tested.
        by: Who plans it.
        today: The day that it is where the shop is; None: by UTC.

    Raises:
        TrialRefused: If it cannot be meant, begins before it is designed, or another test of the subject would
            disturb it.
        ChangeRefused: If it names a kind of change that there is not.
        UnknownTask: If it belongs to a task that the shop does not have.
    """
    with state.writing(by, shop) as session:
        design, ends_on = designed(new, today or session.info[MOMENT].date())
        _check_alone(session, shop, new, ends_on)
        action, cause = _tried(session, shop, new)
        row = TrialRow(
            shop=shop,
            kind=new.kind.value,
            name=clean(new.name).strip(),
            subject_type=new.subject.type,
            subject_id=clean(new.subject.id),
            subject_name=clean(new.subject.name),
            change_kind=new.change_kind,
            metric=new.metric,
            design=storable({**design, "action": action, "cause": cause}),
            task=new.task,
            starts_on=new.starts_on,
            ends_on=ends_on,
            state=TrialState.RUNNING.value,
            created_by=by.strip(),
            created_at=session.info[MOMENT],
        )
        session.add(row)
        session.flush()
        return trial_from(row)


def trial_of(state: State, shop: str, trial: int) -> Trial:
    """Return a test.

    Raises:
        UnknownTrial: If the shop has no such test.
    """
    with state.reading() as session:
        return trial_from(_get(session, shop, trial))


def list_trials(
    state: State, shop: str, *, standing: TrialState | None = None, limit: int = 200, offset: int = 0
) -> tuple[tuple[Trial, ...], int]:
    """Return a page of the tests of a shop, the latest first, and how many there are in all."""
    tests = [TrialRow.shop == shop]
    if standing is not None:
        tests.append(TrialRow.state == standing.value)
    query = select(TrialRow).where(*tests).order_by(TrialRow.starts_on.desc(), TrialRow.id.desc())
    with state.reading() as session:
        total = session.scalar(select(func.count()).select_from(TrialRow).where(*tests)) or 0
        rows = session.scalars(query.limit(min(limit, MOST_LISTED)).offset(offset))
        return tuple(map(trial_from, rows)), total


def counts_of(state: State, shop: str, trial: int) -> tuple[Count, ...]:
    """Return what was counted in a test, by day and arm.

    Raises:
        UnknownTrial: If the shop has no such test.
    """
    with state.reading() as session:
        _get(session, shop, trial)
        rows = session.scalars(select(TrialCount).filter_by(trial=trial).order_by(TrialCount.day, TrialCount.arm))
        return tuple(map(count_from, rows))


def count_trial(
    state: State, shop: str, trial: int, rows: Sequence[Count], *, by: str, today: date | None = None
) -> tuple[int, int]:
    """Enter what the arms of an A/B test saw, and return how many counts are new and how many were corrected.

    A count of a day and arm that is there already takes its place; the log keeps what it was.

    Args:
        state: Where it is kept.
        shop: Key of the shop.
        trial: Number of the test.
        rows: Counts; nothing is entered where one cannot be meant.
        by: Who enters them.
        today: The day that it is where the shop is; None: days to come are not refused.

    Raises:
        UnknownTrial: If the shop has no such test.
        TrialRefused: If the test is over or is no A/B test, or a count cannot be meant.
    """
    with state.writing(by, shop) as session:
        row = _get(session, shop, trial)
        known = trial_from(row)
        _check_counted(known)
        _check_counts(known, rows, today)
        new = corrected = 0
        for one in rows:
            former = session.get(TrialCount, (trial, one.day, one.arm))
            values = {"units": one.units, "successes": one.successes, "total": one.total, "squares": one.squares}
            if former is None:
                session.add(TrialCount(trial=trial, day=one.day, arm=one.arm, **values))
                new += 1
            elif any(getattr(former, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(former, name, value)
                corrected += 1
        return new, corrected


def read_trial(state: State, shop: str, trial: int, daily: Daily | None = None, *, closed: bool = False) -> Reading:
    """Return what a test shows so far; it may be read every day.

    Args:
        state: Where it is kept.
        shop: Key of the shop.
        trial: Number of the test.
        daily: For a switchback: the metric by day and what was really switched.
        closed: Whether it ends here for a reason that has nothing to do with what it shows.

    Raises:
        UnknownTrial: If the shop has no such test.
        TrialRefused: If the daily values of a switchback are missing.
    """
    one = trial_of(state, shop, trial)
    if one.kind is TrialKind.AB:
        return read_split(one, counts_of(state, shop, trial), closed=closed)
    if daily is None:
        raise TrialRefused(
            "switchback_without_days",
            Text(f"测试 {trial} 要按天的数据才能看", f"test {trial} is read from daily values"),
            hint=Text("用 duoshou ab read，它从仓库取数", "duoshou ab read takes them from the warehouse"),
        )
    return read_switches(one, daily)


def end_trial(state: State, shop: str, trial: int, measured: Measured, *, by: str) -> Trial:
    """End a test with the effect that it found, which the playbook learns from; once more replaces nothing.

    Args:
        state: Where it is kept.
        shop: Key of the shop.
        trial: Number of the test.
        measured: Its effect, as `effect_of_reading` gives it.
        by: Who ends it.

    Raises:
        UnknownTrial: If the shop has no such test.
        TrialRefused: If it was ended or cancelled before.
    """
    one = trial_of(state, shop, trial)
    _check_running(one)
    record_effects(state, shop, [replace(measured, is_final=True)], by=by)
    return _set(state, shop, trial, TrialState.ENDED, by)


def cancel_trial(state: State, shop: str, trial: int, *, by: str) -> Trial:
    """Cancel a test that will not be judged.

    Raises:
        UnknownTrial: If the shop has no such test.
        TrialRefused: If it was ended or cancelled before.
    """
    return _set(state, shop, trial, TrialState.CANCELLED, by)


def _set(state: State, shop: str, trial: int, to: TrialState, by: str) -> Trial:
    with state.writing(by, shop) as session:
        row = _get(session, shop, trial)
        _check_running(trial_from(row))
        row.state = to.value
        session.flush()
        return trial_from(row)


def _check_running(trial: Trial) -> None:
    if trial.state is not TrialState.RUNNING:
        raise TrialRefused(
            "trial_over",
            Text(f"测试 {trial.id} 已经结束", f"test {trial.id} is over"),
            hint=Text("另建一个测试", "plan another test"),
        )


def _check_counted(trial: Trial) -> None:
    _check_running(trial)
    if trial.kind is not TrialKind.AB:
        raise TrialRefused(
            "trial_not_counted",
            Text(
                f"测试 {trial.id} 是轮换测试，从仓库按天取数，不用填",
                f"test {trial.id} is read from the warehouse by day",
            ),
            hint=Text("导入每天的报表即可", "import the daily reports"),
        )


def _check_counts(trial: Trial, rows: Sequence[Count], today: date | None) -> None:
    seen: set[tuple[date, str]] = set()
    kind = trial.ab_plan().kind
    for number, one in enumerate(rows, start=1):
        told = _mistake(trial, one, kind, today)
        if (one.day, one.arm) in seen:
            told = Text(f"{one.day} 的 {one.arm} 出现了两次", f"{one.arm} of {one.day} is there twice")
        if told is not None:
            raise TrialRefused(
                "trial_count",
                Text(f"第 {number} 行：{told.zh}", f"row {number}: {told.en}"),
                hint=Text("改好后整份再填一次", "mend it and enter all of it again"),
            )
        seen.add((one.day, one.arm))


def _mistake(trial: Trial, one: Count, kind: str, today: date | None) -> Text | None:
    """Return what is wrong with a count, or None."""
    arms = "、".join(trial.arms)
    numbers = [value for value in (one.total, one.squares) if value is not None]
    tests = [
        (
            one.arm not in trial.arms,
            Text(f"没有“{one.arm}”这一组，有 {arms}", f"there is no arm {one.arm!r}, but {arms}"),
        ),
        (
            not trial.starts_on <= one.day <= (today or trial.ends_on + AFTERWARDS),
            Text(f"{one.day} 不在测试的日子里", f"{one.day} is no day of the test"),
        ),
        (one.units < 0, Text("数量不能是负数", "units are not negative")),
        (
            one.successes is not None and not 0 <= one.successes <= one.units,
            Text(f"{one.units} 个里不会有 {one.successes} 个成功", f"{one.successes} of {one.units} cannot succeed"),
        ),
        (
            not all(map(math.isfinite, numbers)),
            Text("金额要是数", "amounts are numbers"),
        ),
        (
            (one.total is None) != (one.squares is None),
            Text("金额合计和平方和要一起填", "a sum of amounts comes with the sum of their squares"),
        ),
        (
            one.total is not None and one.squares is not None and one.squares * one.units < one.total**2 * (1 - 1e-9),
            Text("平方和太小，和合计对不上", "the sum of squares is too small for the sum"),
        ),
        (
            kind == "rate" and one.successes is None,
            Text("缺成功数（点击、成交）", "the number of successes is missing"),
        ),
        (
            kind == "mean" and one.total is None,
            Text("缺金额合计和平方和", "the sum of amounts and of squares is missing"),
        ),
    ]
    return next((text for is_wrong, text in tests if is_wrong), None)


def _check_alone(session: Session, shop: str, new: NewTrial, ends_on: date) -> None:
    """Raise where a test of the same subject would disturb another: of two at once one must be split at random."""
    query = select(TrialRow).filter_by(shop=shop, state=TrialState.RUNNING.value)
    same = query.filter_by(subject_type=new.subject.type, subject_id=clean(new.subject.id))
    for row in session.scalars(same.where(TrialRow.starts_on <= ends_on, TrialRow.ends_on >= new.starts_on)):
        if TrialKind.SWITCHBACK in {TrialKind(row.kind), new.kind}:
            raise TrialRefused(
                "trial_disturbed",
                Text(
                    f"测试 {row.id}“{row.name}”同时在测同一个对象", f"test {row.id} ({row.name}) is on the same subject"
                ),
                hint=Text("等它结束，或先取消它", "wait until it ends, or cancel it"),
            )


def _tried(session: Session, shop: str, new: NewTrial) -> tuple[str | None, str | None]:
    """Return the playbook's entry that a test tries and the cause that it answers."""
    if new.task is None:
        return new.action, new.cause
    task = session.get(TaskRow, new.task)
    if task is None or task.shop != shop:
        raise UnknownTask(shop, new.task)
    return new.action or task.action, new.cause or task.cause


def _get(session: Session | AuditedSession, shop: str, trial: int) -> TrialRow:
    row = session.get(TrialRow, trial)
    if row is None or row.shop != shop:
        raise UnknownTrial(shop, trial)
    return row
