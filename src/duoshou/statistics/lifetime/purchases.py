"""How often customers buy and whether they still do: the BG/NBD model of Fader, Hardie and Lee (2005).

While a customer is active, purchases come at random with a rate of their own; after each they become inactive with a
probability of their own. Rates are gamma distributed over customers (shape r, rate α), probabilities beta (a, b).

Source: P. Fader, B. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005), 275–284.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, hyp2f1, psi

from duoshou.statistics.lifetime.searching import axes_near, inverse_by_slopes, is_found, search

Floats = NDArray[np.float64]
FEW = 20_000
"""Beyond so many different histories the search begins with that many of them, near the end of its way."""
FEWEST = 30
"""Fewer customers, or fewer who came back, say nothing about four parameters."""
NEARBY = 1e-7


class NotFitted(ValueError):
    """Data from which the model cannot be learned; the message says why."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Customers by what they bought, equal ones counted together.

    Attributes:
        repeats: Purchases after the first, a row for each kind of history.
        last: Time from the first to the last purchase; 0 where there was no other.
        age: Time from the first purchase to the end of the observation, in the same unit.
        customers: How many customers have just this history.
        where: For each customer as given, the row of their history.
    """

    repeats: Floats
    last: Floats
    age: Floats
    customers: Floats
    where: NDArray[np.intp]

    def thinned(self, step: int) -> Histories:
        """Return every so many histories: their likeliest parameters lie near those of all."""
        repeats, last, age, customers = (one[::step] for one in (self.repeats, self.last, self.age, self.customers))
        return Histories(repeats, last, age, customers, self.where)


@dataclass(frozen=True, slots=True)
class PurchaseModel:
    """The fitted model.

    Attributes:
        r: Shape of the purchase rates.
        alpha: Rate of the purchase rates, in the unit of time of the data.
        a, b: The beta distribution of becoming inactive after a purchase.
        log_likelihood: Of all customers.
        covariance: Of the logarithms of (r, α, a, b), from the curvature at the maximum; None where it is not one.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: Floats | None

    @property
    def parameters(self) -> Floats:
        """The four parameters, (r, α, a, b)."""
        return np.array([self.r, self.alpha, self.a, self.b])


def histories(repeats: ArrayLike, last: ArrayLike, age: ArrayLike) -> Histories:
    """Return customers with equal histories counted together.

    Args:
        repeats: Purchases after the first, one entry a customer.
        last: Time from the first to the last purchase.
        age: Time from the first purchase to the end of the observation.

    Raises:
        ValueError: If lengths differ, or a history is impossible.
    """
    x, t, end = (np.asarray(one, dtype=np.float64).ravel() for one in (repeats, last, age))
    if not x.size == t.size == end.size:
        raise ValueError("repeats, last and age need one entry a customer")
    if not (np.isfinite(x).all() and np.isfinite(t).all() and np.isfinite(end).all()):
        raise ValueError("a history holds a number that is not finite")
    if (x < 0).any() or (t < 0).any() or (t > end).any() or ((x == 0) & (t > 0)).any() or (x != np.floor(x)).any():
        raise ValueError("0 ≤ last ≤ age, and last is 0 for who bought once")
    order = np.lexsort((end, t, x))
    first = np.ones(x.size, dtype=bool)
    first[1:] = (np.diff(x[order]) != 0) | (np.diff(t[order]) != 0) | (np.diff(end[order]) != 0)
    group = np.cumsum(first) - 1
    where = np.empty(x.size, dtype=np.intp)
    where[order] = group
    chosen = order[first]
    return Histories(x[chosen], t[chosen], end[chosen], np.bincount(group).astype(np.float64), where)


def fit_purchases(data: Histories) -> PurchaseModel:
    """Return the model that makes the histories likeliest.

    Equal histories are looked at once, the gradient is exact, and the search is over logarithms, in the time scale of
    the data, so that a unit of time changes nothing but α.

    Raises:
        NotFitted: If too few customers, or too few who bought again, are known, or the likelihood has no maximum.
    """
    total, returned = data.customers.sum(), data.customers[data.repeats > 0].sum()
    if total < FEWEST or returned < FEWEST:
        raise NotFitted(f"{int(total)} customers, {int(returned)} of whom bought again; at least {FEWEST} are needed")
    unit = float(np.average(data.age, weights=data.customers))
    scaled = Histories(data.repeats, data.last / unit, data.age / unit, data.customers, data.where)

    sums = _Sums.of(scaled)
    logs, cost = _likeliest(scaled, sums)
    if not is_found(logs, cost):
        raise NotFitted("the histories do not tell the parameters: their likelihood has no maximum")
    r, alpha, a, b = np.exp(logs)
    return PurchaseModel(
        float(r),
        float(alpha * unit),
        float(a),
        float(b),
        float(-cost * total - unit_of_density(data, unit)),
        _covariance(logs, sums),
    )


def _likeliest(data: Histories, sums: _Sums) -> tuple[Floats, float]:
    """Return the logarithms of the likeliest parameters, and the negative log-likelihood of a customer there.

    Of many histories some lead near the maximum and tell the curvature there.
    """
    if data.repeats.size <= FEW:
        return search(_cost(sums), np.zeros(4), 1e-13, flat=1e-8)
    some = _Sums.of(data.thinned(data.repeats.size // FEW))
    start, _ = search(_cost(some), np.zeros(4), 1e-9, flat=1e-8)
    near = axes_near(_covariance(start, some), float(some.customers.sum()))
    return search(_cost(sums), start, 1e-13, flat=1e-8, around=near)


def _cost(data: _Sums) -> Callable[[Floats], tuple[float, Floats]]:
    total = data.customers.sum()

    def cost(logs: Floats) -> tuple[float, Floats]:
        value, slope = _likelihood(np.exp(logs), data)
        return -value / total, -slope / total

    return cost


def unit_of_density(data: Histories, unit: float) -> float:
    """Return what a unit of time adds to the log-likelihood: each purchase has a density over time."""
    return float((data.customers * data.repeats).sum() * np.log(unit))


def probability_active(model: PurchaseModel, repeats: ArrayLike, last: ArrayLike, age: ArrayLike) -> Floats:
    """Return the probability that each customer is still active at the end of the observation."""
    x, t, end = (np.asarray(one, dtype=np.float64) for one in (repeats, last, age))
    return 1 / (1 + _odds_of_having_left(model, x, t, end))


def expected_purchases(
    model: PurchaseModel, repeats: ArrayLike, last: ArrayLike, age: ArrayLike, ahead: float
) -> Floats:
    """Return how many purchases each customer is expected to make in the time `ahead` after the observation.

    Equation (10) of the source; for a close to 1, where it is 0 by 0, the mean of both sides of 1.

    Raises:
        ValueError: If `ahead` is negative.
    """
    if ahead < 0:
        raise ValueError("ahead must not be negative")
    if abs(model.a - 1) < 1e-4:
        sides = (PurchaseModel(model.r, model.alpha, one, model.b, 0.0, None) for one in (1 - 1e-3, 1 + 1e-3))
        return np.asarray(np.mean([expected_purchases(one, repeats, last, age, ahead) for one in sides], axis=0))
    x, t, end = (np.asarray(one, dtype=np.float64) for one in (repeats, last, age))
    r, alpha, a, b = model.parameters
    share = ahead / (alpha + end + ahead)
    gone = (1 - share) ** (r + x) * _times_series(r + x, b + x, a + b + x - 1, share)
    return np.asarray((a + b + x - 1 - gone) / (a - 1) / (1 + _odds_of_having_left(model, x, t, end)))


def expected_total(model: PurchaseModel, time: ArrayLike) -> Floats:
    """Return how many purchases after the first a new customer makes in the time after it, on average.

    Equation (9) of the source.
    """
    t = np.asarray(time, dtype=np.float64)
    r, alpha, a, b = model.parameters
    if abs(a - 1) < 1e-4:
        a = 1 + 1e-4
    gone = (alpha / (alpha + t)) ** r * _times_series(r, b, a + b - 1, t / (alpha + t))
    return np.asarray((a + b - 1 - gone) / (a - 1))


def _times_series(first: Any, second: Any, third: Any, argument: Floats) -> Floats:
    """Return c · ₂F₁(a, b; c; z); where c is nearly 0 (a + b is 1), by the series of the next ones."""
    if (np.abs(third) > 0.01).all():
        return np.asarray(third * _series(first, second, third, argument))
    beyond = _series(first, second, third + 1, argument)
    further = _series(first + 1, second + 1, third + 2, argument)
    return np.asarray(third * beyond + first * second * argument / (third + 1) * further)


def _series(first: Any, second: Any, third: Any, argument: Floats) -> Floats:
    """Return ₂F₁; the mean of both sides where the library finds none: c − a − b a whole number but for rounding."""
    found = np.asarray(hyp2f1(first, second, third, argument))
    if np.isnan(found).any():
        sides = [hyp2f1(first, second, third * side, argument) for side in (1 - NEARBY, 1 + NEARBY)]
        found = np.where(np.isnan(found), np.mean(sides, axis=0), found)
    return found


def _odds_of_having_left(model: PurchaseModel, x: Floats, t: Floats, end: Floats) -> Floats:
    r, alpha, a, b = model.parameters
    again = np.maximum(b + x - 1, 1e-300)
    odds = a / again * ((alpha + end) / (alpha + t)) ** (r + x)
    return np.asarray(np.where(x > 0, odds, 0.0))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Histories as the likelihood reads them: what hangs on the number of repeats alone is reckoned once a number.

    Attributes:
        once: Age and customers of those who never came back.
        again: Repeats, last, age and customers of those who did.
        repeats: The different numbers of repeats.
        customers: How many customers have each.
    """

    once: tuple[Floats, Floats]
    again: tuple[Floats, Floats, Floats, Floats]
    repeats: Floats
    customers: Floats

    @classmethod
    def of(cls, data: Histories) -> _Sums:
        came_back = data.repeats > 0
        again = tuple(one[came_back] for one in (data.repeats, data.last, data.age, data.customers))
        repeats, place = np.unique(data.repeats, return_inverse=True)
        customers = np.bincount(place, weights=data.customers)
        return cls((data.age[~came_back], data.customers[~came_back]), again, repeats, customers)  # type: ignore[arg-type]


def _likelihood(parameters: Floats, data: _Sums) -> tuple[float, Floats]:
    """Return the log-likelihood and its slope by the logarithms of the parameters."""
    r, alpha, a, b = parameters
    value, slope = _by_number(parameters, data)
    age, count = data.once
    log_age = np.log(alpha + age)
    value -= r * float(count @ log_age)
    slope -= [count @ log_age, r * (count @ (1 / (alpha + age))), 0.0, 0.0]
    x, t, end, count = data.again
    since_last, since_first = alpha + t, alpha + end
    log_last, log_end = np.log(since_last), np.log(since_first)
    total, further = r + x, b + x - 1
    # Likelihood of having left against that of having stayed.
    odds = np.log(a) - np.log(further) + total * (log_end - log_last)
    small = np.exp(-np.abs(odds))
    either = np.maximum(odds, 0.0) + np.log1p(small) - total * log_end
    gone = np.where(odds > 0, 1.0, small) / (1 + small)
    value += float(count @ either)
    weighted = count * gone
    stayed = count - weighted
    slope -= [
        stayed @ log_end + weighted @ log_last,
        stayed @ (total / since_first) + weighted @ (total / since_last),
        -weighted.sum() / a,
        weighted @ (1 / further),
    ]
    return value, slope * parameters


def _by_number(parameters: Floats, data: _Sums) -> tuple[float, Floats]:
    """Return the part of the log-likelihood that hangs on repeats alone, and its slope by the parameters."""
    r, alpha, a, b = parameters
    x, count = data.repeats, data.customers
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    value += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    by_r = psi(r + x) - psi(r) + np.log(alpha)
    by_a = psi(a + b) - psi(a + b + x)
    by_b = by_a + psi(b + x) - psi(b)
    return float(count @ value), np.array([count @ by_r, count.sum() * r / alpha, count @ by_a, count @ by_b])


def _covariance(logs: Floats, data: _Sums) -> Floats | None:
    return inverse_by_slopes(lambda place: _likelihood(np.exp(place), data)[1], logs)
