"""Bounds that hold at all times at once: for a test without a planned end."""

from __future__ import annotations

import math

import numpy as np

from duoshou.statistics.trials.normal import quantile_above
from duoshou.statistics.trials.outcomes import Array


def mixing_variance(effect: float, level: float, power: float) -> float:
    """Return the variance of the normal mixture whose bound is narrowest where an effect of this size is found.

    The optimum is (−2·log level + log(1 − 2·log level)) ÷ information (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
    2024, appendix B.2), the information that at which the bound has the power wanted.

    Raises:
        ValueError: If the effect is 0.
    """
    if effect == 0:
        raise ValueError("the effect worth finding cannot be 0")
    wide = -2 * math.log(level) + math.log(1 - 2 * math.log(level))
    return wide * effect * effect / needed_information(1.0, level, power)


def needed_information(effect: float, level: float, power: float) -> float:
    """Return the information 1/se² at which an effect crosses the best bound with this power at that very look."""
    wide = -2 * math.log(level) + math.log(1 - 2 * math.log(level))
    bound = math.sqrt((1 + 1 / wide) * (math.log1p(wide) - 2 * math.log(level)))
    return float(((bound + quantile_above(1 - power)) / effect) ** 2)


def sequence_bounds(information: Array, variance: float, level: float) -> Array:
    """Return the |z| that an estimate without effect ever exceeds with at most the probability `level`.

    The normal mixture of Robbins (1970), valid for means of any distribution as the units grow (Waudby-Smith et al.,
    2024, theorem 2.2).

    Args:
        information: 1/se² at each look.
        variance: Of the mixture, in squared units of the effect.
        level: Error over all looks, both sides together.
    """
    ratio = np.maximum(information * variance, 1e-300)
    return np.sqrt((1 + 1 / ratio) * (np.log1p(ratio) - 2 * math.log(level)))


def sequence_p_values(z: Array, information: Array, variance: float) -> Array:
    """Return the least level at which each look crosses its bound, least so far: valid whenever one stops."""
    ratio = information * variance
    return np.minimum(1.0, np.minimum.accumulate(np.sqrt(1 + ratio) * np.exp(-0.5 * z * z * ratio / (1 + ratio))))
