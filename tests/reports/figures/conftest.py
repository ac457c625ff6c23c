"""Figures of made-up shops, and one press for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from duoshou.metrics import Unit
from duoshou.reports.figures import Event, Press, Trend

FIRST = date(2026, 10, 26)


def days_from(first: date, count: int) -> tuple[date, ...]:
    """Return `count` days."""
    return tuple(first + timedelta(days=number) for number in range(count))


def full_trend(count: int = 30, *, label: str = "改价") -> Trend:
    """Return a trend with everything: two gaps, three provisional days, interval, comparison, events."""
    days = days_from(FIRST, count)
    expected = tuple(120_000.0 + 9_000 * (number % 7) for number in range(count))
    actual = tuple(None if number in {5, 9} else value * 0.97 for number, value in enumerate(expected))
    return Trend(
        title="支付金额",
        unit=Unit.MONEY,
        days=days,
        actual=actual,
        provisional=frozenset(days[-3:]),
        expected=expected,
        low=tuple(value * 0.9 for value in expected),
        high=tuple(value * 1.1 for value in expected),
        level=0.9,
        comparison=tuple(value * 0.8 for value in expected),
        comparison_label="上周同期",
        events=(Event(days[3], "双11", days[6]), Event(days[12], label)),
    )


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """Return a press that many tests use, so that its engine is loaded once."""
    one = Press()
    yield one
    one.close()
