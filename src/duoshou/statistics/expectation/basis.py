"""The columns of the regression: a bent line for the level, the weekdays, the calendar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.expectation.panel import WEEK, Design, FloatArray, IntArray

KNOT_DAYS = 21
WEEKDAY_GROUP = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """Columns and their groups.

    Attributes:
        level: float[T, J], hat functions on equally spaced knots: a piecewise linear trend.
        effects: float[T, Q], weekdays (seven, pulled to zero together) and calendar columns.
        groups: int[Q], number of the group of each effect; 0 is the weekday.
        centred: bool per group: its effects scatter about zero, not about a mean of their own.
    """

    level: FloatArray
    effects: FloatArray
    groups: IntArray
    centred: tuple[bool, ...]


def basis_of(design: Design) -> Basis:
    """Return the columns for the days of a design."""
    days = design.columns.shape[0]
    labels = list(dict.fromkeys(design.groups))
    calendar_groups = np.array([labels.index(label) + 1 for label in design.groups], dtype=np.int64)
    week = np.zeros((days, 0)) if design.weekdays is None else np.eye(WEEK)[design.weekdays]
    groups = np.concatenate([np.full(week.shape[1], WEEKDAY_GROUP, dtype=np.int64), calendar_groups])
    sizes = [sum(label == other for other in design.groups) for label in labels]
    return Basis(
        _hats(days), np.concatenate([week, design.columns], axis=1), groups, (True, *(size < 3 for size in sizes))
    )


def _hats(days: int) -> FloatArray:
    knots = max(2, round((days - 1) / KNOT_DAYS) + 1)
    places = np.linspace(0, max(days - 1, 1), knots)
    step = places[1] - places[0]
    distance = np.abs(np.arange(days)[:, None] - places[None, :]) / step
    return np.asarray(np.maximum(0.0, 1.0 - distance))
