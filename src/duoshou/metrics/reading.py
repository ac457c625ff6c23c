"""How a metric's values are read for all groups at once: the definition's arithmetic over the scans' figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from duoshou.engine.ratio import ratio
from duoshou.metrics.buckets import BucketKey
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.choice import Assignment
from duoshou.metrics.definition import Measure, Metric
from duoshou.metrics.measure import Column, Figure, figure_column, number_column
from duoshou.metrics.plan import ScanPlace, measure_of, place_of
from duoshou.metrics.scan import ScanResult
from duoshou.metrics.source import SourceKind

if TYPE_CHECKING:
    import pyarrow as pa

Rows = NDArray[np.int64]
Split = tuple[str | None, ...]
Reader = Callable[[BucketKey], Column]
Figures = Mapping[ScanPlace, ScanResult]


@dataclass(frozen=True)
class MeasuredReader:
    """Reads a measure from the rows of one scan.

    Attributes:
        measure: The measure.
        figures: Columns of the engine's answer by the name of the aggregate; empty when nothing was read.
        is_zero: Whether no row means 0 (nothing happened) and not "unknown".
        rows: Bucket → row of each group, -1 where the engine returned none.
        absent: Those of a bucket without any row.
    """

    measure: Measure
    figures: Mapping[str, pa.ChunkedArray]
    is_zero: bool
    rows: Mapping[BucketKey, Rows]
    absent: Rows

    def __call__(self, key: BucketKey) -> Column:
        """Return the figures of a bucket, exact."""
        numbers = self.rows.get(key, self.absent).tolist()
        column = self._column
        values = list(map(column.values.__getitem__, numbers))
        return Column(values, None if column.marks is None else list(map(column.marks.__getitem__, numbers)))

    def numbers(self, key: BucketKey) -> NDArray[np.float64]:
        """Return the same as floating-point numbers, NaN where nothing is known."""
        return np.asarray(self._numbers[self.rows.get(key, self.absent)])

    @cached_property
    def _column(self) -> Column:
        return figure_column(
            self.measure, {name: column.to_pylist() for name, column in self.figures.items()}, self.is_zero
        )

    @cached_property
    def _numbers(self) -> NDArray[np.float64]:
        found = number_column(self.measure, self.figures, self.is_zero)
        return np.array(self._column.values, dtype=np.float64) if found is None else found


class Readers:
    """Builds readers over the figures of one query."""

    def __init__(self, catalogue: Catalogue, figures: Figures, splits: Sequence[Split]) -> None:
        self._catalogue = catalogue
        self._figures = figures
        self._absent = np.full(len(splits), -1, dtype=np.int64)
        self._numbers = {split: number for number, split in enumerate(splits)}
        self._rows: dict[int, dict[BucketKey, Rows]] = {}

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
        result = self._figures.get(place_of(self._catalogue, assignment, metric.key, grain, frame))
        measure = measure_of(self._catalogue, metric.key, assignment.source.key)
        # Of a value that no row names nobody knows whether it had none.
        is_zero = assignment.source.kind is SourceKind.EVENTS and not assignment.blind
        if result is None:
            return MeasuredReader(measure, {}, is_zero, {}, self._absent)
        return MeasuredReader(measure, result.of(metric.key), is_zero, self._rows_of(result), self._absent)

    def _rows_of(self, result: ScanResult) -> dict[BucketKey, Rows]:
        """Return for each bucket the row of each group, -1 where the engine returned none."""
        found = self._rows.get(id(result))
        if found is None:
            groups, group = result.groups
            buckets, bucket = result.buckets
            place = np.array([self._numbers[one] for one in groups], dtype=np.int64)
            rows = np.full((len(buckets), self._absent.size), -1, dtype=np.int64)
            rows[bucket, place[group]] = np.arange(group.size)
            found = self._rows[id(result)] = dict(zip(buckets, rows, strict=True))
        return found


def numbers_of(reader: Reader, key: BucketKey) -> NDArray[np.float64]:
    """Return the values of a bucket as floating-point numbers, NaN where nothing is known."""
    if isinstance(reader, MeasuredReader):
        return reader.numbers(key)
    return np.array(reader(key).values, dtype=np.float64)


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
