"""How a metric's value is read for one group: the definition's arithmetic over the scans' figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from duoshou.engine.ratio import ratio
from duoshou.metrics.buckets import BucketKey
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.choice import Assignment
from duoshou.metrics.definition import Metric, SourceKind
from duoshou.metrics.measure import Figure, Value, value_reader
from duoshou.metrics.plan import ScanPlace, measure_of, place_of
from duoshou.metrics.scan import ScanResult

Split = tuple[str | None, ...]
Reader = Callable[[BucketKey, Split], Value]
Figures = Mapping[ScanPlace, ScanResult]
NOTHING = ScanResult({}, {})


class Readers:
    """Builds readers over the figures of one query."""

    def __init__(self, catalogue: Catalogue, figures: Figures, splits: Sequence[Split]) -> None:
        self._catalogue = catalogue
        self._figures = figures
        self._splits = splits

    def reader(self, metric: Metric, assignment: Assignment, grain: str, frame: int) -> Reader:
        """Return how to read the metric from rows of one grain, in the current (0) or the compared (1) period."""
        parts = [
            self.reader(self._catalogue.metrics[name], assignment, grain, frame)
            for name in self._catalogue.parts(metric.key)
        ]
        if metric.ratio:
            return ratio_reader(parts[0], parts[1], metric.ratio.scale)
        if metric.difference:
            return _difference_reader(parts[0], parts[1])
        if metric.share:
            return _share_reader(parts[0], self._splits)
        return self._measured(metric, assignment, grain, frame)

    def _measured(self, metric: Metric, assignment: Assignment, grain: str, frame: int) -> Reader:
        result = self._figures.get(place_of(self._catalogue, assignment, metric.key, grain, frame), NOTHING)
        measure = measure_of(self._catalogue, metric.key, assignment.source.key)
        is_zero = assignment.source.kind is SourceKind.EVENTS
        value_of_row, nothing = value_reader(measure, result.columns.get(metric.key, {}), is_zero)
        rows = result.rows

        def read(key: BucketKey, split: Split) -> Value:
            row = rows.get((key, split))
            return nothing if row is None else value_of_row(row)

        return read


def ratio_reader(top: Reader, bottom: Reader, scale: int) -> Reader:
    """Return the reader of Σ numerator ÷ Σ denominator × scale."""

    def read(key: BucketKey, split: Split) -> Value:
        numerator, is_first_rough = top(key, split)
        denominator, is_second_rough = bottom(key, split)
        value = ratio(numerator, denominator)
        return None if value is None else value * scale, is_first_rough or is_second_rough

    return read


def _difference_reader(first: Reader, second: Reader) -> Reader:
    def read(key: BucketKey, split: Split) -> Value:
        minuend, is_first_rough = first(key, split)
        subtrahend, is_second_rough = second(key, split)
        return subtracted(minuend, subtrahend), is_first_rough or is_second_rough

    return read


def _share_reader(part: Reader, splits: Sequence[Split]) -> Reader:
    wholes: dict[BucketKey, Figure] = {}

    def read(key: BucketKey, split: Split) -> Value:
        if key not in wholes:
            known = [value for value, _ in (part(key, one) for one in splits) if value is not None]
            wholes[key] = sum(known) if known else None
        value, is_rough = part(key, split)
        return ratio(value, wholes[key]), is_rough

    return read


def subtracted(first: Figure, second: Figure) -> Figure:
    """Return `first − second`, exact for money, None where either is unknown."""
    if first is None or second is None:
        return None
    if isinstance(first, Decimal) or isinstance(second, Decimal):
        return Decimal(first) - Decimal(second)
    return first - second
