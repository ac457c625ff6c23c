"""One metric's value, written as its unit asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.model.numbers import Number, count, decimals, point_change, rate, relative_change

if TYPE_CHECKING:
    from duoshou.metrics import MetricValue


def format_value(value: Number | None, unit: str) -> str:
    """Return `value` as people write it: money with two decimals, rates in per cent, counts with thousands apart."""
    if unit == "money":
        return decimals(value)
    return rate(value) if unit == "rate" else count(value)


def format_change(value: MetricValue) -> str:
    """Return how much `value` changed: rates in percentage points, everything else relatively."""
    return point_change(value.change_pp) if value.unit == "rate" else relative_change(value.change)
