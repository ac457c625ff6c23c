"""Tests of a shop on its data: proposed from the past, read by day, ended with an effect."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.days import great_sales
from duoshou.app.diagnosis import LATE, faulty_days
from duoshou.app.loop.subjects import SHOP
from duoshou.app.loop.tasks import today_of
from duoshou.app.loop.trial_worth import CHANNEL, worth_of
from duoshou.loop.changes import Change, WantedChanges, list_changes
from duoshou.loop.effects import Measured
from duoshou.loop.evaluation.reading import Reader
from duoshou.loop.trial import Count, NewTrial, SwitchbackWish, Trial
from duoshou.loop.trial_counts import read_counts
from duoshou.loop.trial_effect import effect_of_reading
from duoshou.loop.trial_reading import Daily, Reading
from duoshou.loop.trial_schedule import actual_states
from duoshou.loop.trials import count_trial, end_trial, plan_trial, read_trial, trial_of
from duoshou.model import ChangeStanding, Period, Subject, TrialKind
from duoshou.statistics.trials import SwitchbackPlan, plan_switchback
from duoshou.warehouse.checks import run_checks

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

Floats = NDArray[np.float64]
HISTORY_DAYS = 112
"""Days before a test that say how the metric wanders."""
LATEST_DAYS = 28
"""Days whose mean stands for what a test will meet."""


@dataclass(frozen=True, slots=True)
class SwitchbackProposal:
    """A switchback that the past of its metric speaks for.

    Attributes:
        plan: The lengths that were weighed; its `days` is None where none would do or the past is too short.
        wish: The test to be planned; None where none would do.
        mean: Mean of the metric over the latest days; None where it is not known.
    """

    plan: SwitchbackPlan
    wish: SwitchbackWish | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What an A/B test of a rate will meet: the rate and the units a day over the latest days."""

    rate: float
    per_day: float


def plan_test(workbench: Workbench, shop: str, new: NewTrial, *, by: str) -> Trial:
    """Write a test down; its metrics may be given by any of their names.

    Raises:
        MetricError: If there is no such metric.
        TrialRefused: If it cannot be meant; see `duoshou.loop.trials.plan_trial`.
    """
    metric, wish = workbench.catalogue.metric(new.metric).key, new.wish
    if isinstance(wish, SwitchbackWish):
        wish = replace(wish, guards=tuple(workbench.catalogue.metric(one).key for one in wish.guards))
    return plan_trial(workbench.state, shop, replace(new, metric=metric, wish=wish), by=by, today=today_of(workbench))


def count_test(
    workbench: Workbench, shop: str, trial: int, counts: Path | Sequence[Count], *, by: str
) -> tuple[int, int]:
    """Enter the counts of a file, or those given, and return how many are new and how many were corrected.

    Raises:
        UnknownTrial: If the shop has no such test.
        TrialRefused: If the file or a count cannot be meant; nothing is entered then.
    """
    rows = read_counts(counts) if isinstance(counts, Path) else counts
    return count_trial(workbench.state, shop, trial, rows, by=by, today=today_of(workbench))


def propose_switchback(
    workbench: Workbench,
    shop: str,
    subject: Subject,
    metric: str,
    smallest_lift: float,
    *,
    starts_on: date,
    carry_over: int = 0,
    states: tuple[str, str] = ("A", "B"),
    longest: int = 84,
) -> SwitchbackProposal:
    """Return the shortest switchback that would find a difference, from how the metric wandered before.

    Great sales within it are left out.

    Args:
        workbench: The workspace.
        shop: Key of the shop.
        subject: What is to be tested.
        metric: Metric that should move.
        smallest_lift: Smallest relative difference worth having.
        starts_on: First day.
        carry_over: Days that a switch may still be felt.
        states: Names of the two states, that of what is now first.
        longest: Most days that may be proposed.

    Raises:
        MetricError: If there is no such metric.
    """
    until = workbench.last_complete_day(shop)
    past = Period(until - timedelta(days=HISTORY_DAYS - 1), until)
    values = DailyValues(workbench, shop, subject, past, until).row(workbench.catalogue.metric(metric).key)
    history = np.full(past.days, np.nan) if values is None else values
    is_ratio = bool((history[np.isfinite(history)] > 0).all())
    latest = history[-LATEST_DAYS:]
    mean = float(np.nanmean(latest)) if np.isfinite(latest).any() else None
    effect = abs(smallest_lift) * (1.0 if is_ratio or not mean else abs(mean))
    plan = plan_switchback(
        history,
        effect,
        carry_over=carry_over,
        relative=is_ratio,
        weekday=past.start.weekday(),
        longest=longest,
    )
    if plan.days is None:
        return SwitchbackProposal(plan, None, mean)
    days = [starts_on + timedelta(days=number) for number in range(plan.days)]
    sales = great_sales(workbench.calendar, days)
    avoid = tuple(day for day, is_sale in zip(days, sales, strict=True) if is_sale)
    wish = SwitchbackWish(plan.days, smallest_lift, states, plan.unit, plan.run, carry_over, avoid)
    return SwitchbackProposal(plan, wish, mean)


def baseline_of(workbench: Workbench, shop: str, subject: Subject, metric: str) -> Baseline | None:
    """Return the rate of a metric and its units a day over the latest days; None where it is no rate or not known.

    Raises:
        MetricError: If there is no such metric.
    """
    until = workbench.last_complete_day(shop)
    past = Period(until - timedelta(days=LATEST_DAYS - 1), until)
    reader = DailyValues(workbench, shop, subject, past, until)
    found = reader.parts(workbench.catalogue.metric(metric).key)
    if found is None or not np.isfinite(found[0]).any():
        return None
    hits, units = float(np.nansum(found[0])), float(np.nansum(found[1]))
    days = int(np.isfinite(found[1]).sum())
    return Baseline(hits / units, units / days) if units > 0 and 0 < hits < units else None


def read_test(workbench: Workbench, shop: str, trial: int, *, closed: bool = False) -> Reading:
    """Return what a test shows so far; a switchback is read from the warehouse, and checked against recorded changes.

    Raises:
        UnknownTrial: If the shop has no such test.
    """
    one = trial_of(workbench.state, shop, trial)
    daily = None if one.kind is TrialKind.AB else daily_of(workbench, shop, one)
    return read_trial(workbench.state, shop, trial, daily, closed=closed)


def daily_of(workbench: Workbench, shop: str, trial: Trial) -> Daily:
    """Return what a switchback is read from: its metric and guards by day, and what was really switched."""
    until = workbench.last_complete_day(shop)
    reader = _of_trial(workbench, shop, trial, until)
    states, unclear = actual_states(trial, _changes(workbench, shop, trial))
    caveats = [*unclear, *(["faulty_days"] if reader.has_faults else [])]
    pair = reader.pair(trial.metric, trial)
    if pair is None:
        nothing = np.full(trial.days, np.nan)
        return Daily(nothing, np.zeros(0), states, caveats=(*caveats, "no_data"))
    if reader.is_immature(trial.metric, min(until, trial.ends_on)):
        caveats.append("immature")
    guards = {one: reader.pair(one, trial) for one in trial.design.get("guards", ())}
    known = {name: found for name, found in guards.items() if found is not None}
    if len(known) < len(guards):
        caveats.append("guard_unknown")
    return Daily(*pair, states, known, tuple(caveats))


def end_test(workbench: Workbench, shop: str, trial: int, *, by: str) -> tuple[Trial, Measured]:
    """End a test, keep the effect that it found, and return both.

    A test that ran to its last planned day is read as closed. Ended before, it is read as on any other day: whoever
    ends a test because of what it shows must not have a look more than was planned.

    Raises:
        UnknownTrial: If the shop has no such test.
        TrialRefused: If it was ended or cancelled before.
    """
    one = trial_of(workbench.state, shop, trial)
    reading = read_test(workbench, shop, trial, closed=today_of(workbench) > one.ends_on)
    until = max(reading.last_day or one.starts_on, one.starts_on)
    daily = _of_trial(workbench, shop, one, workbench.last_complete_day(shop))
    worth = worth_of(workbench.state, daily, one, reading)
    measured = effect_of_reading(one, reading, currency=workbench.settings.currency, measured_on=until, worth=worth)
    return end_trial(workbench.state, shop, trial, measured, by=by), measured


def _changes(workbench: Workbench, shop: str, trial: Trial) -> tuple[Change, ...]:
    wanted = WantedChanges(
        ChangeStanding.CONFIRMED,
        first=trial.starts_on,
        last=trial.ends_on,
        subject=(trial.subject.type, trial.subject.id),
    )
    return list_changes(workbench.state, shop, wanted, limit=1000)[0]


def _of_trial(workbench: Workbench, shop: str, trial: Trial, until: date) -> DailyValues:
    days = Period(trial.starts_on - timedelta(days=HISTORY_DAYS), max(trial.starts_on, min(until, trial.ends_on)))
    return DailyValues(workbench, shop, trial.subject, days, until)


def _faulty(workbench: Workbench, shop: str, until: date) -> frozenset[date]:
    with contextlib.closing(workbench.reader()) as connection:
        faults = run_checks(connection, workbench.settings, until, shop=shop)
    return frozenset(day for one in faults if one.kind != LATE for day in faulty_days(one))


class DailyValues:
    """Daily values of one subject; days with faulty data, and those that still change, are unknown."""

    def __init__(self, workbench: Workbench, shop: str, subject: Subject, days: Period, until: date) -> None:
        faulty = workbench.remembered(("faulty days", shop, until), lambda: _faulty(workbench, shop, until))
        self._days, self._until = days, until
        self._type, self._name = (SHOP, "") if subject.type in {SHOP, CHANNEL} else (subject.type, subject.id)
        self._reader = Reader(workbench.backend(), workbench.catalogue, days, until, shop, faulty)
        self.has_faults = any(day in faulty for day in days)

    def parts(self, metric: str) -> tuple[Floats, Floats] | None:
        """Return successes and units of a rate by day; None where the files do not tell it."""
        values = self._reader.values(metric, self._type)
        rows = [] if values is None else values.rows([self._name])
        if values is None or values.trials is None or not rows:
            return None
        return values.values[rows[0]], values.trials[rows[0]]

    def row(self, metric: str) -> Floats | None:
        """Return a metric by day; None where the files do not tell it."""
        values = self._reader.values(metric, self._type)
        rows = [] if values is None else values.rows([self._name])
        if values is None or not rows:
            return None
        found = values.values[rows[0]]
        if values.trials is not None:
            found = found / values.trials[rows[0]]
        settled = [day <= self._settled(metric) for day in self._days]
        return np.where(settled, found, np.nan)

    def pair(self, metric: str, trial: Trial) -> tuple[Floats, Floats] | None:
        """Return a metric on the planned days of a test, and on the days before."""
        row = self.row(metric)
        if row is None:
            return None
        before = (trial.starts_on - self._days.start).days
        outcome = np.full(trial.days, np.nan)
        outcome[: len(row) - before] = row[before:]
        return outcome, row[:before]

    def is_immature(self, metric: str, day: date) -> bool:
        """Return whether a metric of a day may still change."""
        return day > self._settled(metric)

    def _settled(self, metric: str) -> date:
        known = self._reader.metric(metric)
        return self._until - timedelta(days=0 if known is None else known.maturity_days)
