"""The evidence of days on which nothing happened, and what it lets ask of a day before it is called a trouble."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TAIL = (0.05, 0.01)
"""Shares of the past subject-days between which the tail of the evidence is read."""
HEAVIEST = 1.0
"""By how much the evidence, a logarithm, rises while its chance falls by a factor of e, in the heaviest tail that an
e-value can have."""
DOUBTED = 0.05
"""Chance that even one value of the past is taken for a trouble though nothing happened."""
MOST_GONE = 0.2
LONGEST = 28
"""Days of the longest window: for so long a trouble still shows."""
LEAST_PAST = 1000
"""Subject-days without which the past says nothing of the tail: its upper quantile would rest on fewer than ten."""
STRIDE = 5
"""Days between two days of the past that are looked at: every weekday comes up, at a fifth of the work."""


def without_troubles(evidence: Floats) -> Floats:
    """Return the evidence of the past (days × subjects) without the days on which a subject was surely in trouble.

    By Markov's inequality chance alone brings n values of which any exceeds n / p with a probability of p at most:
    what lies beyond was a trouble. The days around it, whose windows share days with it, go with it. Where that were
    more than a fifth of all, the model would be wrong and not the past: nothing is left out.
    """
    sure = evidence > np.log(max(evidence.size, 1) / DOUBTED)
    gone = np.zeros_like(sure)
    reach = -(-LONGEST // STRIDE)
    for day in np.flatnonzero(sure.any(axis=1)):
        gone[max(day - reach, 0) : day + reach + 1] |= sure[day]
    return evidence[~gone] if gone.mean() <= MOST_GONE else evidence.ravel()


def least_evidence(past: Floats, chance: float | Floats) -> Floats:
    """Return the evidence that a subject in no trouble exceeds on a day with a chance of about `chance`.

    What one subject-day in a hundred exceeds, the shop's own past tells. How rare more than that is, theory tells: an
    e-value has a mean, so that its chance to exceed k falls faster than 1 / k in the end, whatever its law. From the
    hundredth on the tail is taken as that of 1 / k, the heaviest that an e-value can have. Where the past between the
    quantiles of `TAIL` falls more slowly still, the model does not fit it, and the past is believed (an exponential
    tail of the logarithm, Pickands 1975, shape 0); what lies beyond the upper one may be troubles and teaches nothing.
    Of a past that is too short Markov's bound is asked, 1 / chance, and more than anything that the past showed.

    Args:
        past: Evidence of subjects on days of the past.
        chance: The chance, one or many.
    """
    bound = -np.log(np.asarray(chance, dtype=np.float64))
    if len(past) < LEAST_PAST:
        return np.asarray(np.maximum(bound, past.max(initial=0.0)))
    low, high = (float(np.quantile(past, 1 - share)) for share in TAIL)
    slope = max((high - low) / float(np.log(TAIL[0] / TAIL[1])), HEAVIEST)
    return np.asarray(np.maximum(high + slope * (bound + np.log(TAIL[1])), 0.0))
