"""Tail probabilities that the standard library lacks."""

from __future__ import annotations

import math

_TINY = 1e-300
_PRECISION = 1e-15


def beta_tail(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), for 0 ≤ x ≤ 1 and a, b > 0.

    Continued fraction by Lentz's method (Abramowitz and Stegun 26.5.8), on the side where it converges fast.

    Raises:
        ValueError: If an argument lies outside its range.
    """
    if not 0 <= x <= 1 or a <= 0 or b <= 0:
        raise ValueError("the incomplete beta function needs 0 ≤ x ≤ 1 and positive parameters")
    if x in (0.0, 1.0):
        return x
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def student_t_two_sided(t: float, degrees: float) -> float:
    """Return P(|T| ≥ |t|) for Student's t with `degrees` > 0 degrees of freedom, not necessarily whole.

    Raises:
        ValueError: If `degrees` is not positive.
    """
    if degrees <= 0:
        raise ValueError("degrees of freedom must be positive")
    return beta_tail(degrees / (degrees + t * t), degrees / 2, 0.5)


def poisson_upper_tail(count: int, mean: float) -> float:
    """Return P(X ≥ count) for a Poisson variable with `mean` ≥ 0.

    Raises:
        ValueError: If `mean` is negative.
    """
    if mean < 0:
        raise ValueError("the mean of a count cannot be negative")
    if count <= 0:
        return 1.0
    if mean == 0:
        return 0.0
    term = math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))
    if count <= mean:  # sum the lower part, which is the shorter one
        return max(0.0, 1 - sum(_poisson(k, mean) for k in range(count)))
    total, k = 0.0, count
    while term > total * _PRECISION:
        total += term
        k += 1
        term *= mean / k
    return min(1.0, total)


def _poisson(count: int, mean: float) -> float:
    return math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))
