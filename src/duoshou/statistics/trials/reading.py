"""What a test between randomly assigned arms shows, on any day one cares to look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from duoshou.statistics.trials.comparison import Comparison, Decision, Monitor, compared, monitor
from duoshou.statistics.trials.outcomes import Outcomes, differences
from duoshou.statistics.trials.planning import AbPlan
from duoshou.statistics.trials.sample_ratio import SampleRatio, sample_ratio
from duoshou.statistics.trials.sequences import mixing_variance, sequence_bounds

GuardState = Literal["holds", "harmed", "cannot_tell_yet"]


@dataclass(frozen=True)
class Guard:
    """An outcome that must not suffer while another is improved.

    Attributes:
        outcomes: Its counts, in the same arms.
        margin: Relative loss that would still be borne: 0.02 is 2 per cent.
        higher_is_better: False where a rise is the loss.
    """

    outcomes: Outcomes
    margin: float
    higher_is_better: bool = True


@dataclass(frozen=True)
class GuardReading:
    """What became of a guard in one arm.

    Attributes:
        guard, arm: Which.
        estimate, low, high: Difference to arm 0, valid at all looks; NaN and infinite before there is enough.
        state: "harmed": worse than arm 0 for sure; "holds": not worse by more than the margin; or "cannot_tell_yet".
    """

    guard: int
    arm: int
    estimate: float
    low: float
    high: float
    state: GuardState


@dataclass(frozen=True)
class AbReading:
    """What a test shows so far.

    Attributes:
        decision: Of the best arm: "b_better": at least one arm beats arm 0; "a_better": arm 0 beats all; and
            "no_difference" or "cannot_tell_yet".
        arm: The arm with the highest estimate among those that beat arm 0, else None.
        adopt: Whether that arm may be taken: it is better, no guard is harmed in it, and the split was right.
        valid: False if the units were not split as planned; then nothing is decided.
        comparisons: One for each arm but arm 0.
        sample_ratio: Whether units were split as planned.
        guards: One for each guard and arm.
        more_units: Units of all arms still missing; 0 when decided, None if it cannot be told.
        more_days: The same in days at the pace so far, or the planned one before the first unit.
        days: Days that are known.
        finished: Whether the fixed horizon is reached or the test was closed.
        caveats: Codes: "sample_ratio_mismatch", "missing_days", "too_few_events", "horizon_spent" (more units need a
            new plan), "closed_early", "read_past_decision" (later days do not change what was decided).
    """

    decision: Decision
    arm: int | None
    adopt: bool
    valid: bool
    comparisons: tuple[Comparison, ...]
    sample_ratio: SampleRatio
    guards: tuple[GuardReading, ...]
    more_units: int | None
    more_days: int | None
    days: int
    finished: bool
    caveats: tuple[str, ...]


def read_ab(
    outcomes: Outcomes,
    plan: AbPlan,
    *,
    guards: Sequence[Guard] = (),
    closed: bool = False,
    ratio_level: float = 0.01,
) -> AbReading:
    """Return what a test shows after the days so far; it may be read every day, and stopped when it decides.

    Give all days from the first one on: the looks at earlier days are part of the reading, whether or not anybody
    looked. With a fixed horizon the level is spent as units come in (Lan and DeMets, 1983); without one a confidence
    sequence holds at all times (Waudby-Smith et al., 2024). Several arms are tested by Holm's procedure at each look
    (Maurer and Bretz, 2013), their intervals are Bonferroni's.

    Args:
        outcomes: Counts of each day and arm.
        plan: What was fixed beforehand.
        guards: Outcomes that must not suffer, each read at the plan's level without correction for their number.
        closed: The test ends here for a reason that has nothing to do with what it shows.
        ratio_level: Chance that a right split is ever called wrong.

    Raises:
        ValueError: If arms or kinds of the outcomes do not fit the plan.
    """
    if outcomes.arms != len(plan.shares) or outcomes.kind != plan.kind:
        raise ValueError("outcomes have the arms and the kind that were planned")
    if any(guard.outcomes.arms != outcomes.arms for guard in guards):
        raise ValueError("guards have the arms of the outcomes")
    arms = range(1, outcomes.arms)
    progress = np.cumsum(outcomes.units[outcomes.known].sum(axis=1)) / plan.units
    watches = [monitor(differences(outcomes, arm), plan, arm, progress, closed=closed) for arm in arms]
    split = sample_ratio(outcomes.units, plan.shares, level=ratio_level)
    stops = first_rejections(watches, plan.level)
    own = plan.level / plan.comparisons
    comparisons = tuple(compared(watch, stop, own) for watch, stop in zip(watches, stops, strict=True))
    states = tuple(_guarded(guard, number, arm, plan) for number, guard in enumerate(guards) for arm in arms)
    valid = not split.mismatch
    if not valid:
        comparisons = tuple(_void(one) for one in comparisons)
    decision, best = _overall(comparisons)
    harmed = {state.arm for state in states if state.state == "harmed"}
    finished = all(watch.last for watch in watches)
    more = _more_units(comparisons, plan, decision) if valid else None
    known = outcomes.known
    seen = float(outcomes.units[known].sum())
    pace = seen / int(known.sum()) if seen > 0 else plan.per_day
    return AbReading(
        decision,
        best,
        best is not None and best not in harmed,
        valid,
        comparisons,
        split,
        states,
        more,
        None if more is None else math.ceil(more / pace),
        int(known.sum()),
        finished,
        _caveats(outcomes, watches, stops, comparisons, split, plan, decision, closed),
    )


def first_rejections(watches: Sequence[Monitor], level: float) -> list[int | None]:
    """Return the look at which each arm is rejected by Holm's procedure, applied day by day; None where it is not."""
    stops: list[int | None] = [None] * len(watches)
    crossed = [
        [dict(zip(watch.data.days[watch.looks].tolist(), enumerate(watch.crossed(level / (left + 1))), strict=True))
         for left in range(len(watches))]
        for watch in watches
    ]  # fmt: skip
    days = sorted({day for arm in crossed for day in arm[0]})
    for day in days:
        found = True
        while found:
            found = False
            remaining = sum(stop is None for stop in stops)
            for arm, stop in enumerate(stops):
                look, decisive = crossed[arm][remaining - 1].get(day, (0, False)) if stop is None else (0, False)
                if decisive:
                    stops[arm], found = look, True
                    break
    return stops


def _overall(comparisons: Sequence[Comparison]) -> tuple[Decision, int | None]:
    better = [one for one in comparisons if one.decision == "b_better"]
    if better:
        return "b_better", max(better, key=lambda one: one.estimate).arm
    if any(one.decision == "cannot_tell_yet" for one in comparisons):
        return "cannot_tell_yet", None
    worse = all(one.decision == "a_better" for one in comparisons)
    return ("a_better" if worse else "no_difference"), None


def _void(one: Comparison) -> Comparison:
    return replace(one, decision="cannot_tell_yet", decided_on=None, p_value=None, more_units=None)


def _more_units(comparisons: Sequence[Comparison], plan: AbPlan, decision: Decision) -> int | None:
    if decision != "cannot_tell_yet":
        return 0
    needed = []
    for one in comparisons:
        if one.more_units is None:
            return plan.units if len(one.course.days) == 0 else None
        needed.append(one.more_units / plan.pair(one.arm))
    return math.ceil(max(needed))


def _guarded(guard: Guard, number: int, arm: int, plan: AbPlan) -> GuardReading:
    data = differences(guard.outcomes, arm)
    usable = np.flatnonzero(data.ready & (data.errors > 0))
    if len(usable) == 0:
        return GuardReading(number, arm, math.nan, -math.inf, math.inf, "cannot_tell_yet")
    row = usable[-1]
    base = abs(float(data.means[row, 0]))
    margin = guard.margin * base
    variance = mixing_variance(margin or 0.01 * base or 1.0, plan.level, plan.power)
    information = data.errors[usable] ** -2.0
    half = sequence_bounds(information, variance, plan.level) * data.errors[usable]
    estimates = data.estimates[usable]
    low, high = float((estimates - half).max()), float((estimates + half).min())
    better, worse = (low, high) if guard.higher_is_better else (-high, -low)
    state: GuardState = "cannot_tell_yet"
    if better > -margin:
        state = "holds"
    elif worse < 0:
        state = "harmed"
    return GuardReading(number, arm, float(estimates[-1]), low, high, state)


def _caveats(
    outcomes: Outcomes,
    watches: Sequence[Monitor],
    stops: Sequence[int | None],
    comparisons: Sequence[Comparison],
    split: SampleRatio,
    plan: AbPlan,
    decision: Decision,
    closed: bool,
) -> tuple[str, ...]:
    fixed = plan.horizon == "fixed"
    spent = any(watch.last for watch in watches)
    past = any(
        stop is not None and int(watch.looks[stop]) + 1 < len(watch.data.days)
        for watch, stop in zip(watches, stops, strict=True)
    )
    total = float(outcomes.units[outcomes.known].sum())
    found = {
        "sample_ratio_mismatch": split.mismatch,
        "missing_days": not bool(outcomes.known.all()),
        "too_few_events": any(len(one.course.days) == 0 for one in comparisons),
        "horizon_spent": fixed and spent and decision == "cannot_tell_yet",
        "closed_early": fixed and closed and total < plan.units * (1 - 1e-9),
        "read_past_decision": fixed and past,
    }
    return tuple(code for code, holds in found.items() if holds)
