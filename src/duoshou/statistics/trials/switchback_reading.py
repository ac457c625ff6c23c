"""What a switchback shows, by the randomness of its own schedule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.trials.comparison import Decision
from duoshou.statistics.trials.noise import fit_noise, regressors
from duoshou.statistics.trials.outcomes import Array, BoolArray
from duoshou.statistics.trials.switchback import NEVER, SwitchbackDesign, draws

DRAWS = 4095


@dataclass(frozen=True)
class SwitchbackReading:
    """What a switchback shows.

    Attributes:
        estimate, low, high: Mean of state 1 less that of state 0 a day, in the unit of the outcome (for "relative" a
            fraction of state 0); NaN where it cannot be told, infinite limits where the draws are too few.
        p_value: Of no effect at all, two-sided; None where it cannot be told.
        decision: "b_better": state 1 has more; "a_better"; "no_difference": smaller than is worth having; or
            "cannot_tell_yet".
        randomised: Whether the days followed the schedule drawn. If not, the numbers are those of the schedule that
            was drawn, as the intention was, and nothing is decided.
        deviating: Days whose state was not the one drawn.
        days_read: Days of state 0 and 1 that were read.
        dropped: Days left out because a switch might still be felt.
        missing: Days up to the last known one that should be read and are unknown.
        schedules: Schedules compared with; all that could have been drawn if `exact`.
        exact: Whether they are all.
        more_days: Days still missing: to the end, or after it what the present interval would need; 0 when decided,
            None if it cannot be told.
        caveats: Codes: "schedule_deviates", "not_finished", "missing_days", "too_few_days", "too_few_schedules".
    """

    estimate: float
    low: float
    high: float
    p_value: float | None
    decision: Decision
    randomised: bool
    deviating: tuple[int, ...]
    days_read: tuple[int, int]
    dropped: int
    missing: int
    schedules: int
    exact: bool
    more_days: int | None
    caveats: tuple[str, ...]


def read_switchback(
    outcome: Array,
    assignment: Sequence[int] | None,
    design: SwitchbackDesign,
    *,
    smallest_effect: float | None = None,
    relative: bool = False,
    weekday: int = 0,
    extra: Array | None = None,
    history: Array | None = None,
    level: float = 0.05,
    seed: int = 0,
    most_draws: int = DRAWS,
) -> SwitchbackReading:
    """Return the effect of state 1 against state 0 with a randomisation test and its inversion.

    The statistic is the generalised least squares t of the state beside weekdays, trend and what else is known of
    the days (a regression-adjusted Fisher test; Rosenbaum, 2002). It is compared with its values under the schedules
    that could have been drawn, so the p-value is exact however the days hang together, and the interval holds every
    constant effect that is not rejected. Days within the carry-over are dropped.

    Args:
        outcome: float[days], NaN = unknown; days to come are unknown.
        assignment: The state each day really had, 0 or 1; anything else on avoided or unknown days. None: as drawn.
        design: The schedule drawn.
        smallest_effect: Smallest effect worth having, positive, in the unit of the estimate; without it
            "no_difference" is never said.
        relative: Read ratios, on logarithms; days that are not positive count as unknown.
        weekday: Weekday of the first day, Monday 0.
        extra: float[days, k], known drivers that the state cannot have moved.
        history: float[days before], the same outcome before the first day; it teaches how days hang together.
        level: Error of the decision; the interval covers with 1 − level.
        seed: Of the schedules that are drawn for comparison.
        most_draws: How many; if no more are possible, all are taken.

    Raises:
        ValueError: If lengths disagree or an outcome is infinite.
    """
    days = design.days
    if outcome.shape != (days,) or np.isinf(outcome).any() or (extra is not None and len(extra) != days):
        raise ValueError("there is one finite or unknown outcome for each day of the design")
    if assignment is not None and len(assignment) != days:
        raise ValueError("there is one actual state for each day of the design")
    values, past = (_scaled(part, relative) for part in (outcome, np.zeros(0) if history is None else history))
    known = ~np.isnan(values)
    read = design.used & known
    last = int(np.flatnonzero(known)[-1]) if known.any() else -1
    deviating = _deviations(design, assignment, known)
    features = regressors(days, weekday, extra)
    states = design.assignment
    counts = (int((states[read] == 0).sum()), int((states[read] == 1).sum()))
    caveats = {
        "schedule_deviates": bool(deviating),
        "not_finished": last < int(np.flatnonzero(~design.avoided)[-1]),
        "missing_days": bool((design.used & ~known)[: last + 1].any()),
    }
    missing = int((design.used & ~known)[: last + 1].sum())
    dropped = int((~design.used & ~design.avoided)[: last + 1].sum())
    base = (not deviating, deviating, counts, dropped, missing)
    tested = _test(values, read, features, design, past, weekday, seed, most_draws) if min(counts) > 0 else None
    if tested is None:
        caveats["too_few_days"] = True
        more = max(0, days - 1 - last) or None
        return SwitchbackReading(
            math.nan, -math.inf, math.inf, None, "cannot_tell_yet", *base, 0, False, more, _codes(caveats)
        )
    low, high = tested.interval(level)
    caveats["too_few_schedules"] = tested.least > level
    estimate, low, high = (math.expm1(x) if relative else x for x in (tested.estimate, low, high))
    decision: Decision = "cannot_tell_yet"
    if not caveats["not_finished"] and not deviating:
        decision = _decided(tested.p_value, estimate, low, high, level, smallest_effect)
    more_days = None if deviating else _more_days(decision, design, last, estimate, low, high, smallest_effect)
    return SwitchbackReading(
        estimate, low, high, tested.p_value, decision, *base, tested.schedules, tested.exact, more_days, _codes(caveats)
    )


@dataclass(frozen=True)
class _Tested:
    estimate: float
    p_value: float
    ends: tuple[Array, Array]
    schedules: int
    exact: bool
    least: float

    def interval(self, level: float) -> tuple[float, float]:
        """Return the limits of the effects that are not rejected."""
        lows, highs = np.sort(self.ends[0]), np.sort(self.ends[1])[::-1]
        place = math.floor(level * len(lows) * (1 + 1e-12))
        if place >= len(lows):
            return self.estimate, self.estimate
        return self.estimate + float(lows[place]), self.estimate + float(highs[place])


def _test(
    values: Array,
    read: BoolArray,
    features: Array,
    design: SwitchbackDesign,
    history: Array,
    weekday: int,
    seed: int,
    most: int,
) -> _Tested | None:
    whitened = _residuals(values, read, features, history, weekday)
    if whitened is None:
        return None
    maker, response = whitened
    states, exact = draws(design, most, seed)
    own = design.assignment[read].astype(np.float64)
    drawn = states[:, read].astype(np.float64)
    if not exact:
        drawn = np.vstack([own, drawn])
    seen = maker @ own
    size = float(seen @ seen)
    if size < 1e-9:
        return None
    made = drawn @ maker.T
    norms = np.sqrt(np.maximum((made * made).sum(axis=1), 1e-12 * size))
    estimate = float(seen @ response) / size
    scores, overlap, root = made @ response / norms, made @ seen / norms, math.sqrt(size)
    here = abs(estimate) * root
    extreme = np.abs(scores) >= here * (1 - 1e-9) - 1e-12
    # A draw is as extreme as what was seen, under an effect estimate + u, where
    # |score − (estimate + u)·overlap| ≥ |u|·root.
    gap = np.abs(scores - estimate * overlap)
    sign = np.sign(scores - estimate * overlap)
    up, down = root + sign * overlap, root - sign * overlap
    tiny = 1e-9 * root
    mirrored = np.abs(overlap) >= root - tiny  # the schedule itself and its opposite are as extreme under any effect
    highs = np.where(mirrored | (up <= tiny), math.inf, gap / np.maximum(up, tiny))
    lows = np.where(mirrored | (down <= tiny), math.inf, gap / np.maximum(down, tiny))
    ends = (-lows, highs)
    return _Tested(estimate, float(extreme.mean()), ends, len(drawn), exact, float(mirrored.mean()))


def _residuals(
    values: Array, read: BoolArray, features: Array, history: Array, weekday: int
) -> tuple[Array, Array] | None:
    """Return the matrix that whitens days and takes the regressors out, and the outcome so treated."""
    days = len(values)
    if len(history) >= 28:
        first = (weekday - len(history)) % 7
        noise = fit_noise(history, regressors(len(history), first, None))
    else:
        shown = np.where(read, values, np.nan)
        noise = fit_noise(shown, features)
    lower = np.linalg.cholesky(noise.covariance(days)[np.ix_(read, read)])
    both = np.linalg.solve(lower, np.column_stack([values[read], features[read], np.eye(int(read.sum()))]))
    basis, singular, _ = np.linalg.svd(both[:, 1 : 1 + features.shape[1]], full_matrices=False)
    basis = basis[:, singular > 1e-9 * singular[0]]
    if basis.shape[1] + 2 > len(both):
        return None
    rest = np.column_stack([both[:, 0], both[:, 1 + features.shape[1] :]])
    rest = rest - basis @ (basis.T @ rest)
    return rest[:, 1:], rest[:, 0]


def _scaled(values: Array, relative: bool) -> Array:
    if not relative:
        return np.asarray(values, dtype=np.float64)
    positive = np.nan_to_num(values) > 0
    return np.where(positive, np.log(np.where(positive, values, 1.0)), np.nan)


def _deviations(design: SwitchbackDesign, assignment: Sequence[int] | None, known: BoolArray) -> tuple[int, ...]:
    if assignment is None:
        return ()
    actual = np.asarray(assignment)
    judged = (design.assignment != NEVER) & known
    return tuple(np.flatnonzero(judged & (actual != design.assignment)).tolist())


def _decided(
    p_value: float, estimate: float, low: float, high: float, level: float, smallest: float | None
) -> Decision:
    if p_value <= level:
        return "b_better" if estimate > 0 else "a_better"
    if smallest is not None and -smallest < low and high < smallest:
        return "no_difference"
    return "cannot_tell_yet"


def _more_days(
    decision: Decision,
    design: SwitchbackDesign,
    last: int,
    estimate: float,
    low: float,
    high: float,
    smallest: float | None,
) -> int | None:
    if decision != "cannot_tell_yet":
        return 0
    if last + 1 < design.days:
        return design.days - 1 - last
    half = (high - low) / 2
    target = max(abs(estimate), 0.0 if smallest is None else smallest - abs(estimate))
    if not (math.isfinite(half) and target > 0):
        return None
    return max(1, math.ceil(design.days * ((half / target) ** 2 - 1)))


def _codes(caveats: dict[str, bool]) -> tuple[str, ...]:
    return tuple(code for code, holds in caveats.items() if holds)
