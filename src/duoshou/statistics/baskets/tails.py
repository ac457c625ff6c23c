"""Both tails of many hypergeometric counts at one time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
NEGLIGIBLE = 1e-17


def hypergeometric_tails(together: Counts, baskets: int, left: Counts, right: Counts) -> tuple[Floats, Floats]:
    """Return the chance of `together` or more, and of `together` or fewer, each summed term by term from the count.

    A tail is summed on the side where its terms fall, away from the mode; the other one is its complement.

    Args:
        together: Counts that are possible: not above either item, nor so few that more baskets would be needed.
        baskets: Number of all baskets.
        left: Baskets with one item.
        right: Baskets with the other.
    """
    count, one, other = (np.asarray(each, dtype=np.float64) for each in (together, left, right))
    whole = float(baskets)
    own = np.exp(_log_choose(one, count) + _log_choose(whole - one, other - count) - _log_choose(whole, other))
    upper = count >= (one + 1) * (other + 1) / (whole + 2) - 1
    tail = own * (1 + _terms(count, one, other, whole, upper))
    rest = np.clip(1 - tail + own, 0.0, 1.0)
    tail = np.minimum(tail, 1.0)
    return np.where(upper, tail, rest), np.where(upper, rest, tail)


def _log_choose(whole: Floats | float, part: Floats) -> Floats:
    found: Floats = gammaln(whole + 1.0) - gammaln(part + 1) - gammaln(whole - part + 1)
    return found


def _terms(count: Floats, one: Floats, other: Floats, whole: float, upper: NDArray[np.bool_]) -> Floats:
    """Return the sum of the terms beyond the count, over the term of the count itself."""
    total = np.zeros_like(count)
    at, term = np.arange(count.size), np.ones_like(count)
    count = count.copy()
    while at.size:
        own, left, right, up = count[at], one[at], other[at], upper[at]
        rise = (left - own) * (right - own) / ((own + 1) * (whole - left - right + own + 1))
        fall = own * (whole - left - right + own) / ((left - own + 1) * (right - own + 1))
        term = term * np.where(up, rise, fall)
        total[at] += term
        count[at] += np.where(up, 1, -1)
        kept = term > NEGLIGIBLE * (1 + total[at])
        at, term = at[kept], term[kept]
    return total
