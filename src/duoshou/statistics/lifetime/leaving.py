"""How often customers buy when they may leave at any time: the Pareto/NBD model of Schmittlein, Morrison and Colombo.

Purchases come at random with a gamma distributed rate (r, α), and customers leave at random with a gamma distributed
rate (s, β): not only after a purchase as in `purchases`.

Sources: D. Schmittlein, D. Morrison, R. Colombo, Counting Your Customers, Management Science 33 (1987), 1–24; P. Fader,
B. Hardie, A Note on Deriving the Pareto/NBD Model (2005), equations (15) to (20) and (41).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, hyp2f1

from duoshou.statistics.lifetime.purchases import FEWEST, Histories, NotFitted
from duoshou.statistics.lifetime.searching import axes_near, inverse_of, is_found, search

Floats = NDArray[np.float64]
FEW = 2_000
"""Beyond so many different histories the search begins with that many of them, near the end of its way."""
CURVATURE_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class LeavingModel:
    """The fitted model.

    Attributes:
        r: Shape of the purchase rates.
        alpha: Rate of the purchase rates, in the unit of time of the data.
        s: Shape of the rates of leaving.
        beta: Rate of the rates of leaving, in the unit of time of the data.
        log_likelihood: Of all customers.
    """

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float

    @property
    def parameters(self) -> Floats:
        """The four parameters, (r, α, s, β)."""
        return np.array([self.r, self.alpha, self.s, self.beta])


def fit_leaving(data: Histories) -> LeavingModel:
    """Return the model that makes the histories likeliest.

    Raises:
        NotFitted: If too few customers, or too few who bought again, are known, or the likelihood has no maximum.
    """
    total, returned = data.customers.sum(), data.customers[data.repeats > 0].sum()
    if total < FEWEST or returned < FEWEST:
        raise NotFitted(f"{int(total)} customers, {int(returned)} of whom bought again; at least {FEWEST} are needed")
    unit = float(np.average(data.age, weights=data.customers))
    scaled = Histories(data.repeats, data.last / unit, data.age / unit, data.customers, data.where)
    logs, cost = _likeliest(scaled)
    if not is_found(logs, cost):
        raise NotFitted("the histories do not tell the parameters: their likelihood has no maximum")
    r, alpha, s, beta = (float(one) for one in np.exp(logs))
    density = float((data.customers * data.repeats).sum() * np.log(unit))
    return LeavingModel(r, alpha * unit, s, beta * unit, float(-cost * total - density))


def _likeliest(data: Histories) -> tuple[Floats, float]:
    """Return the logarithms of the likeliest parameters, and the negative log-likelihood of a customer there.

    Of many histories some lead near the maximum and tell the curvature there.
    """
    begin = np.full(4, -0.5)
    if data.repeats.size <= FEW:
        return search(_cost(data), begin, 1e-11)
    some = data.thinned(data.repeats.size // FEW)
    start, _ = search(_cost(some), begin, 1e-9)
    near = axes_near(_covariance(start, some), float(some.customers.sum()))
    return search(_cost(data), start, 1e-11, around=near)


def _cost(data: Histories) -> Callable[[Floats], float]:
    total = data.customers.sum()
    return lambda logs: -_log_likelihood(logs, data) / total


def probability_staying(model: LeavingModel, repeats: ArrayLike, last: ArrayLike, age: ArrayLike) -> Floats:
    """Return the probability that each customer has not left at the end of the observation."""
    x, t, end = (np.asarray(one, dtype=np.float64) for one in (repeats, last, age))
    stays, left = _parts(model.parameters, x, t, end)
    return np.asarray(np.exp(stays - np.logaddexp(stays, left)))


def expected_orders(model: LeavingModel, repeats: ArrayLike, last: ArrayLike, age: ArrayLike, ahead: float) -> Floats:
    """Return how many purchases each customer is expected to make in the time `ahead` after the observation.

    Equation (41) of the second source; for s of 1, where it is 0 by 0, its limit.

    Raises:
        ValueError: If `ahead` is negative.
    """
    if ahead < 0:
        raise ValueError("ahead must not be negative")
    x, _, end = (np.asarray(one, dtype=np.float64) for one in (repeats, last, age))
    r, alpha, s, beta = model.parameters
    span = np.log1p(ahead / (beta + end))
    # (1 − e^(−(s−1)·span)) ÷ (s−1), and its limit for s = 1.
    years = span if abs(s - 1) < 1e-9 else -np.expm1(-(s - 1) * span) / (s - 1)
    return np.asarray(probability_staying(model, repeats, last, age) * (r + x) * (beta + end) / (alpha + end) * years)


def expected_of_new(model: LeavingModel, time: ArrayLike) -> Floats:
    """Return how many purchases after the first a new customer makes in the time after it, on average.

    The mean of the first source; for s of 1, where it is 0 by 0, its limit.
    """
    r, alpha, s, beta = model.parameters
    span = np.log1p(np.asarray(time, dtype=np.float64) / beta)
    years = span if abs(s - 1) < 1e-9 else -np.expm1(-(s - 1) * span) / (s - 1)
    return np.asarray(r * beta / alpha * years)


def _common(parameters: Floats, x: Floats) -> Floats:
    r, alpha, s, beta = parameters
    return np.asarray(gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta))


def _parts(parameters: Floats, x: Floats, t: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return the logarithms of the likelihood of still being there and of having left, without what both share."""
    r, alpha, s, beta = parameters
    stays = -(r + x) * np.log(alpha + end) - s * np.log(beta + end)
    total, larger = r + s + x, max(alpha, beta)
    apart, power = abs(alpha - beta), (s + 1 if alpha >= beta else r + x)
    with np.errstate(all="ignore"):
        at_last = np.log(hyp2f1(total, power, total + 1, apart / (larger + t))) - total * np.log(larger + t)
        at_end = np.log(hyp2f1(total, power, total + 1, apart / (larger + end))) - total * np.log(larger + end)
        # Where the series leaves the range of numbers, the chance to have left cannot be told from none.
        left = np.log(s / total) + at_last + np.log(-np.expm1(np.minimum(at_end - at_last, 0.0)))
    return stays, np.where(np.isnan(left), -np.inf, left)


def curvature_covariance(model: LeavingModel, data: Histories) -> Floats | None:
    """Return the covariance of the logarithms of (r, α, s, β), from the curvature at the maximum; None where none."""
    return _covariance(np.log(model.parameters), data)


def _log_likelihood(logs: Floats, data: Histories) -> float:
    parameters = np.exp(logs)
    stays, left = _parts(parameters, data.repeats, data.last, data.age)
    return float(data.customers @ (_common(parameters, data.repeats) + np.logaddexp(stays, left)))


def _covariance(logs: Floats, data: Histories) -> Floats | None:
    curvature, unit = np.empty((4, 4)), np.eye(4) * CURVATURE_STEP
    for row in range(4):
        for column in range(row, 4):
            one, other = unit[row], unit[column]
            near, far = (
                _log_likelihood(logs + one + side * other, data) + _log_likelihood(logs - one - side * other, data)
                for side in (1, -1)
            )
            curvature[row, column] = curvature[column, row] = (far - near) / (4 * CURVATURE_STEP**2)
    return inverse_of(curvature)
