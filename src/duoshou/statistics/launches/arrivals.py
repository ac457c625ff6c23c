"""How many launches arrive within a number of days, and whether one sort of them arrives more often than another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arrived:
    """The part of the launches that arrived within some days.

    Attributes:
        within: Days.
        arrived: Launches that did.
        of: Launches that are old enough for it to be known.
        share: Part; None without such launches.
        low, high: Its 95 % interval (Clopper and Pearson 1934).
    """

    within: int
    arrived: int
    of: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Between:
    """The difference between two parts.

    Attributes:
        difference: First part − second part.
        low, high: Its 95 % interval (Newcombe 1998, method 10).
        p: Chance of a difference so unlikely if there is none (Fisher's exact test, two-sided).
    """

    difference: float
    low: float
    high: float
    p: float


def arrivals(times: Floats, ages: Floats, horizons: Sequence[int]) -> tuple[Arrived, ...]:
    """Return the part that arrived within each number of days, of the launches that are at least that old.

    A launch's age does not depend on its fate, so that leaving out the young ones biases nothing.

    Args:
        times: float[L], days until each arrived; NaN or infinite: not yet.
        ages: float[L], days since each launch.
        horizons: Numbers of days.
    """
    found = []
    for within in horizons:
        old = ages >= within
        of, arrived = int(old.sum()), int((np.nan_to_num(times[old], nan=np.inf) <= within).sum())
        low, high = clopper(arrived, of)
        found.append(
            Arrived(within, arrived, of, arrived / of if of else None, low if of else None, high if of else None)
        )
    return tuple(found)


def clopper(hits: int, of: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a part (Clopper and Pearson 1934)."""
    low = 0.0 if hits == 0 else float(stats.beta.ppf(0.025, hits, of - hits + 1))
    high = 1.0 if hits == of else float(stats.beta.ppf(0.975, hits + 1, of - hits))
    return low, high


def between(first: tuple[int, int], second: tuple[int, int]) -> Between | None:
    """Return how two parts differ; None where one has nothing in it.

    Args:
        first: Arrived, and of how many.
        second: The same of the others.
    """
    if not first[1] or not second[1]:
        return None
    (a, low_a, high_a), (b, low_b, high_b) = _wilson(*first), _wilson(*second)
    table = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
    return Between(
        a - b,
        a - b - float(np.hypot(a - low_a, high_b - b)),
        a - b + float(np.hypot(high_a - a, b - low_b)),
        float(stats.fisher_exact(table).pvalue),
    )


def _wilson(hits: int, of: int) -> tuple[float, float, float]:
    interval = stats.binomtest(hits, of).proportion_ci(0.95, method="wilson")
    return hits / of, float(interval.low), float(interval.high)
