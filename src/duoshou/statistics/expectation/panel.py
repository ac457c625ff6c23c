"""The input: many daily series on one calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

WEEK = 7


class Kind(IntEnum):
    """What the numbers of a series are, which decides how they scatter about their mean μ.

    COUNT: whole numbers, variance μ + κμ² (Poisson for κ = 0, negative binomial otherwise).
    AMOUNT: sums of a varying number of positive parts, variance φμ + κμ² (quasi-Poisson with extra scatter).
    RATE: successes out of a known number of trials, binomial with extra scatter.
    LEVEL: any real number, variance φ.
    """

    COUNT = 0
    AMOUNT = 1
    RATE = 2
    LEVEL = 3


@dataclass(frozen=True, slots=True)
class Panel:
    """S series of T consecutive days.

    Attributes:
        values: float[S, T]; NaN = unknown. Successes for a rate.
        kinds: int[S], values of `Kind`.
        exposure: float[S, T], the trials of a rate (NaN or 0 = unknown); of a count or an amount how many times as much
            as usual is expected by what is known besides (a price), NaN: as much as usual. Not read for LEVEL.
        parent: int[S], the row whose calendar effects a series resembles most (a whole and its parts), -1 for none.

    Raises:
        ValueError: If shapes disagree, a value is infinite, a count, amount or rate is negative, successes exceed
            trials, or a parent is no other row.
    """

    values: FloatArray
    kinds: IntArray
    exposure: FloatArray | None = None
    parent: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        if values.ndim != 2:
            raise ValueError("the values of a panel are a table: series × days")
        series = values.shape[0]
        kinds = np.asarray(self.kinds, dtype=np.int64)
        parent = np.asarray(self.parent, dtype=np.int64)
        if parent.size == 0:
            parent = np.full(series, -1, dtype=np.int64)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "kinds", kinds)
        object.__setattr__(self, "parent", parent)
        self._check_shapes()
        self._check_values()
        if self.exposure is not None:
            self._check_exposure()

    def _check_shapes(self) -> None:
        series = self.values.shape[0]
        if self.kinds.shape != (series,) or self.parent.shape != (series,):
            raise ValueError("a panel needs one kind and one parent for each series")
        if np.any((self.kinds < Kind.COUNT) | (self.kinds > Kind.LEVEL)):
            raise ValueError("a kind is one of Kind.COUNT, AMOUNT, RATE and LEVEL")
        if np.any((self.parent < -1) | (self.parent >= series) | (self.parent == np.arange(series))):
            raise ValueError("a parent is the row number of another series, or -1")
        if np.any(self.kinds == Kind.RATE) and self.exposure is None:
            raise ValueError("a rate needs its trials: give `exposure`")

    def _check_values(self) -> None:
        if np.any(np.isinf(self.values)):
            raise ValueError("a value is infinite; an unknown value is NaN")
        if np.any(self.values[self.kinds != Kind.LEVEL] < 0):
            raise ValueError("a count, an amount and the successes of a rate cannot be negative")

    def _check_exposure(self) -> None:
        exposure = np.asarray(self.exposure, dtype=np.float64)
        if exposure.shape != self.values.shape:
            raise ValueError("the exposure has the shape of the values")
        rates = self.kinds == Kind.RATE
        if np.any(np.isinf(exposure[rates])) or np.any(self.values[rates] > exposure[rates] + 1e-9):
            raise ValueError("a rate has finite trials, and no more successes than trials")
        counts = (self.kinds == Kind.COUNT) | (self.kinds == Kind.AMOUNT)
        if np.any(exposure[counts] <= 0) or np.any(np.isinf(exposure[counts])):
            raise ValueError("the exposure of a count or an amount is above zero and finite")
        object.__setattr__(self, "exposure", exposure)


@dataclass(frozen=True, slots=True)
class Design:
    """What is known of every day in advance, the same for all series.

    Attributes:
        columns: float[T, K], mostly 0 and 1: calendar phases, pay-days, holidays, planned campaigns.
        groups: A label for each column. Columns of one group (all warm-ups, all peaks) are alike: they share the
            variance of their effects, and a column that nobody has seen takes the group's mean effect.
        weekdays: int[T], 0…6, or None for a series without a week.

    Raises:
        ValueError: If shapes disagree or a column is not finite.
    """

    columns: FloatArray
    groups: tuple[str, ...] = ()
    weekdays: IntArray | None = None

    def __post_init__(self) -> None:
        columns = np.asarray(self.columns, dtype=np.float64)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "groups", tuple(self.groups))
        if columns.ndim != 2 or columns.shape[1] != len(self.groups):
            raise ValueError("a design is a table days × columns with one group label for each column")
        if not np.all(np.isfinite(columns)):
            raise ValueError("a column of the design is not finite: the calendar is known for all days")
        if self.weekdays is not None:
            weekdays = np.asarray(self.weekdays, dtype=np.int64)
            if weekdays.shape != (columns.shape[0],) or np.any((weekdays < 0) | (weekdays >= WEEK)):
                raise ValueError("weekdays are one number 0…6 for each day")
            object.__setattr__(self, "weekdays", weekdays)

    @classmethod
    def weekly(cls, days: int, *, first_weekday: int = 0) -> Design:
        """Return the calendar that knows nothing but the weekday."""
        return cls(np.zeros((days, 0)), (), (np.arange(days) + first_weekday) % WEEK)


def series_of(values: Sequence[float] | FloatArray, kind: Kind) -> Panel:
    """Return the panel of one series."""
    return Panel(np.asarray(values, dtype=np.float64)[None, :], np.array([kind], dtype=np.int64))
