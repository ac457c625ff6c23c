"""What a test shows: arms against what is now, guards, how long it still takes, and what narrows it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from duoshou.loop.evaluation.rules import better_when
from duoshou.loop.trial import HELD, Count, Trial
from duoshou.loop.trial_words import DECISIONS, TRIAL_CAVEATS
from duoshou.model import Text, plain
from duoshou.state.content import storable
from duoshou.statistics.trials import AbReading, Guard, Outcomes, SwitchbackReading, read_ab, read_switchback

Floats = NDArray[np.float64]
Decision = Literal["better", "worse", "no_difference", "cannot_tell_yet"]
GuardState = Literal["holds", "harmed", "cannot_tell_yet"]


@dataclass(frozen=True, slots=True)
class ArmReading:
    """An arm against what is now.

    Attributes:
        arm: Its name.
        relative: Difference as a fraction of what is now; NaN where there is nothing yet.
        low: Lower end of its interval, valid however often one looks.
        high: Upper end.
        decision: What it says; more is better, or less where less of the metric is.
    """

    arm: str
    relative: float
    low: float
    high: float
    decision: Decision


@dataclass(frozen=True, slots=True)
class GuardRead:
    """A guard in one arm: relative difference with its interval, and whether it held."""

    name: str
    arm: str
    relative: float
    low: float
    high: float
    state: GuardState


@dataclass(frozen=True, slots=True)
class Reading:
    """What a test shows so far.

    Attributes:
        trial: Its number.
        now: Name of the arm that is now.
        decision: Of the best arm.
        best: The arm that is better, else None.
        adopt: Whether it may be taken: better, no guard fell, and the split was right.
        is_valid: False where units were not split, or days not switched, as planned: nothing is decided then.
        arms: Each arm but the first.
        guards: Each guard in each of them.
        more_units: Units still missing; 0 when decided, None: cannot be told or not counted in units.
        more_days: Days still missing; 0 when decided, None: cannot be told.
        days: Days that were read.
        is_finished: Whether it has run as long as was planned.
        last_day: Last day that is in it; None: none.
        split: Observed and planned share of each arm and the p-value of their fitting, valid at all looks; None for a
            switchback.
        deviating: Days that were not as scheduled.
        caveats: Keys of `TRIAL_CAVEATS`.
    """

    trial: int
    now: str
    decision: Decision
    best: str | None
    adopt: bool
    is_valid: bool
    arms: tuple[ArmReading, ...]
    guards: tuple[GuardRead, ...]
    more_units: int | None
    more_days: int | None
    days: int
    is_finished: bool
    last_day: date | None
    split: dict[str, Any] | None = None
    deviating: tuple[date, ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def told(self) -> Text:
        """One sentence about what to do."""
        key: str = self.decision if self.is_valid or self.split is None else "invalid"
        if key == "better" and not self.adopt:
            key = "harms_guard"
        words, names = DECISIONS[key], {"arm": self.best or "", "now": self.now}
        text = Text(words.zh.format_map(names), words.en.format_map(names))
        if key != "cannot_tell_yet" or not self.more_days:
            return text
        return Text(f"{text.zh}，大约还要 {self.more_days} 天", f"{text.en}: about {self.more_days} more days")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; what is not known, or has no end, is null."""
        shape: dict[str, Any] = storable(plain(self))
        told = [TRIAL_CAVEATS[code] for code in self.caveats]
        return {**shape, "told": plain(self.told), "caveat_texts": plain(told)}


@dataclass(frozen=True, slots=True)
class Daily:
    """What a switchback is read from.

    Attributes:
        outcome: float[days], the metric on each planned day; NaN: unknown or to come.
        history: float[days before], the same before the first day.
        states: What each day really was, 0 or 1; None: as scheduled.
        guards: Metric → the same pair of arrays.
        caveats: What is known to narrow it.
    """

    outcome: Floats
    history: Floats
    states: Sequence[int] | None = None
    guards: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


def read_split(trial: Trial, counts: Sequence[Count], *, closed: bool = False) -> Reading:
    """Return what an A/B test shows after the days so far.

    Args:
        trial: The test.
        counts: What was counted; a day on which an arm is missing is unknown.
        closed: Whether it ends here for a reason that has nothing to do with what it shows.
    """
    plan = trial.ab_plan()
    last = max((one.day for one in counts), default=None)
    days = 0 if last is None else (last - trial.starts_on).days + 1
    units, successes, totals, squares = (
        _table(trial, counts, days, name) for name in ("units", "successes", "total", "squares")
    )
    main = Outcomes(units, successes) if plan.kind == "rate" else Outcomes(units, totals, squares)
    guard = trial.design.get("guard")
    guards = []
    if guard:
        beside = Outcomes(units, totals, squares) if plan.kind == "rate" else Outcomes(units, successes)
        guards.append(Guard(beside, float(guard["margin"])))
    found = read_ab(main, plan, guards=guards, closed=closed)
    return _split_told(trial, found, guards, last)


def _table(trial: Trial, counts: Sequence[Count], days: int, name: str) -> Floats:
    table = np.full((days, len(trial.arms)), np.nan)
    for one in counts:
        value = getattr(one, name)
        if value is not None:
            table[(one.day - trial.starts_on).days, trial.arms.index(one.arm)] = value
    return table


def _split_told(trial: Trial, found: AbReading, guards: Sequence[Guard], last: date | None) -> Reading:
    direction = better_when(trial.metric)
    arms = tuple(
        ArmReading(
            trial.arms[one.arm],
            one.relative,
            one.relative_low,
            one.relative_high,
            _decided(one.decision, direction) if found.valid else "cannot_tell_yet",
        )
        for one in found.comparisons
    )
    read = tuple(
        GuardRead(
            trial.design["guard"]["name"],
            trial.arms[one.arm],
            *_relative(guards[one.guard].outcomes, (one.estimate, one.low, one.high)),
            one.state,
        )
        for one in found.guards
    )
    decision, best = _overall(arms, direction)
    fell = {one.arm for one in read if one.state == "harmed"}
    caveats = [*found.caveats, *_guard_caveats(read, decision), *(["planned_late"] if trial.is_late else [])]
    ratio = found.sample_ratio
    split = {"arms": trial.arms, "observed": ratio.observed, "planned": ratio.planned, "p_value": ratio.p_value}
    return Reading(
        trial.id,
        trial.arms[0],
        decision,
        best,
        best is not None and best not in fell and found.valid,
        found.valid,
        arms,
        read,
        found.more_units,
        found.more_days,
        found.days,
        found.finished,
        last,
        split,
        caveats=tuple(dict.fromkeys(caveats)),
    )


def _relative(outcomes: Outcomes, values: tuple[float, float, float]) -> tuple[float, float, float]:
    known = outcomes.known
    units = float(outcomes.units[known, 0].sum())
    base = abs(float(outcomes.totals[known, 0].sum())) / units if units > 0 else math.nan
    estimate, low, high = (value / base if base else math.nan for value in values)
    return estimate, low, high


def _decided(decision: str, direction: int) -> Decision:
    if decision in {"a_better", "b_better"}:
        return "better" if (decision == "b_better") == (direction > 0) else "worse"
    return "no_difference" if decision == "no_difference" else "cannot_tell_yet"


def _overall(arms: Sequence[ArmReading], direction: int) -> tuple[Decision, str | None]:
    better = [one for one in arms if one.decision == "better"]
    if better:
        return "better", max(better, key=lambda one: direction * one.relative).arm
    if not arms or any(one.decision == "cannot_tell_yet" for one in arms):
        return "cannot_tell_yet", None
    return ("worse" if all(one.decision == "worse" for one in arms) else "no_difference"), None


def _guard_caveats(guards: Sequence[GuardRead], decision: Decision) -> list[str]:
    states = {one.state for one in guards}
    told = ["guard_fell"] if "harmed" in states else []
    return told + (["guard_unknown"] if "cannot_tell_yet" in states and decision != "cannot_tell_yet" else [])


def read_switches(trial: Trial, daily: Daily) -> Reading:
    """Return what a switchback shows after the days so far.

    Where the metric was above 0 on every known day ratios are read, on logarithms; else differences, as fractions of
    the mean of the days in the first state.
    """
    direction, level, arm = better_when(trial.metric), float(trial.design["level"]), trial.arms[1]
    found, unit = _read_metric(trial, daily.outcome, daily.history, daily.states, level)
    numbers = (found.estimate / unit, found.low / unit, found.high / unit)
    decision = _decided(found.decision, direction)
    guards = []
    for metric, (outcome, history) in daily.guards.items():
        one, scale = _read_metric(trial, outcome, history, daily.states, level)
        guards.append(_guard_read(metric, arm, one, scale))
    fell = any(one.state == "harmed" for one in guards)
    known = np.flatnonzero(np.isfinite(daily.outcome))
    last = None if len(known) == 0 else trial.starts_on + timedelta(days=int(known[-1]))
    caveats = [*daily.caveats, *found.caveats, *_guard_caveats(guards, decision)]
    return Reading(
        trial.id,
        trial.arms[0],
        decision,
        arm if decision == "better" else None,
        decision == "better" and not fell and found.randomised,
        found.randomised,
        (ArmReading(arm, *numbers, decision),),
        tuple(guards),
        None,
        found.more_days,
        sum(found.days_read),
        "not_finished" not in found.caveats,
        last,
        deviating=tuple(trial.starts_on + timedelta(days=day) for day in found.deviating),
        caveats=tuple(dict.fromkeys(caveats)),
    )


def _read_metric(
    trial: Trial, outcome: Floats, history: Floats, states: Sequence[int] | None, level: float
) -> tuple[SwitchbackReading, float]:
    """Return the reading of a metric and what its numbers are to be divided by."""
    known = np.concatenate([outcome, history])
    known = known[np.isfinite(known)]
    is_ratio = len(known) > 0 and bool((known > 0).all())
    design, lift = trial.switchback(), abs(trial.smallest_lift)
    first = outcome[(design.assignment == 0) & np.isfinite(outcome)]
    base = 1.0 if is_ratio else abs(float(first.mean())) if len(first) else math.nan
    found = read_switchback(
        outcome,
        states,
        design,
        smallest_effect=lift * base if base > 0 else None,
        relative=is_ratio,
        weekday=trial.starts_on.weekday(),
        history=history,
        level=level,
    )
    return found, base if base > 0 else math.nan


def _guard_read(metric: str, arm: str, found: SwitchbackReading, scale: float) -> GuardRead:
    direction = better_when(metric)
    relative, low, high = found.estimate / scale, found.low / scale, found.high / scale
    worst = low if direction > 0 else -high
    state: GuardState = "cannot_tell_yet"
    if _decided(found.decision, direction) == "worse":
        state = "harmed"
    elif worst > -HELD:
        state = "holds"
    return GuardRead(metric, arm, relative, low, high, state)
