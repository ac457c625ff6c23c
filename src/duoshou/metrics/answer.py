"""Values with comparison, change, source and flags."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import numpy as np
from numpy.typing import NDArray

from duoshou.metrics.buckets import BucketKey, Frame
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.choice import Assignment
from duoshou.metrics.definition import Unit
from duoshou.metrics.derived import LOOKBACK_DAYS
from duoshou.metrics.measure import APART, ROUGH, Column, Figure
from duoshou.metrics.plan import Plan, measure_of, sample_key
from duoshou.metrics.reading import Figures, Reader, Readers, Split, marks_of, numbers_of, ratio_reader
from duoshou.metrics.request import Request
from duoshou.metrics.result import Flag, MetricValue, Number
from duoshou.metrics.source import SourceKind
from duoshou.metrics.tile import Tile
from duoshou.model import Period

MISSING_DAYS = frozenset({Flag.MISSING_DAYS})
DIFFERENT = frozenset({Flag.DEFINITIONS_DIFFER})
SMALL = 4
"""Mark of a figure that rests on a small sample, beside those of `measure`."""


@dataclass(frozen=True, slots=True)
class Side:
    """How one bucket of one period is answered, for whatever group.

    Attributes:
        key: Key of the bucket in the scan.
        flags: What is to be known about every value of the bucket.
        value: Reads the value; None where no day is known.
        sample: Reads the sample on which the value rests, where one is required.
    """

    key: BucketKey
    flags: frozenset[Flag]
    value: Reader | None
    sample: Reader | None


class Answerer:
    """Turns the figures of all scans into the values of rows."""

    def __init__(self, catalogue: Catalogue, request: Request, frames: Sequence[Frame], figures: Figures) -> None:
        self._catalogue = catalogue
        self._request = request
        self._frames = frames
        self.splits = _all_splits(request, figures)
        self._readers = Readers(catalogue, figures, self.splits)

    def values(self, plan: Plan) -> list[list[MetricValue]]:
        """Return the values of a plan: one list for each bucket, in it one value for each split."""
        sides = [self._sides(plan, frame) for frame in range(len(self._frames))]
        compared = sides[1] if len(sides) > 1 else [None] * len(sides[0])
        is_known = any(side is not None and side.value is not None for side in sides[0])
        source = plan.source_name if is_known else None
        return [
            self._bucket(plan, source, now, then)
            for now, then in zip(sides[0], compared, strict=True)
            if now is not None
        ]

    def numbers(self, plan: Plan) -> tuple[NDArray[np.float64], str | None]:
        """Return the values as an array (groups × buckets), NaN where unknown, and the source that answered."""
        sides = [side for side in self._sides(plan, 0) if side is not None]
        known = any(side.value is not None for side in sides)
        values = np.full((len(sides), len(self.splits)), np.nan)
        for place, side in enumerate(sides):
            if side.value is not None:
                values[place] = numbers_of(side.value, side.key)
        return values.T, plan.source_name if known else None

    def _bucket(self, plan: Plan, source: str | None, now: Side, then: Side | None) -> list[MetricValue]:
        """Return the values of one bucket, computed for all splits at once."""
        unit, least, size = plan.metric.unit, plan.metric.minimum_sample, len(self.splits)
        figures = _read(now, least, size)
        values = finished(figures.values, unit)
        flags = _flag_sets(now.flags, figures.marks, size)
        if then is None:
            return [
                MetricValue(value, None, None, None, source, flag, unit)
                for value, flag in zip(values, flags, strict=True)
            ]
        before = _read(then, least, size)
        compared = finished(before.values, unit)
        both = _flag_sets(now.flags | then.flags, marks_of(figures.marks, before.marks), size)
        changes: list[float | None] = [None] * size
        # A sum over fewer days than the other says nothing by being smaller; a ratio may still be compared.
        if plan.metric.ratio is not None or (Flag.MISSING_DAYS in now.flags) == (Flag.MISSING_DAYS in then.flags):
            changes = list(map(relative_change, values, compared))
        points = list(map(difference_in_points, values, compared)) if unit is Unit.RATE else [None] * size
        return [
            MetricValue(value, compare, change, point, source, flag if compare is None else merged, unit)
            for value, compare, change, point, flag, merged in zip(
                values, compared, changes, points, flags, both, strict=True
            )
        ]

    def _sides(self, plan: Plan, frame: int) -> list[Side | None]:
        """Return one side for each bucket; None where the bucket has no counterpart."""
        assignment = plan.assignment
        if assignment is None:
            return self._across(plan, frame)
        tiles: Sequence[Tile | None] = (assignment.current, assignment.compared)[frame]
        if assignment.differing:
            return [
                None if tile is None else Side(key, DIFFERENT, None, None)
                for tile, key in zip(tiles, self._frames[frame].keys, strict=True)
            ]
        readers: dict[str, tuple[Reader, Reader | None]] = {}
        is_young, history = self._is_young(plan), self._complete_history(assignment)
        sides: list[Side | None] = []
        for tile, bucket, key in zip(tiles, self._frames[frame].buckets, self._frames[frame].keys, strict=True):
            if tile is None or bucket is None:
                sides.append(None)
            elif tile.is_unknown:
                sides.append(Side(key, MISSING_DAYS, None, None))
            else:
                if tile.grain not in readers:
                    readers[tile.grain] = self._tile_readers(plan, assignment, tile.grain, frame)
                # Over days with gaps a buyer is new or returning in each run of days.
                is_told_apart = history is None or (bucket.start >= history and len(bucket.runs) == 1)
                is_exact = tile.is_exact and is_told_apart
                flags = _flags(not is_exact, tile.missing > 0, is_young(bucket))
                sides.append(Side(key, flags, *readers[tile.grain]))
        return sides

    def _tile_readers(self, plan: Plan, assignment: Assignment, grain: str, frame: int) -> tuple[Reader, Reader | None]:
        value = self._readers.reader(plan.metric, assignment, grain, frame)
        sample = sample_key(plan.metric)
        if sample is None or assignment.source.key not in self._catalogue.sources_of(sample):
            return value, None
        return value, self._readers.reader(self._catalogue.metrics[sample], assignment, grain, frame)

    def _across(self, plan: Plan, frame: int) -> list[Side | None]:
        """Return a ratio of two sources: each side is read by itself."""
        ratio = plan.metric.ratio
        scale, per_day = (ratio.scale, ratio.per_day) if ratio else (1, False)
        is_young = self._is_young(plan)
        sides: list[Side | None] = []
        tops, bottoms = (self._sides(side, frame) for side in plan.sides)
        for top, bottom, bucket in zip(tops, bottoms, self._frames[frame].buckets, strict=True):
            if top is None or bottom is None or bucket is None:
                sides.append(None)
                continue
            flags = top.flags | bottom.flags | _flags(False, False, is_young(bucket))
            factor = scale * bucket.days if per_day else scale
            value = ratio_reader(top.value, bottom.value, factor) if top.value and bottom.value else None
            sides.append(Side(top.key, flags, value, bottom.value if plan.metric.minimum_sample else None))
        return sides

    def _complete_history(self, assignment: Assignment) -> date | None:
        """Return the first day from which buyers can be told apart for sure; None where they need not be."""
        if not self._tells_buyers_apart(assignment):
            return None
        first = min((one.first for one in assignment.known.values()), default=date.max)
        return first + timedelta(days=LOOKBACK_DAYS) if first < date.max else None

    def _tells_buyers_apart(self, assignment: Assignment) -> bool:
        if assignment.source.kind is not SourceKind.EVENTS:
            return False
        if "buyer_type" in self._request.asked_dimensions:
            return True
        leaves = self._catalogue.leaves(assignment.metric.key)
        measures = [measure_of(self._catalogue, leaf, assignment.source.key) for leaf in leaves]
        return any(condition.column == "buyer_type" for one in measures for condition in one.where)

    def _is_young(self, plan: Plan) -> Callable[[Period], bool]:
        """Return what tells whether a bucket may still change.

        A bucket is young when its last day has not been over for as long as the metric takes to settle, or when a day
        of it was last exported before it had settled: what nobody exported again nobody knows.
        """
        last_settled = self._request.as_of - plan.settling
        unsettled = sorted({day for one in plan.assignments() for day in one.unsettled_days(plan.metric)})

        def is_young(bucket: Period) -> bool:
            if len(bucket.runs) > 1:
                return any(map(is_young, bucket.runs))
            position = bisect_left(unsettled, bucket.start)
            return bucket.end > last_settled or (position < len(unsettled) and unsettled[position] <= bucket.end)

        return is_young


def _all_splits(request: Request, figures: Figures) -> list[Split]:
    """Return every group seen in any scan, in both periods."""
    if not request.by:
        return [()]
    return list(dict.fromkeys(split for result in figures.values() for split in result.groups[0]))


@cache
def _flags(is_approximate: bool, has_gaps: bool, is_young: bool) -> frozenset[Flag]:
    named = ((Flag.APPROXIMATE, is_approximate), (Flag.MISSING_DAYS, has_gaps), (Flag.PROVISIONAL, is_young))
    return frozenset(flag for flag, is_set in named if is_set)


@cache
def _with_marks(flags: frozenset[Flag], mark: int) -> frozenset[Flag]:
    named = ((Flag.APPROXIMATE, ROUGH), (Flag.NOT_ADDITIVE, APART), (Flag.SMALL_SAMPLE, SMALL))
    return flags | {flag for flag, bit in named if mark & bit}


def _flag_sets(flags: frozenset[Flag], marks: list[int] | None, size: int) -> list[frozenset[Flag]]:
    if marks is None:
        return [flags] * size
    return [_with_marks(flags, mark) if mark else flags for mark in marks]


def _read(side: Side, least: int, size: int) -> Column:
    """Return the figures of all splits, marked where the sample is smaller than required."""
    if side.value is None:
        return Column([None] * size)
    column = side.value(side.key)
    if side.sample is None:
        return column
    small = [SMALL if count is not None and count < least else 0 for count in side.sample(side.key).values]
    return Column(column.values, marks_of(column.marks, small)) if any(small) else column


def finished(values: Sequence[Figure], unit: Unit) -> list[Number | None]:
    """Return figures in the type of their unit: Decimal for money, int for counts, float for the rest."""
    if unit is Unit.MONEY:
        return [value if value is None or type(value) is Decimal else Decimal(str(value)) for value in values]
    if unit in (Unit.COUNT, Unit.PEOPLE):
        return [None if value is None else int(value) for value in values]
    return [None if value is None else float(value) for value in values]


def relative_change(value: Number | None, compare: Number | None) -> float | None:
    """Return `(value − compare) ÷ |compare|`, None when either is unknown or `compare` is 0."""
    if value is None or compare is None or compare == 0:
        return None
    return (float(value) - float(compare)) / abs(float(compare))


def difference_in_points(value: Number | None, compare: Number | None) -> float | None:
    """Return the difference of two rates in percentage points."""
    return None if value is None or compare is None else (float(value) - float(compare)) * 100
