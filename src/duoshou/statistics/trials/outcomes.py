"""What was counted on each day in each arm of a test, and the differences between arms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Kind = Literal["rate", "mean"]

_EXPECTED_EVENTS = 5.0
_FEWEST_UNITS = 30.0


@dataclass(frozen=True)
class Outcomes:
    """Counts of each day and arm; arm 0 is the one the others are compared with.

    Attributes:
        units: float[days, arms], units assigned on the day; NaN = unknown.
        totals: float[days, arms], successes among them, or the sum of their values.
        squares: float[days, arms], the sum of their squared values; None for a rate.

    Raises:
        ValueError: If shapes disagree, there are fewer than two arms, a number is infinite, units are negative, or
            a rate has more successes than units.
    """

    units: Array
    totals: Array
    squares: Array | None = None

    def __post_init__(self) -> None:
        if self.units.ndim != 2 or self.units.shape[1] < 2 or self.totals.shape != self.units.shape:
            raise ValueError("units and totals are tables of the same shape: days × at least two arms")
        if self.squares is not None and self.squares.shape != self.units.shape:
            raise ValueError("squares have the shape of units")
        tables = [self.units, self.totals] + ([] if self.squares is None else [self.squares])
        if any(np.isinf(table).any() for table in tables) or np.any(self.units < 0):
            raise ValueError("numbers are finite and units not negative; what is unknown is NaN")
        if self.squares is None and (np.any(self.totals < 0) or np.any(self.totals > self.units)):
            raise ValueError("a rate has at least 0 and at most as many successes as units")

    @property
    def kind(self) -> Kind:
        """Return whether units succeed or have values."""
        return "rate" if self.squares is None else "mean"

    @property
    def arms(self) -> int:
        """Return the number of arms."""
        return int(self.units.shape[1])

    @property
    def known(self) -> BoolArray:
        """Return bool[days]: whether all arms of the day are known."""
        unknown = np.isnan(self.units) | np.isnan(self.totals)
        if self.squares is not None:
            unknown |= np.isnan(self.squares)
        return np.asarray(np.logical_not(unknown.any(axis=1)))


@dataclass(frozen=True)
class Differences:
    """One arm less arm 0, of all units up to each known day.

    Attributes:
        days: int[looks], the day of each look.
        units: float[looks, 2], units of arm 0 and of the arm.
        means: float[looks, 2].
        errors: float[looks], standard errors of the difference; of a rate the larger of pooled and unpooled.
        degrees: float[looks], degrees of freedom (Welch, 1947); infinite for a rate.
        ready: bool[looks], whether the normal approximation can be trusted: five successes and five failures
            expected in each arm, or 30 units in each.
    """

    days: IntArray
    units: Array
    means: Array
    errors: Array
    degrees: Array
    ready: BoolArray

    @property
    def estimates(self) -> Array:
        """Return float[looks], the differences."""
        return np.asarray(self.means[:, 1] - self.means[:, 0])

    @property
    def effective(self) -> Array:
        """Return float[looks], n₀n₁ ÷ (n₀ + n₁): what the information grows with."""
        total = self.units.sum(axis=1)
        return np.asarray(np.divide(self.units.prod(axis=1), total, out=np.zeros(len(total)), where=total > 0))

    def logarithms(self) -> Array:
        """Return float[looks], log(mean of the arm ÷ mean of arm 0); NaN where one is not positive."""
        positive = self.means.min(axis=1) > 0
        safe = np.where(positive[:, None], self.means, 1.0)
        return np.where(positive, np.log(safe[:, 1] / safe[:, 0]), np.nan)


def differences(outcomes: Outcomes, arm: int) -> Differences:
    """Return the differences of an arm against arm 0, cumulated over the known days.

    Raises:
        ValueError: If there is no such arm.
    """
    if not 1 <= arm < outcomes.arms:
        raise ValueError("arm 0 is compared with arms 1, 2 …")
    known, pair = np.flatnonzero(outcomes.known), [0, arm]
    units = np.cumsum(outcomes.units[known][:, pair], axis=0)
    totals = np.cumsum(outcomes.totals[known][:, pair], axis=0)
    some = np.maximum(units, 1.0)
    means = totals / some
    days = known.astype(np.int64)
    if outcomes.squares is None:
        pooled = totals.sum(axis=1) / np.maximum(units.sum(axis=1), 1.0)
        variance = np.maximum(pooled * (1 - pooled) * (1 / some).sum(axis=1), (means * (1 - means) / some).sum(axis=1))
        expected = units.min(axis=1) * np.minimum(pooled, 1 - pooled)
        return Differences(
            days, units, means, np.sqrt(variance), np.full(len(days), math.inf), expected >= _EXPECTED_EVENTS
        )
    squares = np.cumsum(outcomes.squares[known][:, pair], axis=0)
    spread = np.maximum(squares - totals * means, 0.0) / np.maximum(units - 1, 1.0) / some
    variance = spread.sum(axis=1)
    parts = (spread**2 / np.maximum(units - 1, 1.0)).sum(axis=1)
    degrees = np.divide(variance**2, parts, out=np.full(len(days), math.inf), where=parts > 0)
    ready = (units.min(axis=1) >= _FEWEST_UNITS) & (variance > 0)
    return Differences(days, units, means, np.sqrt(variance), degrees, ready)
