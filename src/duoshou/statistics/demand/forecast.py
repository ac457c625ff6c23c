"""Demand ahead: what the expectation of daily series says of days that nobody has seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.demand.law import Floats, Law
from duoshou.statistics.expectation import Design, Kind, Panel, fit
from duoshou.statistics.expectation.calibration import Calibration
from duoshou.statistics.expectation.model import Model
from duoshou.statistics.expectation.panel import BoolArray, IntArray
from duoshou.statistics.expectation.windows import Template, moments

LENGTHS = (1, 3, 7, 14, 21, 28, 42)
"""Days of the sums whose scatter is learnt from the past."""
LONGEST = 120
"""Days ahead at most."""


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


def forecast(units: Floats, design: Design) -> Forecast:
    """Return the demand on the days by which the design is longer than the history.

    Level and trend of each product at the end of its history, weekdays and calendar phases pooled over the products
    (`statistics.expectation`). The errors of several days go together by the level, the phases and the
    autocorrelation of the scatter; sums are negative binomial with that mean and variance. The scatter of sums over
    1 to 42 days is widened by what forecasts from earlier days of the same products missed (split conformal scaling).

    Args:
        units: Float[S, T]: pieces of each product and day; NaN where demand is unknown (out of stock, no file).
        design: Calendar of T + H days.

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
    fitted = fit(
        Panel(padded, np.full(series, Kind.COUNT)), design, train_until=known, lengths=LENGTHS, detectable=False
    )
    model, calibration = fitted.models[0], fitted.plain[0]
    days = np.arange(ahead)
    daily = [_law(model, calibration, known, day + 1, np.arange(day + 1) == day) for day in days]
    total = [_law(model, calibration, known, day + 1, np.ones(day + 1, dtype=np.bool_)) for day in days]
    unseen = np.stack([model.unseen(slice(known, known + day + 1)) for day in days], axis=1)
    return Forecast(_stacked(daily), _stacked(total), unseen, fitted.reasons(known))


def _law(model: Model, calibration: Calibration, first: int, length: int, counted: BoolArray) -> Law:
    """Return the law of the counted days among `length` from day `first` on."""
    sums = moments(model, first + length - 1, Template(length), counted=counted.astype(np.float64))
    sizes = np.array([template.length for template in calibration.templates])
    stretch = calibration.stretch[:, int(np.argmin(np.abs(sizes - counted.sum())))]
    return Law(sums.expected, sums.variance * stretch**2)


def _stacked(laws: list[Law]) -> Law:
    return Law(np.stack([law.mean for law in laws], axis=1), np.stack([law.variance for law in laws], axis=1))
