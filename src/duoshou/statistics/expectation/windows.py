"""What is expected of a run of days, from the days before it alone."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from duoshou.statistics.expectation.filtering import DAMPING
from duoshou.statistics.expectation.links import mean_of, slope_of, variance_parts
from duoshou.statistics.expectation.model import Model
from duoshou.statistics.expectation.panel import FloatArray, IntArray, Kind

_TINY = 1e-12
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Template:
    """The form of a deviation within a window that ends today.

    Attributes:
        length: Days of the window, 1…
        drift: Whether the deviation grows day by day from the first day on (else it is the same on all days).
    """

    length: int
    drift: bool = False

    def weights(self) -> FloatArray:
        """Return the relative deviation of each day of the window."""
        if self.drift:
            return np.arange(1, self.length + 1) / self.length
        return np.ones(self.length)


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over a window of each series, float[S], or over W windows, float[S, W]; values in the units of the block.

    Attributes:
        actual: Weighted sum of the known days.
        expected: Its mean.
        pure: Variance by chance alone (Poisson, binomial).
        shared: Variance by the extra scatter of the days, with its autocorrelation.
        level: Variance by not knowing the level and where it goes.
        calendar: Variance by not knowing the calendar's effects.
        trials: Weighted trials of a rate.
        days: Known days.
    """

    actual: FloatArray
    expected: FloatArray
    pure: FloatArray
    shared: FloatArray
    level: FloatArray
    calendar: FloatArray
    trials: FloatArray
    days: FloatArray

    @property
    def variance(self) -> FloatArray:
        """Predictive variance."""
        return self.pure + self.shared + self.level + self.calendar

    def times(self, lift: FloatArray) -> Moments:
        """Return the sums where so many times as much is expected, of their shape; what happened stays."""
        square = lift**2
        return replace(
            self,
            expected=self.expected * lift,
            pure=self.pure * lift,
            shared=self.shared * square,
            level=self.level * square,
            calendar=self.calendar * square,
        )


def moments(model: Model, as_of: int, template: Template, *, efficient: bool = False, taught: bool = False) -> Moments:
    """Return the moments, float[S], of the sum over the `template.length` days that end with day `as_of`.

    Args:
        model: A fitted block.
        as_of: Number of the last day, counted from 0; the window may not begin before day 0.
        template: Window and form.
        efficient: Weigh the days by what they tell of a deviation of the template's form, the score of the
            quasi-likelihood; else each day counts once and the sum is a plain sum.
        taught: The days of the window taught the calendar effects, which therefore follow them: what is not known of
            the effects makes the deviation smaller, not larger (the residual variance of a regression).
    """
    found = moments_of(model, np.array([as_of]), template, efficient=efficient, taught=taught)
    return Moments(*(getattr(found, part.name)[:, 0] for part in fields(Moments)))


def moments_of(
    model: Model,
    ends: IntArray,
    template: Template,
    *,
    efficient: bool = False,
    taught: bool = False,
    counted: FloatArray | None = None,
) -> Moments:
    """Return the moments, float[S, W], of the sums over W windows; see `moments`.

    Args:
        model: A fitted block.
        ends: int[W], last days of the windows.
        template: Their form.
        efficient: As there.
        taught: As there.
        counted: float[W, length], how much each day counts, known or not: what lies ahead. By default the known days.
            With one end they are W sums over the days of one window.
    """
    kind, length = model.block.kind, template.length
    first = ends - length + 1
    days = first[:, None] + np.arange(length)
    known, trials = model.block.known[:, days], model.block.trials[:, days]
    states, noise = model.states, model.effects.noise
    eta = states.level[:, first, None] + states.trend[:, first, None] * _reach(length) + model.season[:, days]
    mean = mean_of(kind, eta, trials)
    slope = slope_of(kind, mean, trials)
    pure, shared = variance_parts(kind, mean, trials, noise.unit[:, None, None], noise.extra[:, None, None])
    weights = known.astype(np.float64) if counted is None else counted[None]
    if efficient:
        gain = slope / np.maximum(pure + shared, _TINY) * template.weights()
        weights = weights * gain / np.maximum(np.max(gain, axis=-1, keepdims=True), _TINY)
    moved = weights * slope
    if kind == Kind.LEVEL:
        own, common = np.zeros(moved.shape[:2]), _correlated(weights * np.sqrt(pure), noise.autocorrelation)
    else:
        own = np.sum(weights**2 * pure, axis=-1)
        common = _correlated(weights * np.sqrt(shared), noise.autocorrelation)
    drawn = (-1.0 if taught else 1.0) * _calendar_variance(model, days, moved)
    return Moments(
        actual=np.sum(weights * model.block.values[:, days], axis=-1),
        expected=np.sum(weights * mean, axis=-1),
        pure=own,
        shared=common,
        level=_level_variance(model, first, moved),
        calendar=np.maximum(drawn, -0.5 * (own + common)) if taught else drawn,
        trials=np.sum(weights * trials, axis=-1),
        days=np.broadcast_to(known.sum(axis=-1), own.shape).astype(np.float64),
    )


@lru_cache(maxsize=128)
def _reach(length: int) -> FloatArray:
    """Return how far a trend of 1 has carried the level on each day of a window."""
    return np.concatenate([[0.0], np.cumsum(DAMPING ** np.arange(length - 1))])


@lru_cache(maxsize=128)
def _paths(length: int) -> tuple[FloatArray, FloatArray]:
    """Return the covariances between days that steps of the level and of the trend within the window make."""
    order = np.arange(length)
    steps = np.minimum(order[:, None], order[None, :]).astype(np.float64)
    reach = _reach(length)
    lag = order[:, None] - order[None, :] - 1  # a step of the trend on day k moves the level from day k + 2 on
    response = np.where(lag >= 0, reach[np.maximum(lag, 0)], 0.0)
    return steps, response @ response.T


def _calendar_variance(model: Model, days: IntArray, moved: FloatArray) -> FloatArray:
    """Return float[S, W], a few windows at once: those near each other are in few columns of the calendar."""
    variance = np.zeros(moved.shape[:2])
    for place in range(0, len(days), _NEAR):
        table = model.columns[days[place : place + _NEAR]]
        columns = np.flatnonzero((table != 0).any(axis=(0, 1)))
        sums = slice(place, place + _NEAR) if len(days) > 1 else slice(None)
        turned = (moved[:, sums].swapaxes(0, 1) @ table[..., columns]).swapaxes(0, 1)
        covariance = model.effects.covariance[:, columns[:, None], columns]
        variance[:, sums] = np.sum((turned @ covariance) * turned, axis=-1)
    return np.maximum(variance, 0.0)


def _level_variance(model: Model, first: IntArray, moved: FloatArray) -> FloatArray:
    states, walk = model.states, model.walk
    length = moved.shape[-1]
    steps, turns = _paths(length)
    total, tilted = moved.sum(axis=-1), moved @ _reach(length)
    variance = total**2 * states.level_variance[:, first]
    variance += 2 * total * tilted * states.covariance[:, first] + tilted**2 * states.trend_variance[:, first]
    variance += np.sum((moved @ steps) * moved, axis=-1) * walk.level[:, None]
    bent = np.flatnonzero(walk.trend)
    if len(bent):
        variance[bent] += np.sum((moved[bent] @ turns) * moved[bent], axis=-1) * walk.trend[bent, None]
    return np.asarray(np.maximum(variance, 0.0))


def _correlated(deviation: FloatArray, correlation: FloatArray) -> FloatArray:
    """Return the variance of the sum of days with these standard deviations and correlation ρ^lag."""
    carried = np.zeros(deviation.shape[:-1])
    cross = np.zeros(deviation.shape[:-1])
    for day in np.ascontiguousarray(np.moveaxis(deviation, -1, 0)):
        cross += day * carried
        carried = correlation[:, None] * (carried + day)
    return np.asarray(np.sum(deviation**2, axis=-1) + 2 * cross)
