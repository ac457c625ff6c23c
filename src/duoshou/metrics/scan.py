"""One pass over one source: all measures of one day column, filter and split in one aggregate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
from ibis.expr.types import DateValue, Table

from duoshou.engine import Backend
from duoshou.engine.statement import PreparedStatement, day_marker
from duoshou.metrics.buckets import BucketKey, Frame
from duoshou.metrics.definition import Condition, Measure, Repeat, Source, SourceKind
from duoshou.metrics.derived import LOOKBACK_DAYS, with_buyer_type, with_price_band
from duoshou.metrics.measure import condition_expression, measure_expressions, repeat_expression
from duoshou.model import Grain, Period

Cell = tuple[BucketKey, tuple[str | None, ...]]
UNITS = {Grain.DAY: "D", Grain.WEEK: "W", Grain.MONTH: "M"}


@dataclass(frozen=True, slots=True)
class ScanShape:
    """Everything that makes the compiled statement, but for the days.

    Attributes:
        source: Source.
        variant: Value of its variant column.
        whole: Filter on the whole dimension.
        tile: Grain of the stored rows, `day` for others.
        date: Day column.
        measures: Metric key → measure, all over `date`.
        by: Dimensions of the split.
        where: Filters.
        grain: Calendar bucket.
        ranges: Arbitrary buckets, instead of `grain`.
        several_shops: Whether rows of several shops meet.
        price_bands: Bounds of the price bands.
    """

    source: Source
    variant: int | None
    whole: tuple[tuple[str, str], ...]
    tile: str
    date: str
    measures: tuple[tuple[str, Measure], ...]
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    grain: Grain | None
    ranges: tuple[Period, ...]
    several_shops: bool
    price_bands: tuple[Decimal, ...]

    @property
    def memory_key(self) -> tuple[Any, ...]:
        """Hashable name of the shape."""
        parts = (self.variant, self.whole, self.tile, self.date, self.by, self.where, self.grain, self.ranges)
        measured = tuple((key, repr(measure)) for key, measure in self.measures)
        return ("scan", self.source.key, parts, measured, self.several_shops, self.price_bands)

    @property
    def needs_buyer_type(self) -> bool:
        """Whether buyers must be told apart."""
        named = {condition.column for _, measure in self.measures for condition in measure.where}
        return "buyer_type" in (*self.by, *named, *(name for name, _ in self.where))


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The aggregates of one pass.

    Attributes:
        rows: (bucket, split) → row.
        columns: Metric key → aggregate name → figures by row.
    """

    rows: dict[Cell, int]
    columns: dict[str, dict[str, list[Any]]]


def run_scan(backend: Backend, shape: ScanShape, frame: Frame) -> ScanResult:
    """Return the aggregates of a shape over the days of a frame."""
    statement = backend.memory.get(shape.memory_key)
    if statement is None:
        statement = PreparedStatement.of(backend, scan_expression(backend, shape))
        backend.memory[shape.memory_key] = statement
    table = statement.run(backend, (frame.period.start, frame.period.end))
    lists = {name: table.column(name).to_pylist() for name in table.column_names}
    buckets = lists.get("bucket") or [None] * table.num_rows
    splits = zip(*(lists[f"by_{name}"] for name in shape.by), strict=True) if shape.by else [()] * table.num_rows
    columns: dict[str, dict[str, list[Any]]] = {}
    for name in table.column_names:
        key, mark, aggregate = name.partition("|")
        if mark:
            columns.setdefault(key, {})[aggregate] = lists[name]
    return ScanResult({cell: row for row, cell in enumerate(zip(buckets, splits, strict=True))}, columns)


def scan_expression(backend: Backend, shape: ScanShape) -> Table:
    """Return the aggregate of a shape, with day markers 0 and 1 for the first and the last day."""
    rows = _filtered(_rows(backend, shape), shape)
    groups = ["bucket"] if shape.grain or shape.ranges else []
    split = {f"by_{name}": rows[shape.source.dimensions[name]] for name in shape.by}
    common = _common_conditions(shape)
    for condition in common:
        rows = rows.filter(condition_expression(rows, condition))
    rows = rows.mutate(**{name: rows[column.get_name()] for name, column in split.items()}) if split else rows
    groups += list(split)
    (key, measure), *others = shape.measures
    if measure.repeat and not others:
        return _repeat(rows, key, measure.repeat, groups)
    return _aggregate(rows, shape, common, groups)


def _rows(backend: Backend, shape: ScanShape) -> Table:
    table = backend.table(shape.source.table)
    fixed: dict[str, Any] = dict(shape.source.fixed)
    if shape.source.variant and shape.variant is not None:
        fixed[shape.source.variant] = shape.variant
    if shape.source.kind is SourceKind.STORED:
        fixed["grain"] = shape.tile
    fixed |= {shape.source.dimensions[name]: value for name, value in shape.whole}
    for column, value in fixed.items():
        table = table.filter(table[column] == value)
    return table


def _filtered(table: Table, shape: ScanShape) -> Table:
    """Return the rows of the period that pass the filters, with the derived columns that are asked for."""
    start, end = day_marker(0), day_marker(1)
    rows = table.filter(table[shape.date].between(start, end))
    rows = rows.mutate(bucket=_bucket(rows, shape)) if shape.grain or shape.ranges else rows
    if shape.needs_buyer_type:
        rows = _typed(table, rows, shape, start, end)
    if "price_band" in (*shape.by, *dict(shape.where)):
        rows = with_price_band(rows, shape.price_bands)
    for name, value in shape.where:
        column = rows[shape.source.dimensions[name]]
        rows = rows.filter(column.isnull() if value == "" else column == value)
    for dimension, value in shape.source.whole.items():
        if dimension in shape.by:
            rows = rows.filter(rows[shape.source.dimensions[dimension]] != value)
    return rows


def _bucket(rows: Table, shape: ScanShape) -> Any:
    day: Any = rows[shape.date]
    if shape.ranges:
        cases = [
            (day.between(ibis.date(one.start), ibis.date(one.end)), position)
            for position, one in enumerate(shape.ranges)
        ]
        return ibis.cases(*cases)
    return day if shape.grain in (None, Grain.DAY) else day.truncate(UNITS[shape.grain])


def _typed(table: Table, rows: Table, shape: ScanShape, start: DateValue, end: DateValue) -> Table:
    """Return the rows with `buyer_type`; the history is the shop's, whatever else is filtered."""
    day: Any = table[shape.date]
    history = table.filter(day.between(start - ibis.interval(days=LOOKBACK_DAYS), end))
    lines = rows.mutate(bucket_start=_bucket_start(rows[shape.date], shape, start))
    return with_buyer_type(lines, history, shape.date, _bucket_start(history[shape.date], shape, start), start)


def _bucket_start(day: Any, shape: ScanShape, start: Any) -> Any:
    """Return the first day of the bucket, never before the period."""
    if shape.ranges:
        bounds = [(ibis.date(one.start), ibis.date(one.end)) for one in shape.ranges]
        return ibis.cases(*((day.between(first, last), first) for first, last in bounds))
    if shape.grain is None:
        return start
    return ibis.greatest(day.truncate(UNITS[shape.grain]).cast("date"), start)


def _common_conditions(shape: ScanShape) -> tuple[Condition, ...]:
    """Return the conditions that every measure has: they filter rows before anything is added."""
    first, *others = (measure.where for _, measure in shape.measures)
    return tuple(condition for condition in first if all(condition in other for other in others))


def _aggregate(rows: Table, shape: ScanShape, common: tuple[Condition, ...], groups: list[str]) -> Table:
    figures: dict[str, Any] = {}
    for key, measure in shape.measures:
        own = tuple(condition for condition in measure.where if condition not in common)
        found = measure_expressions(rows, measure, own, shape.date, shape.several_shops)
        figures |= {f"{key}|{name}": expression for name, expression in found.items()}
    return rows.group_by(groups).aggregate(**figures) if groups else rows.aggregate(**figures)


def _repeat(rows: Table, key: str, repeat: Repeat, groups: list[str]) -> Table:
    found = repeat_expression(rows, repeat, groups)
    return found.rename({f"{key}|{name}": name for name in found.columns if name not in groups})


def split_by_kind(measures: Mapping[str, Measure]) -> list[tuple[tuple[str, Measure], ...]]:
    """Return the measures in groups that one aggregate can hold: each `repeat` stands alone."""
    plain = tuple((key, measure) for key, measure in measures.items() if not measure.repeat)
    alone = [((key, measure),) for key, measure in measures.items() if measure.repeat]
    return [plain, *alone] if plain else list(alone)
