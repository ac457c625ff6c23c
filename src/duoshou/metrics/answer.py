"""Values with comparison, change, source and flags."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from duoshou.metrics.buckets import BucketKey, Frame
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.choice import Assignment
from duoshou.metrics.definition import SourceKind, Unit
from duoshou.metrics.derived import LOOKBACK_DAYS
from duoshou.metrics.measure import Figure
from duoshou.metrics.plan import Plan, measure_of, sample_key
from duoshou.metrics.reading import Figures, Reader, Readers, Split, ratio_reader
from duoshou.metrics.request import Request
from duoshou.metrics.result import Flag, MetricValue, Number
from duoshou.metrics.tile import Tile
from duoshou.model import Period

MISSING_DAYS = frozenset({Flag.MISSING_DAYS})
APPROXIMATE = frozenset({Flag.APPROXIMATE})
SMALL_SAMPLE = frozenset({Flag.SMALL_SAMPLE})


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
            [self._value(plan, source, now, then, split) for split in self.splits]
            for now, then in zip(sides[0], compared, strict=True)
            if now is not None
        ]

    def _value(self, plan: Plan, source: str | None, now: Side, then: Side | None, split: Split) -> MetricValue:
        unit, least = plan.metric.unit, plan.metric.minimum_sample
        figure, flags = _read(now, split, least)
        compare: Number | None = None
        is_comparable = True
        if then is not None:
            before, more = _read(then, split, least)
            compare = finished(before, unit)
            # A sum over fewer days than the other says nothing by being smaller; a ratio may still be compared.
            is_comparable = plan.metric.ratio is not None or (Flag.MISSING_DAYS in flags) == (Flag.MISSING_DAYS in more)
            flags = flags if compare is None else flags | more
        value = finished(figure, unit)
        change = relative_change(value, compare) if is_comparable else None
        points = difference_in_points(value, compare) if unit is Unit.RATE else None
        return MetricValue(value, compare, change, points, source, flags, unit)

    def _sides(self, plan: Plan, frame: int) -> list[Side | None]:
        """Return one side for each bucket; None where the bucket has no counterpart."""
        assignment = plan.assignment
        if assignment is None:
            return self._across(plan, frame)
        tiles: Sequence[Tile | None] = (assignment.current, assignment.compared)[frame]
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
                is_exact = tile.is_exact and (history is None or bucket.start >= history)
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
        scale = plan.metric.ratio.scale if plan.metric.ratio else 1
        is_young = self._is_young(plan)
        sides: list[Side | None] = []
        tops, bottoms = (self._sides(side, frame) for side in plan.sides)
        for top, bottom, bucket in zip(tops, bottoms, self._frames[frame].buckets, strict=True):
            if top is None or bottom is None or bucket is None:
                sides.append(None)
                continue
            flags = top.flags | bottom.flags | _flags(False, False, is_young(bucket))
            value = ratio_reader(top.value, bottom.value, scale) if top.value and bottom.value else None
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
        maturity = timedelta(days=plan.metric.maturity_days)
        last_settled = self._request.as_of - maturity
        unsettled = sorted({day for one in plan.assignments() for day in one.unsettled_days(maturity)})

        def is_young(bucket: Period) -> bool:
            position = bisect_left(unsettled, bucket.start)
            return bucket.end > last_settled or (position < len(unsettled) and unsettled[position] <= bucket.end)

        return is_young


def _all_splits(request: Request, figures: Figures) -> list[Split]:
    """Return every group seen in any scan, in both periods."""
    if not request.by:
        return [()]
    return list(dict.fromkeys(split for result in figures.values() for _, split in result.rows))


@cache
def _flags(is_approximate: bool, has_gaps: bool, is_young: bool) -> frozenset[Flag]:
    named = ((Flag.APPROXIMATE, is_approximate), (Flag.MISSING_DAYS, has_gaps), (Flag.PROVISIONAL, is_young))
    return frozenset(flag for flag, is_set in named if is_set)


def _read(side: Side, split: Split, least: int) -> tuple[Figure, frozenset[Flag]]:
    if side.value is None:
        return None, side.flags
    value, is_rough = side.value(side.key, split)
    flags = side.flags | APPROXIMATE if is_rough else side.flags
    if side.sample is not None:
        sample, _ = side.sample(side.key, split)
        if sample is not None and sample < least:
            flags = flags | SMALL_SAMPLE
    return value, flags


def finished(value: Figure, unit: Unit) -> Number | None:
    """Return a figure in the type of its unit: Decimal for money, int for counts, float for the rest."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    return int(value) if unit in (Unit.COUNT, Unit.PEOPLE) else float(value)


def relative_change(value: Number | None, compare: Number | None) -> float | None:
    """Return `(value − compare) ÷ |compare|`, None when either is unknown or `compare` is 0."""
    if value is None or compare is None or compare == 0:
        return None
    return (float(value) - float(compare)) / abs(float(compare))


def difference_in_points(value: Number | None, compare: Number | None) -> float | None:
    """Return the difference of two rates in percentage points."""
    return None if value is None or compare is None else (float(value) - float(compare)) * 100
