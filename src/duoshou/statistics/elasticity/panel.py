"""Log sales on log prices over many units, each unit with its own level, errors by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LEAST_UNITS = 5
"""Clusters below which errors by cluster say nothing."""


@dataclass(frozen=True, slots=True)
class PanelFit:
    """Coefficients of a regression with a level for each unit.

    Attributes:
        names: Of the features.
        estimates: float[K]; elasticities where a feature is a log price and the outcome log sales.
        errors: float[K], robust to any dependence within a unit.
        low: Lower ends of the intervals.
        high: Upper ends.
        p_values: Of the hypothesis that a coefficient is 0, two-sided.
        observations: Rows.
        units: Units.
    """

    names: tuple[str, ...]
    estimates: Floats
    errors: Floats
    low: Floats
    high: Floats
    p_values: Floats
    observations: int
    units: int


def fit_panel(
    outcome: Floats, features: Floats, unit: Integers, names: Sequence[str], *, level: float = 0.95
) -> PanelFit:
    """Return the coefficients of a linear regression with fixed effects of units.

    The within estimator; errors by cluster of units with Stata's small-sample factor and t of units − 1 degrees
    (Cameron and Miller 2015, "A practitioner's guide to cluster-robust inference").

    Args:
        outcome: float[N], e.g. log sales.
        features: float[N, K], e.g. log prices, own and others', and flags of promotions.
        unit: int[N], the unit of each row, e.g. the shop that sold.
        names: Of the features.
        level: Probability of the intervals.

    Raises:
        ValueError: If shapes differ, a number is not finite, there are fewer than 5 units, or features are collinear.
    """
    n, k = features.shape
    if outcome.shape != (n,) or unit.shape != (n,) or len(names) != k:
        raise ValueError("outcome, unit and features have the same rows, and each feature a name")
    if not (np.isfinite(outcome).all() and np.isfinite(features).all()):
        raise ValueError("outcome and features must be finite")
    _, place = np.unique(unit, return_inverse=True)
    units = int(place.max()) + 1 if n else 0
    if units < LEAST_UNITS:
        raise ValueError(f"errors by unit need {LEAST_UNITS} units")
    y, x = _within(outcome[:, None], place)[:, 0], _within(features, place)
    if np.linalg.matrix_rank(x) < k:
        raise ValueError("the features are collinear within units")
    estimates = np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)
    scores = np.zeros((units, k))
    np.add.at(scores, place, x * (y - x @ estimates)[:, None])
    bread = np.linalg.inv(x.T @ x)
    factor = units / (units - 1) * (n - 1) / (n - k)
    errors = np.asarray(np.sqrt(np.diag(factor * bread @ (scores.T @ scores) @ bread)), dtype=np.float64)
    reach = float(stats.t.ppf((1 + level) / 2, units - 1)) * errors
    p_values = 2 * stats.t.sf(np.abs(estimates) / errors, units - 1)
    return PanelFit(tuple(names), estimates, errors, estimates - reach, estimates + reach, p_values, n, units)


def _within(values: Floats, place: Integers) -> Floats:
    sums = np.zeros((int(place.max()) + 1, values.shape[1]))
    np.add.at(sums, place, values)
    return np.asarray(values - (sums / np.bincount(place)[:, None])[place])
