"""How the days of a series hang together: white noise and a level that wanders."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.trials.outcomes import Array
from duoshou.statistics.trials.switchback import weekdays

_SHARES = (0.0, 0.25, 0.5, 0.75, 0.95)
_KEPT = (0.3, 0.6, 0.85, 0.97)


@dataclass(frozen=True)
class Noise:
    """Covariance of days: variance × ((1 − share)·[same day] + share·kept^|days apart|).

    Attributes:
        variance: Of one day.
        share: Of it that outlasts the day.
        kept: How much of that the next day keeps.
    """

    variance: float
    share: float
    kept: float

    def covariance(self, days: int) -> Array:
        """Return float[days, days], divided by the variance."""
        apart = np.abs(np.arange(days)[:, None] - np.arange(days)[None, :])
        return np.asarray((1 - self.share) * (apart == 0) + self.share * self.kept**apart)


def regressors(days: int, weekday: int, extra: Array | None, *, centre: float | None = None) -> Array:
    """Return float[days, k]: weekdays, a trend and what else is known of the days."""
    trend = np.arange(days, dtype=np.float64) - (days / 2 if centre is None else centre)
    parts = [weekdays(days, weekday), trend[:, None] / max(days, 1)]
    return np.concatenate(parts if extra is None else [*parts, extra], axis=1)


@dataclass(frozen=True)
class Weighed:
    """A noise that fits, and how well.

    Attributes:
        noise: The noise with its most likely variance.
        weight: Its share of the likelihood of all noises considered.
        degrees: Degrees of freedom that the variance was learnt from.
    """

    noise: Noise
    weight: float
    degrees: int


def weighed_noises(values: Array, design: Array) -> tuple[Weighed, ...]:
    """Return the noises considered, the likeliest first, with their restricted likelihoods.

    Restricted likelihood (Patterson and Thompson, 1971): regressors cost no bias of the variance.

    Args:
        values: float[days], NaN = unknown.
        design: float[days, k].
    """
    known = ~np.isnan(values)
    found = []
    for share in _SHARES:
        for kept in _KEPT if share else (0.0,):
            covariance = Noise(1.0, share, kept).covariance(len(values))[np.ix_(known, known)]
            found.append((_restricted(covariance, values[known], design[known]), share, kept))
    best = max(score for (score, _, _), _, _ in found)
    if math.isinf(best):
        return (Weighed(Noise(1.0, 0.0, 0.0), 1.0, 0),)
    parts = [(math.exp(score - best), Noise(variance, *rest), degrees) for (score, variance, degrees), *rest in found]
    total = sum(part[0] for part in parts)
    weighed = [Weighed(noise, likelihood / total, degrees) for likelihood, noise, degrees in parts]
    return tuple(sorted(weighed, key=lambda one: -one.weight))


def fit_noise(values: Array, design: Array) -> Noise:
    """Return the likeliest noise of a series around its regression."""
    return weighed_noises(values, design)[0].noise


def _restricted(covariance: Array, values: Array, design: Array) -> tuple[float, float, int]:
    lower = np.linalg.cholesky(covariance)
    white = np.linalg.solve(lower, np.column_stack([values, design]))
    basis, singular, _ = np.linalg.svd(white[:, 1:], full_matrices=False)
    rank = int((singular > 1e-9 * singular[0]).sum()) if len(singular) else 0
    left = white[:, 0] - basis[:, :rank] @ (basis[:, :rank].T @ white[:, 0])
    degrees = len(values) - rank
    if degrees < 1:
        return -math.inf, 0.0, 0
    variance = max(float(left @ left) / degrees, 1e-300)
    score = -0.5 * degrees * math.log(variance) - float(np.log(np.diag(lower)).sum())
    return score - float(np.log(singular[:rank]).sum()), variance, degrees
