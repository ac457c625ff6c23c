"""How a metric's values are read for all groups at once: the definition's arithmetic over the scans' figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import reduce

from duoshou.engine.ratio import ratio
from duoshou.metrics.buckets import BucketKey
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.choice import Assignment
from duoshou.metrics.definition import Metric
from duoshou.metrics.measure import Column, Figure, figure_column
from duoshou.metrics.plan import ScanPlace, measure_of, place_of
from duoshou.metrics.scan import ScanResult
from duoshou.metrics.source import SourceKind

Split = tuple[str | None, ...]
Reader = Callable[[BucketKey], Column]
Figures = Mapping[ScanPlace, ScanResult]
NOTHING = ScanResult([], [], {})


class Readers:
    """Builds readers over the figures of one query."""

    def __init__(self, catalogue: Catalogue, figures: Figures, splits: Sequence[Split]) -> None:
        self._catalogue = catalogue
        self._figures = figures
        self._absent = [-1] * len(splits)
        self._numbers = {split: number for number, split in enumerate(splits)}
        self._rows: dict[int, dict[BucketKey, list[int]]] = {}

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
        if metric.total:
            return _total_reader(parts)
        if metric.share:
            return _share_reader(parts[0])
        return self._measured(metric, assignment, grain, frame)

    def _measured(self, metric: Metric, assignment: Assignment, grain: str, frame: int) -> Reader:
        result = self._figures.get(place_of(self._catalogue, assignment, metric.key, grain, frame), NOTHING)
        measure = measure_of(self._catalogue, metric.key, assignment.source.key)
        # Of a value that no row names nobody knows whether it had none.
        is_zero = assignment.source.kind is SourceKind.EVENTS and not assignment.blind
        column = figure_column(measure, result.columns.get(metric.key, {}), is_zero)
        rows = self._rows_of(result)
        absent = self._absent

        def read(key: BucketKey) -> Column:
            numbers = rows.get(key, absent)
            values = list(map(column.values.__getitem__, numbers))
            return Column(values, None if column.marks is None else list(map(column.marks.__getitem__, numbers)))

        return read

    def _rows_of(self, result: ScanResult) -> dict[BucketKey, list[int]]:
        """Return for each bucket the row of each group, -1 where the engine returned none."""
        found = self._rows.get(id(result))
        if found is None:
            found = self._rows[id(result)] = {}
            numbers = map(self._numbers.__getitem__, result.splits)
            for row, (bucket, number) in enumerate(zip(result.buckets, numbers, strict=True)):
                if bucket not in found:
                    found[bucket] = self._absent.copy()
                found[bucket][number] = row
        return found


def ratio_reader(top: Reader, bottom: Reader, scale: int) -> Reader:
    """Return the reader of Σ numerator ÷ Σ denominator × scale."""

    def read(key: BucketKey) -> Column:
        above, below = top(key), bottom(key)
        values: list[Figure] = list(map(ratio, above.values, below.values))
        if scale != 1:
            values = [None if value is None else value * scale for value in values]
        return Column(values, marks_of(above.marks, below.marks))

    return read


def _difference_reader(first: Reader, second: Reader) -> Reader:
    def read(key: BucketKey) -> Column:
        minuend, subtrahend = first(key), second(key)
        return Column(
            list(map(subtracted, minuend.values, subtrahend.values)), marks_of(minuend.marks, subtrahend.marks)
        )

    return read


def _total_reader(parts: Sequence[Reader]) -> Reader:
    def read(key: BucketKey) -> Column:
        columns = [part(key) for part in parts]
        values: list[Figure] = [
            None if None in row else sum(row) for row in zip(*(column.values for column in columns), strict=True)
        ]
        return Column(values, reduce(marks_of, (column.marks for column in columns)))

    return read


def _share_reader(part: Reader) -> Reader:
    def read(key: BucketKey) -> Column:
        parts = part(key)
        known = [value for value in parts.values if value is not None]
        whole = sum(known) if known else None
        return Column([ratio(value, whole) for value in parts.values], parts.marks)

    return read


def marks_of(first: list[int] | None, second: list[int] | None) -> list[int] | None:
    """Return the marks of what is computed from two columns."""
    if first is None or second is None:
        return second if first is None else first
    return [one | other for one, other in zip(first, second, strict=True)]


def subtracted(first: Figure, second: Figure) -> Figure:
    """Return `first − second`, exact for money, None where either is unknown."""
    if first is None or second is None:
        return None
    if isinstance(first, Decimal) or isinstance(second, Decimal):
        return Decimal(first) - Decimal(second)
    return first - second
