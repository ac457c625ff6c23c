"""A counterfactual from a subject's own past: regression with a wandering level, all its settings weighed at once."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.effects.panel import Array, Kind
from duoshou.statistics.effects.quantiles import mixture_quantile
from duoshou.statistics.effects.settings import Guide, settings_of, walk_of

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

PLAIN_STEP = 0.012
"""Daily step of the level while the working responses are settled."""

_LEVEL = 25.0
_WEEKDAY = 0.3**2
_REGRESSOR = 1.0
_PRIOR_DEGREES = 4.0
_WILD = 3.0
_ROUNDS = 6
_CHUNK = 16
_LARGE = 1e15  # a pivot that no response uses up


@dataclass(frozen=True)
class Series:
    """One series and what is known of its days, up to the last one judged.

    Attributes:
        values: float[days], NaN = unknown; successes of a rate.
        start: First day that is to be predicted.
        kind: How the numbers scatter.
        trials: float[days], of a rate; else None.
        weekday: Weekday of day 0.
        drivers: float[days, k], known drivers, each at most 1 in size.
        guide: What donors tell of it, if there are any.
    """

    values: Array
    start: int
    kind: Kind
    trials: Array | None
    weekday: int
    drivers: Array
    guide: Guide | None = None


@dataclass(frozen=True)
class Forecast:
    """What the predicted days would have brought, as a mixture of Student t distributions.

    Attributes:
        mean: float[days predicted].
        counted: bool[days predicted], the outcome is known and counts.
        weights, centres, scales: Of the logarithm of the sum over the counted days.
        degrees: Degrees of freedom.
        proportional: Variance of a seen sum about its mean ÷ that mean.
        followed: Probability that the donors tell something of the series; 0 without donors.
    """

    mean: Array
    counted: BoolArray
    weights: Array
    centres: Array
    scales: Array
    degrees: float
    proportional: float
    followed: float

    def log_quantile(self, z: float) -> float:
        """Return the logarithm of the expected sum over the counted days at the normal score z of its probability."""
        return mixture_quantile(z, self.weights, self.centres, self.scales, self.degrees)

    def limits(self, level: float) -> tuple[float, float, float]:
        """Return lower limit, median and upper limit of that logarithm."""
        z = NormalDist().inv_cdf((1 + level) / 2)
        return self.log_quantile(-z), self.log_quantile(0.0), self.log_quantile(z)


def forecast(series: Series) -> Forecast:
    """Return what a series would have brought from its start on.

    A generalised linear mixed model by penalised quasi-likelihood (Breslow and Clayton, 1993): weekdays and
    regressors with normal priors, a level that follows a random walk, a trend, and autoregressive deviations. The
    speeds of level and trend and the share of serial dependence are not chosen but averaged over, each with the
    marginal likelihood of the days before; so what is extreme before the start is expected to return as far as this
    series' deviations do return. Single wild days are weighed down.

    Raises:
        ValueError: If no day before the start is known, or all known ones are zero.
    """
    known = ~np.isnan(series.values)
    if series.trials is not None:
        known &= np.nan_to_num(series.trials) > 0
    past = np.flatnonzero(known[: series.start])
    if len(past) == 0 or float(series.values[past].sum()) <= 0:
        raise ValueError("a forecast needs days before the start with something in them")
    order = np.concatenate([past, np.arange(series.start, len(series.values))])
    working = _Working(series, order, len(past))
    working.fit()
    return working.predict(known[series.start :])


class _Working:
    """The linear problem that stands for the series: working responses with their variances.

    Its days are the known ones before the start, `size` of them, then all those to predict.
    """

    def __init__(self, series: Series, order: IntArray, size: int) -> None:
        self.kind, self.size = series.kind, size
        self.values = series.values[order[:size]]
        self.trials = None if series.trials is None else np.nan_to_num(series.trials[order])
        self.place: Array = order.astype(np.float64) - (series.start - 1.0)
        self.guide = None
        if series.guide is not None:
            self.guide = Guide(series.guide.shared[order], series.guide.apart[:, order])
        features, prior = _features(series)
        self.fixed = (features[order] * prior) @ features[order].T
        self.base = self._base()
        self.eta = np.full(len(order), self.base)
        self.wild = np.ones(size)
        self.scatter = 1.0
        self.degrees = _PRIOR_DEGREES + size

    def _base(self) -> float:
        if self.trials is None:
            return float(np.log(self.values.mean()))
        rate = (self.values.sum() + 0.5) / (self.trials[: self.size].sum() + 1.0)
        return float(np.log(rate / (1 - rate)))

    def mean(self, eta: Array) -> Array:
        """Return the expected outcome of a day (a rate's per trial)."""
        if self.trials is not None:
            return np.asarray(1.0 / (1.0 + np.exp(-np.clip(eta, -30, 30))))
        return np.asarray(np.exp(np.clip(eta, -30, 50)))

    def fit(self) -> None:
        """Settle the working responses with a plain level, then the dispersion."""
        prior = self.fixed + PLAIN_STEP**2 * walk_of(self.place)
        if self.guide is not None:
            prior += np.outer(self.guide.shared, self.guide.shared)
        past = slice(0, self.size)
        for _ in range(_ROUNDS):
            response, noise = self.response()
            solved = np.linalg.solve(prior[past, past] + np.diag(self.scatter * noise * self.wild), response)
            fitted = prior[:, past] @ solved
            self.eta = self.base + np.clip(fitted, -12, 12)
            apart = response - fitted[past]
            self.scatter = self._dispersion(apart, noise)
            self.wild = self._wildness(apart, noise)

    def _wildness(self, apart: Array, noise: Array) -> Array:
        """Return by how much the variance of a day is raised: beyond three deviations it counts as three.

        Deviations of what cannot be negative are skewed; they are measured on the scale of the power 2/3, which makes
        them symmetric (Anscombe, 1953), so that the mean is not pulled down.
        """
        spread = np.sqrt(self.scatter * noise)
        if self.trials is None:
            score = 1.5 * (np.cbrt(np.maximum(1.0 + apart, 0.0)) ** 2 - 1.0) / spread
        else:
            score = apart / spread
        return np.maximum((score / _WILD) ** 2, 1.0)

    def _dispersion(self, apart: Array, noise: Array) -> float:
        """Return variance ÷ nominal variance of a day, wild days weighed down; that of counts is not below 1."""
        squares = apart**2 / noise
        weight = 1.0 / self.wild
        free = max(len(apart) - 8.0, 0.3 * len(apart))
        found = float((weight * squares).sum()) / free
        return max(found, 1.0 if self.kind != "amount" else 1e-12)

    def response(self) -> tuple[Array, Array]:
        """Return the working responses of the days before, less the base, and their variances per dispersion."""
        eta = self.eta[: self.size]
        mean = self.mean(eta)
        if self.trials is not None:
            trials = self.trials[: self.size]
            noise = 1.0 / np.maximum(trials * mean * (1 - mean), 1e-9)
            apart = (self.values - trials * mean) * noise
        else:
            noise = 1.0 / np.maximum(mean, 1e-9)
            apart = self.values / np.maximum(mean, 1e-12) - 1.0
        return eta - self.base + apart, noise

    def predict(self, known: BoolArray) -> Forecast:
        """Return the forecast, averaged over the settings."""
        response, noise = self.response()
        settings = settings_of(self.fixed, self.place, self.scatter * float(np.median(noise)), self.guide)
        parts = [
            self._conditional(
                settings.covers[first : first + _CHUNK], settings.means[first : first + _CHUNK], response, noise
            )
            for first in range(0, len(settings.means), _CHUNK)
        ]
        lines, left, scale, likelihood = (np.concatenate(part) for part in zip(*parts, strict=True))
        logs = settings.log_prior + likelihood
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        followed = float(weights[settings.means.any(axis=1)].sum())
        return self._sums(known, weights, lines, left, scale, followed)

    def _conditional(
        self, covers: Array, means: Array, response: Array, noise: Array
    ) -> tuple[Array, Array, Array, Array]:
        """Return per setting mean, covariance of the days to come, relative scale and marginal log likelihood.

        One Cholesky factor of the days before, the days to come and the response, in this order, holds it all: below
        the factor of the days before stand the regressions on their innovations.
        """
        size, days = self.size, len(self.place)
        joint = np.zeros((len(covers), days + 1, days + 1))
        joint[:, :days, :days] = covers / self.scatter
        diagonal = np.arange(size)
        joint[:, diagonal, diagonal] += noise * self.wild
        diagonal = np.arange(size, days)
        joint[:, diagonal, diagonal] *= 1 + 1e-9
        joint[:, diagonal, diagonal] += 1e-9 * float(noise.mean())
        joint[:, days, :size] = response - means[:, :size]
        joint[:, days, days] = _LARGE
        lower = np.linalg.cholesky(joint)
        half, reach, rest = lower[:, days, :size], lower[:, size:days, :size], lower[:, size:days, size:days]
        scale = (_PRIOR_DEGREES + (half**2).sum(axis=1) / self.scatter) / self.degrees
        likelihood = -np.log(np.diagonal(lower[:, :size, :size], axis1=1, axis2=2)).sum(axis=1)
        likelihood -= 0.5 * self.degrees * np.log(scale)
        lines = means[:, size:] + (reach @ half[..., None])[..., 0]
        left = rest @ np.swapaxes(rest, 1, 2)
        return lines, left * (self.scatter * scale)[:, None, None], scale, likelihood

    def _sums(
        self, counted: BoolArray, weights: Array, lines: Array, left: Array, scale: Array, followed: float
    ) -> Forecast:
        """Return the forecast of the sum over the counted days from that of the days on the link scale."""
        rate = self.mean(self.base + np.clip(lines, -12, 12))
        means = rate if self.trials is None else rate * self.trials[self.size :]
        slope = means if self.trials is None else means * (1 - rate)
        sums = np.maximum((means * counted).sum(axis=1), 1e-12)
        share = slope * counted / sums[:, None]
        common = np.maximum((share[:, None] @ left @ share[..., None])[:, 0, 0], 0.0)
        # Days that deviate by themselves raise the mean of an exponential.
        own = (share * np.diagonal(left, axis1=1, axis2=2)).sum(axis=1) if self.trials is None else common
        lift = np.clip(0.5 * (own - common), 0.0, 0.5)
        proportional = self.scatter * float(weights @ scale)
        if self.trials is not None:
            proportional *= float(weights @ (slope * counted).sum(axis=1)) / float(weights @ sums)
        return Forecast(
            weights @ (means * np.exp(lift)[:, None]),
            counted,
            weights,
            np.log(sums) + lift,
            np.sqrt(common),
            self.degrees,
            proportional,
            followed,
        )


def _features(series: Series) -> tuple[Array, Array]:
    """Return the columns of the regression, days × columns, and the prior variance of their effects."""
    days = len(series.values)
    week = np.eye(7)[(np.arange(days) + series.weekday) % 7]
    features = np.concatenate([np.ones((days, 1)), week, series.drivers], axis=1)
    prior = np.concatenate([[_LEVEL], np.full(7, _WEEKDAY), np.full(series.drivers.shape[1], _REGRESSOR)])
    return features, prior
