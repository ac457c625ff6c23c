"""A counterfactual from a subject's own past: regression with a wandering level, all its settings weighed at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.effects.panel import Array, Kind
from duoshou.statistics.effects.quantiles import mixture_quantile

IntArray = NDArray[np.int64]

STEPS = {0.0: 0.25, 0.004: 0.25, 0.012: 0.25, 0.03: 0.15, 0.08: 0.1}
"""Standard deviations of the level's daily step, on the logarithm, with their prior weights; 0.012 is 1.2 per cent a
day, 6 per cent a month."""

TRENDS = {0.0: 0.6, 0.004: 0.4}
"""Standard deviations of a trend that goes on, a day on the logarithm."""

SERIAL = {(0.0, 0.5): 0.5, (0.5, 0.5): 0.25, (1.0, 0.8): 0.25}
"""Variance of what outlasts its day, relative to the scatter of one day, and how much of it the next day keeps."""

PLAIN_STEP = 0.012

_LEVEL = 25.0
_WEEKDAY = 0.3**2
_REGRESSOR = 1.0
_PRIOR_DEGREES = 4.0
_TAILS = 5.0
_ROUNDS = 6


@dataclass(frozen=True)
class Series:
    """One series and what is known of its days, up to the last one judged.

    Attributes:
        values: float[days], NaN = unknown; successes of a rate.
        start: First day that is to be predicted.
        kind: How the numbers scatter.
        trials: float[days], of a rate; else None.
        weekday: Weekday of day 0.
        regressors: float[days, k].
        offset: float[days], added on the scale of the link: what moves the series one to one.
    """

    values: Array
    start: int
    kind: Kind
    trials: Array | None
    weekday: int
    regressors: Array
    offset: Array


@dataclass(frozen=True)
class Forecast:
    """What the predicted days would have brought, as a mixture of Student t distributions.

    Attributes:
        mean: float[days predicted].
        counted: bool-like float[days predicted]; 1 where the outcome is known and counts.
        weights, centres, scales: Of the logarithm of the sum over the counted days.
        degrees: Degrees of freedom.
        proportional, relative: Variance of a seen sum S about its mean = proportional·S + relative·S².
        scatter: Dispersion of one day: variance ÷ mean for counts and rates.
    """

    mean: Array
    counted: Array
    weights: Array
    centres: Array
    scales: Array
    degrees: float
    proportional: float
    relative: float
    scatter: float

    def log_quantile(self, z: float) -> float:
        """Return the logarithm of the expected sum over the counted days at the normal score z of its probability."""
        return mixture_quantile(z, self.weights, self.centres, self.scales, self.degrees)


def forecast(series: Series) -> Forecast:
    """Return what a series would have brought from its start on.

    A generalised linear mixed model by penalised quasi-likelihood (Breslow and Clayton, 1993): weekdays and
    regressors with normal priors, a level that follows a random walk, a trend, and autoregressive deviations. The
    speeds of level and trend and the share of serial dependence are not chosen but averaged over, each with the
    marginal likelihood of the days before; so what is extreme before the start is expected to return as far as this
    series' deviations do return. Single wild days are weighed down (Student t with five degrees).

    Raises:
        ValueError: If no day before the start is known, or all known ones are zero.
    """
    known = ~np.isnan(series.values)
    if series.trials is not None:
        known &= np.nan_to_num(series.trials) > 0
    past = np.flatnonzero(known[: series.start])
    if len(past) == 0 or float(series.values[past].sum()) <= 0:
        raise ValueError("a forecast needs days before the start with something in them")
    working = _Working(series, past)
    working.fit()
    return working.predict(known)


class _Working:
    """The linear problem that stands for the series: working responses with their variances."""

    def __init__(self, series: Series, past: IntArray) -> None:
        self.series, self.past = series, past
        days = len(series.values)
        self.place = np.arange(days) - (series.start - 1.0)
        self.features, self.prior = self._features(days)
        self.fixed = (self.features * self.prior) @ self.features.T
        distance = np.abs(self.place[:, None] - self.place[None, :])
        same = np.sign(self.place)[:, None] * np.sign(self.place)[None, :] > 0
        self.walk = np.where(same, np.minimum(np.abs(self.place)[:, None], np.abs(self.place)[None, :]), 0.0)
        self.slope = self.place[:, None] * self.place[None, :]
        self.distance = distance
        self.base = self._base()
        self.eta = self.base + series.offset
        self.wild = np.ones(len(past))
        self.scatter = 1.0

    def _features(self, days: int) -> tuple[Array, Array]:
        week = np.eye(7)[(np.arange(days) + self.series.weekday) % 7]
        size = np.abs(self.series.regressors).max(axis=0, initial=0.0)
        regressors = self.series.regressors / np.where(size > 0, size, 1.0)
        features = np.concatenate([np.ones((days, 1)), week, regressors], axis=1)
        prior = np.concatenate([[_LEVEL], np.full(7, _WEEKDAY), np.full(regressors.shape[1], _REGRESSOR)])
        return features, prior

    def _base(self) -> float:
        values = self.series.values[self.past]
        if self.series.trials is None:
            return float(np.log(values.sum() / np.exp(self.series.offset[self.past]).sum()))
        rate = (values.sum() + 0.5) / (self.series.trials[self.past].sum() + 1.0)
        return float(np.log(rate / (1 - rate)) - self.series.offset[self.past].mean())

    def mean(self, eta: Array) -> Array:
        """Return the expected outcome of a day (a rate's per trial)."""
        if self.series.kind == "rate":
            return np.asarray(1.0 / (1.0 + np.exp(-np.clip(eta, -30, 30))))
        return np.asarray(np.exp(np.clip(eta, -30, 50)))

    def noise(self, eta: Array) -> Array:
        """Return the variance of a day's working response in units of the dispersion."""
        if self.series.trials is not None:
            rate = self.mean(eta)
            return np.asarray(1.0 / np.maximum(self.series.trials * rate * (1 - rate), 1e-9))
        return np.asarray(1.0 / np.maximum(self.mean(eta), 1e-9))

    def fit(self) -> None:
        """Settle the working responses with a plain level, then the dispersion."""
        prior = self.fixed + PLAIN_STEP**2 * self.walk
        for _ in range(_ROUNDS):
            response, noise = self.response()
            cover = prior[np.ix_(self.past, self.past)]
            solved = np.linalg.solve(cover + np.diag(self.scatter * noise * self.wild), response)
            fitted = prior[:, self.past] @ solved
            self.eta = self.base + self.series.offset + np.clip(fitted, -12, 12)
            apart = response - fitted[self.past]
            self.scatter = self._dispersion(apart, noise)
            self.wild = np.maximum((_TAILS + apart**2 / (self.scatter * noise)) / (_TAILS + 1.0), 1.0)

    def _dispersion(self, apart: Array, noise: Array) -> float:
        """Return variance ÷ nominal variance of a day, from quartile-robust residuals; counts not below 1."""
        squares = apart**2 / noise
        weight = 1.0 / self.wild
        free = max(len(apart) - 8.0, 0.3 * len(apart))
        found = float((weight * squares).sum()) / free
        return max(found, 1.0 if self.series.kind != "amount" else 1e-12)

    def response(self) -> tuple[Array, Array]:
        """Return the working responses of the known days before the start, less base and offset, and their noise."""
        eta, past = self.eta, self.past
        mean = self.mean(eta)[past]
        noise = self.noise(eta)[past]
        values = self.series.values[past]
        if self.series.trials is not None:
            trials = self.series.trials[past]
            apart = (values - trials * mean) * noise
        else:
            apart = values / np.maximum(mean, 1e-12) - 1.0
        line = eta[past] - self.base - self.series.offset[past]
        return line + apart, noise

    def predict(self, known: Array) -> Forecast:
        """Return the forecast, averaged over the settings."""
        series, past = self.series, self.past
        response, noise = self.response()
        future = np.arange(series.start, len(series.values))
        counted = known[future].astype(np.float64)
        nominal = self.scatter
        typical = nominal * float(np.median(noise))
        settings = list(product(STEPS.items(), TRENDS.items(), SERIAL.items()))
        priors = np.array([a * b * c for (_, a), (_, b), (_, c) in settings])
        covers = np.stack(
            [
                self.fixed + step**2 * self.walk + trend**2 * self.slope + typical * share * keep**self.distance
                for (step, _), (trend, _), ((share, keep), _) in settings
            ]
        )
        own = covers[:, past[:, None], past[None, :]] / nominal + np.diag(noise * self.wild)
        cross = covers[:, future[:, None], past[None, :]] / nominal
        lower = np.linalg.cholesky(own)
        half = np.linalg.solve(lower, np.broadcast_to(response, (len(covers), len(past)))[..., None])[..., 0]
        reach = np.linalg.solve(lower, np.swapaxes(cross, 1, 2))
        squares = (half**2).sum(axis=1)
        degrees = _PRIOR_DEGREES + len(past)
        scale = (_PRIOR_DEGREES + squares / nominal) / degrees
        logs = np.log(priors) - np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
        logs -= 0.5 * degrees * np.log(scale)
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        lines = np.einsum("kpf,kp->kf", reach, half)
        left = covers[:, future[:, None], future[None, :]] / nominal - np.swapaxes(reach, 1, 2) @ reach
        left *= (nominal * scale)[:, None, None]
        return self._sums(future, counted, weights, lines, left, scale, degrees)

    def _sums(
        self,
        future: IntArray,
        counted: Array,
        weights: Array,
        lines: Array,
        left: Array,
        scale: Array,
        degrees: float,
    ) -> Forecast:
        series = self.series
        eta = self.base + series.offset[future] + np.clip(lines, -12, 12)
        size = np.ones(len(future)) if series.trials is None else np.nan_to_num(series.trials[future])
        means = self.mean(eta) * size
        slope = means if series.trials is None else means * (1 - self.mean(eta))
        sums = np.maximum((means * counted).sum(axis=1), 1e-12)
        share = slope * counted / sums[:, None]
        common = np.einsum("kf,kfg,kg->k", share, left, share)
        own = np.einsum("kf,kff->k", share, left) if series.trials is None else common
        lift = np.clip(0.5 * (own - common), 0.0, 0.5)
        total = float((weights * sums * np.exp(lift)).sum())
        mean = (weights[:, None] * means * np.exp(lift)[:, None]).sum(axis=0)
        dispersion = float(self.scatter * (weights * scale).sum())
        if series.trials is not None:
            rate = self.mean(eta)
            variance = float((weights[:, None] * size * rate * (1 - rate) * counted).sum())
            dispersion *= variance / total
        return Forecast(
            mean,
            counted,
            weights,
            np.log(sums) + lift,
            np.sqrt(np.maximum(common, 0.0)),
            degrees,
            dispersion,
            0.0,
            dispersion,
        )
