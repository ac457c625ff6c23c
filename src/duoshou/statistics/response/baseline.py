"""What an outcome would be without the channels: level, trend, season of the year, weekday and days of the calendar."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.response.shapes import Floats

YEAR = 365.25
WEEK = 7
HARMONICS = 2
LEAST_OF_YEAR = 1.0
"""Years of data without which a season cannot be told from a trend."""


def baseline(periods: int, *, days: int = 7, first_weekday: int = 0, calendar: Floats | None = None) -> Floats:
    """Return the columns of the baseline, each scaled to about one.

    A line; two waves of the year (Fourier terms) where the data span a year; weekdays where periods are days.

    Args:
        periods: How many periods.
        days: Length of a period: 1 or 7.
        first_weekday: Weekday of the first period where periods are days, Monday 0.
        calendar: float[periods, K], what else is known to move the outcome: festivals, stock-outs, price.
    """
    time = np.arange(periods, dtype=np.float64)
    parts = [np.ones((periods, 1)), ((time - time.mean()) / max(periods / 2, 1.0))[:, None]]
    if periods * days / YEAR >= LEAST_OF_YEAR:
        turns = 2 * np.pi * time[:, None] * days / YEAR * np.arange(1, HARMONICS + 1)
        parts += [np.sin(turns), np.cos(turns)]
    if days == 1:
        weekday = (np.arange(periods) + first_weekday) % WEEK
        parts.append((weekday[:, None] == np.arange(1, WEEK)).astype(np.float64))
    if calendar is not None and calendar.shape[1]:
        parts.append(np.asarray(calendar, dtype=np.float64)[:, np.ptp(calendar, axis=0) > 0])
    return np.concatenate(parts, axis=1)


def without(columns: Floats, rows: Floats) -> Floats:
    """Return rows with everything that the columns can explain taken off.

    Args:
        columns: float[T, P].
        rows: float[..., T].
    """
    left, values, _ = np.linalg.svd(columns, full_matrices=False)
    basis = left[:, values > values[0] * 1e-10]
    return np.asarray(rows - (rows @ basis) @ basis.T)


def rank(columns: Floats) -> int:
    """Return how many of the columns are independent."""
    return int(np.linalg.matrix_rank(columns, tol=1e-10 * np.linalg.norm(columns, 2)))
