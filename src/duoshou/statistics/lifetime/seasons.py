"""Seasons of the purchases of known customers: a clock that runs faster in months in which they buy more.

A model of purchases supposes that time passes evenly. In the time of this clock it does: a month in which customers buy
twice as much as its mean is two months long. What all customers share changes no order of their purchases, so that the
model's likelihood holds in that time as it does in days.

Source of the idea: P. Bachmann, M. Meierer, J. Näf, The Role of Time-Varying Contextual Factors in Latent Attrition
Models for Customer Base Analysis, Marketing Science 40 (2021), 783–809; here with months instead of covariates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MONTHS = 12
YEARS = 2
"""Whole years that must be known: with one a month is told from its year by a single look."""
LEAST = 0.05
"""Least pace of the clock: it never stands still."""


@dataclass(frozen=True, slots=True)
class Seasons:
    """The clock.

    Attributes:
        pace: float[12], how fast it runs in each month of the year; the mean over the days it was learnt from is 1.
    """

    pace: Floats

    def passed(self, start: Floats, end: Floats) -> Floats:
        """Return the days that pass on the clock between the ends of two days, counted from 1970-01-01 on."""
        return self._told(np.asarray(end, dtype=np.float64)) - self._told(np.asarray(start, dtype=np.float64))

    def _told(self, day: Floats) -> Floats:
        """Return the clock's days from the beginning of 1970 to the end of each day."""
        month = np.ceil(day).astype(np.int64).astype("datetime64[D]").astype("datetime64[M]")
        number = month.astype(np.int64)
        every = np.arange(int(number.max(initial=0)) + 1)
        bounds = _ends(np.append(every, every.size).astype("datetime64[M]"))
        before = np.concatenate(([0.0], np.cumsum(np.diff(bounds) * self.pace[every % MONTHS])))
        return np.asarray(before[number] + (day - bounds[number]) * self.pace[number % MONTHS])


def _ends(months: NDArray[np.datetime64]) -> Floats:
    """Return the last day before each month, counted from 1970-01-01."""
    return np.asarray(months.astype("datetime64[D]").astype(np.float64) - 1)


def learn_seasons(total: Callable[[Floats], Floats], first: Floats, again: Floats, end: float) -> Seasons | None:
    """Return the clock of the customers' months; None where fewer than two years are known, or months do not differ.

    For each month purchases are set against those that the model expects of customers of their ages. Months of the year
    are a family around 1: each is drawn to it as far as its ratio is uncertain. The spread between months is told by
    moments, the scatter of one month over the years by Pearson's statistic, at least that of chance.

    Args:
        total: Purchases that the model expects of a new customer within a number of weeks.
        first: float[C], day of each customer's first purchase.
        again: float[P], days of all later purchases.
        end: Last day that counts.
    """
    begin = np.datetime64(int(first.min()), "D").astype("datetime64[M]") + 1
    every = np.arange(begin, np.datetime64(int(end) + 1, "D").astype("datetime64[M]") + 1)
    bounds = _ends(every)
    if bounds.size <= YEARS * MONTHS:
        return None
    expected, made = _expected(total, first, bounds), np.histogram(again, bounds + 0.5)[0].astype(np.float64)
    month = every[:-1].astype(np.int64) % MONTHS
    by_month = np.bincount(month, expected, MONTHS)
    if not (by_month > 0).all():
        return None
    # What the model misses of a whole year is no season; the odd months before them belong to the first one.
    odd = month.size % MONTHS
    year = np.maximum((np.arange(month.size) - odd) // MONTHS, 0)
    whole = slice(odd, None)
    level = np.bincount(year[whole], made[whole]) / np.maximum(np.bincount(year[whole], expected[whole]), 1e-12)
    expected = expected * level[year]
    by_month = np.bincount(month, expected, MONTHS)
    ratio = np.bincount(month, made, MONTHS) / np.maximum(by_month, 1e-12)
    pace = _drawn(ratio, np.asarray(by_month, dtype=np.float64), _scatter(made, expected, ratio[month]))
    if pace is None:
        return None
    lengths = np.diff(bounds)
    return Seasons(pace / float((lengths * pace[month]).sum() / lengths.sum()))


def _expected(total: Callable[[Floats], Floats], first: Floats, bounds: Floats) -> Floats:
    days, customers = np.unique(first, return_counts=True)
    by_then = np.array([customers @ total(np.maximum(one - days, 0.0) / 7) for one in bounds])
    return np.diff(by_then)


def _scatter(made: Floats, expected: Floats, ratio: Floats) -> float:
    """Return the variance of a month's purchases over their mean."""
    mean = np.maximum(expected * ratio, 1e-12)
    free = max(made.size - MONTHS - made.size // MONTHS, 1)
    return max(1.0, float(((made - mean) ** 2 / mean).sum()) / free)


def _drawn(ratio: Floats, weight: Floats, scatter: float) -> Floats | None:
    """Return the ratios drawn to 1; None where they scatter no more than chance has it."""
    if not (weight > 0).all():
        return None
    spread = float((weight * (ratio - 1) ** 2).sum()) - scatter * (MONTHS - 1)
    between = spread / float(weight.sum() - (weight**2).sum() / weight.sum())
    if between <= 0:
        return None
    return np.asarray(np.maximum(1 + (ratio - 1) * between / (between + scatter / weight), LEAST))
