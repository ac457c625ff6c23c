"""Centre, scale and weight of the tails that a minority of wild values cannot move."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from duoshou.statistics.distributions import student_t_two_sided

NORMAL_CONSISTENCY = 1.4826022185056018
"""Median absolute deviation of a normal variable × this = its standard deviation."""

HEAVIEST = 3.0
_T3_UPPER_5_PERCENT = 2.3533634348018264

# (q95 − q5) ÷ (q75 − q25) of Student's t, from its quantiles; the normal limit is 2.4387.
_TAIL_RATIOS = ((3.0767, 3.0), (2.8782, 4.0), (2.7729, 5.0), (2.6325, 8.0), (2.5899, 10.0), (2.5107, 20.0))


def median(values: Sequence[float]) -> float:
    """Return the middle value, the mean of the two middle ones for an even number.

    Raises:
        ValueError: If `values` is empty.
    """
    return quantile(values, 0.5)


def quantile(values: Sequence[float], probability: float) -> float:
    """Return the sample quantile with linear interpolation (type 7 of Hyndman and Fan, 1996).

    Raises:
        ValueError: If `values` is empty or `probability` lies outside 0…1.
    """
    if not values or not 0 <= probability <= 1:
        raise ValueError("a quantile needs values and a probability between 0 and 1")
    ordered = sorted(values)
    place = (len(ordered) - 1) * probability
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median_deviation(values: Sequence[float], center: float | None = None) -> float:
    """Return the median absolute deviation, scaled to estimate the standard deviation of a normal variable."""
    middle = median(values) if center is None else center
    return NORMAL_CONSISTENCY * median([abs(value - middle) for value in values])


@dataclass(frozen=True, slots=True)
class RobustFit:
    """A Student t distribution fitted so that a few wild values do not matter.

    Attributes:
        center: Median.
        scale: Scale parameter of the t distribution.
        degrees: Degrees of freedom, 3 (heavy tails) to 30 (nearly normal).
        size: Number of values it was fitted on.
    """

    center: float
    scale: float
    degrees: float
    size: int

    def p_value(self, value: float, *, shift: float = 0.0) -> float:
        """Return the two-sided probability of a new value at least as far from `center + shift` as `value`.

        The prediction variance counts the uncertainty of the median, π/(2n) of the variance of one value.
        """
        distance = abs(value - self.center - shift)
        if distance == 0:
            return 1.0
        if self.scale == 0:
            return 0.0
        spread = self.scale * math.sqrt(1 + math.pi / (2 * self.size))
        return student_t_two_sided(distance / spread, self.degrees)


def fit_robust(values: Sequence[float], *, floor: float = 0.0) -> RobustFit:
    """Return the fit of `values`; the scale is never taken below `floor` (the error of measurement, e.g. rounding).

    The scale comes from the quartiles (with tails heavier than t₃, from the 5–95 % range if that asks for more).
    The degrees of freedom come from the ratio of the 5–95 % range to the
    quartile range (Hogg's measure of tail weight, 1974), which is 2.44 for a normal variable and 3.08 for 3 degrees;
    below 20 values the tails cannot be judged and 3 degrees are assumed, which asks for larger deviations.

    Raises:
        ValueError: If `values` is empty.
    """
    center = median(values)
    quartiles = quantile(values, 0.75) - quantile(values, 0.25)
    outer = quantile(values, 0.95) - quantile(values, 0.05)
    degrees = HEAVIEST
    if len(values) >= 20 and quartiles > 0:
        degrees = _degrees(outer / quartiles)
    scale = quartiles / (2 * _upper_quartile(degrees))
    if degrees == HEAVIEST:  # most values tie and a few do not: the quartiles alone would call those few wild
        scale = max(scale, outer / (2 * _T3_UPPER_5_PERCENT))
    return RobustFit(center, max(scale, floor), degrees, len(values))


def _degrees(ratio: float) -> float:
    for limit, degrees in _TAIL_RATIOS:
        if ratio >= limit:
            return degrees
    return 30.0


def _upper_quartile(degrees: float) -> float:
    """Return the 75 % quantile of Student's t by the Cornish–Fisher expansion (within 0.1 % from 3 degrees up)."""
    normal = 0.6744897501960817
    first = (normal**3 + normal) / 4
    second = (5 * normal**5 + 16 * normal**3 + 3 * normal) / 96
    third = (3 * normal**7 + 19 * normal**5 + 17 * normal**3 - 15 * normal) / 384
    return normal + first / degrees + second / degrees**2 + third / degrees**3
