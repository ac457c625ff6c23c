"""What customers spend in a purchase: the gamma-gamma model of Fader and Hardie (2013).

The amounts of one customer are gamma distributed with shape p; the rates of customers are gamma distributed with shape
q and rate γ. Amounts are independent of how often a customer buys: `correlation` says how far that holds.

Source: P. Fader, B. Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, psi

from duoshou.statistics.lifetime.purchases import FEWEST, NotFitted
from duoshou.statistics.lifetime.searching import LARGEST, MOST_STEPS

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SpendingModel:
    """The fitted model.

    Attributes:
        p: Shape of the amounts of one customer.
        q: Shape of the rates over customers.
        gamma: Rate of the rates, in money.
        log_likelihood: Of all customers.
        correlation: Pearson's correlation of number and mean amount: the model assumes none.
    """

    p: float
    q: float
    gamma: float
    log_likelihood: float
    correlation: float

    @property
    def mean(self) -> float:
        """Mean amount over all customers; without bound for q of 1 or less."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("inf")


def fit_spending(purchases: ArrayLike, mean_amount: ArrayLike) -> SpendingModel:
    """Return the model that makes the mean amounts likeliest.

    Args:
        purchases: Number of purchases whose mean is known, one entry a customer, at least 1.
        mean_amount: Their mean, above 0.

    Raises:
        ValueError: If a number is impossible.
        NotFitted: If too few customers are known, or amounts do not differ enough to tell customers apart.
    """
    x, z = (np.asarray(one, dtype=np.float64).ravel() for one in (purchases, mean_amount))
    if x.size != z.size or (x < 1).any() or (z <= 0).any() or not np.isfinite(z).all():
        raise ValueError("each customer needs at least one purchase and a mean above 0")
    if x.size < FEWEST:
        raise NotFitted(f"{x.size} customers; at least {FEWEST} are needed")
    unit = float(np.exp(np.log(z).mean()))
    scaled = z / unit
    bound = np.log(LARGEST)

    def cost(logs: Floats) -> tuple[float, Floats]:
        value, slope = _likelihood(np.exp(logs), x, scaled)
        return -value / x.size, -slope / x.size

    found = minimize(
        cost,
        np.log([2.0, 2.0, 1.0]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-bound, bound)] * 3,
        options={"maxiter": MOST_STEPS, "ftol": 1e-13, "gtol": 1e-8},
    )
    if not np.isfinite(found.fun) or (np.abs(found.x) > bound - 1).any():
        raise NotFitted("the amounts do not tell the parameters: customers hardly differ in what they spend")
    p, q, gamma = (float(one) for one in np.exp(found.x))
    with np.errstate(invalid="ignore"):
        correlation = float(np.corrcoef(x, z)[0, 1]) if x.std() > 0 and z.std() > 0 else 0.0
    return SpendingModel(p, q, gamma * unit, float(-found.fun * x.size - x.size * np.log(unit)), correlation)


def expected_amount(model: SpendingModel, purchases: ArrayLike, mean_amount: ArrayLike) -> Floats:
    """Return what each customer is expected to spend in a purchase: their own mean drawn to that of all.

    Equation (5) of the source; a customer with 0 purchases is expected to spend the mean of all.
    """
    x, z = (np.asarray(one, dtype=np.float64) for one in (purchases, mean_amount))
    return np.asarray(model.p * (model.gamma + x * np.where(x > 0, z, 0.0)) / (model.p * x + model.q - 1))


def _likelihood(parameters: Floats, x: Floats, z: Floats) -> tuple[float, Floats]:
    """Return the log-likelihood and its slope by the logarithms of the parameters."""
    p, q, gamma = parameters
    shape, total = p * x, x * z
    reach = np.log(gamma + total)
    value = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
    value += (shape - 1) * np.log(z) + shape * np.log(x) - (shape + q) * reach
    both = psi(shape + q)
    by_p = x * (both - psi(shape) + np.log(z) + np.log(x) - reach)
    by_q = both - psi(q) + np.log(gamma) - reach
    by_gamma = q / gamma - (shape + q) / (gamma + total)
    return float(value.sum()), np.array([by_p.sum(), by_q.sum(), by_gamma.sum()]) * parameters
