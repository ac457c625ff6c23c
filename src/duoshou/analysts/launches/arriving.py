"""How launches come, and how many of them became products of class A."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.assortment.worth import CLASS_A
from duoshou.analysts.launches.question import ProductDays
from duoshou.statistics.launches import Arrived, Between, Cadence, arrivals, between, cadence

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
HORIZONS = (30, 60, 90)
WINDOW = 28
COMPANY = 3
"""Launches in one week from which on each came in a burst."""
LEAST_EACH = 8


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How launches come and what became of them.

    Attributes:
        cadence: By week: steadily, like chance, in bursts.
        reached: Part that was of class A within 30, 60, 90 days.
        in_bursts: Arrived within 60 days, and of how many, among launches in weeks with three or more.
        apart: The same of the others.
        between: How these two differ; None where either has fewer than eight launches.
    """

    cadence: Cadence
    reached: tuple[Arrived, ...]
    in_bursts: tuple[int, int]
    apart: tuple[int, int]
    between: Between | None


def arrived(found: ProductDays) -> Arrivals:
    """Return how the launches came, and what became of them."""
    rows = found.launched
    start = found.start[rows]
    weeks = max((found.days - found.first) // 7, 0)
    # Whole weeks that end with the last day.
    week = (found.days - 1 - start) // 7
    counts = np.bincount(week[week < weeks], minlength=weeks).astype(np.float64)[:weeks]
    ages = (found.days - start).astype(np.float64)
    times = _times(found)
    company = np.array([(week == one).sum() >= COMPANY for one in week], dtype=np.bool_)
    two = [_within(times[side], ages[side]) for side in (company, ~company)]
    enough = min(two[0][1], two[1][1]) >= LEAST_EACH
    return Arrivals(
        cadence(counts), arrivals(times, ages, HORIZONS), two[0], two[1], between(two[0], two[1]) if enough else None
    )


def _within(times: Floats, ages: Floats) -> tuple[int, int]:
    one = arrivals(times, ages, (HORIZONS[1],))[0]
    return one.arrived, one.of


def _times(found: ProductDays) -> Floats:
    """Return float[L], days until each launch was of class A by the sales of four weeks; infinite: not yet."""
    first = class_a(np.nan_to_num(found.values["pay_amount"]))
    times = []
    for row in found.launched:
        start = int(found.start[row])
        days = np.flatnonzero(first[row, start:])
        times.append(float(days[0] + 1) if len(days) else np.inf)
    return np.array(times)


def class_a(amount: Floats) -> Bools:
    """Return bool[P, T], whether each product was of class A by the sales of the four weeks up to each day.

    Args:
        amount: float[P, T], sales.
    """
    whole = np.cumsum(amount, axis=1)
    last = whole.copy()
    last[:, WINDOW:] -= whole[:, :-WINDOW]
    order = np.argsort(-last, axis=0, kind="stable")
    ordered = np.take_along_axis(last, order, axis=0)
    before = np.cumsum(ordered, axis=0) - ordered
    is_first = (before < CLASS_A * ordered.sum(axis=0)) & (ordered > 0)
    found = np.zeros(amount.shape, dtype=np.bool_)
    np.put_along_axis(found, order, is_first, axis=0)
    return found
