"""How a period and the period it is held against are cut into buckets that face each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duoshou.model import Comparison, Grain, Period

BucketKey = date | int | None


@dataclass(frozen=True, slots=True)
class Frame:
    """One period, cut.

    Attributes:
        period: All days that are read.
        buckets: One part for each bucket of the current period; None where it has no counterpart.
        keys: The key under which the engine returns each bucket.
        grain: Calendar bucket by which the engine groups; None: no grouping, or by `ranges`.
        ranges: Arbitrary days, for counterparts that are no calendar buckets.
    """

    period: Period
    buckets: tuple[Period | None, ...]
    keys: tuple[BucketKey, ...]
    grain: Grain | None = None
    ranges: tuple[Period, ...] = ()


def current_frame(period: Period, grain: Grain | None) -> Frame:
    """Return the period cut by `grain`; the first and last bucket end where the period does."""
    if grain is None:
        return Frame(period, (period,), (None,))
    buckets = tuple(period.buckets(grain))
    return Frame(period, buckets, tuple(grain.start(bucket.start) for bucket in buckets), grain)


def comparison_frame(current: Frame, grain: Grain | None, comparison: Comparison) -> Frame:
    """Return the counterpart of each bucket of `current` in the compared period.

    For `year` each bucket faces the same days of the year before; otherwise the bucket as many days earlier as the
    whole period is moved. A bucket without a counterpart (the 31st against a month of 30 days) faces None.
    """
    total = current.period.compared(comparison)
    if grain is None or len(current.buckets) == 1:
        return Frame(total, (total,), (None,))
    buckets = tuple(_counterpart(bucket, current.period, total, comparison) for bucket in current.buckets if bucket)
    present = [bucket for bucket in buckets if bucket is not None]
    if set(present) <= set(total.buckets(grain)):
        keys = tuple(None if bucket is None else grain.start(bucket.start) for bucket in buckets)
        return Frame(total, buckets, keys, grain)
    ranges = tuple(dict.fromkeys(present))
    positions = {part: position for position, part in enumerate(ranges)}
    return Frame(total, buckets, tuple(None if one is None else positions[one] for one in buckets), ranges=ranges)


def aligned_frame(current: Frame, grain: Grain | None, aligned: Sequence[date]) -> Frame:
    """Return the counterpart of each bucket of `current`, whose days face the days `aligned`, one by one."""
    total = Period.of_days(aligned)
    if grain is None or len(current.buckets) == 1:
        whole = len(total.runs) == 1
        return Frame(total, (total,), (None if whole else 0,), ranges=() if whole else (total,))
    if grain is Grain.DAY:
        return Frame(total, tuple(Period.of_day(day) for day in aligned), tuple(aligned), grain)
    facing = dict(zip(current.period, aligned, strict=True))
    ranges = tuple(Period.of_days(facing[day] for day in bucket) for bucket in current.buckets if bucket)
    return Frame(total, ranges, tuple(range(len(ranges))), ranges=ranges)


def _counterpart(bucket: Period, period: Period, total: Period, comparison: Comparison) -> Period | None:
    if comparison is Comparison.YEAR:
        return bucket.compared(comparison)
    back: timedelta = period.start - total.start
    start, end = bucket.start - back, min(bucket.end - back, total.end)
    return Period(start, end) if start <= end else None
