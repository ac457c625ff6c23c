"""The rows of the warehouse behind a number: those that its value is computed from, by the very same filter."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, Table

from duoshou.engine import Backend
from duoshou.engine.statement import PreparedStatement
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.choice import Assignment
from duoshou.metrics.compute import planned
from duoshou.metrics.definition import Measure
from duoshou.metrics.errors import UnknownName
from duoshou.metrics.measure import condition_expression, measure_expressions
from duoshou.metrics.plan import Plan, ScanPlace, measure_of, place_of, shape_of
from duoshou.metrics.result import Number
from duoshou.metrics.scan import ScanShape, matching_rows
from duoshou.metrics.source import CHANNEL_COLUMN, Source
from duoshou.model import Period, Text
from duoshou.warehouse import load_tables
from duoshou.warehouse import schema as warehouse_schema

PERSONAL = frozenset({"buyer_key", "referred_by", "text", "note"})
"""Columns that stand for a customer, or hold what somebody wrote; no page shows them."""
LINEAGE = {"source_file": Text("文件", "file"), "source_row": Text("文件里的行", "row of the file")}
SPAN = {
    "seconds_to_ship": "付款到发货（秒）",
    "seconds_to_pay": "下单到付款（秒）",
    "seconds_to_finish": "到完成（秒）",
}
"""Lengths of time that no table stores."""
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of the rows behind a number.

    Attributes:
        name: Its name in the warehouse.
        title: Its name for people.
        meaning: What it holds, in English; the Chinese name says it already.
        kind: Canonical type: text, integer, money, price, rate, day or instant (UTC).
        is_measured: Whether the value is computed from it.
    """

    name: str
    title: Text
    meaning: str
    kind: str
    is_measured: bool = False


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """One page of the rows behind a number.

    Attributes:
        metric: Key of the metric.
        table: Canonical table.
        title: Its name for people.
        grain: Length of what a row describes: `day`, `week` or `month`.
        columns: The columns shown; never personal data.
        rows: Cells in the order of the columns.
        count: How many rows there are in all.
        sums: For each summed part of the metric, the sum over all the rows; None where nothing is known.
        sort: Column by which they are sorted.
        descending: Whether the largest come first.
        offset: How many rows lie before this page.
    """

    metric: str
    table: str
    title: Text
    grain: str
    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    count: int
    sums: Mapping[str, Number | None]
    sort: str
    descending: bool
    offset: int


def rows_behind(
    backend: Backend,
    catalogue: Catalogue,
    metric: str,
    *,
    period: Period,
    as_of: date,
    where: Mapping[str, str] | None = None,
    shop: str | None = None,
    sort: str | None = None,
    descending: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> RowsBehind | None:
    """Return a page of the rows from which `query` computes the value of a metric for the same question.

    Args:
        backend: Open engine.
        catalogue: Definitions.
        metric: Key, name or alias.
        period: Days, both ends included.
        as_of: Last day that is over.
        where: Dimension → value; an empty value stands for "not known".
        shop: Shop key; None: all shops.
        sort: Column by which the rows are sorted; None: the day. Unknown values come last.
        descending: Whether the largest come first.
        offset: How many rows to leave out.
        limit: Rows of the page, at most 200.

    Returns:
        None where no source knows a day of the period, and where the parts of the metric rest on different rows: each
        part is then a number with rows of its own.

    Raises:
        UnknownName: For a metric, a dimension, or a column to sort by that is not there.
        NotAnswerable: As for `query`.
    """
    asked = planned(backend, catalogue, [metric], period=period, as_of=as_of, where=where, shop=shop)
    plan = asked.plans[0]
    place = _only_place(catalogue, plan)
    if place is None or plan.assignment is None:
        return None
    measures = _measures(catalogue, plan.assignment)
    shape = shape_of(catalogue, asked.request, place, tuple(measures.items()), asked.frames[0])
    found = _meeting(matching_rows(backend, shape), list(measures.values()))
    columns = tuple(_columns(catalogue, plan.assignment, shape, found, asked.request.asked_dimensions))
    chosen = _sorted_by(columns, sort, shape.date)
    memory = ("behind", shape.memory_key)
    count, sums = _totals(backend, found, shape, period, memory)
    key = [name for name in load_tables()[shape.source.table].key if name != chosen]
    first = ibis.desc(found[chosen], nulls_first=False) if descending else ibis.asc(found[chosen], nulls_first=False)
    order = [first, *(found[name] for name in (*key, *(one for one in LINEAGE if one != chosen)))]
    page = found.order_by(order).limit(min(limit, MOST_ROWS), offset=offset).select(*(one.name for one in columns))
    cells = _run(backend, (*memory, chosen, descending, offset, limit), page, period)
    rows = tuple(zip(*(cells.column(one.name).to_pylist() for one in columns), strict=True))
    table = load_tables()[shape.source.table].title
    title = Text(table.zh, _words(shape.source.table))
    return RowsBehind(plan.metric.key, shape.source.table, title, place.tile, columns, rows, count, sums, chosen,
                      descending, offset)  # fmt: skip


def _only_place(catalogue: Catalogue, plan: Plan) -> ScanPlace | None:
    """Return the one set of rows that the metric is computed from; None where there are several or none."""
    assignment = plan.assignment
    if assignment is None or assignment.differing or assignment.current[0].is_unknown:
        return None
    grain = assignment.current[0].grain
    leaves = catalogue.leaves(assignment.metric.key)
    places = {replace(place_of(catalogue, assignment, leaf, grain, 0), alone=None) for leaf in leaves}
    return places.pop() if len(places) == 1 else None


def _measures(catalogue: Catalogue, assignment: Assignment) -> dict[str, Measure]:
    leaves = catalogue.leaves(assignment.metric.key)
    return {leaf: measure_of(catalogue, leaf, assignment.source.key) for leaf in leaves}


def _meeting(rows: Table, measures: Sequence[Measure]) -> Table:
    """Return the rows that meet the conditions of one measure at least."""
    tests = [_test(rows, measure) for measure in measures]
    known = [test for test in tests if test is not None]
    return rows.filter(reduce(or_, known)) if len(known) == len(tests) else rows


def _test(rows: Table, measure: Measure) -> BooleanValue | None:
    conditions = [condition_expression(rows, one) for one in measure.where]
    return reduce(and_, conditions) if conditions else None


def _totals(
    backend: Backend, rows: Table, shape: ScanShape, period: Period, memory: tuple[Hashable, ...]
) -> tuple[int, dict[str, Number | None]]:
    """Return the number of rows, and the sum of each summed measure over them."""
    figures: dict[str, Any] = {"rows": rows.count()}
    for key, measure in shape.measures:
        if measure.sum:
            (added,) = measure_expressions(rows, measure, measure.where, shape.date, shape.several_shops).values()
            figures[f"sum|{key}"] = added
    row = _run(backend, (*memory, "totals"), rows.aggregate(**figures), period).to_pylist()[0]
    sums = {name.partition("|")[2]: value for name, value in row.items() if name.startswith("sum|")}
    return row["rows"], sums


def _run(backend: Backend, key: tuple[Hashable, ...], expression: Table, period: Period) -> Any:
    """Return the rows of an expression that holds day markers, compiled once, as a table of Arrow."""
    statement = backend.memory.get(key)
    if statement is None:
        statement = backend.memory[key] = PreparedStatement.of(backend, expression)
    return statement.run(backend, (period.start, period.end))


def _columns(
    catalogue: Catalogue, assignment: Assignment, shape: ScanShape, rows: Table, asked: frozenset[str]
) -> Iterator[ShownColumn]:
    source = shape.source
    measured = {name for _, measure in shape.measures for name in measure.named_columns()}
    measured |= {stored for name in measured for stored in source.stored_columns(name)}
    measured -= {shape.date, *source.dimensions.values()} - _valued(shape)
    names = dict.fromkeys(
        [
            shape.date,
            *load_tables()[source.table].key,
            *_described(catalogue, source),
            *_asked(source, asked),
            *(one.column for _, measure in shape.measures for one in measure.where),
            *sorted(measured),
            *LINEAGE,
        ]
    )
    hidden = PERSONAL | {column for column in source.fixed if column not in measured}
    if len(assignment.shops) < 2:
        hidden |= {"shop"}
    for name in names:
        if name in rows.columns and name not in hidden:
            yield _shown(catalogue, source, name, is_measured=name in measured)


def _asked(source: Source, asked: frozenset[str]) -> Iterator[str]:
    """Yield the columns of the dimensions asked for; of a channel the name by which it was found."""
    for name in sorted(asked & source.dimensions.keys()):
        column = source.dimensions[name]
        yield source.named_by if column == CHANNEL_COLUMN and source.named_by else column


def _valued(shape: ScanShape) -> set[str]:
    """Return the columns that hold the values themselves, whatever else they are used for."""
    return {name for _, measure in shape.measures for name in measure.columns()}


def _described(catalogue: Catalogue, source: Source) -> Iterator[str]:
    """Yield the product and the readable names that the rows carry."""
    if source.product:
        yield source.product
    for dimension in source.dimensions:
        for place in catalogue.dimensions[dimension].name_of if dimension in catalogue.dimensions else ():
            table, _, column = place.partition(".")
            if table == source.table:
                yield column


def _shown(catalogue: Catalogue, source: Source, name: str, *, is_measured: bool) -> ShownColumn:
    table = load_tables()[source.table]
    column = table.column(name)
    if column is not None:
        return ShownColumn(name, Text(column.title.zh, _words(name)), column.title.en, column.type, is_measured)
    if name in LINEAGE:
        kind = "integer" if name == "source_row" else "text"
        return ShownColumn(name, LINEAGE[name], LINEAGE[name].en, kind)
    for one in table.columns:
        if warehouse_schema.day_column(one.name) == name:
            day = Text(one.title.zh.removesuffix("时间") + "日期", _words(name))
            return ShownColumn(name, day, f"{one.title.en}: the day", "day")
    dimensions = [catalogue.dimensions[key] for key, stored in source.dimensions.items() if stored == name]
    title = dimensions[0].title if dimensions else Text(SPAN.get(name, name), _words(name))
    kind = "integer" if name in source.spans else "text"
    return ShownColumn(name, title, title.en, kind, is_measured)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _sorted_by(columns: Sequence[ShownColumn], sort: str | None, date_column: str) -> str:
    names = [one.name for one in columns]
    chosen = date_column if sort is None else sort
    if chosen not in names:
        known = ", ".join(names)
        raise UnknownName(
            "unknown_column",
            Text(f"没有可以排序的列“{chosen[:60]}”", f"there is no column {chosen[:60]!r} to sort by"),
            hint=Text(f"可用：{known}", f"there are {known}"),
        )
    return chosen
