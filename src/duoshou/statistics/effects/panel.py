"""What is asked about a change, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kind = Literal["amount", "count", "rate"]
Method = Literal["synthetic_did", "interrupted_series", "cannot_tell"]


@dataclass(frozen=True)
class Panel:
    """One treated subject, the subjects it is compared with, and the days.

    Attributes:
        outcome: float[units + 1, days]: row 0 the treated subject, the rest donors that the change cannot have
            touched; NaN = unknown. Of kind "rate" the successes.
        start: First treated column.
        end: One past the last column to judge; later columns are not looked at.
        selected: Columns, half open, whose extremeness led to the action; None if nothing of the kind did.
        regressors: float[days, k], known drivers such as holidays and phases of festivals; 0 means absent.
        weekday: Weekday of column 0, Monday 0.
        kind: What the numbers are, which decides how they scatter.
        trials: float[units + 1, days], the denominators of a rate.
        companions: float[k, units + 1, days], other counts of the same units that tell of their level with less noise,
            such as visitors beside sales; NaN = unknown. Only days before the start are looked at, so the change may
            have moved them, too.
        unlike: Whether the subjects most like the treated one are left out of the donors, because they compete with it.
        peers: bool[units + 1, units + 1], whether what moves the unit of the column also moves that of the row, which
            it does not compete with, such as another product of its category; None: not known.

    Raises:
        ValueError: If shapes disagree, the columns are out of order, a value is infinite or negative, or a rate lacks
            its trials.
    """

    outcome: Array
    start: int
    end: int
    selected: tuple[int, int] | None = None
    regressors: Array | None = None
    weekday: int = 0
    kind: Kind = "amount"
    trials: Array | None = None
    companions: Array | None = None
    unlike: bool = False
    peers: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        if self.outcome.ndim != 2 or len(self.outcome) == 0:
            raise ValueError("the outcome is a table: the treated subject and its donors × days")
        days = self.outcome.shape[1]
        if not 0 <= self.start < self.end <= days:
            raise ValueError("the treated columns lie within the days, at least one of them")
        if np.any(np.isinf(self.outcome)) or np.any(self.outcome < 0):
            raise ValueError("outcomes are finite and not negative; what is unknown is NaN")
        if self.selected is not None and not 0 <= self.selected[0] < self.selected[1] <= self.start:
            raise ValueError("the columns that led to the action lie before its start")
        if self.regressors is not None and (
            self.regressors.ndim != 2 or len(self.regressors) != days or not np.all(np.isfinite(self.regressors))
        ):
            raise ValueError("regressors are finite, one row a day")
        if not 0 <= self.weekday <= 6:
            raise ValueError("the weekday of the first column is 0 (Monday) to 6")
        if self.kind == "rate" and (self.trials is None or self.trials.shape != self.outcome.shape):
            raise ValueError("a rate needs trials of the same shape as its successes")
        if self.companions is not None and (
            self.companions.ndim != 3 or self.companions.shape[1:] != self.outcome.shape or np.any(self.companions < 0)
        ):
            raise ValueError("companions are tables of the same shape as the outcome, and not negative")
        if self.peers is not None and self.peers.shape != (len(self.outcome), len(self.outcome)):
            raise ValueError("who is whose peer is a table of units × units, the treated one first")


@dataclass(frozen=True)
class Effect:
    """What a change did.

    Attributes:
        estimate, low, high: Effect per judged day in the unit of the outcome (of a rate: of the rate itself).
        total, total_low, total_high: Effect over the judged days that are known (of a rate: in successes).
        relative, relative_low, relative_high: Effect as a fraction of what was expected without the change.
        expected: float[days judged], what would have been seen without the change.
        observed: float[days judged], what was seen; NaN = unknown.
        method: How it was found; "cannot_tell" leaves all numbers NaN.
        level: Nominal coverage of the intervals.
        p_value: Two-sided, of no effect; None if it cannot be told.
        donors: Donors that could be used.
        caveats: Codes: "few_donors" (fewer than five), "weak_donors" (they hardly move with it), "poor_fit" (they
            cannot follow it as they follow each other), "short_history", "regression_to_mean", "missing_days",
            "unseen_regressor" (a known driver in the judged days that the days before never knew), "few_events",
            "no_data".
    """

    estimate: float
    low: float
    high: float
    total: float
    total_low: float
    total_high: float
    relative: float
    relative_low: float
    relative_high: float
    expected: Array
    observed: Array
    method: Method
    level: float
    p_value: float | None
    donors: int
    caveats: tuple[str, ...]
