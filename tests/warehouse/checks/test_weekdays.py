"""Tests of what a day of a shop usually brings."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from duoshou.statistics import probability_of_none
from duoshou.warehouse.checks.weekdays import LEAST, weekday_model

MONDAY = date(2026, 1, 5)


def _weeks(number: int, counts: tuple[int, ...]) -> dict[date, float]:
    return {MONDAY + timedelta(days=7 * week + day): float(counts[day]) for week in range(number) for day in range(7)}


def test_each_weekday_has_its_own_level() -> None:
    """A shop with quiet Sundays expects few orders on a Sunday."""
    counts = _weeks(12, (50, 50, 50, 50, 50, 80, 10))
    saturday, sunday = (weekday_model(counts, MONDAY + timedelta(days=42 + day)) for day in (5, 6))
    assert saturday is not None
    assert sunday is not None
    assert saturday.mean == pytest.approx(80, rel=0.05)
    assert sunday.mean == pytest.approx(10, rel=0.1)


def test_closed_weekday_expects_nothing() -> None:
    """An empty Saturday of a shop that is closed on Saturdays is certain."""
    model = weekday_model(_weeks(12, (50, 50, 50, 50, 50, 0, 30)), MONDAY + timedelta(days=47))
    assert model is not None
    assert probability_of_none(model) == 1


def test_short_history_cannot_tell() -> None:
    """With fewer weekdays than `LEAST` there is no model."""
    assert weekday_model(_weeks(LEAST, (50,) * 7), MONDAY) is None
    assert weekday_model(_weeks(LEAST + 1, (50,) * 7), MONDAY) is not None


def test_long_hole_does_not_hide_itself() -> None:
    """Three lost months are left out of what is usual, so each of their days stays improbable."""
    counts = _weeks(40, (50,) * 7)
    gap = [MONDAY + timedelta(days=70 + day) for day in range(90)]
    for day in gap:
        del counts[day]
    model = weekday_model(counts, gap[45], gap)
    assert model is not None
    assert probability_of_none(model) < 1e-6
