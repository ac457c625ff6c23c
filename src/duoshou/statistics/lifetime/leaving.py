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
from scipy.special import gammaln, psi

from duoshou.statistics.lifetime.leaving_integral import left_unseen
from duoshou.statistics.lifetime.purchases import FEWEST, Histories, NotFitted
from duoshou.statistics.lifetime.searching import axes_near, inverse_by_slopes, is_found, search

Floats = NDArray[np.float64]
FLAT = 1e-6
"""Where nearly nobody leaves, or all at the same rate, the likelihood is a ridge along s and β: it ends there."""
FEW = 2_000
"""Beyond so many different histories the search begins with that many of them, near the end of its way."""


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

    Where nobody leaves (s to 0), or all at the same rate (s and β without end), s and β are told as far as the search
    is bounded: what is expected of customers has a limit there.

    Raises:
        NotFitted: If too few customers, or too few who bought again, are known, or the likelihood has no maximum.
    """
    total, returned = data.customers.sum(), data.customers[data.repeats > 0].sum()
    if total < FEWEST or returned < FEWEST:
        raise NotFitted(f"{int(total)} customers, {int(returned)} of whom bought again; at least {FEWEST} are needed")
    unit = float(np.average(data.age, weights=data.customers))
    scaled = Histories(data.repeats, data.last / unit, data.age / unit, data.customers, data.where)
    logs, cost = _likeliest(scaled)
    if not is_found(logs[:2], cost):
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
        return search(_cost(data), begin, 1e-13, flat=FLAT)
    some = data.thinned(data.repeats.size // FEW)
    start, _ = search(_cost(some), begin, 1e-9, flat=FLAT)
    near = axes_near(_covariance(start, some), float(some.customers.sum()))
    return search(_cost(data), start, 1e-13, flat=FLAT, around=near)


def _cost(data: Histories) -> Callable[[Floats], tuple[float, Floats]]:
    total = data.customers.sum()

    def cost(logs: Floats) -> tuple[float, Floats]:
        value, slope = _likelihood(logs, data)
        return -value / total, -slope / total

    return cost


def probability_staying(model: LeavingModel, repeats: ArrayLike, last: ArrayLike, age: ArrayLike) -> Floats:
    """Return the probability that each customer has not left at the end of the observation."""
    x, t, end = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (repeats, last, age)))
    left, _ = left_unseen(model.parameters, x.ravel(), t.ravel(), end.ravel())
    stays = _stays(model.parameters, x, end)
    return np.asarray(np.exp(stays - np.logaddexp(stays, left.reshape(x.shape))))


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


def _likelihood(logs: Floats, data: Histories) -> tuple[float, Floats]:
    """Return the log-likelihood and its slope by the logarithms of the parameters."""
    parameters = np.exp(logs)
    r, alpha, s, beta = parameters
    x, t, end, count = data.repeats, data.last, data.age, data.customers
    stays, left = _stays(parameters, x, end), left_unseen(parameters, x, t, end)
    either = np.logaddexp(stays, left[0])
    bought = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    gone = count * np.exp(left[0] - either)
    here = count - gone
    ones = count.sum()
    slope = np.array(
        [
            count @ (psi(r + x) - psi(r)) + ones * np.log(alpha) - here @ np.log(alpha + end),
            ones * r / alpha - here @ ((r + x) / (alpha + end)),
            ones * np.log(beta) - here @ np.log(beta + end),
            ones * s / beta - s * (here @ (1 / (beta + end))),
        ]
    )
    return float(count @ (bought + either)), (slope + left[1] @ gone) * parameters


def _stays(parameters: Floats, x: Floats, end: Floats) -> Floats:
    """Return the logarithm of the likelihood of still being there, without what it shares with that of having left."""
    r, alpha, s, beta = parameters
    return np.asarray(-(r + x) * np.log(alpha + end) - s * np.log(beta + end))


def curvature_covariance(model: LeavingModel, data: Histories) -> Floats | None:
    """Return the covariance of the logarithms of (r, α, s, β), from the curvature at the maximum; None where none."""
    return _covariance(np.log(model.parameters), data)


def _covariance(logs: Floats, data: Histories) -> Floats | None:
    return inverse_by_slopes(lambda place: _likelihood(place, data)[1], logs)
