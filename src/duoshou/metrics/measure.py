"""The one place where a definition becomes an Ibis expression, and the engine's figures become the value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from ibis.expr.types import BooleanValue, Table
from ibis.expr.types import Value as Expression
from msgspec import UNSET
from numpy.typing import NDArray

from duoshou.engine.ratio import ratio
from duoshou.metrics.definition import Condition, Measure, Repeat, WeightedMean

if TYPE_CHECKING:
    import pyarrow as pa

EXACT_POWERS = 22
"""Up to it a power of ten is itself a floating-point number."""
ORDER_NUMBER = "order_id"
"""Part of a key: never NULL, and unique only within a shop."""
Figure = int | float | Decimal | None
MEETING = "meeting_"
ROUGH, APART = 1, 2
"""Marks of a figure: it is only approximate; its parts must not be put together."""


@dataclass(frozen=True, slots=True)
class Column:
    """Figures of many groups.

    Attributes:
        values: One figure for each group.
        marks: Marks of each figure; None where no figure has any.
    """

    values: list[Figure]
    marks: list[int] | None = None


def condition_expression(table: Table, condition: Condition) -> BooleanValue:
    """Return the condition over the columns of `table`."""
    column: Any = table[condition.column]
    if condition.equals is not UNSET:
        return column == condition.equals
    if condition.above is not UNSET:
        return column > condition.above
    if condition.below is not UNSET:
        return column < condition.below
    if condition.one_of is not UNSET:
        return column.isin(condition.one_of)
    if condition.none_of is not UNSET:
        return column.isnull() | column.notin(condition.none_of)
    return column.notnull() if condition.known else column.isnull()


def measure_expressions(
    table: Table, measure: Measure, conditions: tuple[Condition, ...], date: str, several_shops: bool
) -> dict[str, Expression]:
    """Return the aggregates of a measure by name, for the rows that meet the conditions.

    Args:
        table: Rows of the source.
        measure: The measure; one that stands alone is not one aggregate and is handled by the scan.
        conditions: Those conditions of the measure that the scan does not apply to every row anyway.
        date: Day column, for the last value.
        several_shops: Whether order numbers of several shops meet, which may be alike.
    """
    where = _all(table, conditions)
    if measure.sum:
        return _sum(table, measure, where)
    if measure.distinct:
        return _distinct(table, measure.distinct, where, several_shops)
    if measure.last:
        return {"last": table[measure.last].argmax(table[date], where=_and(where, table[measure.last].notnull()))}
    if measure.mean:
        return _mean(table, measure.mean, where)
    return _only(table, measure.only, where) if measure.only else _count(table, where)


def _distinct(table: Table, name: str, where: BooleanValue | None, several_shops: bool) -> dict[str, Expression]:
    counted: Any = table[name]
    if name == ORDER_NUMBER:
        number = table["shop"].concat("\n", counted) if several_shops else counted
        return {"numbers": number.nunique(where=where)}
    return {"distinct": counted.nunique(where=where), "known": counted.count(where=where), **_count(table, where)}


def _mean(table: Table, mean: WeightedMean, where: BooleanValue | None) -> dict[str, Expression]:
    value: Any = table[mean.value]
    if mean.weight is None:
        return {"weighted": value.cast("float64").sum(where=where), "weight": value.count(where=where)}
    weight: Any = table[mean.weight]
    if mean.otherwise is not None:
        weight = weight.coalesce(table[mean.otherwise])
    both = _and(where, value.notnull() & weight.notnull())
    return {
        "weighted": (value.cast("float64") * weight.cast("float64")).sum(where=both),
        "weight": weight.sum(where=both),
    }


def _only(table: Table, name: str, where: BooleanValue | None) -> dict[str, Expression]:
    return {"only": table[name].max(where=where), "stored": table[name].count(where=where)}


def apart_expressions(table: Table, columns: Sequence[str], conditions: tuple[Condition, ...]) -> dict[str, Expression]:
    """Return how many different values of columns meet whose rows must not be put together."""
    where = _all(table, conditions)
    return {f"{MEETING}{column}": table[column].nunique(where=where) for column in columns}


def _all(table: Table, conditions: tuple[Condition, ...]) -> BooleanValue | None:
    where = None
    for condition in conditions:
        where = _and(where, condition_expression(table, condition))
    return where


def _sum(table: Table, measure: Measure, where: BooleanValue | None) -> dict[str, Expression]:
    column: Any = table[str(measure.sum)]
    if measure.otherwise:
        column = column.coalesce(table[measure.otherwise])
    for name in measure.less:
        taken: Any = table[name]
        column = column - taken.coalesce(0)
    added = column.sum(where=where)
    return {"sum": -added if measure.negate else added}


def _count(table: Table, where: BooleanValue | None) -> dict[str, Expression]:
    return {"count": table.count(where=where)}


def _and(first: BooleanValue | None, second: BooleanValue) -> BooleanValue:
    return second if first is None else first & second


def repeat_expression(table: Table, repeat: Repeat, groups: list[str]) -> Table:
    """Return, for each group, how many came at least so often (`repeat`), and how many rows name nobody."""
    who, what = table[repeat.who], table[repeat.what]
    each = table.group_by([*groups, who.name("who")]).aggregate(
        times=what.nunique(), known=who.count(), rows=table.count()
    )
    came_again = each["who"].notnull() & (each["times"] >= repeat.at_least)
    figures = {"repeat": came_again.sum(), "known": each["known"].sum(), "count": each["rows"].sum()}
    return each.group_by(groups).aggregate(**figures) if groups else each.aggregate(**figures)


def last_expression(table: Table, measure: Measure, date: str, groups: list[str]) -> Table:
    """Return, for each group, the last values of all things, added (`last_sum`), and the span of their days."""
    value: Any = table[str(measure.last)]
    known = table.filter(value.notnull())
    each = known.group_by([*groups, *measure.each]).aggregate(
        last=known[str(measure.last)].argmax(known[date]), day=known[date].max()
    )
    figures = {"last_sum": each["last"].sum(), "oldest": each["day"].min(), "newest": each["day"].max()}
    return each.group_by(groups).aggregate(**figures) if groups else each.aggregate(**figures)


def figure_column(measure: Measure, figures: Mapping[str, Sequence[Any]], is_zero: bool) -> Column:
    """Return a figure for each row of the engine's answer, and behind them the figure where it has no row.

    Args:
        measure: The measure.
        figures: Columns of the answer by aggregate name; empty when nothing was read.
        is_zero: Whether no row means 0 (nothing happened) and not "unknown".
    """
    nothing = 0 if is_zero and not (measure.last or measure.mean or measure.only) else None
    if not figures:
        return Column([nothing])
    values, marks = _figures(
        measure, {name: column for name, column in figures.items() if not name.startswith(MEETING)}, nothing
    )
    meeting = [column for name, column in figures.items() if name.startswith(MEETING)]
    parts = list(map(max, *meeting)) if len(meeting) > 1 else meeting[0] if meeting else ()
    if any(count > 1 for count in parts):
        before = marks or [0] * len(values)
        marks = [mark | (APART if count > 1 else 0) for mark, count in zip(before, parts, strict=True)]
        values = [None if mark & APART else value for value, mark in zip(values, marks, strict=True)]
    return Column([*values, nothing], None if marks is None else [*marks, 0])


def number_column(
    measure: Measure, figures: Mapping[str, pa.ChunkedArray], is_zero: bool
) -> NDArray[np.float64] | None:
    """Return the figures of `figure_column` as floating-point numbers; None where only their exact form tells them."""
    plain = [column for name, column in figures.items() if not name.startswith(MEETING)]
    meeting = [column for name, column in figures.items() if name.startswith(MEETING)]
    if not (measure.sum or "count" in figures) or len(plain) != 1 or any(map(_several, meeting)):
        return None
    values = floats(plain[0])
    nothing = 0.0 if is_zero else np.nan
    return np.append(np.where(np.isnan(values), nothing, values), nothing)


def _several(counts: pa.ChunkedArray) -> bool:
    return bool((floats(counts) > 1).any())


def floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Return a column of numbers rounded once to floating point, as Python rounds them; NaN where NULL."""
    import pyarrow as pa

    whole = column.combine_chunks()
    if not pa.types.is_decimal128(whole.type) or not len(whole):
        return np.asarray(column.to_numpy(), dtype=np.float64)
    low, high = np.frombuffer(whole.buffers()[1], dtype=np.int64).reshape(-1, 2)[whole.offset :][: len(whole)].T
    small = (high == low >> 63) & (np.abs(low) < 1 << 53)
    known = whole.is_valid().to_numpy(zero_copy_only=False)
    if not (small | ~known).all() or whole.type.scale > EXACT_POWERS:
        return np.array(whole.to_pylist(), dtype=np.float64)
    return np.where(known, low / 10.0**whole.type.scale, np.nan)


def _figures(
    measure: Measure, figures: Mapping[str, Sequence[Any]], nothing: Figure
) -> tuple[list[Figure], list[int] | None]:
    if measure.mean:
        return [ratio(top, weight) for top, weight in zip(figures["weighted"], figures["weight"], strict=True)], None
    if measure.repeat or "distinct" in figures:
        counted = figures["distinct" if measure.distinct else "repeat"]
        return _known_figures(counted, figures["count"], figures["known"])
    if measure.only:
        several = [APART if stored > 1 else 0 for stored in figures["stored"]]
        return [None if mark else value for value, mark in zip(figures["only"], several, strict=True)], several
    if measure.each:
        rough = [ROUGH if old != new else 0 for old, new in zip(figures["oldest"], figures["newest"], strict=True)]
        return list(figures["last_sum"]), rough if any(rough) else None
    (column,) = figures.values()
    return [nothing if value is None else value for value in column], None


def _known_figures(
    counted: Sequence[Any], rows: Sequence[Any], known: Sequence[Any]
) -> tuple[list[Figure], list[int] | None]:
    """Return figures of the known rows: None where nothing is known, rough where something is not."""
    values = [
        None if count and not told else value or 0 for value, count, told in zip(counted, rows, known, strict=True)
    ]
    marks = [ROUGH if told and told < (count or 0) else 0 for count, told in zip(rows, known, strict=True)]
    return values, marks if any(marks) else None
