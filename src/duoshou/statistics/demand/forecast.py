"""Demand ahead: what the expectation of daily series says of days that nobody has seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.demand import recurrence
from duoshou.statistics.demand.law import Floats, Law
from duoshou.statistics.expectation import Design, Kind, Panel, fit
from duoshou.statistics.expectation.calibration import Calibration, calibrate
from duoshou.statistics.expectation.model import Model
from duoshou.statistics.expectation.panel import BoolArray, IntArray
from duoshou.statistics.expectation.windows import Template, moments_of

LENGTHS = (1, 3, 7, 14, 21, 28, 42)
"""Days of the sums whose scatter is learnt from the past."""
LONGEST = 120
"""Days ahead at most."""
LOOK_BACK = 364
"""Days over which what was sold is held against what was expected: a year with its festivals."""
WARM_UP = 42
"""Known days after which expectations of a series count."""
WEEK = 7
FEWEST = 3
"""Series from which on their common ratio means something."""
MOST_ANSWER = 2.0
"""Prices at most multiply or divide demand by e²: beyond prices that were tried nobody knows."""
MOST_LIFT = 0.7
"""The mean is at most doubled or halved."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Demand for S products on the H days after the last known one.

    Attributes:
        daily: Law of each day, S × H.
        total: Law of the sum over the first 1, 2 … H days, S × H.
        unseen: bool[S, H], whether a day up to this one is in a calendar phase that the product never lived through:
            its effect is that of like phases, and of other products.
        reason: int[S], why a product cannot be judged, values of `expectation.Reason`.
    """

    daily: Law
    total: Law
    unseen: BoolArray
    reason: IntArray


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of S products on T + H days and how their demand answers them.

    Attributes:
        logs: float[S, T + H], log of price ÷ a usual one; NaN where it is not known.
        elasticity: float[S], 0 where it is not known.
        error: float[S], its standard deviation.
    """

    logs: Floats
    elasticity: Floats
    error: Floats

    def exposure(self) -> Floats:
        """Return how many times as much as at the usual price is asked for, float[S, T + H]."""
        answered = self.elasticity[:, None] * np.nan_to_num(self.logs)
        return np.asarray(np.exp(np.clip(answered, -MOST_ANSWER, MOST_ANSWER)))


def forecast(units: Floats, design: Design, prices: Prices | None = None) -> Forecast:
    """Return the demand on the days by which the design is longer than the history.

    Level and trend of each product at the end of its history, weekdays and calendar phases pooled over the products
    (`statistics.expectation`). The errors of several days go together by the level, the phases and the
    autocorrelation of the scatter; sums are negative binomial with that mean and variance. The scatter of sums over
    1 to 42 days is widened by what forecasts from earlier days of the same products missed (split conformal scaling).

    Args:
        units: Float[S, T]: pieces of each product and day; NaN where demand is unknown (out of stock, no file).
        design: Calendar of T + H days.
        prices: Those of the T + H days. What they explain of the past is no part of level, weekday and phases; what is
            not known of the elasticity is shared by all days ahead.

    Raises:
        ValueError: If there is no day of history, or not 1 to `LONGEST` days ahead.
    """
    series, known = units.shape
    ahead = design.columns.shape[0] - known
    if known == 0 or not 1 <= ahead <= LONGEST:
        raise ValueError(f"a forecast needs a day of history and reaches 1 to {LONGEST} days ahead")
    if series == 0:
        nothing = Law(np.zeros((0, ahead)), np.zeros((0, ahead)))
        return Forecast(nothing, nothing, np.zeros((0, ahead), dtype=np.bool_), np.zeros(0, dtype=np.int64))
    padded = np.concatenate([units, np.full((series, ahead), np.nan)], axis=1)
    exposure = None if prices is None else prices.exposure()
    panel = Panel(padded, np.full(series, Kind.COUNT), exposure)
    fitted = fit(panel, design, train_until=known, windowed=False, detectable=False)
    model, days = fitted.models[0], np.arange(ahead)
    lift = lift_of(model, known)
    sums = [Template(length) for length in LENGTHS]
    calibration = calibrate(model, sums, efficient=False, until=known, warm_up=WARM_UP, lift=lift)
    daily = _law(model, calibration, lift, known, np.eye(ahead))
    total = _law(model, calibration, lift, known, np.tri(ahead))
    daily, total = _held_anew(daily, total, model, design, known)
    if prices is not None:
        turned = daily.mean * np.nan_to_num(prices.logs[:, known:]) * prices.error[:, None]
        daily = Law(daily.mean, daily.variance + turned**2)
        total = Law(total.mean, total.variance + np.cumsum(turned, axis=1) ** 2)
    unseen = np.stack([model.unseen(slice(known, known + day + 1)) for day in days], axis=1)
    return Forecast(daily, total, unseen, fitted.reasons(known))


def _held_anew(daily: Law, total: Law, model: Model, design: Design, known: int) -> tuple[Law, Law]:
    """Return the laws widened by how much the shop's festivals differ from one time to the next."""
    times = recurrence.held(design.columns)
    doubt = recurrence.doubt(times, known)
    if not doubt.any():
        return daily, total
    factor = doubt * recurrence.spread(model, times, known)
    ahead = recurrence.Held(times.phase[known:], times.time[known:])
    shared = recurrence.variance(daily.mean, ahead, factor, np.tri(len(factor)))
    return Law(daily.mean, daily.variance + daily.mean**2 * factor), Law(total.mean, total.variance + shared)


def lift_of(model: Model, until: int) -> Floats:
    """Return float[S]: how many times its expectation each series sold, in all.

    A robust fit draws in large orders, and so takes the mean of a series that lives on them too low. The logarithm
    of sold ÷ expected one day ahead, over the last `LOOK_BACK` days, is shrunk towards that of all series by its
    error between weeks (DerSimonian and Laird, 1986).
    """
    first = max(until - LOOK_BACK, 0)
    days = slice(until - (until - first) // WEEK * WEEK, until)
    born = np.cumsum(model.block.known, axis=1)[:, days] > WARM_UP
    known = model.block.known[:, days] & born
    expected = np.where(known, np.exp(model.states.level[:, days] + model.season[:, days]), 0.0)
    expected = expected * model.block.trials[:, days]
    actual = np.where(known, model.block.values[:, days], 0.0)
    total, told = expected.sum(axis=1), known.sum(axis=1) >= WARM_UP
    ratio = np.where(told, (actual.sum(axis=1) + 1.0) / (total + 1.0), 1.0)
    missed = (actual - ratio[:, None] * expected).reshape(len(ratio), -1, WEEK).sum(axis=2)
    error = np.where(told, (missed**2).sum(axis=1) / np.maximum((total + 1.0) * ratio, 1.0) ** 2, np.inf)
    return np.asarray(np.exp(_shrunk(np.log(ratio), np.maximum(error, 1e-6))))


def _shrunk(values: Floats, variances: Floats) -> Floats:
    """Return values pulled to their common mean by the moment estimate of how much they differ."""
    told = np.isfinite(variances)
    if told.sum() < FEWEST:
        return np.zeros_like(values)
    weight = np.where(told, 1.0 / variances, 0.0)
    mean = (weight * values).sum() / weight.sum()
    spread = (weight * (values - mean) ** 2).sum() - (told.sum() - 1)
    between = max(spread / (weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    weight = np.where(told, 1.0 / (variances + between), 0.0)
    mean = (weight * values).sum() / weight.sum()
    share = np.where(told, between / (between + variances), 0.0)
    return np.asarray(np.clip(share * values + (1 - share) * mean, -MOST_LIFT, MOST_LIFT))


def _law(model: Model, calibration: Calibration, lift: Floats, first: int, counted: Floats) -> Law:
    """Return the laws of sums over the days from day `first` on.

    Args:
        model: A fitted block.
        calibration: How past sums scattered.
        lift: float[S].
        first: Number of the first day ahead.
        counted: float[W, H] of 0 and 1, the days of each sum.
    """
    ahead = counted.shape[1]
    ends = np.array([first + ahead - 1])
    sums = moments_of(model, ends, Template(ahead), counted=counted).times(lift[:, None])
    sizes = np.array([template.length for template in calibration.templates])
    near = np.argmin(np.abs(sizes - counted.sum(axis=1)[:, None]), axis=1)
    stretch = calibration.stretch[:, near] * calibration.tail[near]
    return Law(sums.expected, np.maximum(sums.variance * stretch**2, sums.expected))
