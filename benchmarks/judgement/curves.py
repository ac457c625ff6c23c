"""Power by size of the incident: the analyst's beside the oracle's, and the areas under both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt

from benchmarks.judgement.oracle import NORMAL, alpha_of, power, scanning_power
from benchmarks.judgement.scoring import EARLY_DAYS, Judged

# Each bin doubles the size; the last is open.
EDGES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, inf)
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Bin:
    """Incidents of like size.

    Attributes:
        least: Smallest size, in daily standard deviations.
        most: Size at which the next bin begins.
        number: Incidents.
        found: Found ones.
        shared: Mean power of the oracle whose false findings spread over all places of the shop.
        single: Mean power of the oracle that has the whole false rate for its one place.
        matched: As `shared`, with the days weighted by the shape of the effect.
        scanning: As `shared`, of the oracle that has to look for start and length.
    """

    least: float
    most: float
    number: int
    found: int
    shared: float
    single: float
    matched: float
    scanning: float

    @property
    def power(self) -> float:
        """Part found."""
        return self.found / self.number


def curve(incidents: Sequence[Judged], false_per_week: float) -> list[Bin]:
    """Return the bins that hold incidents, at the oracle's false rate `false_per_week` (more than 0)."""
    sized = [one for one in incidents if one.size is not None]
    bins = []
    for least, most in pairwise(EDGES):
        some = [one for one in sized if one.size is not None and least <= one.size < most]
        if some:
            found = sum(one.is_found for one in some)
            bins.append(
                Bin(
                    least,
                    most,
                    len(some),
                    found,
                    _mean(some, lambda one: shared_power(one, false_per_week)),
                    _mean(some, lambda one: power(one.separation, alpha_of(false_per_week, one.days))),
                    _mean(
                        some,
                        lambda one: power(one.matched_separation, alpha_of(false_per_week, one.days, one.places)),
                    ),
                    _mean(some, lambda one: scanning_power(one.separation, false_per_week, one.places)),
                )
            )
    return bins


def shared_power(one: Judged, false_per_week: float) -> float:
    """Return the power of the oracle whose false findings spread over all places."""
    return power(one.separation, alpha_of(false_per_week, one.days, one.places))


def early_power(one: Judged, false_per_week: float) -> float:
    """Return the power of the matched oracle that looks at the first three days alone, with as many false findings."""
    return power(one.early_separation, alpha_of(false_per_week, min(one.days, EARLY_DAYS), one.places))


def area(bins: Sequence[Bin], of: Callable[[Bin], float]) -> float:
    """Return the area under a power curve over the logarithm of the size, as a part of the whole."""
    return sum(of(one) for one in bins) / len(bins) if bins else 0.0


def interval(successes: int, number: int) -> tuple[float, float]:
    """Return the 95 % interval of a proportion (Wilson 1927)."""
    if number == 0:
        return 0.0, 1.0
    z = NORMAL.inv_cdf(0.5 + LEVEL / 2)
    part = successes / number
    centre = (part + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * sqrt(part * (1 - part) / number + z * z / (4 * number * number))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def _mean(some: Sequence[Judged], of: Callable[[Judged], float]) -> float:
    return sum(of(one) for one in some) / len(some)
