"""How long a switchback must run, learnt from the series' own past."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.trials.noise import Noise, Weighed, regressors, weighed_noises
from duoshou.statistics.trials.normal import normal_score, quantile_above, student_bound, upper_tail
from duoshou.statistics.trials.outcomes import Array
from duoshou.statistics.trials.switchback import States, SwitchbackDesign, Unit, design_switchback, draws

LEAST_HISTORY = 28
_LENGTHS = (14, 28, 42, 56, 70, 84, 112, 140, 182)
_SAMPLE = 24
_LEAST_WEIGHT = 0.1
_REGRESSORS = 8


@dataclass(frozen=True)
class SwitchbackOption:
    """What a switchback of one length and one unit would find.

    Attributes:
        days: Length.
        unit: "day" or "week".
        run: Shortest run in days.
        detectable: Smallest effect that it finds with the power wanted; infinite if it could never reject.
        switches: Changes of state to be made, in the mean.
    """

    days: int
    unit: Unit
    run: int
    detectable: float
    switches: float


@dataclass(frozen=True)
class SwitchbackPlan:
    """The switchback proposed and its alternatives.

    Attributes:
        days: Length proposed; None if even the longest would not do, or the past is too short to tell.
        unit, run, carry_over: As `design_switchback` takes them.
        smallest_effect, level, power: What was wanted.
        deviation: Standard deviation of a day around weekdays and trend; NaN if the past is too short.
        remembered: Share of its variance that outlasts the day, and how much of it the next day keeps.
        options: All lengths and runs considered, ordered by length.
    """

    days: int | None
    unit: Unit
    run: int
    carry_over: int
    smallest_effect: float
    level: float
    power: float
    deviation: float
    remembered: tuple[float, float]
    options: tuple[SwitchbackOption, ...]


def plan_switchback(
    history: Array,
    smallest_effect: float,
    *,
    carry_over: int = 0,
    relative: bool = False,
    units: Sequence[Unit] = ("day", "week"),
    weekday: int = 0,
    extra: Array | None = None,
    longest: int = 84,
    level: float = 0.05,
    power: float = 0.8,
) -> SwitchbackPlan:
    """Return the shortest switchback that finds an effect, in whole fortnights.

    The covariance of days is learnt from the history by restricted likelihood; the error of the estimate follows from
    it in closed form for each of a sample of schedules. Of equally short plans the one with the longer runs is
    proposed, which asks for fewer switches.

    Args:
        history: float[days before], the outcome; NaN = unknown. Four weeks at least.
        smallest_effect: Smallest effect worth having, a day, in the unit of the outcome or, if `relative`, a fraction.
        carry_over: Days that a switch may still be felt.
        relative: Of ratios, on logarithms.
        units: Units that may be proposed.
        weekday: Weekday of the first day of the history, Monday 0.
        extra: float[days before, k], known drivers.
        longest: Most days that may be proposed.
        level: Error of the decision.
        power: Chance to find the smallest effect.

    Raises:
        ValueError: If the effect is not positive, no unit is given or the carry-over leaves nothing of a week.
    """
    if not smallest_effect > 0 or not units or not 0 <= carry_over < 7:
        raise ValueError("a switchback needs a positive effect, a unit and a carry-over below a week")
    values = np.log(np.where(history > 0, history, np.nan)) if relative else np.asarray(history, dtype=np.float64)
    effect = math.log1p(smallest_effect) if relative else smallest_effect
    if int((~np.isnan(values)).sum()) < LEAST_HISTORY:
        unit, run = _candidates(units, carry_over)[0]
        nan = math.nan
        return SwitchbackPlan(None, unit, run, carry_over, smallest_effect, level, power, nan, (nan, nan), ())
    noises = weighed_noises(values, regressors(len(values), weekday, extra))
    noise = noises[0].noise
    noises = tuple(one for one in noises if one.weight >= _LEAST_WEIGHT * noises[0].weight)
    options = []
    for days in [length for length in _LENGTHS if length <= longest]:
        for unit, run in _candidates(units, carry_over):
            design = design_switchback(days, unit, carry_over=carry_over, run=run, seed=0)
            found, switches = _detectable(design, noises, level, power)
            shown = math.expm1(found) if relative and found < 700 else found
            options.append((SwitchbackOption(days, unit, run, shown, switches), found))
    enough = [option for option, found in options if found <= effect]
    chosen = min(enough, key=lambda one: (one.days, -one.run), default=None)
    best = chosen or min((option for option, _ in options), key=lambda one: one.detectable)
    return SwitchbackPlan(
        None if chosen is None else chosen.days,
        best.unit,
        best.run,
        carry_over,
        smallest_effect,
        level,
        power,
        math.sqrt(noise.variance),
        (noise.share, noise.kept),
        tuple(option for option, _ in options),
    )


def _candidates(units: Sequence[Unit], carry_over: int) -> list[tuple[Unit, int]]:
    found: list[tuple[Unit, int]] = []
    if "day" in units:
        found += [("day", run) for run in (1, 2, 3) if run > carry_over]
    if "week" in units or not found:
        found.append(("week", 7))
    return found


def _detectable(design: SwitchbackDesign, noises: Sequence[Weighed], level: float, power: float) -> tuple[float, float]:
    """Return the effect found with the power wanted, and the mean number of switches.

    The power is a mean over schedules, over the noises that fit, and over what the variance may be (O'Hagan, Stevens
    and Campbell, 2005): a plan by the best fit alone would choose where chance made the past look quiet. A test that
    compares with other schedules has no more degrees of freedom than they have independent choices.
    """
    states, _ = draws(design, _SAMPLE, 1)
    switches = float(np.abs(np.diff(states, axis=1)).sum(axis=1).mean())
    degrees = min(int(design.used.sum()) - _REGRESSORS - 1, design.bits)
    if degrees < 1 or 2.0 ** (1 - design.bits) > level:
        return math.inf, switches
    parts = [(_errors(design, states, one.noise), one) for one in noises]
    errors = np.concatenate([part * scale for part, one in parts for scale in _scales(one.degrees)])
    weights = np.concatenate([np.full(len(part) * 3, one.weight / len(part)) for part, one in parts])
    bound = student_bound(quantile_above(level / 2), degrees)
    low, high = 0.0, 20 * float(errors.max())
    while high - low > 1e-3 * high:
        middle = (low + high) / 2
        scores = np.array([normal_score(t, degrees) for t in (bound - middle / errors).tolist()])
        enough = float(weights @ upper_tail(scores)) >= power * float(weights.sum())
        low, high = (low, middle) if enough else (middle, high)
    return high, switches


def _errors(design: SwitchbackDesign, states: States, noise: Noise) -> Array:
    """Return float[schedules], the standard error of the estimate under each schedule."""
    used = design.used
    features = regressors(design.days, 0, None)[used]
    lower = np.linalg.cholesky(noise.covariance(design.days)[np.ix_(used, used)])
    both = np.linalg.solve(lower, np.column_stack([features, states[:, used].T.astype(np.float64)]))
    width = features.shape[1]
    basis, singular, _ = np.linalg.svd(both[:, :width], full_matrices=False)
    basis = basis[:, singular > 1e-9 * singular[0]]
    left = both[:, width:] - basis @ (basis.T @ both[:, width:])
    return np.asarray(np.sqrt(noise.variance / np.maximum((left * left).sum(axis=0), 1e-9)))


def _scales(degrees: int) -> tuple[float, float, float]:
    """Return what a fitted deviation may be short of, at the sixths of its distribution (Wilson and Hilferty, 1931)."""
    part = 2 / (9 * max(degrees, 1))
    cubes = [max(1 - part + z * math.sqrt(part), 0.1) ** 3 for z in (0.967, 0.0, -0.967)]
    return (cubes[0] ** -0.5, cubes[1] ** -0.5, cubes[2] ** -0.5)
