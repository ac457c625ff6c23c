"""One pass over one source: all measures of one day column, filter and split in one aggregate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
from ibis.expr.types import DateValue, Table
from numpy.typing import NDArray

from duoshou.engine import Backend
from duoshou.engine.statement import PreparedStatement, day_marker
from duoshou.metrics.buckets import BucketKey, Frame
from duoshou.metrics.definition import Condition, Measure
from duoshou.metrics.derived import (
    LOOKBACK_DAYS,
    as_text,
    of_source,
    with_buyer_type,
    with_channel,
    with_price_band,
    with_product,
    with_spans,
)
from duoshou.metrics.measure import (
    apart_expressions,
    condition_expression,
    last_expression,
    measure_expressions,
    repeat_expression,
)
from duoshou.metrics.parts import counted_once
from duoshou.metrics.source import CHANNEL_COLUMN, Source, SourceKind
from duoshou.metrics.tree import one_level
from duoshou.metrics.variants import Variant, one_of_each
from duoshou.model import Grain, Period
from duoshou.settings.channels import Grouping

if TYPE_CHECKING:
    import pyarrow as pa

Codes = NDArray[np.int64]
UNITS = {Grain.DAY: "D", Grain.WEEK: "W", Grain.MONTH: "M"}


@dataclass(frozen=True, slots=True)
class ScanShape:
    """Everything that makes the compiled statement, but for the days.

    Attributes:
        source: Source.
        variant: Value of its variant column; several: one of them for each object and day.
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
        channels: The channels, where a channel is asked for.
        has_parts: Whether rows of wholes and of their parts meet.
        within: Metrics whose values are told only where one variant answers.
    """

    source: Source
    variant: Variant
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
    channels: Grouping | None = None
    within: tuple[str, ...] = ()
    has_parts: bool = False

    @property
    def memory_key(self) -> tuple[Any, ...]:
        """Hashable name of the shape."""
        parts = (self.variant, self.whole, self.tile, self.date, self.by, self.where, self.grain, self.ranges)
        measured = tuple((key, repr(measure)) for key, measure in self.measures)
        return (
            "scan",
            self.source.key,
            parts,
            measured,
            self.several_shops,
            self.price_bands,
            self.channels,
            self.within,
            self.has_parts,
        )

    @property
    def derived(self) -> frozenset[str]:
        """Derived columns that are needed."""
        asked = {*self.by, *(name for name, _ in self.where)}
        named = {column for _, measure in self.measures for column in measure.named_columns()}
        named |= {column for name, column in self.source.dimensions.items() if name in asked}
        return frozenset(named) & frozenset(self.source.derived_columns())

    @property
    def apart(self) -> tuple[str, ...]:
        """Columns of which several values must not be put together."""
        asked = {*self.by, *(name for name, _ in self.where)}
        return tuple(self.source.dimensions[name] for name in self.source.apart if name not in asked)


@dataclass(frozen=True)
class ScanResult:
    """The aggregates of one pass, as the engine returned them; what is asked of them is made once.

    Attributes:
        table: The engine's answer.
        by: Dimensions of the split.
    """

    table: pa.Table
    by: tuple[str, ...]

    @cached_property
    def groups(self) -> tuple[list[tuple[str | None, ...]], Codes]:
        """The different groups in the order of their first row, and the number of the group of each row."""
        if not self.by:
            return [()], np.zeros(self.table.num_rows, dtype=np.int64)
        columns = [coded(self.table.column(f"by_{name}")) for name in self.by]
        whole = columns[0][1]
        for names, codes in columns[1:]:
            whole = whole * len(names) + codes
        _, first, group = np.unique(whole, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(order.size)
        parts = [[names[code] for code in codes[first[order]].tolist()] for names, codes in columns]
        return list(zip(*parts, strict=True)), place[group]

    @cached_property
    def buckets(self) -> tuple[list[BucketKey], Codes]:
        """The different buckets, and the number of the bucket of each row."""
        if "bucket" not in self.table.column_names:
            return [None], np.zeros(self.table.num_rows, dtype=np.int64)
        return coded(self.table.column("bucket"))

    def of(self, key: str) -> dict[str, pa.ChunkedArray]:
        """Return the figures of a metric by row, by the name of the aggregate."""
        start = f"{key}|"
        names = [name for name in self.table.column_names if name.startswith(start)]
        return {name.removeprefix(start): self.table.column(name) for name in names}


def coded(column: pa.ChunkedArray) -> tuple[list[Any], Codes]:
    """Return the different values of a column, None among them, and the number of the value of each row."""
    whole = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return whole.dictionary.to_pylist(), whole.indices.to_numpy().astype(np.int64)


def run_scan(backend: Backend, shape: ScanShape, frame: Frame) -> ScanResult:
    """Return the aggregates of a shape over the days of a frame."""
    statement = backend.memory.get(shape.memory_key)
    if statement is None:
        statement = PreparedStatement.of(backend, scan_expression(backend, shape))
        backend.memory[shape.memory_key] = statement
    return ScanResult(statement.run(backend, (frame.period.start, frame.period.end)), shape.by)


def scan_expression(backend: Backend, shape: ScanShape) -> Table:
    """Return the aggregate of a shape, with day markers 0 and 1 for the first and the last day."""
    rows = matching_rows(backend, shape)
    groups = ["bucket"] if shape.grain or shape.ranges else []
    common = _common_conditions(shape)
    for condition in common:
        rows = rows.filter(condition_expression(rows, condition))
    split = {f"by_{name}": as_text(rows[shape.source.dimensions[name]]) for name in shape.by}
    rows = rows.mutate(**split) if split else rows
    groups += list(split)
    (key, measure), *others = shape.measures
    if measure.stands_alone and not others:
        return _alone(rows, shape, key, measure, groups)
    return _aggregate(rows, shape, common, groups)


def matching_rows(backend: Backend, shape: ScanShape) -> Table:
    """Return the rows that a shape reads, before its measures' own conditions; days are markers as in a scan."""
    return _filtered(backend, _rows(backend, shape), shape)


def _rows(backend: Backend, shape: ScanShape) -> Table:
    source = shape.source
    table = of_source(backend.table(source.table), source)
    fixed: dict[str, Any] = {}
    if shape.has_parts:
        table = counted_once(table, source)
    if isinstance(shape.variant, tuple):
        table = one_of_each(table, source, shape.variant)
    elif source.variant and shape.variant is not None:
        fixed[source.variant] = shape.variant
    if source.kind is SourceKind.STORED and source.grain is None:
        fixed["grain"] = shape.tile
    fixed |= {source.dimensions[name]: value for name, value in shape.whole}
    for column, value in fixed.items():
        table = table.filter(table[column] == value)
    return table


def _filtered(backend: Backend, table: Table, shape: ScanShape) -> Table:
    """Return the rows of the period that pass the filters, with the derived columns that are asked for."""
    start, end = day_marker(0), day_marker(1)
    rows = table.filter(table[shape.date].between(start, end))
    rows = rows.mutate(bucket=_bucket(rows, shape)) if shape.grain or shape.ranges else rows
    rows = one_level(rows, shape.source, frozenset(shape.by), frozenset(name for name, _ in shape.where))
    rows = _derived(backend, table, rows, shape)
    for name, value in shape.where:
        if name in shape.source.dimensions:
            column = as_text(rows[shape.source.dimensions[name]])
            rows = rows.filter(column.isnull() if value == "" else column == value)
    for dimension, value in shape.source.whole.items():
        if dimension in shape.by:
            rows = rows.filter(rows[shape.source.dimensions[dimension]] != value)
    return rows


def _derived(backend: Backend, table: Table, rows: Table, shape: ScanShape) -> Table:
    source, needed = shape.source, shape.derived
    if "buyer_type" in needed:
        rows = _typed(table, rows, shape, day_marker(0), day_marker(1))
    if "price_band" in needed:
        rows = with_price_band(rows, shape.price_bands)
    if CHANNEL_COLUMN in needed and shape.channels is not None:
        rows = with_channel(backend, rows, source, shape.channels)
    if needed & {"product_category", "product_brand"} and source.product:
        rows = with_product(backend, rows, source.product)
    return with_spans(rows, {name: span for name, span in source.spans.items() if name in needed})


def _bucket(rows: Table, shape: ScanShape) -> Any:
    day: Any = rows[shape.date]
    if shape.ranges:
        cases = [
            (day.between(ibis.date(one.start), ibis.date(one.end)), position)
            for position, days in enumerate(shape.ranges)
            for one in days.runs
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
        bounds = [(ibis.date(one.start), ibis.date(one.end)) for days in shape.ranges for one in days.runs]
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
        apart = (*shape.apart, str(shape.source.variant)) if key in shape.within else shape.apart
        found |= apart_expressions(rows, apart, own)
        figures |= {f"{key}|{name}": expression for name, expression in found.items()}
    return rows.group_by(groups).aggregate(**figures) if groups else rows.aggregate(**figures)


def _alone(rows: Table, shape: ScanShape, key: str, measure: Measure, groups: list[str]) -> Table:
    if measure.repeat:
        found = repeat_expression(rows, measure.repeat, groups)
    else:
        found = last_expression(rows, measure, shape.date, groups)
    return found.rename({f"{key}|{name}": name for name in found.columns if name not in groups})


def split_by_kind(measures: Mapping[str, Measure]) -> list[tuple[tuple[str, Measure], ...]]:
    """Return the measures in groups that one aggregate can hold: what takes two steps stands alone."""
    plain = tuple((key, measure) for key, measure in measures.items() if not measure.stands_alone)
    alone = [((key, measure),) for key, measure in measures.items() if measure.stands_alone]
    return [plain, *alone] if plain else list(alone)
