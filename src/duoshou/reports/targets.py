"""Targets of the month, as somebody set them, and how far they are reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import duckdb

from duoshou.metrics import Flag, Metric, Unit
from duoshou.metrics.result import Number, written
from duoshou.model import Text

Basis = Literal["weekday", "elapsed"]
Verdict = Literal["done", "likely", "open", "unlikely"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric of a shop is to reach in a month."""

    shop: str
    month: date
    metric: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Projection:
    """What a month comes to when the days left are like those of the last eight weeks.

    Attributes:
        value: Expected value of the whole month.
        low: Lower end of the 90 % interval.
        high: Upper end.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """One target and how far it is reached.

    Attributes:
        shop: Key of the shop.
        metric: The metric.
        target: What was set.
        as_of: Last day that counts.
        value: Value of the month so far; None when unknown.
        flags: What to know about the value.
        reached: Share of the target; None for a rate, which is compared as it stands.
        expected: Share of the month that the days so far usually bring; None for a rate.
        basis: Whether `expected` follows the shop's weekdays or the days elapsed alone.
        projection: Where the month ends; None for a rate, or where it cannot be told.
        needed: What every day left must bring; None for a rate, without days left, or without a value.
        why_not: Why there is no projection of something that could have one.
    """

    shop: str
    metric: Metric
    target: Decimal
    as_of: date
    value: Number | None
    flags: frozenset[Flag]
    reached: float | None = None
    expected: float | None = None
    basis: Basis | None = None
    projection: Projection | None = None
    needed: float | None = None
    why_not: Text | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: amounts are texts with two digits."""
        money = self.metric.unit is Unit.MONEY
        ends = self.projection
        return {
            "shop": self.shop,
            "metric": self.metric.key,
            "as_of": self.as_of.isoformat(),
            "target": written(self.target) if money else float(self.target),
            "value": written(self.value),
            "flags": sorted(self.flags),
            "reached": self.reached,
            "expected": self.expected,
            "basis": self.basis,
            "projection": None if ends is None else {"value": ends.value, "low": ends.low, "high": ends.high},
            "needed_per_day": self.needed,
            "cannot_tell": None if self.why_not is None else {"zh": self.why_not.zh, "en": self.why_not.en},
        }


def verdict(one: TargetProgress) -> Verdict:
    """Return whether the target is reached, will likely be, will likely not be, or may be either way."""
    if one.reached is not None and one.reached >= 1:
        return "done"
    if one.projection is None:
        return "open"
    target = float(one.target)
    if one.projection.low >= target:
        return "likely"
    return "unlikely" if one.projection.high < target else "open"


def read_targets(connection: duckdb.DuckDBPyConnection) -> list[Target]:
    """Return the targets of every shop and month; none from a snapshot that an older version made without them."""
    if not connection.execute("SELECT 1 FROM information_schema.tables WHERE table_name = 'target'").fetchone():
        return []
    rows = connection.execute(
        "SELECT shop, month, metric, value FROM target WHERE value IS NOT NULL ORDER BY shop, month, metric"
    ).fetchall()
    return [Target(*row) for row in rows]
