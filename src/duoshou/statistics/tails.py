"""How rare a large value is, learnt from the tail of a sample."""

from __future__ import annotations

import math
from collections.abc import Sequence

from duoshou.statistics.robust import quantile

LEAST = 20
SHARE = 0.2


def exceedance(value: float, sample: Sequence[float]) -> float | None:
    """Return the probability of a new value at least as large as `value`, or None for fewer than 20 values.

    Peaks over the threshold that a fifth of the sample exceeds, with an exponential tail: Pickands (1975), the
    generalised Pareto distribution with shape 0. Below the threshold it is the share of the sample that is as large.
    """
    if len(sample) < LEAST:
        return None
    threshold = quantile(sample, 1 - SHARE)
    if value <= threshold:
        return sum(each >= value for each in sample) / len(sample)
    excesses = [each - threshold for each in sample if each > threshold]
    mean = sum(excesses) / len(excesses) if excesses else 0.0
    return len(excesses) / len(sample) * math.exp((threshold - value) / mean) if mean > 0 else 0.0
