"""How often customers buy when they may leave at any time: the Pareto/NBD model of Schmittlein, Morrison and Colombo.

Purchases come at random with a gamma distributed rate (r, α), and customers leave at random with a gamma distributed
rate (s, β): not only after a purchase as in `purchases`.

Sources: D. Schmittlein, D. Morrison, R. Colombo, Counting Your Customers, Management Science 33 (1987), 1–24; P. Fader,
B. Hardie, A Note on Deriving the Pareto/NBD Model (2005), equations (15) to (20) and (41).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

from duoshou.statistics.lifetime.purchases import FEWEST, LARGEST, MOST_STEPS, Histories, NotFitted

Floats = NDArray[np.float64]


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
    x, t, end = data.repeats, data.last / unit, data.age / unit
    bound = np.log(LARGEST)

    def cost(logs: Floats) -> float:
        stays, left = _parts(np.exp(logs), x, t, end)
        value = data.customers @ (_common(np.exp(logs), x) + np.logaddexp(stays, left))
        return float(-value / total)

    found = minimize(
        cost,
        np.zeros(4) - 0.5,
        method="L-BFGS-B",
        bounds=[(-bound, bound)] * 4,
        options={"maxiter": MOST_STEPS, "ftol": 1e-11},
    )
    if not np.isfinite(found.fun) or (np.abs(found.x) > bound - 1).any():
        raise NotFitted("the histories do not tell the parameters: their likelihood has no maximum")
    r, alpha, s, beta = (float(one) for one in np.exp(found.x))
    density = float((data.customers * x).sum() * np.log(unit))
    return LeavingModel(r, alpha * unit, s, beta * unit, float(-found.fun * total - density))


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
    logs, step = np.log(model.parameters), 1e-3

    def value(moved: Floats) -> float:
        stays, left = _parts(np.exp(moved), data.repeats, data.last, data.age)
        return float(data.customers @ (_common(np.exp(moved), data.repeats) + np.logaddexp(stays, left)))

    curvature, unit = np.empty((4, 4)), np.eye(4) * step
    for row in range(4):
        for column in range(row, 4):
            near = value(logs + unit[row] + unit[column]) + value(logs - unit[row] - unit[column])
            far = value(logs + unit[row] - unit[column]) + value(logs - unit[row] + unit[column])
            curvature[row, column] = curvature[column, row] = -(near - far) / (4 * step**2)
    if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature).min() <= 0:
        return None
    return np.asarray(np.linalg.inv(curvature))
